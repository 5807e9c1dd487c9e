package beras.saving;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Examples;
import beras.files.Bytes;
import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.GaussianNoise;
import beras.layers.Input;
import beras.layers.Node;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.metrics.F1Score;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.optimizers.SGD;
import beras.optimizers.Schedules;
import beras.regularizers.L2;
import beras.saving.bytes.Safetensors;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Mode;
import beras.training.Monitor;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.ReduceLROnPlateau;
import beras.training.TrainStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import own.Quartic;
import own.Signum;
import own.Within;

/** A compiled model that is saved comes back compiled, and its training goes on as if it had not been saved. */
@Tag("saving")
class CompiledModelTest {

    private static final Tensor X = Tensor.generate(i -> (i * 7 % 11 - 5) / 4.0, 12, 4);
    private static final Tensor Y = Tensor.generate(i -> i % 3 / 2.0, 12, 2);

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("m.beras");
    }

    private static FitOptions options(int epochs) {
        return new FitOptions().epochs(epochs).batchSize(5).seed(3);
    }

    /** Layers that remember, and that draw. */
    private static Model net() {
        return new Sequential(1, new Input(4), new GaussianNoise(0.1), new Dense(6, "tanh"), new BatchNormalization(),
                new Dropout(0.3), new Dense(2));
    }

    private SavedModel again(Model model) throws IOException {
        ModelFile.replace(new SavedModel(model), file);
        return ModelFile.load(file);
    }

    static Stream<Supplier<Optimizer>> optimizers() {
        return Stream.concat(Optimizers.REGISTRY.names().stream().map(name -> () -> Optimizers.REGISTRY.of(name)), Stream.of(
                () -> new SGD(0.05f).momentum(0.9f).nesterov(true), () -> Adam.keras().with("amsgrad", true),
                () -> new Adam().schedule(Schedules.REGISTRY.of("cosine", 0.01, 100)).with("clipnorm", 1f).with("weightDecay", 0.01)
                        .with("excludeFromWeightDecay", List.of("bias")),
                () -> new Adam().with("emaMomentum", 0.9).with("emaOverwriteFrequency", 2),
                () -> Optimizers.REGISTRY.of("rmsprop(form=keras, momentum=0.5, centered=true)")
                .with("gradientAccumulationSteps", 2)));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void aTrainingGoesOnToTheSameBits(Supplier<Optimizer> optimizer) throws IOException {
        Model model = net();
        model.compile(optimizer.get(), new MeanSquaredError());
        model.fit(X, Y, options(3));
        SavedModel saved = again(model);
        assertEquals(List.of(), saved.leftOut());
        Model loaded = saved.model();
        assertEquals(model.optimizer().orElseThrow().config(), loaded.optimizer().orElseThrow().config());
        assertEquals(9, loaded.optimizer().orElseThrow().steps());
        assertEquals(values(model.fit(X, Y, options(3))), values(loaded.fit(X, Y, options(3))));
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(loaded));
        assertEquals(18, loaded.optimizer().orElseThrow().steps());
    }

    private static List<Map<String, Double>> values(History history) {
        return history.epochs().stream().map(logs -> logs.values()).toList();
    }

    /** What a callback made of it. */
    @Test
    void theLearningRateIsThatOfTheEnd() throws IOException {
        Model model = net();
        model.compile(new Adam(0.01f), new MeanSquaredError());
        model.fit(X, Y, options(6).callbacks(new ReduceLROnPlateau(new Monitor("loss").minDelta(100)).patience(1)));
        float rate = model.optimizer().orElseThrow().learningRate();
        assertTrue(rate < 0.01f);
        assertEquals(rate, again(model).model().optimizer().orElseThrow().learningRate());
    }

    @Test
    void everyOutputHasItsLossAndItsMetricsByTheirNames() throws IOException {
        Node x = new Input(4).apply();
        Node hidden = new Dense(5, "relu").apply(x);
        Model model = new Functional(1, List.of(x), List.of(new Dense(2).named("amount").apply(hidden),
                new Dense(3, "softmax").named("kind").apply(hidden)));
        model.compile(new Adam(0.01f), new Objective(Losses.REGISTRY.of("huber", 0.5f)).weight(0.25f).metrics(Metrics.of("mae"),
                Metrics.of("mse").named("squares")).weightedMetrics(Metrics.of("rmse")),
                new Objective(Losses.REGISTRY.of("categorical_crossentropy")).weight(3f).metrics(Metrics.of("accuracy"),
                        new F1Score().named("f")));
        Tensor kinds = Tensor.generate(i -> i / 3 % 3 == i % 3 ? 1 : 0, 12, 3);
        Examples examples = Examples.of(List.of(X), List.of(Y, kinds), null);
        model.fit(examples, options(2));
        Model loaded = again(model).model();
        assertEquals(described(model), described(loaded));
        assertEquals(model.evaluate(examples).values(), loaded.evaluate(examples).values());
        assertTrue(loaded.evaluate(examples).values().keySet().containsAll(List.of("amount_squares", "kind_f")),
                () -> loaded.evaluate(examples).values().toString());
        assertEquals(values(model.fit(examples, options(2))), values(loaded.fit(examples, options(2))));
    }

    private static List<Object> described(Model model) {
        return model.objectives().stream().<Object>map(objective -> List.of(objective.loss().config(), objective.weight(),
                names(objective.metrics()), names(objective.weightedMetrics()))).toList();
    }

    private static List<String> names(List<Metric> metrics) {
        return metrics.stream().map(Metric::name).toList();
    }

    @Test
    void everyMetricIsDescribedWithItsName() {
        for (String type : Metrics.names()) {
            for (Metric metric : List.of(Metrics.of(type), Metrics.of(type).named("other"))) {
                Metric again = Metrics.of(Metrics.configOf(metric));
                assertEquals(metric.name(), again.name());
                assertEquals(metric.direction(), again.direction());
                assertEquals(Metrics.configOf(metric), Metrics.configOf(again));
            }
        }
    }

    @Test
    void whatIsCompiledToBeEvaluatedComesBackSo() throws IOException {
        Model model = net();
        model.compile(new Objective(new MeanSquaredError()).metrics(Metrics.of("mae")));
        Model loaded = again(model).model();
        assertEquals(model.evaluate(X, Y).values(), loaded.evaluate(X, Y).values());
        assertTrue(loaded.optimizer().isEmpty());
        assertThrows(IllegalStateException.class, () -> loaded.fit(X, Y));
    }

    @Test
    void aFrozenLayerStaysFrozenWithoutState() throws IOException {
        Model model = net();
        model.layers().get(1).trainable(false);
        model.compile(new Adam(), new MeanSquaredError());
        model.fit(X, Y, options(2));
        Model loaded = again(model).model();
        assertTrue(loaded.layers().get(1).isFrozen());
        model.fit(X, Y, options(2));
        loaded.fit(X, Y, options(2));
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(loaded));
    }

    @Test
    void aFileToPredictIsAsSmallAsThatOfAModelThatWasNeverCompiled() throws IOException {
        Model model = net();
        byte[] before = ModelFile.toBytes(new SavedModel(model));
        model.compile(new Adam(), new MeanSquaredError());
        assertEquals(before.length, ModelFile.toBytes(new SavedModel(model).uncompiled()).length);
        model.fit(X, Y, options(1));
        SavedModel saved = new SavedModel(model).uncompiled();
        assertEquals(before.length, ModelFile.toBytes(saved).length);
        assertEquals(List.of(), ModelFile.leavesOut(saved, file));
        assertTrue(ModelFile.toBytes(new SavedModel(model)).length > before.length);
        assertTrue(ModelFile.fromBytes(ModelFile.toBytes(saved), "m").model().objectives().isEmpty());
        ModelFile.save(saved, folder.resolve("m.keras"));
        assertTrue(ModelFile.load(folder.resolve("m.keras")).model().objectives().isEmpty());
    }

    // ----------------------------------------------------------------------------- beside the state of a training

    /** The state of the training has it already; and the model needs not be compiled again to be resumed. */
    @Test
    void whatTheOptimizerRemembersIsThereOnce() throws IOException {
        Model model = net();
        model.compile(new Adam(), new MeanSquaredError());
        model.fit(X, Y, options(2).callbacks(new BackupAndRestore(file)));
        assertTrue(ModelBytes.parts(Files.readAllBytes(file)).containsKey("beras.compiled"));
        assertEquals(0, optimizerTensors());
        SavedModel saved = ModelFile.load(file);
        saved.model().fit(X, Y, options(4).callbacks(new BackupAndRestore(file)).resume(saved.trainingState().orElseThrow()));
        Model whole = net();
        whole.compile(new Adam(), new MeanSquaredError());
        whole.fit(X, Y, options(4));
        assertEquals(ModelFile.weightsSha256(whole), ModelFile.weightsSha256(saved.model()));
        assertEquals(0, optimizerTensors());
        assertEquals(whole.trainOnBatch(X, Y).values(), ModelFile.load(file).model().trainOnBatch(X, Y).values());
    }

    private long optimizerTensors() throws IOException {
        try (Bytes bytes = Bytes.open(file)) {
            return Safetensors.read(bytes).entries().keySet().stream().filter(name -> name.startsWith("/optimizer/")).count();
        }
    }

    /** The state is that of an earlier step. */
    @Test
    void whatTheOptimizerRemembersOtherwiseIsThereToo() throws IOException {
        Model model = net();
        model.compile(new Adam(), new MeanSquaredError());
        model.fit(X, Y, options(2).callbacks(new BackupAndRestore(file)));
        SavedModel backup = ModelFile.load(file);
        model.trainOnBatch(X, Y);
        ModelFile.replace(new SavedModel(model).trainingState(backup.trainingState().orElseThrow()), file);
        assertTrue(optimizerTensors() > 0);
        SavedModel saved = ModelFile.load(file);
        assertEquals(7, saved.model().optimizer().orElseThrow().steps());
        assertEquals(6, saved.trainingState().orElseThrow().config().integer("steps"));
        assertEquals(model.trainOnBatch(X, Y).values(), saved.model().trainOnBatch(X, Y).values());
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(saved.model()));
    }

    /** The best weights with the optimizer of the last. */
    @Test
    void theWeightsMayBeOthersThanTheOptimizersLast() throws IOException {
        Model model = net();
        model.compile(new SGD(0.05f).momentum(0.9f), new MeanSquaredError());
        EarlyStopping stopping = new EarlyStopping(new Monitor("loss").mode(Mode.MAX)).patience(2).restoreBestWeights(true);
        model.fit(X, Y, options(6).callbacks(stopping));
        assertEquals(0, stopping.bestEpoch());
        Model loaded = again(model).model();
        assertEquals(values(model.fit(X, Y, options(1))), values(loaded.fit(X, Y, options(1))));
    }

    @Test
    void whatIsNotRegisteredIsLeftOutAndTold() throws IOException {
        Model model = net();
        for (Runnable compile : List.<Runnable>of(() -> model.compile(new Signum(), new MeanSquaredError()),
                () -> model.compile(new Adam().schedule(step -> 0.01), new MeanSquaredError()),
                () -> model.compile(new Adam(), new Quartic()))) {
            compile.run();
            List<String> left = ModelFile.leavesOut(new SavedModel(model), file);
            assertEquals(1, left.size());
            assertTrue(left.get(0).startsWith("How the model is compiled is not in the file, so it comes back uncompiled: ")
                    && left.get(0).contains("must be registered"), left::toString);
            SavedModel loaded = again(model);
            assertTrue(loaded.model().objectives().isEmpty());
            assertEquals(model.predict(X), loaded.model().predict(X));
        }
    }

    @Test
    void aMetricThatIsNotRegisteredIsLeftOutAlone() throws IOException {
        Model model = net();
        model.compile(new Adam(), new MeanSquaredError(), Metrics.of("mae"), new Within());
        List<String> left = ModelFile.leavesOut(new SavedModel(model), file);
        assertEquals(1, left.size());
        assertTrue(left.get(0).startsWith("The metric within is not in the file: "), left::toString);
        model.fit(X, Y, options(1));
        Model loaded = again(model).model();
        assertEquals(List.of("mae"), names(loaded.objectives().get(0).metrics()));
        model.fit(X, Y, options(1));
        loaded.fit(X, Y, options(1));
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(loaded));
    }

    /** In the program that loads. */
    @Test
    void whatIsNotRegisteredThereIsSaid() throws IOException {
        Model model = net();
        Optimizers.REGISTRY.register(Signum::new);
        try {
            model.compile(new Signum(), new MeanSquaredError());
            assertEquals(List.of(), ModelFile.leavesOut(new SavedModel(model), file));
            assertEquals(Signum.class, again(model).model().optimizer().orElseThrow().getClass());
        } finally {
            Optimizers.REGISTRY.unregister("Signum");
        }
        SavedModel saved = ModelFile.load(file);
        assertTrue(saved.model().objectives().isEmpty());
        assertEquals(1, saved.leftOut().size());
        assertTrue(saved.leftOut().get(0).startsWith("How the model was compiled is left out: There is no such name for an optimizer."
                + " Received: Signum"), saved.leftOut()::toString);
    }

    // ------------------------------------------------------------------------------------------- a step of one's own

    /** Has a step of its own. */
    private static final class Stepping extends Sequential {
        Stepping() {
            super(1, new Input(4), new Dense(2));
        }

        @Override
        public float trainStep(TrainStep step) {
            return super.trainStep(step);
        }
    }

    /** Only a shorter name for a net. */
    private static final class Named extends Sequential {
        Named() {
            super(1, new Input(4), new Dense(2));
        }
    }

    @Test
    void aTrainStepOfOnesOwnIsSaidToBeLost() throws IOException {
        Model model = new Stepping();
        String lost = "The trainStep of " + Stepping.class.getName() + " is code and not in the file: the model comes back as a"
                + " Sequential, which is trained by its losses alone";
        assertEquals(List.of(lost), ModelFile.leavesOut(new SavedModel(model), file));
        assertEquals(List.of(lost), ModelFile.leavesOut(new SavedModel(model), Path.of("m.onnx")));
        assertEquals(List.of("The file has no place for the trainStep of " + Stepping.class.getName() + ", which is code"),
                ModelFile.leavesOut(new SavedModel(model), Path.of("m.keras")));
        assertEquals(List.of(), ModelFile.leavesOut(new SavedModel(model).uncompiled(), file));
        assertEquals(List.of(), ModelFile.leavesOut(new SavedModel(new Named()), file));
        model.compile(new Adam(), new MeanSquaredError());
        History history = model.fit(X, Y, options(3).callbacks(new ModelCheckpoint(folder + "/{epoch}.keras"),
                new BackupAndRestore(file)));
        String keras = folder.resolve("1.keras") + ": The file has no place for ";
        assertEquals(List.of(keras + "where it comes from", keras + "the trainStep of " + Stepping.class.getName() + ", which is code",
                keras + "the epsilon of Adam behind the correction, which Keras adds before it", file + ": " + lost), history.warnings());
        assertEquals(Sequential.class, ModelFile.load(file).model().getClass());
    }

    /** A library user who does not ask hears the same as one who does, whatever the format. */
    @ParameterizedTest
    @ValueSource(strings = {".beras", ".keras", ".onnx"})
    void savingWarnsOfAllThatAFormatLeavesOut(String ending) throws IOException {
        Model model = net();
        model.compile("adam", "mse", new Within());
        model.fit(X, Y, options(1));
        SavedModel saved = new SavedModel(model);
        Path target = folder.resolve("m" + ending);
        List<String> expected = ModelFile.leavesOut(saved, target).stream().map(sentence -> "WARNING " + target + ": " + sentence)
                .toList();
        assertFalse(expected.isEmpty());
        List<String> told = new ArrayList<>();
        Logger logger = Logger.getLogger(ModelFile.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                told.add(entry.getLevel() + " " + MessageFormat.format(entry.getMessage(), entry.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            ModelFile.save(saved, target);
            assertEquals(expected, told);
            List<String> received = new ArrayList<>();
            ModelFile.replace(saved, target, sentence -> received.add("WARNING " + target + ": " + sentence));
            assertEquals(expected, received);
            assertEquals(expected, told, "not logged also");
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
    }

    /** As a net draws its first masks again, its training goes another way. */
    @Test
    void aFileOfKerasReportsThatRandomNumbersBeginAgain() throws IOException {
        Model model = net();
        model.compile("sgd", "mse");
        Path keras = folder.resolve("m.keras");
        ModelFile.save(model, keras);
        assertEquals(List.of(), ModelFile.load(keras).leftOut(), "before the first step there are none");
        model.fit(X, Y, options(1));
        ModelFile.replace(new SavedModel(model), keras);
        assertEquals(Stream.of("gaussian_noise", "dropout").map(name -> "How often the layer \"" + name + "\" has drawn random"
                + " numbers is not in the file: training that continues draws the first again, and goes another way than without the"
                + " file").toList(), ModelFile.load(keras).leftOut());
    }

    /** In every format that has a word for it. */
    @Test
    void whatIsLeftOutIsTrueOfEveryFormat() {
        Model model = new Sequential(1, new Input(4), new Dense(3).with("kernelRegularizer", new L2(0.1f)), new Dense(2));
        SavedModel saved = new SavedModel(model);
        assertEquals(List.of(), ModelFile.leavesOut(saved, Path.of("m.onnx")));
        model.compile(new Objective(new MeanSquaredError()));
        assertEquals(List.of("The state of the training, with loss and optimizer, is not in the file"),
                ModelFile.leavesOut(saved, Path.of("m.onnx")));
        assertEquals(List.of(), ModelFile.leavesOut(saved.uncompiled(), Path.of("m.onnx")));
        for (String name : List.of("m.safetensors", "m.npz")) {
            assertEquals(List.of("The file has weights alone: the layers with their settings, such as activations, are not in it",
                    "How the model is trained, with what its optimizer remembers, is not in it"),
                    PortableFormat.of(Path.of(name)).leavesOut(saved));
            assertEquals(1, PortableFormat.of(Path.of(name)).leavesOut(saved.uncompiled()).size());
        }
        Model ensemble = Models.of(new Recipe().layers("2").ensemble(2).seed(1), Shape.of(4));
        assertEquals(List.of(), ModelFile.leavesOut(new SavedModel(ensemble), file));
        assertEquals(List.of("The file has no place for how the nets of an ensemble are trained, each by itself"),
                ModelFile.leavesOut(new SavedModel(ensemble), Path.of("m.keras")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\": \"Compiled\"}", "{\"type\": \"Compiled\", \"objectives\": [1], \"noiseCalls\": []}",
        "{\"type\": \"Compiled\", \"objectives\": [{\"type\": \"Objective\", \"loss\": 1}], \"noiseCalls\": []}",
        "LOSS\"noiseCalls\": [0, 0]}", "LOSS\"noiseCalls\": [0, 7, 0, 0, 0, 0]}", "LOSS\"noiseCalls\": [-1, 0, 0, 0, 0, 0]}",
        "LOSS\"noiseCalls\": [0, 0, 0, 0, 0, 0], \"optimizer\": {\"type\": \"SGD\"}, \"steps\": 3}",
        "LOSS\"noiseCalls\": [0, 0, 0, 0, 0, 0], \"optimizer\": {\"type\": \"Adam\"}, \"steps\": -3}"})
    void whatMakesNoSenseIsLeftOut(String json) throws IOException {
        Model model = net();
        model.compile(new Adam(), new MeanSquaredError());
        model.fit(X, Y, options(1));
        ModelFile.replace(new SavedModel(model), file);
        String compiled = json.replace("LOSS", "{\"type\": \"Compiled\", \"objectives\": [{\"type\": \"Objective\", \"loss\":"
                + " {\"type\": \"MeanSquaredError\"}, \"weight\": 1, \"metrics\": [], \"weightedMetrics\": []}], ");
        Files.write(file, ModelBytes.withPart(Files.readAllBytes(file), "beras.compiled", compiled));
        SavedModel saved = ModelFile.load(file);
        assertTrue(saved.model().objectives().isEmpty());
        assertEquals(1, saved.leftOut().size());
        assertEquals(model.predict(X), saved.model().predict(X));
    }
}
