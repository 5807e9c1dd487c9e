package beras.saving;

import static beras.training.FakeTraining.logs;
import static beras.training.Problem.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.EarlyStopping;
import beras.training.FakeTraining;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LambdaCallback;
import beras.training.Logs;
import beras.training.Outcome;
import beras.training.Recipe;
import beras.training.ReduceLROnPlateau;
import beras.training.Training;
import beras.training.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that breaks off and goes on from its file gives the bits of the one that was not disturbed. */
@Tag("saving")
@Timeout(120)
class BackupAndRestoreTest {

    private static final int COUNT = 70;
    private static final int SIZE = 20;
    private static final int BATCHES = 4;
    private static final int EPOCHS = 3;
    private static final Examples EXAMPLES = Examples.of(X.slice(0, COUNT), Y.slice(0, COUNT));
    private static final Examples HELD = Examples.of(X.slice(COUNT, 100), Y.slice(COUNT, 100));
    private static final Recipe RECIPE = new Recipe()
            .layers("dense(9), batch_norm, relu, dropout(0.3), gaussian_noise(0.1), dense(3, softmax)").loss("cross-entropy")
            .metrics("accuracy", "auc", "f1_score").epochs(EPOCHS).batchSize(SIZE).seed(3);
    private static final FitOptions OPTIONS = RECIPE.fitOptions().validationData(HELD);

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("backup.beras");
    }

    /** What a callback throws to break a training off, as a crash would. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Model compiled(Model model, Recipe recipe) {
        model.compile(recipe.makeOptimizer(COUNT), recipe.objective(model.outputShape()));
        return model;
    }

    private static Model fresh(Recipe recipe) {
        List<Layer> layers = new ArrayList<>(List.of(new Input(4)));
        layers.addAll(recipe.makeLayers());
        return compiled(new Sequential(recipe.seed(), layers.toArray(Layer[]::new)), recipe);
    }

    /** One training: what it begins with is new each time. */
    private record Run(Recipe recipe, Supplier<Batches> batches, Supplier<List<Callback>> callbacks) {

        History fit(Model model, FitOptions options, Callback... more) {
            List<Callback> all = new ArrayList<>(callbacks.get());
            all.addAll(List.of(more));
            return model.fit(batches.get(), options.callbacks(all.toArray(Callback[]::new)));
        }

        History goOn(Path file, Callback... more) throws IOException {
            SavedModel saved = ModelFile.load(file);
            return fit(compiled(saved.model(), saved.recipe().orElseThrow()), OPTIONS.resume(saved.trainingState().orElseThrow()),
                    more);
        }
    }

    private static void crashAfter(int batches, Run run, BackupAndRestore backup) {
        int[] seen = {0};
        LambdaCallback crash = new LambdaCallback().onBatchEnd((batch, logs) -> {
            if (++seen[0] > batches) {
                throw new Crash();
            }
        });
        assertThrows(Crash.class, () -> run.fit(fresh(run.recipe), OPTIONS, crash, backup));
    }

    private static List<Map<String, Double>> values(History history) {
        return history.epochs().stream().map(Logs::values).toList();
    }

    private void check(Run run) throws IOException {
        Model expected = fresh(run.recipe);
        History whole = run.fit(expected, OPTIONS);
        assertTrue(whole.epochs().size() > 1);
        for (int k = 1; k < whole.epochs().size() * BATCHES; k++) {
            crashAfter(k, run, new BackupAndRestore(file).everyBatches(1).overwrite(true)
                    .parts(saved -> saved.recipe(run.recipe)));
            SavedModel saved = ModelFile.load(file);
            Model model = compiled(saved.model(), saved.recipe().orElseThrow());
            History history = run.fit(model, OPTIONS.resume(saved.trainingState().orElseThrow()));
            String where = "interrupted after batch " + k;
            assertEquals(ModelFile.weightsSha256(expected), ModelFile.weightsSha256(model), where);
            assertEquals(values(whole), values(history), where);
            assertEquals(whole.outcome(), history.outcome(), where);
        }
    }

    // ---------------------------------------------------------------------------------------------------- same bits

    @Test
    void withAveragesAccumulationScheduleAndBestWeights() throws IOException {
        check(new Run(RECIPE.optimizer("adam(0.01, ema_momentum=0.7, gradient_accumulation_steps=3, clipnorm=1)")
                .schedule("cosine(warmup=1)"), () -> Batches.shuffled(EXAMPLES, SIZE, 3),
                () -> List.of(new EarlyStopping("val_loss").patience(9).restoreBestWeights(true))));
    }

    /** Ends training in the second batch of the second epoch. */
    private static List<Callback> ending(Consumer<Training> end) {
        Training[] training = new Training[1];
        int[] at = new int[1];
        return List.of(new LambdaCallback().onTrainBegin(begun -> training[0] = begun).onEpochBegin((epoch,
                batches) -> at[0] = epoch)
                .onBatchEnd((batch, logs) -> {
                    if (at[0] == 1 && batch == 1) {
                        end.accept(training[0]);
                    }
                }));
    }

    @Test
    void whereACallbackAsksForTheLastEpochWithinIt() throws IOException {
        check(new Run(RECIPE.optimizer("adam(0.05)"), () -> Batches.shuffled(EXAMPLES, SIZE, 3),
                () -> ending(Training::stopAfterEpoch)));
    }

    @Test
    void whereACallbackEndsAnEpochWithinIt() throws IOException {
        Run run = new Run(RECIPE.optimizer("adam(0.05)"), () -> Batches.shuffled(EXAMPLES, SIZE, 3),
                () -> ending(Training::stop));
        Model expected = fresh(run.recipe);
        History whole = run.fit(expected, OPTIONS);
        LambdaCallback crash = new LambdaCallback().onEpochEnd((epoch, logs) -> {
            if (epoch == 1) {
                throw new Crash();
            }
        });
        assertThrows(Crash.class, () -> run.fit(fresh(run.recipe), OPTIONS, crash,
                new BackupAndRestore(file).everyBatches(1).parts(saved -> saved.recipe(run.recipe))));
        assertEquals(2, place("batch"));
        assertEquals(values(whole), values(run.goOn(file)));
    }

    @Test
    void withAScheduleThatIsNoRegisteredType() throws IOException {
        Tensor x = X.slice(0, COUNT);
        Tensor y = Y.slice(0, COUNT);
        Model whole = fresh(RECIPE.optimizer("sgd"));
        whole.compile(new SGD().schedule(step -> 0.1 / (1 + step)), RECIPE.objective(whole.outputShape()));
        whole.fit(x, y, OPTIONS.callbacks(new BackupAndRestore(file).everyEpochs(1)));
        SavedModel saved = ModelFile.load(file);
        saved.model().compile(new SGD().schedule(step -> 0.1 / (1 + step)), RECIPE.objective(whole.outputShape()));
        whole.fit(x, y, OPTIONS.epochs(EPOCHS + 1).resume(saved.trainingState().orElseThrow()));
        saved.model().fit(x, y, OPTIONS.epochs(EPOCHS + 1).resume(saved.trainingState().orElseThrow()));
        assertEquals(ModelFile.weightsSha256(whole), ModelFile.weightsSha256(saved.model()));
    }

    @Test
    void aTrainingMayBreakOffAgain() throws IOException {
        Run run = new Run(RECIPE.optimizer("adam(0.05)"), () -> Batches.shuffled(EXAMPLES, SIZE, 3), List::of);
        Model expected = fresh(run.recipe);
        run.fit(expected, OPTIONS);
        crashAfter(3, run, new BackupAndRestore(file).everyBatches(2).parts(saved -> saved.recipe(run.recipe)));
        int[] seen = {0};
        LambdaCallback crash = new LambdaCallback().onBatchEnd((batch, logs) -> {
            if (++seen[0] == 6) {
                throw new Crash();
            }
        });
        assertThrows(Crash.class, () -> run.goOn(file, crash,
                new BackupAndRestore(file).everyBatches(2).parts(saved -> saved.recipe(run.recipe))));
        assertEquals(1, place("epoch"));
        assertEquals(2, place("batch"));
        SavedModel saved = ModelFile.load(file);
        run.fit(compiled(saved.model(), run.recipe), OPTIONS.resume(saved.trainingState().orElseThrow()));
        assertEquals(ModelFile.weightsSha256(expected), ModelFile.weightsSha256(saved.model()));
    }

    @Test
    void anInterruptedTrainingIsKeptWhereItWas() throws IOException {
        Run run = new Run(RECIPE.optimizer("adam(0.05)"), () -> Batches.shuffled(EXAMPLES, SIZE, 3), List::of);
        Training[] training = new Training[1];
        LambdaCallback interruption = new LambdaCallback().onTrainBegin(begun -> training[0] = begun)
                .onBatchEnd((batch, logs) -> {
                    if (batch == 2) {
                        training[0].interrupt();
                    }
                });
        History history = run.fit(fresh(run.recipe), OPTIONS, new BackupAndRestore(file), interruption);
        assertEquals(Outcome.Kind.INTERRUPTED, history.outcome().kind());
        assertEquals(0, place("epoch"));
        assertEquals(3, place("batch"));
    }

    private int place(String name) throws IOException {
        return ModelFile.load(file).trainingState().orElseThrow().config().integer(name);
    }

    // ---------------------------------------------------------------------------------------------------- when it writes

    /** The places, as batches since the beginning, of which the file tells after each batch and at the end of each epoch. */
    private List<String> writes(BackupAndRestore backup, LambdaCallback clock) {
        List<String> writes = new ArrayList<>();
        Callback last = new Callback() { // told after the backup

            @Override
            public boolean isLogger() {
                return true;
            }

            @Override
            public void onBatchEnd(int batch, Logs logs) {
                note(writes);
            }

            @Override
            public void onEpochEnd(int epoch, Logs logs) {
                note(writes);
            }
        };
        new SmallTraining().fit(clock, backup, last);
        return writes;
    }

    private void note(List<String> writes) {
        if (Files.exists(file)) {
            try {
                String write = place("epoch") + "." + place("batch");
                if (writes.isEmpty() || !writes.get(writes.size() - 1).equals(write)) {
                    writes.add(write);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Stream<Arguments> intervals() {
        return Stream.of(Arguments.of("the end of each epoch by default", (UnaryOperator<BackupAndRestore>) backup -> backup,
                "1.0 2.0 3.0"),
                Arguments.of("epochs", (UnaryOperator<BackupAndRestore>) backup -> backup.everyEpochs(2), "2.0 3.0"),
                Arguments.of("batches", (UnaryOperator<BackupAndRestore>) backup -> backup.everyBatches(2), "0.2 1.2 2.2 3.0"),
                Arguments.of("the last call counts", (UnaryOperator<BackupAndRestore>) backup -> backup.everyBatches(1)
                        .everySeconds(1e-9)
                        .everyEpochs(1), "1.0 2.0 3.0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("intervals")
    void everySoManyAndAtTheEnd(String name, UnaryOperator<BackupAndRestore> interval, String places) {
        assertEquals(List.of(places.split(" ")), writes(interval.apply(new BackupAndRestore(file)), new LambdaCallback()));
    }

    @Test
    void everySoManySecondsAndAtTheEnd() {
        long[] now = {5};
        LambdaCallback clock = new LambdaCallback().onBatchEnd((batch, logs) -> now[0] += 1_000_000_000L);
        assertEquals(List.of("1.1", "2.2", "3.0"), writes(new BackupAndRestore(file, () -> now[0]).everySeconds(2.5), clock));
    }

    /** The first batch after which it is known that training ends, and the end of the epoch that is still made. */
    @Test
    void onceWhenTrainingIsToStopAfterTheEpochAndAtItsEnd() {
        Training[] training = new Training[1];
        int[] batches = {0};
        LambdaCallback stop = new LambdaCallback().onTrainBegin(begun -> training[0] = begun).onBatchEnd((batch, logs) -> {
            if (++batches[0] == SmallTraining.BATCHES + 1) {
                training[0].stopAfterEpoch();
            }
        });
        assertEquals(List.of("1.1", "2.0"), writes(new BackupAndRestore(file).everyEpochs(5), stop));
        assertEquals(2 * SmallTraining.BATCHES, batches[0]);
    }

    /** As EarlyStopping does it. */
    @Test
    void atTheEndOfAnEpochThatIsTheLastBecauseItIsStopped() {
        Training[] training = new Training[1];
        LambdaCallback stop = new LambdaCallback().onTrainBegin(begun -> training[0] = begun).onEpochEnd((epoch, logs) -> {
            if (epoch == 1) {
                training[0].stop();
            }
        });
        assertEquals(List.of("2.0"), writes(new BackupAndRestore(file).everyEpochs(5), stop));
    }

    // ---------------------------------------------------------------------------------------------------- files

    @Test
    void theModelComesWithItsParts() throws IOException {
        new SmallTraining().fit(new BackupAndRestore(file).parts(saved -> saved.provenance(Map.of("seed", "5"))));
        assertEquals("5", ModelFile.load(file).provenance().get("seed"));
    }

    @Test
    void aFileIsReplacedWhenTrainingIsResumedOrWhenTold() throws IOException {
        Files.writeString(file, "precious");
        UncheckedIOException e = assertThrows(UncheckedIOException.class,
                () -> new SmallTraining().fit(new BackupAndRestore(file)));
        assertInstanceOf(FileAlreadyExistsException.class, e.getCause());
        assertEquals("precious", Files.readString(file));
        new BackupAndRestore(file).onTrainBegin(new FakeTraining(1, new SmallTraining().model).resumed(1));
        BackupAndRestore own = new BackupAndRestore(file).overwrite(true);
        new SmallTraining().fit(own);
        new SmallTraining().fit(own.overwrite(false));
        assertEquals(3, place("epoch"));
    }

    @Test
    void whatCannotWorkIsRefusedBeforeTraining() {
        UncheckedIOException e = assertThrows(UncheckedIOException.class,
                () -> new SmallTraining().fit(new BackupAndRestore(folder.resolve("no/backup"))));
        assertInstanceOf(NoSuchFileException.class, e.getCause());
        assertThrows(IllegalArgumentException.class, () -> new BackupAndRestore(file).onTrainBegin(new FakeTraining(1)));
        Model own = new Sequential(new Dense(1, 1), new LeakyReLU(0.5f) {});
        assertThrows(IllegalArgumentException.class, () -> new BackupAndRestore(file).onTrainBegin(new FakeTraining(1, own)));
        assertThrows(IllegalArgumentException.class, () -> new BackupAndRestore(file).everyBatches(0));
        assertThrows(IllegalArgumentException.class, () -> new BackupAndRestore(file).everyEpochs(0));
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new BackupAndRestore(file).everySeconds(bad));
        }
    }

    /** A failure does not end it: it warns once for each reason, and writes again when it can. */
    @Test
    void aFailureIsToldOnceAndTriedAgain() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        file = real.resolve("backup.beras");
        BackupAndRestore backup = new BackupAndRestore(file).everyBatches(1);
        int[] batches = {0};
        LambdaCallback saboteur = new LambdaCallback().onBatchEnd((batch, logs) -> {
            try {
                switch (++batches[0]) {
                    case 2 -> {
                        Files.delete(file);
                        Files.createDirectory(file);
                    }
                    case 5 -> {
                        assertTrue(backup.problem().orElseThrow().startsWith(file + ": "), backup.problem()::toString);
                        Files.delete(file);
                    }
                    default -> {}
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        SmallTraining small = new SmallTraining();
        History history = small.fit(saboteur, backup);
        assertEquals(1, history.warnings().size(), history.warnings()::toString);
        assertTrue(history.warnings().get(0).startsWith("The training could not be backed up, and this will be tried again: "),
                history.warnings()::toString);
        assertEquals(3, place("epoch"), "written again");
        assertEquals(Optional.empty(), backup.problem());
    }

    // ------------------------------------------------------------------------------------------------ states that do not fit

    private TrainingState state(Callback... callbacks) throws IOException {
        Run run = new Run(RECIPE.optimizer("adam(0.05)"), () -> Batches.of(EXAMPLES, SIZE), () -> List.of(callbacks));
        crashAfter(6, run, new BackupAndRestore(file).everyBatches(1).overwrite(true));
        return ModelFile.load(file).trainingState().orElseThrow();
    }

    private static String refused(TrainingState state) {
        Model model = fresh(RECIPE.optimizer("adam(0.05)"));
        String before = ModelFile.weightsSha256(model);
        Exception e = assertThrows(TrainingState.NotFittingException.class, () -> model.fit(Batches.of(EXAMPLES, SIZE),
                OPTIONS.callbacks(new EarlyStopping("val_loss").restoreBestWeights(true)).resume(state)),
                state.config()::toString);
        assertTrue(e.getMessage().contains("Received"), e.getMessage());
        assertEquals(before, ModelFile.weightsSha256(model), "nothing is changed");
        return e.getMessage();
    }

    /** Each setting in turn is another one: of another type, and of another value. */
    @Test
    void settingsOfAnotherKindAreRefused() throws IOException {
        TrainingState state = state(new EarlyStopping("val_loss").restoreBestWeights(true));
        Config config = state.config();
        Map<String, List<Object>> wrong = new LinkedHashMap<>();
        for (String number : List.of("epoch", "batch", "steps")) {
            wrong.put(number, List.of("one", -1, 0.5, 5_000_000_000L, List.of(1), true, Config.of("x")));
        }
        wrong.put("batches", List.of("four", 3, true));
        wrong.put("seconds", List.of("long", List.of(), false));
        wrong.put("stopping", List.of("no", 0));
        wrong.put("stoppingAfterEpoch", List.of("no", 0));
        wrong.put("learningRate", List.of("fast", -1, List.of(0.1)));
        wrong.put("noiseCalls", List.of(7, List.of("x", 1, 1, 1, 1, 1), List.of(), List.of(1, 1, 1, 1, 1, List.of())));
        wrong.put("noiseSeeds", List.of(7, List.of("x", 1, 1, 1, 1, 1), List.of(), List.of(1, 1, 1, 1, 1, 1)));
        Config conditions = (Config) config.values().get("conditions");
        wrong.put("conditions", List.of("none", 1, List.of(), Config.of("x"), conditions.with("batchSize", "many"),
                conditions.with("optimizer", "adam"), conditions.with("losses", 1)));
        wrong.put("totals", List.of(1, List.of(), List.of(1, 2, 3, 4, 5), List.of("a"), config.list("totals").subList(0, 3),
                without(config.list("totals"), 0), without(config.list("totals"), 1), without(config.list("totals"), 2),
                without(config.list("totals"), 3)));
        wrong.put("history", List.of("none", List.of(1), List.of(Config.of("Epoch")),
                List.of(Config.of("Epoch").with("names", List.of(1)).with("numbers", List.of(1)).with("seconds", 0)),
                List.of(Config.of("Epoch").with("names", List.of("loss")).with("numbers", List.of()).with("seconds", 0)),
                List.of(Config.of("Epoch").with("names", List.of("loss")).with("numbers", List.of("x")).with("seconds", 0))));
        Config stopping = (Config) config.list("callbacks").get(0);
        wrong.put("callbacks", List.of("none", List.of(), List.of("EarlyStopping"), List.of(1), List.of(Config.of("Other")),
                List.of(Config.of("EarlyStopping")), List.of(stopping.with("best", "good")), List.of(stopping.with("best", null)),
                List.of(stopping.with("wait", "x"))));
        assertEquals(config.values().keySet().stream().sorted().toList(), wrong.keySet().stream().sorted().toList());
        wrong.forEach((name, values) -> {
            refused(new TrainingState(config.with(name, null), state.tensors()));
            values.forEach(value -> refused(new TrainingState(config.with(name, value), state.tensors())));
        });
        refused(new TrainingState(Config.of("Other", config.values()), state.tensors()));
    }

    /** A copy of a list of lists in which list {@code i} lacks its last number. */
    private static List<Object> without(List<?> lists, int i) {
        List<Object> copy = new ArrayList<>(lists);
        List<?> shorter = (List<?>) lists.get(i);
        copy.set(i, shorter.subList(0, shorter.size() - 1));
        return copy;
    }

    @Test
    void tensorsThatLackOrHaveAnotherShapeAreRefused() throws IOException {
        TrainingState state = state(new EarlyStopping("val_loss").restoreBestWeights(true));
        for (String name : state.tensors().keySet()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors());
            tensors.put(name, Tensor.zeros(7, 7));
            refused(new TrainingState(state.config(), tensors));
            tensors.remove(name);
            if (!name.equals("callback.0.best.0")) { // without it there is no best yet
                refused(new TrainingState(state.config(), tensors));
            }
        }
    }

    @Test
    void aRefusedStateGivesNoBestWeights() throws IOException {
        TrainingState state = state(new EarlyStopping("val_loss").restoreBestWeights(true), new ReduceLROnPlateau("val_loss"));
        List<Object> callbacks = new ArrayList<>(state.config().list("callbacks"));
        callbacks.set(1, Config.of("ReduceLROnPlateau"));
        Model model = fresh(RECIPE.optimizer("adam(0.05)"));
        String before = ModelFile.weightsSha256(model);
        assertThrows(IllegalArgumentException.class, () -> model.fit(Batches.of(EXAMPLES, SIZE),
                OPTIONS.callbacks(new EarlyStopping("val_loss").restoreBestWeights(true), new ReduceLROnPlateau("val_loss"))
                        .resume(new TrainingState(state.config().with("callbacks", callbacks), state.tensors()))));
        assertEquals(before, ModelFile.weightsSha256(model));
    }

    @Test
    void numbersThatAreNotFiniteComeBack() throws IOException {
        ModelFile.save(new SavedModel(new SmallTraining().model).trainingState(new TrainingState(Config.of("T")
                .with("best", TrainingState.setting(Double.NaN))
                .with("least", TrainingState.setting(Double.NEGATIVE_INFINITY)))), file);
        Map<String, Object> values = ModelFile.load(file).trainingState().orElseThrow().config().values();
        assertTrue(Double.isNaN(TrainingState.number(values.get("best"))));
        assertEquals(Double.NEGATIVE_INFINITY, TrainingState.number(values.get("least")));
        assertThrows(IllegalArgumentException.class, () -> TrainingState.number("1"));
        assertThrows(IllegalArgumentException.class, () -> TrainingState.number(null));
    }

    @Test
    void aCheckpointRefusesTheStateOfAnother() {
        ModelCheckpoint checkpoint = new ModelCheckpoint(folder + "/m.beras").saveBestOnly(true);
        checkpoint.onTrainBegin(new FakeTraining(1, new SmallTraining().model));
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> checkpoint.restore(new TrainingState(Config.of("ModelCheckpoint").with("best", "good"))));
        assertEquals(IllegalArgumentException.class, e.getClass());
        checkpoint.onEpochEnd(0, logs("val_loss", 1));
        assertArrayEquals(new double[] {1}, new double[] {checkpoint.best()});
    }
}
