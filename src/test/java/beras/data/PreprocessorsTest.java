package beras.data;

import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.ImagesTest;
import beras.data.image.Picture;
import beras.data.image.PictureForm;
import beras.data.table.NamedValues;
import beras.data.table.ReaderRows;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.feed.Preprocessor;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows and images in memory as numbers, and what a model gives in the terms of the data. */
@Tag("data")
class PreprocessorsTest {

    private static final Class<IllegalArgumentException> REFUSED = IllegalArgumentException.class;

    /** Features: x, x is missing, c = 1, c = b, c is another, c is missing. */
    private static final String TABLE = "x,constant,c,y\n1,7,1,no\n5,7,b,yes\n,7,1,no\n3,7,,yes\n3,7,rare,no\n3,7,b,no\n";

    @TempDir
    Path folder;

    private TablePreprocessor rows() throws IOException {
        Path file = Files.writeString(folder.resolve("table.csv"), TABLE);
        return new TablePreprocessor(TableSchema.infer(file, "y", new TableOptions().maxCategories(2)));
    }

    private static Map<String, Object> row(Object x, Object c) {
        Map<String, Object> row = new HashMap<>();
        row.put("x", x);
        row.put("c", c);
        return row;
    }

    private static void assertSame(Preprocessor expected, Preprocessor actual) {
        assertEquals(expected.config(), actual.config());
        assertEquals(expected.inputShape(), actual.inputShape());
        assertEquals(expected.outputShape(), actual.outputShape());
    }

    // --------------------------------------------------------------------------------------------------------- tables

    @Test
    void rowsInMemoryBecomeWhatThoseOfAFileDo() throws IOException {
        TablePreprocessor rows = rows();
        Tensor ofFile;
        try (TableReader reader = TableReader.withoutTargets(TableFile.of(folder.resolve("table.csv")), rows.schema())) {
            ofFile = ReaderRows.inputs(reader);
        }
        assertEquals(Shape.of(8), rows.inputShape());
        assertEquals(Shape.of(2), rows.outputShape());
        List<Map<String, Object>> maps = List.of(row(1, 1), row(5.0, "b"), row(null, 1.0), row(3L, null), row("3", "rare"),
                row(" 3.0 ", " b "));
        assertEquals(ofFile, rows.encodeAll(maps));
        assertEquals(ofFile, rows.encodeAll(List.of(Arrays.asList(1, 0, "1"), Arrays.asList(5, null, "b"),
                Arrays.asList(Double.NaN, "?", 1), Arrays.asList(3, 0, "NA"), Arrays.asList(3f, 0, "new"),
                Arrays.asList(3, 0, "b"))));
        assertArrayEquals(ofFile.slice(1, 2).toArray(), rows.encode(row(5, "b")));
    }

    @Test
    void wrongRowsAreRefusedWithTheColumn() throws IOException {
        TablePreprocessor rows = rows();
        assertRefused(REFUSED, () -> rows.encode(row("five", "b")), "Column \"x\": expected a finite number", "\"five\"");
        assertRefused(REFUSED, () -> rows.encode(row(Float.POSITIVE_INFINITY, "b")), "Column \"x\"", "\"Infinity\"");
        assertRefused(REFUSED, () -> rows.encode(row(1e300, "b")), "Column \"x\"");
        assertRefused(REFUSED, () -> rows.encode(Map.of("x", 1, "z", 2)), "expected the column \"c\"", "Received the keys: z");
        assertRefused(REFUSED, () -> rows.encode(List.of(1, 2)), "each of the 3 columns x, constant, c", "Received: 2");
        assertRefused(REFUSED, () -> rows.encode("1,7,b"), "a map of values by column", "java.lang.String");
        assertRefused(REFUSED, () -> rows.encode(null), "Received: null");
        assertRefused(REFUSED, () -> rows.encodeAll(List.of(row(1, 1), row("no", 1))), "Example 1: Column \"x\"");
    }

