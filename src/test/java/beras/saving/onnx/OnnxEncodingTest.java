package beras.saving.onnx;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.PictureForm;
import beras.data.table.CategoryColumn;
import beras.data.table.IgnoredColumn;
import beras.data.table.MissingMarks;
import beras.data.table.NumericColumn;
import beras.data.table.TableColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Distribution;
import beras.data.table.TableTarget.Range;
import beras.feed.Preprocessor;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Layers;
import beras.layers.Reshape;
import beras.models.Model;
import beras.models.Sequential;
import beras.prediction.Calibration;
import beras.prediction.Prediction;
import beras.saving.ConfigJson;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.Version;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.Recipe;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime is fed what data are as they are: pixels, and columns of a table. */
@Tag("saving")
public class OnnxEncodingTest {

    @TempDir
    private Path folder;

    private static final float BOUND = 1e-6f;
    private static final MissingMarks MARKS = MissingMarks.USUAL.and(Set.of("-999", "unknown", "1.50"));

    // --------------------------------------------------------------------------------------------------- images

    @Test
    void digitsAreRecognisedAsHere() throws Exception {
        ImageSets digits = ImageSets.load(Path.of("data"));
        Model model = new Sequential(1, new Input(784), new Dense(32, "relu"), new Dense(10, "softmax"));
        model.compile("adam", "cross-entropy", "accuracy");
        model.fit(digits.train().slice(0, 6000), new FitOptions().epochs(2).batchSize(64));
        Images test = digits.test();
        Tensor expected = model.predict(test.inputs());
        double accuracy = model.evaluate(test).get("accuracy");
        assertTrue(accuracy > 0.85, () -> "it has learnt: " + accuracy);
        SavedModel saved = new SavedModel(model).preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10));
        Map<String, Object> outputs;
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(saved))) {
            assertEquals(List.of("image"), run.inputs());
            outputs = run.run(List.of((Object) images(test)));
        }
        assertEquals(List.of("label", "probabilities"), List.copyOf(outputs.keySet()));
        assertArrayEquals(expected.toArray(), ((Tensor) outputs.get("probabilities")).toArray(), BOUND);
        String[] labels = (String[]) outputs.get("label");
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            right += labels[i].equals(Integer.toString(test.label(i))) ? 1 : 0;
        }
        assertEquals(accuracy, right / (double) test.count(), 1e-9);
    }

    private static byte[][][] images(Images images) {
        byte[][][] all = new byte[images.count()][images.height()][];
        for (int i = 0; i < all.length; i++) {
            byte[] pixels = images.pixels(i);
            for (int row = 0; row < images.height(); row++) {
                all[i][row] = Arrays.copyOfRange(pixels, row * images.width(), (row + 1) * images.width());
            }
        }
        return all;
    }

    /** What a graph gives for three images of 2 x 2 is what is predicted here. */
    private static void assertPredictsImages(SavedModel saved) throws Exception {
        List<byte[]> pixels = List.of(new byte[] {0, 51, (byte) 204, (byte) 255}, new byte[] {-1, 0, 0, 99}, new byte[4]);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(saved))) {
            byte[][][] images = pixels.stream().map(each -> new byte[][] {{each[0], each[1]}, {each[2], each[3]}})
                    .toArray(byte[][][]::new);
            assertPredictions(saved.predictor().predictAll(pixels), run.run(List.of((Object) images)));
        }
    }

    @Test
    void oneOutputIsTheSecondOfTwoLabels() throws Exception {
        Model model = new Sequential(3, new Input(4), new Dense(1, "sigmoid"));
        assertPredictsImages(new SavedModel(model).preprocessor(new ImagePreprocessor(2, 2, 1, List.of("cat", "d\u00f6g"), 1)));
    }

    /** The graph has the sigmoid that the loss has within; the net that is read back is the one that was written. */
    @Test
    void logitsBecomeProbabilitiesAsHere() throws Exception {
        Model model = new Sequential(3, new Input(4), new Dense(1));
        SavedModel saved = new SavedModel(model).recipe(new Recipe().loss("binary_crossentropy(from_logits=true)"))
                .preprocessor(new ImagePreprocessor(2, 2, 1, List.of("cat", "dog"), 1));
        assertPredictsImages(saved);
        Path file = folder.resolve("m.onnx");
        ModelFile.save(saved, file);
        Tensor x = Tensor.generate(i -> i - 3, 3, 4);
        assertEquals(model.predict(x), ModelFile.load(file).model().predict(x));
    }

    @Test
    void theTemperatureIsInTheGraph() throws Exception {
        Model model = new Sequential(3, new Input(4), new Dense(3));
        Calibration calibration = Calibration.of(Config.of("Calibration").with("temperature", 0.4).with("examples", 5).with("bound", 0.5)
                .with("outliers", 1).with("outliersBelow", 1));
        SavedModel saved = new SavedModel(model).recipe(new Recipe().loss("cross-entropy(from_logits=true)")).calibration(calibration)
                .preprocessor(new ImagePreprocessor(2, 2, 1, List.of("cat", "dog", "cow"), 3));
        assertPredictsImages(saved);
        assertTrue(new OnnxWriter(saved).report().lost().toString().contains("only BERAS applies the bound of 0.5"));
        assertTrue(new OnnxWriter(new SavedModel(model).calibration(calibration)).report().lost()
                .contains("The temperature of its probabilities is not in the graph"));
    }

    private static void assertPredictions(List<Prediction> expected, Map<String, Object> outputs) {
        assertArrayEquals(expected.stream().map(Prediction::label).toArray(), (String[]) outputs.get("label"));
        Tensor probabilities = (Tensor) outputs.get("probabilities");
        for (int i = 0; i < expected.size(); i++) {
            List<Double> row = List.copyOf(expected.get(i).probabilities().values());
            for (int c = 0; c < row.size(); c++) {
                assertEquals(row.get(c), probabilities.get(i, c), BOUND);
            }
        }
    }

    // --------------------------------------------------------------------------------------------------- tables

    private static final List<TableColumn> COLUMNS = List.of(
            new NumericColumn("size", 2, "", 1000.25, 0.125, false, 999.5, 1001.75),
            new NumericColumn("free", 0, "", -3, 7.5),
            new NumericColumn("constant", 3, "", 5, 0),
            new CategoryColumn("label", 0, "", List.of("blue", "red, or so", "\u00fc"), 4),
            new CategoryColumn("flag", 1, "", List.of("TRUE", "no"), 0),
            new IgnoredColumn("id", 0, "ids"),
            new CategoryColumn("zip", 0, "", List.of("00501", "7"), 0),
            NumericColumn.robust("coded", 1, "", 1000, 1.7, List.of(998.5, 1000.125, 1001.3), false, 996.1, 1e12).unit("kg"),
            NumericColumn.robust("scaled", 0, "", 1000.3, 0.8, List.of(), false, -3e38, 3e38),
            column("means", 1, 3, "['TRUE','blue']", "['00501','green']", "[0.25,-1.5,0.75,2.0,-0.125,0.1,3.5,-7.0]"),
            column("one mean", 0, 0, "['blue','no']", "[]", "[0.7,-0.7]"));
    private static TableColumn column(String name, int missing, int others, String values, String rare, String means) {
        return parsed("{'type':'Category','name':'" + name + "','missing':" + missing + ",'note':'','values':" + values
                + ",'others':" + others + ",'rare':" + rare + ",'means':" + means + "}");
    }

    private static TableColumn parsed(String json) {
        return TableColumn.of(ConfigJson.read(ConfigJson.parse(json.replace('\'', '"')).getAsJsonObject()));
    }

    private static final String[] TEXTS = {"blue", "red, or so", "\u00fc", "green", "", "NA", "unknown", "TRUE", "true", "tRuE",
            "no",
        "00501", "501", "7", "7.0", "-999", "-999.0", "?"};

    private static TablePreprocessor rows(TableTarget target) {
        return new TablePreprocessor(new TableSchema(target, COLUMNS, 100, MARKS, Optional.empty()));
    }

    private static double number(int i) {
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e39, -3.5e38, 3e38, -999, 1.5, 0,
                -0.0, 5, -9999, 1e12, 1e13, 1e30, 996.1, Math.nextDown(996.1), Math.nextUp(996.1), 998.5, Math.nextDown(998.5),
                Math.nextUp(998.5), 1000, 1000.125, Math.nextUp(1000.125), 1001.3, Math.nextDown(1e12)};
        return i < special.length ? special[i] : 1000 + 1.5 * new Rng(1, "number", 0).normal(i);
    }

    private static List<List<Object>> table(int count) {
        List<List<Object>> table = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            table.add(Arrays.asList(number(i), number(i + 1), number(i + 2), TEXTS[i % TEXTS.length], TEXTS[(i
                    + 1) % TEXTS.length],
                    "any", TEXTS[(i + 2) % TEXTS.length], number(i + 3), number(i + 4), TEXTS[(i + 3) % TEXTS.length], TEXTS[(i + 4) % TEXTS.length]));
        }
        return table;
    }

    /** Without numbers that are refused in memory. */
    static List<List<Object>> finiteTable(int count) {
        return table(count + 6).subList(6, count + 6);
    }

    /** As the graph takes them, which has no ids. */
    private static List<Object> columns(List<List<Object>> table) {
        List<Object> columns = new ArrayList<>();
        for (int c = 0; c < COLUMNS.size(); c++) {
            int column = c;
            Function<Function<Object, Object>, Object[]> each = as -> table.stream().map(row -> as.apply(row.get(column)))
                    .toArray();
            if (COLUMNS.get(c) instanceof CategoryColumn) {
                columns.add(Arrays.stream(each.apply(cell -> cell)).toArray(String[]::new));
            } else if (!(COLUMNS.get(c) instanceof IgnoredColumn)) {
                columns.add(Arrays.stream(each.apply(cell -> cell)).mapToDouble(cell -> (double) cell).toArray());
            }
        }
        return columns;
    }

    /** The net gives its inputs, so that they can be seen. */
    @Test
    void columnsBecomeTheVeryFeatures() throws Exception {
        int width = rows(new TableTarget.Regression("y", 0, 1)).inputShape().size();
        List<String> labels = IntStream.range(0, width).mapToObj(i -> "feature " + i).toList();
        TablePreprocessor rows = rows(new TableTarget.Labels("y", labels, labels.stream().map(any -> 1L).toList()));
        List<List<Object>> table = table(400);
        // Such numbers are refused in memory, and count as missing in a file.
        Tensor expected = rows.encodeAll(table.stream().map(row -> Arrays.asList(row.stream().map(cell -> cell instanceof Double
                number && !(Math.abs(number) <= Float.MAX_VALUE) ? null : cell).toArray())).toList());
        Model model = new Sequential(1, new Input(width), Layers.activation("linear"));
        OnnxWriter writer = new OnnxWriter(new SavedModel(model).preprocessor(rows));
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(new SavedModel(model).preprocessor(rows)))) {
            assertEquals(List.of("size", "free", "constant", "label", "flag", "zip", "coded", "scaled", "means", "one mean"),
                    run.inputs());
            Map<String, Object> outputs = run.run(columns(table));
            assertEquals(List.of("label_1", "probabilities"), List.copyOf(outputs.keySet()));
            Tensor features = (Tensor) outputs.get("probabilities");
            List<String> names = rows.schema().featureNames();
            for (int i = 0; i < table.size(); i++) {
                for (int f = 0; f < width; f++) {
                    assertEquals(expected.get(i, f), features.get(i, f), names.get(f) + " of " + table.get(i));
                }
            }
        }
        assertEquals(1, writer.report().lost().size(), () -> writer.report().lost().toString());
    }

    /** A model of a table with columns of all kinds. */
    public static SavedModel ofTable() {
        TablePreprocessor rows = rows(new TableTarget.Labels("y", List.of("no", "yes", "m,\"\u00fc"), List.of(3L, 4L, 5L)));
        Model model = new Sequential(5, new Input(rows.inputShape().size()), new Dense(8, "tanh"), new Dense(3, "softmax"));
        return new SavedModel(model).preprocessor(rows).provenance(Map.of("seed", "17"));
    }

    @Test
    void labelsAreThoseOfHere() throws Exception {
        SavedModel saved = ofTable();
        List<List<Object>> table = finiteTable(200);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(saved))) {
            Map<String, Object> outputs = run.run(columns(table));
            outputs.put("label", outputs.get("label_1"));
            assertPredictions(saved.predictor().predictAll(table), outputs);
            Map<String, String> metadata = run.metadata();
            assertEquals(Set.of("beras.labels", "beras.model", "beras.preprocessor", "beras.provenance"), metadata.keySet());
            assertEquals("[\"no\",\"yes\",\"m,\\\"\u00fc\"]", metadata.get("beras.labels"));
            assertEquals(new TreeMap<>(Map.of("beras", Version.get(), "arithmetic", Integer.toString(Version.ARITHMETIC), "seed", "17"))
                            .toString(),
                    new TreeMap<>(JsonParser.parseString(metadata.get("beras.provenance")).getAsJsonObject().asMap()).toString()
                            .replace("\"", ""));
        }
    }

    /** Some outputs are below 0 with any distribution, as the net ends in a linear layer. */
    @ParameterizedTest
    @CsvSource({"250000.5, ALL, NORMAL", "5000, NOT_NEGATIVE, NORMAL", "80000, COUNTS, POISSON"})
    void aValueIsInTheUnitOfTheTable(double mean, Range range, Distribution distribution) throws Exception {
        TablePreprocessor rows = rows(new TableTarget.Regression("y", mean, 80_000, false, range, distribution, 150_000));
        SavedModel saved = new SavedModel(new Sequential(5, new Input(rows.inputShape().size()),
                new Dense(1))).preprocessor(rows);
        List<List<Object>> table = finiteTable(100);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(saved))) {
            double[][] values = (double[][]) run.run(columns(table)).get("prediction");
            List<Prediction> expected = saved.predictor().predictAll(table);
            for (int i = 0; i < values.length; i++) {
                assertEquals(expected.get(i).value(), values[i][0], BOUND * Math.max(80_000, Math.abs(values[i][0])));
            }
            assertEquals(range != Range.ALL, Arrays.stream(values).anyMatch(value -> value[0] == 0),
                    "0 in place of what is below");
            assertEquals(distribution == Distribution.POISSON, Arrays.stream(values).anyMatch(value -> value[0] == 150_000));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'type':'Category','values':['hash 3'],'others':5,'buckets':1024",
        "'type':'List','separator':';','values':['a','b'],'others':0",
        "'type':'Text','terms':['a','b'],'weights':[1.5,2.5]",
        "'type':'Date','monthFirst':true,'parts':['WEEKDAY'],'meanDays':0,'deviationDays':0,'meanYear':0,'deviationYear':0"})
    void whatTextsAndDatesBecomeIsRefusedByTheNameOfTheirColumn(String settings) {
        TableColumn hashed = parsed("{'name':'street','missing':0,'note':''," + settings + "}");
        TablePreprocessor rows = new TablePreprocessor(new TableSchema(new TableTarget.Regression("y", 0, 1), List.of(hashed),
                100));
        SavedModel saved = new SavedModel(new Sequential(5, new Input(rows.inputShape().size()), new Dense(1))).preprocessor(rows);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> new OnnxWriter(saved));
        assertTrue(refused.getMessage().contains("column street") && refused.getMessage().contains("`types street=ignored`"),
                refused::getMessage);
    }

    /** ONNX has no operator for what it does, and it does not say. */
    private record Own() implements Preprocessor {

        @Override
        public Shape inputShape() {
            return Shape.of(2);
        }

        @Override
        public Shape outputShape() {
            return Shape.of(1);
        }

        @Override
        public void encode(Object example, float[] out, int at) {
            out[at] = (float) example;
        }

        @Override
        public Prediction decode(float[] output, int at) {
            return Prediction.ofValue(output[at]);
        }

        @Override
        public Config config() {
            return Config.of("Own");
        }
    }

    @Test
    void whatSaysNotWhatItDoesIsLeftOut() throws Exception {
        Model model = new Sequential(1, new Input(2), new Dense(1));
        model.compile("adam", "mse");
        OnnxWriter writer = new OnnxWriter(new SavedModel(model).preprocessor(new Own()));
        assertEquals(List.of("What makes inputs from data, Own, is not in the graph: it takes the numbers that this gives",
                "The state of the training, with loss and optimizer, is not in the file"), writer.report().lost());
        assertEquals("{dense/kernel=dense/kernel, dense/bias=dense/bias}", writer.report().taken().toString());
    }

    @Test
    void coloursComeSideBySide() throws Exception {
        Model model = new Sequential(3, new Input(2 * 2 * 3), new Reshape(2, 2, 3), new Conv2D(2, 2), new Flatten(),
                new Dense(2, "softmax"));
        SavedModel saved = new SavedModel(model).preprocessor(
                new ImagePreprocessor(2, 2, 3, PictureForm.SCALED, List.of("cat", "dog"), 2));
        byte[] pixels = {1, 2, 3, 4, 5, 6, 70, 80, 90, -1, -2, -3};
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(saved))) {
            byte[][][][] image = {{{{1, 2, 3}, {4, 5, 6}}, {{70, 80, 90}, {-1, -2, -3}}}};
            assertPredictions(saved.predictor().predictAll(List.of(pixels)), run.run(List.of((Object) image)));
        }
        Path file = folder.resolve("colours.onnx");
        ModelFile.save(saved, file);
        SavedModel back = ModelFile.load(file);
        assertEquals(saved.preprocessor().orElseThrow().config(), back.preprocessor().orElseThrow().config());
        assertEquals(saved.predictor().predict(pixels).probabilities(), back.predictor().predict(pixels).probabilities());
    }
}
