package beras.golden;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The golden numbers under {@code src/test/resources/golden}: inputs with what must come out, computed in float64 by others.
 * The README there says where they come from and how results are compared.
 */
public final class Golden {

    private static final Map<String, List<GoldenCase>> FILES = new ConcurrentHashMap<>();

    /**
     * One test for each case of {@code file} whose whole name matches {@code names}.
     *
     * @param count the number of cases meant, so that a pattern which matches too little cannot pass by testing nothing
     * @throws AssertionError if another number of cases matches
     */
    public static Stream<DynamicTest> tests(String file, String names, int count, Consumer<GoldenCase> test) {
        Pattern pattern = Pattern.compile(names);
        List<GoldenCase> cases = FILES.computeIfAbsent(file, Golden::read).stream()
                .filter(c -> pattern.matcher(c.name()).matches()).toList();
        if (cases.size() != count) {
            throw new AssertionError(file + ".json must have " + count + " cases named " + names + ". Found: " + cases);
        }
        return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> test.accept(c)));
    }

    private static List<GoldenCase> read(String file) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file + ".json")) {
            JsonArray array = JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8)).getAsJsonArray();
            List<GoldenCase> cases = new ArrayList<>();
            for (JsonElement element : array) {
                cases.add(new GoldenCase(element.getAsJsonObject()));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Golden() {}
}
