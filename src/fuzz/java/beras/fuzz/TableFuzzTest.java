package beras.fuzz;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.data.DataException;
import beras.data.table.Table;
import beras.data.table.TableColumn.Type;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableProfile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget.Task;
import beras.data.table.TargetMeans;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads tables that are written at random, half of them changed at random besides: each is read or refused by a {@link DataException},
 * in a moment; what is written plainly is read as it was written, and all features are finite. The properties are those of
 * {@link FuzzTest}.
 */
@Tag("fuzz")
class TableFuzzTest {

    private static final int MOST_SECONDS = 10;
    private static final int MOST_FINDS = 20;

    @TempDir
    private Path folder;
    private int read;
    private int refused;
    private int compared;
    private long slowest;
    private final List<String> finds = new ArrayList<>();

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void isReadOrRefused() throws IOException {
        for (int i = 0; i < FuzzTest.COUNT && finds.size() < MOST_FINDS; i++) {
            RandomTable table = new RandomTable(FuzzTest.SEED, i);
            boolean changed = i % 2 == 1;
            byte[] bytes = changed ? new Mutations(FuzzTest.SEED, i).of(table.bytes()) : table.bytes();
            long start = System.nanoTime();
            try {
                use(table, bytes, changed ? null : table.cells());
                read++;
            } catch (DataException e) {
                refused++;
                assertTrue(e.getMessage().startsWith(folder.toString()) || e.getMessage().startsWith("stream: "), e.getMessage());
            } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
                finds.add(i + ": " + table + ": " + e + " " + Arrays.asList(e.getStackTrace()).subList(0, Math.min(4,
                        e.getStackTrace().length)) + " for " + HexFormat.of().formatHex(bytes));
            }
            slowest = Math.max(slowest, System.nanoTime() - start);
        }
        FuzzTest.record("tables written at random", FuzzTest.COUNT, read, refused, finds.size(), slowest);
        assertEquals(List.of(), finds);
        assertTrue(slowest < TimeUnit.SECONDS.toNanos(MOST_SECONDS), "a table took too long");
        assertTrue(read > FuzzTest.COUNT / 10 && refused > FuzzTest.COUNT / 10 && compared > FuzzTest.COUNT / 50,
                read + " read, " + refused + " refused, " + compared + " compared");
    }

    /** Reads a table in every way that there is. */
    private void use(RandomTable table, byte[] bytes, List<List<String>> expected) throws IOException {
        TableFile file = TableFile.of(Files.write(folder.resolve(table.below(10) == 0 ? "t.jsonl" : "t.csv"), bytes));
        if (expected == null && table.below(8) == 0) {
            file = file.separator(",;\t: ".charAt(table.below(5)));
        }
        if (expected == null && table.below(8) == 0) {
            file = file.skipLines(table.below(3)).headerLines(1 + table.below(2)).skipFooter(table.below(3));
        }
        if (expected == null && table.below(8) == 0) {
            file = file.encoding(table.below(2) == 0 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        }
        if (expected != null) {
            file = TableFile.of(file.path().resolveSibling("t.csv"));
            Files.write(file.path(), bytes);
        }
        List<String> names;
        List<List<String>> cells = new ArrayList<>();
        try (Table rows = Table.open(file)) {
            names = rows.columns();
            while (rows.next()) {
                cells.add(IntStream.range(0, names.size()).mapToObj(rows::cell).toList());
            }
            rows.remarks();
        }
        if (expected != null) {
            compared++;
            assertEquals(expected, cells);
        }
        try (Table stream = Table.open(TableFile.of(new ByteArrayInputStream(bytes), "stream"))) {
            while (stream.next()) {
                stream.line();
            }
        }
        TableOptions options = table.below(2) == 0 ? new TableOptions()
                : new TableOptions().task(table.below(2) == 0 ? Task.REGRESSION : Task.CLASSIFICATION);
        String target = names.get(table.below(4) == 0 ? table.below(names.size()) : RandomTable.likelyTarget(cells));
        String weight = names.get(table.below(names.size()));
        if (table.below(3) == 0) {
            options = options.types(names.stream().filter(name -> !name.equals(target) && !name.equals(weight))
                    .collect(Collectors.toMap(name -> name, name -> List.of(Type.LIST, Type.TEXT, Type.CATEGORY).get(table.below(3)))));
        }
        options = table.below(6) > 0 || weight.equals(target) ? options : options.sampleWeight(weight);
        TableProfile.of(file, table.below(2) == 0 ? Optional.empty() : Optional.of(target), options);
        TargetMeans means = TargetMeans.learn(file, TableSchema.infer(file, target, options), options);
        TableSchema schema = means.schema();
        assertEquals(schema, TableSchema.of(ConfigText.parse(schema.config().toString())));
        float[] features = new float[schema.width()];
        float[] targets = new float[schema.targetWidth()];
        try (TableReader reader = TableReader.training(file, schema, any -> true)) {
            if (table.below(4) == 0) {
                reader.strict();
            }
            while (reader.next(features, 0)) {
                if (table.below(2) == 0) {
                    means.encode(reader, features, 0);
                }
                reader.target(targets, 0);
                assertTrue(reader.weight() >= 0 && Float.isFinite(reader.weight()), "a weight is none");
                for (float[] numbers : List.of(features, targets)) {
                    for (float number : numbers) {
                        assertTrue(Float.isFinite(number), "a feature is not finite");
                    }
                }
            }
            reader.remarks();
        }
    }
}
