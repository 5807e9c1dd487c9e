package beras.fuzz;

import static org.junit.jupiter.api.Assertions.*;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recipes that are drawn at random give the same bits on two set-ups, each of a locale, a time zone, a number of threads and a
 * width of vectors: trained in one go, and interrupted on the first and resumed on the second. They survive files, other formats
 * compute what they do, and a step changes weights as a tape says. See {@link RandomCases}.
 */
@Tag("fuzz")
class RandomRecipesTest {

    private static final int COUNT = 10;

    @TempDir
    private Path folder;
    private int trained;
    private final Map<String, Integer> compared = new TreeMap<>();

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void haveTheSameBitsOnAnySetup() {
        List<String> failures = RandomCases.failures(RandomRecipesTest.class, COUNT, this::failure);
        System.out.println("RandomRecipesTest: of " + trained + " recipes are compared " + compared);
        assertEquals(List.of(), failures);
        for (String way : List.of("resumed", ".onnx", ".keras", "tape")) {
            assertTrue(trained < 10 || compared.getOrDefault(way, 0) > trained / 4,
                    () -> way + " in " + compared + " of " + trained);
        }
    }

    private String failure(long number) {
        trained++;
        Draws draws = new Draws(RandomCases.SEED, "setup", number);
        Setup first = Setup.drawn(draws);
        Setup second = Setup.drawn(draws);
        String what = new RandomRecipe(RandomCases.SEED, number) + "\non " + first + "\nand " + second + "\n";
        Map<String, String> in = Map.of("folder", folder.toString());
        String expected = first.run(RecipeRun.class, number, "train", in);
        String received = second.run(RecipeRun.class, number, "train", in);
        if (!expected.equals(received)) {
            return what + expected + "\nnot\n" + received;
        }
        String refused = first.run(RecipeRun.class, number, "interrupt", Map.of("folder", folder.toString(), "batch",
                Integer.toString(draws.between(1, 9))));
        if (refused.isEmpty()) {
            compared.merge("resumed", 1, Integer::sum);
            received = second.run(RecipeRun.class, number, "resume", in);
            if (!expected.equals(received)) {
                return what + expected + "\nnot, when resumed,\n" + received;
            }
        }
        String[] checked = first.run(RecipeRun.class, number, "check", in).split("\n", 2);
        for (String each : checked[0].split(" ")) {
            compared.merge(each, 1, Integer::sum);
        }
        return checked[1].isEmpty() ? "" : what + checked[1];
    }
}