    @Test
    void outputsBecomeLabels() throws IOException {
        List<Prediction> predictions = rows().decodeAll(Tensor.of(new float[][] {{0.75f, 0.25f}, {0.125f, 0.875f}}));
        assertEquals("no", predictions.get(0).label());
        assertEquals("yes", predictions.get(1).label());
        assertEquals(0.875, predictions.get(1).confidence());
        assertEquals(1, predictions.get(1).labelIndex());
        assertEquals(Map.of("no", 0.125, "yes", 0.875), predictions.get(1).probabilities());
        assertEquals(List.of("no", "yes"), List.copyOf(predictions.get(0).probabilities().keySet()));
        assertRefused(IllegalStateException.class, predictions.get(0)::value, "the label no");
        TablePreprocessor rows = rows();
        assertRefused(REFUSED, () -> rows.decodeAll(Tensor.of(new float[][] {{0, Float.NaN}})), "finite", "NaN");
        assertRefused(REFUSED, () -> rows.decodeAll(Tensor.zeros(2, 3)), "(1, 2)", "(2, 3)");
    }

    @Test
    void outputsBecomeValues() throws IOException {
        Path file = Files.writeString(folder.resolve("amounts.csv"), "x,y\n1,100000.5\n2,300000.5\n");
        TablePreprocessor rows = new TablePreprocessor(TableSchema.infer(file, "y", new TableOptions()));
        Prediction prediction = rows.decode(new float[] {9, 2}, 1);
        assertFalse(prediction.isLabel());
        assertEquals(400_000.5, prediction.value());
        assertEquals("400000.5", rows.schema().target().render(prediction));
        assertEquals(Map.of(), prediction.probabilities());
        assertRefused(IllegalStateException.class, prediction::label, "400000.5");
        assertRefused(REFUSED, () -> rows.decode(new float[] {Float.NaN}, 0), "finite", "NaN");
        assertEquals(100_000, rows.schema().target().unit());
        assertEquals(List.of(), rows.schema().target().labels());
    }

    @Test
    void aTableComesBackFromItsConfig() throws IOException {
        TablePreprocessor rows = rows();
        TablePreprocessor back = assertInstanceOf(TablePreprocessor.class, Preprocessor.of(rows.config()));
        assertSame(rows, back);
        assertEquals(rows.schema(), back.schema());
        Path file = Files.writeString(folder.resolve("amounts.csv"), "x,y\n1e-200,0.1\n2e-200,0.7\n");
        TableSchema values = TableSchema.infer(file, "y", new TableOptions());
        assertEquals(values, ((TablePreprocessor) Preprocessor.of(new TablePreprocessor(values).config())).schema());
        assertRefused(REFUSED, () -> Preprocessor.of(Config.of("TablePreprocessor")), "columns");
        assertRefused(REFUSED, () -> Preprocessor.of(Config.of("Nonsense")), "no preprocessor of this type", "Nonsense");
    }

    @Test
    void anyNumberOfThreadsMayEncodeAtOnce() throws IOException {
        TablePreprocessor rows = rows();
        float[] expected = rows.encode(row(1, "b"));
        assertTrue(IntStream.range(0, 10_000).parallel().allMatch(i -> i % 2 == 0
                ? Arrays.equals(expected, rows.encode(row(1, "b"))) : rows.encode(row(i, null)).length == 8));
    }

    // --------------------------------------------------------------------------------------------------------- images

    @Test
    void imagesInMemoryBecomeWhatThoseOfAFileDo() {
        Images images = ImagesTest.random(3, 1);
        ImagePreprocessor one = ImagePreprocessor.ofNumbers(5, 7, 9);
        assertEquals(images.inputs(), one.encodeAll(List.of(images.pixels(0), images.pixels(1), images.pixels(2))));
        assertEquals(Shape.of(35), one.inputShape());
        float[] output = new float[9];
        output[4] = 1;
        assertEquals("4", one.decode(output, 0).label());
        assertSame(one, Preprocessor.of(one.config()));
        assertRefused(REFUSED, () -> one.encode(new byte[34]), "5 x 7 = 35 pixels", "34 bytes");
        assertRefused(REFUSED, () -> one.encode(new float[35]), "byte[]", "[F");
    }

