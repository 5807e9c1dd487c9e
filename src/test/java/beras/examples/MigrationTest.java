package beras.examples;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.data.Splits;
import beras.data.table.TableFile;
import beras.evaluation.ClassificationReport;
import beras.feed.Examples;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Bidirectional;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GRU;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.MaxPooling2D;
import beras.layers.Node;
import beras.layers.activations.ReLU;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.saving.CSVLogger;
import beras.saving.ModelCheckpoint;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.pytorch.PyTorchFile;
import beras.tables.SearchSpace;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import beras.tables.Tuning;
import beras.tensor.Tensor;
import beras.training.EarlyStopping;
import beras.training.Evaluation;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.ReduceLROnPlateau;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the pages on migrating from Keras, scikit-learn and PyTorch. */
@Tag("model")
class MigrationTest {

    /** 300 rows of three groups of points. */
    private static final int[] LABELS = IntStream.range(0, 300).map(i -> i % 3).toArray();
    private static final float[][] ROWS = rows();
    private static final Map<String, Object> ROW = Map.of("island", "Dream", "bill_length_mm", 49.5, "bill_depth_mm", 19,
            "flipper_length_mm", 200, "body_mass_g", 3800, "sex", "male");

    private static float[][] rows() {
        float[][] rows = new float[LABELS.length][4];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < 4; j++) {
                rows[i][j] = (float) (2 * Math.sin(2.0 * LABELS[i] + j) + 0.3 * Math.sin(7.1 * i + 3 * j));
            }
        }
        return rows;
    }

    @Test
    void kerasSequential() {
        float[][] x = ROWS;
        int[] y = LABELS;
        Sequential model = new Sequential(1, new Input(4), new Dense(32, "relu"), new Dropout(0.1), new Dense(3, "softmax"));
        model.compile("adam(0.01)", "sparse_categorical_crossentropy", "accuracy");
        History history = model.fit(x, y, new FitOptions().epochs(20).batchSize(32).validationSplit(0.2).verbose(System.out));
        Evaluation evaluation = model.evaluate(x, y);
        System.out.println(evaluation.loss() + ", " + evaluation.get("accuracy"));
        int[] classes = model.predict(x).argmax(1);
        assertEquals(20, history.get("val_accuracy").size());
        assertArrayEquals(y, classes);
    }

    @Test
    void kerasFunctional() {
        Node inputs = new Input(28, 28, 1).apply();
        Node maps = new MaxPooling2D(2).apply(new Conv2D(16, 3).activation("relu").padding("same").apply(inputs));
        Node more = new Conv2D(16, 3).activation("relu").padding("same").apply(maps);
        Node sum = new Add().apply(maps, more);
        Node outputs = new Dense(10, "softmax").apply(new Flatten().apply(sum));
        Functional model = new Functional(List.of(inputs), List.of(outputs));
        assertEquals(31_370 + 2_480, model.weights().stream().mapToInt(w -> w.shape().size()).sum());
    }

    @Test
    void kerasSequences() {
        Sequential model = new Sequential(1, new Input(80), new Embedding(1000, 32).maskZero(true),
                new Bidirectional(new LSTM(32).returnSequences(true)), new Bidirectional(new GRU(16)), new Dense(1, "sigmoid"));
        assertEquals(32_000 + 16_640 + 7_872 + 33, model.weights().stream().mapToInt(w -> w.shape().size()).sum());
    }

    @Test
    void pytorchSequences() {
        Sequential net = new Sequential(1, new Input(28, 28), new LSTM(128), new Dense(10));
        assertEquals(80_384 + 1_290, net.weights().stream().mapToInt(w -> w.shape().size()).sum());
    }

    @Test
    void kerasCallbacks(@TempDir Path folder) throws IOException {
        float[][] x = ROWS;
        int[] y = LABELS;
        Sequential model = new Sequential(1, new Input(4), new Dense(8, "relu"), new Dense(3, "softmax"));
        model.compile("adam(0.01)", "sparse_categorical_crossentropy");
        model.fit(x, y, new FitOptions().epochs(100).validationSplit(0.2).callbacks(
                new EarlyStopping("val_loss").patience(5).restoreBestWeights(true),
                new ReduceLROnPlateau("val_loss").patience(2).factor(0.5),
                new ModelCheckpoint(folder + "/best.beras").monitor("val_loss").saveBestOnly(true),
                new CSVLogger(folder.resolve("log.csv"))));
        assertTrue(ModelFile.load(folder.resolve("best.beras")).model().evaluate(x, y).loss() < 0.5);
    }

    @Test
    void kerasFiles(@TempDir Path folder) throws IOException {
        Sequential model = new Sequential(1, new Input(4), new Dense(8, "relu"), new Dense(3, "softmax"));
        model.compile("adam(0.01)", "sparse_categorical_crossentropy");
        Path file = folder.resolve("m.keras");
        ModelFile.save(model, file);
        SavedModel saved = ModelFile.load(file);
        System.out.println(saved.leftOut());
        Model loaded = saved.model();
        loaded.fit(ROWS, LABELS, new FitOptions().epochs(1));
        System.out.println(loaded.summary());
        float[] kernel = loaded.layer("dense").weights().get(0).toArray();
        assertEquals(32, kernel.length);
    }

    @Test
    void kerasGradientTape() {
        Sequential model = new Sequential(1, new Input(4), new Dense(8, "relu"), new Dense(3, "softmax"));
        Adam optimizer = new Adam(0.01);
        CategoricalCrossEntropy loss = new CategoricalCrossEntropy();
        Tensor x = Tensor.of(ROWS);
        Tensor y = Tensor.generate(i -> LABELS[i / 3] == i % 3 ? 1 : 0, 300, 3);
        float first = 0;
        for (int step = 0; step < 100; step++) {
            GradientTape tape = new GradientTape();
            Tensor value;
            try (tape) {
                value = loss.call(model.call(x), y);
            }
            optimizer.applyGradients(model.trainableVariables(), tape.gradient(value, model.trainableVariables()));
            first = step == 0 ? value.item() : first;
        }
        assertTrue(loss.call(model.call(x), y).item() < 0.2 * first);
    }

    @Test
    void scikitPipeline(@TempDir Path folder) throws IOException {
        Path csv = Path.of("data/penguins.csv");
        TableTraining training = TableTraining.of(csv, "species");
        TableTraining quick = training.change(recipe -> recipe.epochs(15));
        fromTheFileToASavedModel(quick, csv, folder.resolve("penguins.beras"));
        crossValidation(quick);
        search(training.change(recipe -> recipe.epochs(3).ensemble(1)));
    }

    private static void fromTheFileToASavedModel(TableTraining training, Path csv, Path file) throws IOException {
        TableModel model = training.fit();
        System.out.println(model.evaluate(TableFile.of(csv)).labels().orElseThrow());
        System.out.println(model.explain(TableFile.of(csv)).importance());
        model.save(file);
        TableModel loaded = TableModel.load(file);
        assertEquals("Chinstrap", loaded.predict(ROW).label());
        assertEquals(model.predict(ROW).probabilities(), loaded.predict(ROW).probabilities());
    }

    private static void crossValidation(TableTraining training) throws IOException {
        double accuracy = training.crossValidate(3).stream()
                .mapToDouble(fold -> fold.measured().labels().orElseThrow().accuracy()).average().orElseThrow();
        assertTrue(accuracy > 0.9, () -> "accuracy " + accuracy);
    }

    private static void search(TableTraining training) throws IOException {
        SearchSpace space = new SearchSpace().learningRate("1e-4..1e-2").layers("64:relu|128:relu,64:relu");
        TableModel best = Tuning.of(training).space(space).trials(9).run().model().orElseThrow();
        assertEquals("Chinstrap", best.predict(ROW).label());
    }

    @Test
    void scikitArrays() {
        float[][] x = ROWS;
        int[] y = LABELS;
        Splits.Split split = Splits.stratified(y, 0.1, 0.2, 7);
        Examples all = Examples.of(x, y);
        Sequential model = new Sequential(7, new Input(4), new Dense(100, "relu"), new Dense(3, "softmax"));
        model.compile("adam(0.01)", "sparse_categorical_crossentropy", "accuracy");
        model.fit(all.select(split.train()), new FitOptions().epochs(100).validationData(all.select(split.validation()))
                .callbacks(new EarlyStopping("val_loss").patience(10).restoreBestWeights(true)));
        Examples test = all.select(split.test());
        Tensor truth = Tensor.generate(i -> y[split.test()[i]], split.test().length);
        Tensor scores = model.predict(Tensor.of(x).gather(0, split.test()));
        ClassificationReport report = ClassificationReport.of(List.of("a", "b", "c"), scores, truth);
        assertTrue(report.accuracy() > 0.95, report::toString);
        assertTrue(model.evaluate(test).get("accuracy") > 0.95);
    }

    @Test
    void pytorchModuleAndLoop() {
        float[][] x = ROWS;
        int[] y = LABELS;
        Sequential net = new Sequential(1, new Input(4), new Dense(32),
                new BatchNormalization().momentum(0.9).epsilon(1e-5), new ReLU(), new Dense(3));
        net.compile("adam(0.001, epsilon=1e-8)", "sparse_categorical_crossentropy(from_logits=true)", "accuracy");
        net.fit(x, y, new FitOptions().epochs(20).batchSize(32));
        assertTrue(net.evaluate(x, y).get("accuracy") > 0.9);
    }

    @Test
    void pytorchStep() {
        Sequential net = new Sequential(1, new Input(4), new Dense(8, "relu"), new Dense(1));
        Tensor x = Tensor.of(ROWS);
        Tensor y = Tensor.generate(i -> LABELS[i], 300, 1);
        Adam adam = new Adam(0.01);
        float first = 0;
        for (int step = 0; step < 100; step++) {
            Tensor loss = adam.minimize(() -> net.call(x).subtract(y).square().mean(), net.trainableVariables());
            first = step == 0 ? loss.item() : first;
        }
        assertTrue(net.predict(x).subtract(y).square().mean().item() < 0.2 * first);
    }

    @Test
    void pytorchWeights(@TempDir Path folder) throws IOException {
        Sequential other = new Sequential(2, new Input(784), new Dense(128, "relu"), new Dense(10));
        Path file = folder.resolve("net.safetensors");
        PyTorchFile.save(other, file);
        Sequential net = new Sequential(1, new Input(784), new Dense(128, "relu"), new Dense(10));
        System.out.println(PyTorchFile.load(net, file));
        assertEquals(ModelFile.weightsSha256(other), ModelFile.weightsSha256(net));
    }
}
