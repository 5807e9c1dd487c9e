package beras.data.table;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.ConfigText;
import beras.data.table.values.HashedValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Categories of more values than are counted. */
@Tag("data")
class HashedValuesTest {

    private static final int ROWS = 30_000;

    @TempDir
    Path folder;

    private TableSchema schema(IntFunction<String> cells) throws IOException {
        String lines = IntStream.range(0, ROWS).mapToObj(i -> cells.apply(i) + "," + i % 2 + "\n").collect(Collectors.joining());
        return TableSchema.infer(Files.writeString(folder.resolve("t.csv"), "x,other,y\n" + lines.replaceAll(",(.)\n", ",$1,$1\n")), "y",
                new TableOptions());
    }

    /** Of each hash there is one value, the same on every machine. */
    @Test
    void hashesAreFixed() {
        assertEquals(0x41e5779b7cf5e194L, HashedValues.hash(""));
        assertEquals(0xe836c110bc72ed69L, HashedValues.hash("street 12"));
        assertEquals(0x1c9532d2a2e3ea44L, HashedValues.hash("\u00fc\ud83d\ude00"));
        assertEquals(0x169, HashedValues.bucket("street 12", 512));
    }

    @Test
    void theNumberOfValuesIsEstimatedInAnyOrder() {
        HashedValues all = new HashedValues(1024);
        HashedValues turned = new HashedValues(1024);
        for (int i = 0; i < 120_000; i++) {
            all.add("v" + i % 40_000, 1);
            turned.add("v" + (119_999 - i) % 40_000, 1);
        }
        assertEquals(40_000, all.distinct(), 4_000);
        assertEquals(all.distinct(), turned.distinct());
        assertEquals(120_000, all.counts().values().stream().mapToLong(count -> count[0]).sum());
        all.counts().forEach((name, count) -> assertArrayEquals(count, turned.counts().get(name)));
        HashedValues few = new HashedValues(1024);
        IntStream.range(0, 3000).forEach(i -> few.add("v" + i % 700, 1));
        assertEquals(700, few.distinct());
    }

    @Test
    void aCategoryOfVeryManyValuesIsHashed() throws IOException {
        TableSchema schema = schema(i -> i % 3 == 0 ? "often" : "street " + i % 11_000);
        CategoryColumn streets = assertInstanceOf(CategoryColumn.class, schema.columns().get(0));
        assertEquals(8192, streets.buckets());
        assertTrue(streets.note().matches("about (\\d+) different values are hashed to 8192"), streets.note());
        assertEquals(10_700, Integer.parseInt(streets.note().split(" ")[1]), 1_000);
        assertEquals(schema, TableSchema.of(ConfigText.parse(schema.config().toString())));
        String often = HashedValues.name(HashedValues.bucket("often", 8192));
        assertTrue(streets.values().contains(often), streets.values()::toString);
        float[] features = new float[schema.width()];
        new TablePreprocessor(schema).encode(List.of("often", "1"), features, 0);
        int place = streets.values().indexOf(often);
        for (int i = 0; i < streets.width(); i++) {
            assertEquals(i == place ? 1 : 0, features[i]);
        }
        new TablePreprocessor(schema).encode(Map.of("x", "never seen", "other", "1"), features, 0);
        assertEquals(1, IntStream.range(0, streets.width()).filter(i -> features[i] == 1).count());
    }

    /** Nobody asks how often each number or date is there, and to hash them takes time. */
    @Test
    void numbersAndDatesAreNotHashed() throws IOException {
        assertInstanceOf(NumericColumn.class, schema(i -> Integer.toString(i % 12_000 * 7)).columns().get(0));
        TableColumn mixed = schema(i -> i % 3 == 0 ? "r" + i % 15_000 : Integer.toString(i % 9_000)).columns().get(0);
        assertTrue(assertInstanceOf(IgnoredColumn.class, mixed).note().startsWith("there are too many different values"), mixed.note());
    }
}