    @Test
    void oneOutputIsTheProbabilityOfTheSecondLabel() {
        ImagePreprocessor cats = new ImagePreprocessor(1, 2, 1, List.of("dog", "cat"), 1);
        assertEquals(Shape.of(1), cats.outputShape());
        assertEquals("cat", cats.decode(new float[] {0.75f}, 0).label());
        assertEquals(Map.of("dog", 0.25, "cat", 0.75), cats.decode(new float[] {0.75f}, 0).probabilities());
        assertEquals("dog", cats.decode(new float[] {0.25f}, 0).label());
        assertSame(cats, Preprocessor.of(cats.config()));
        assertRefused(REFUSED, () -> cats.decode(new float[] {Float.NaN}, 0), "finite");
        assertRefused(REFUSED, () -> new ImagePreprocessor(1, 2, 1, List.of("a", "b", "c"), 1), "1 outputs and 3 labels");
        assertRefused(REFUSED, () -> new ImagePreprocessor(0, 2, 1, List.of("a"), 1), "0 x 2");
    }

    // -------------------------------------------------------------------------------------------------- names in text

    @Test
    void namesMayHoldCommasAndQuotes() {
        assertEquals(Map.of("a", "1", "b,c", "2", "d=e", "3", "say \"x\"", "4", "é", ""),
                NamedValues.parse("a=1, \"b,c\" = 2 ,d=e=3,\"say \"\"x\"\"\"=4,é="));
        assertEquals(List.of("z", "a"), List.copyOf(NamedValues.parse("z=1,a=2").keySet()));
        for (String wrong : new String[] {"", "a", "=1", "a=1,", "\"a\"", "\"a\" b=1", "\"\"=1", "a=1,b"}) {
            assertRefused(REFUSED, () -> NamedValues.parse(wrong), "expected name=value");
        }
        assertRefused(REFUSED, () -> NamedValues.parse("\"a=1"), "second quote");
        assertRefused(REFUSED, () -> NamedValues.parse("a=1,\"a\"=2"), "Received twice: a");
    }

    // ------------------------------------------------------------------------------------------------------- pictures

    @Test
    void aPictureBecomesWhatTrainingHad() throws IOException {
        ImagePreprocessor colours = new ImagePreprocessor(2, 4, 3, PictureForm.SCALED, List.of("cat", "dog"), 2);
        assertEquals(Shape.of(24), colours.inputShape());
        Picture picture = new Picture(2, 1, 3, new byte[] {-1, 0, 51, 0, -1, 51});
        float[] expected = new float[24];
        for (int i = 0; i < 8; i++) { // each pixel is magnified by two
            expected[3 * i] = i % 4 < 2 ? 1 : 0;
            expected[3 * i + 1] = i % 4 < 2 ? 0 : 1;
            expected[3 * i + 2] = 0.2f;
        }
        assertArrayEquals(expected, colours.encode(picture));
        assertArrayEquals(expected, colours.encode(colours.pixels(picture, "x")));
        assertSame(colours, Preprocessor.of(colours.config()));
        assertEquals(List.of(2, 4, List.of("cat", "dog"), 2, 3, "scaled"), List.copyOf(colours.config().values().values()));
        assertRefused(REFUSED, () -> colours.encode(new byte[8]), "2 x 4 x 3 = 24 pixels", "8 bytes");
        assertRefused(REFUSED, () -> new ImagePreprocessor(2, 4, 4, PictureForm.SCALED, List.of("cat", "dog"), 2).encode(picture),
                "1 or 3 channels", "2 x 4 x 4");
        assertRefused(REFUSED, () -> Preprocessor.of(colours.config().with("pictures", "cut")), "[digit, scaled]", "cut");
        assertRefused(REFUSED, () -> Preprocessor.of(colours.config().with("channels", 0)), "2 x 4 x 0");
    }

    @Test
    void whatWasTrainedOnDigitsTakesDigits() {
        ImagePreprocessor digits = ImagePreprocessor.ofNumbers(28, 28, 10);
        assertEquals("digit", digits.form().name());
        assertEquals(4, digits.config().values().size(), "as before there was a choice");
        byte[] paper = new byte[40 * 40];
        Arrays.fill(paper, (byte) 200);
        assertRefused(REFUSED, () -> digits.encode(new Picture(40, 40, paper)), "nothing is written");
        for (int y = 10; y < 30; y++) {
            paper[40 * y + 20] = 20;
            paper[40 * y + 21] = 20;
        }
        float[] digit = digits.encode(new Picture(40, 40, paper));
        assertEquals(1f, digit[14 * 28 + 14]);
        assertEquals(0f, digit[0]);
        assertRefused(REFUSED, () -> ImagePreprocessor.ofNumbers(9, 9, 2).encode(new Picture(40, 40, paper)), "images of 9 x 9");
    }
}
