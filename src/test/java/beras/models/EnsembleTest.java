package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.compute.Compute;
import beras.config.Config;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layers;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.Collect;
import beras.training.DivergedException;
import beras.training.Evaluation;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LambdaCallback;
import beras.training.LastState;
import beras.training.Outcome;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("model")
class EnsembleTest {

    private static final int NETS = 3;
    private static final Recipe RECIPE = new Recipe()
            .layers("dense(6, relu, kernel_regularizer=l2(0.01), kernel_constraint=max_norm(2)), batch_normalization, dropout(0.3),"
                    + " dense(4, tanh, activity_regularizer=l1(0.01)), dense(3, softmax)")
            .loss("cross-entropy").metrics("accuracy").optimizer("adamw(0.01)").schedule("cosine(warmup=1)").epochs(3).batchSize(8)
            .seed(5);
    private static final Recipe ENSEMBLE = RECIPE.ensemble(NETS);
    private static final Shape INPUT = Shape.of(4);

    private static Tensor x() {
        float[] x = new float[35 * 4];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(1 + 1.7 * i);
        }
        return Tensor.wrap(x, 35, 4);
    }

    private static Tensor y() {
        float[] y = new float[35 * 3];
        for (int i = 0; i < 35; i++) {
            y[3 * i + i * i % 7 % 3] = 1;
        }
        return Tensor.wrap(y, 35, 3);
    }

    private static Model compiled(Model model) {
        model.compile(RECIPE, 35);
        return model;
    }

    private static Model ensemble() {
        return compiled(Models.of(ENSEMBLE, INPUT));
    }

    /** The net of this number, of its own. */
    private static Model alone(int number) {
        return compiled(Sequential.of(RECIPE.makeLayers(number), INPUT));
    }

    private static float[][] weights(Model model) {
        return model.weights().stream().map(Tensor::toArray).toArray(float[][]::new);
    }

    private static History fit(Model model, Callback... callbacks) {
        return model.fit(x(), y(), RECIPE.fitOptions().validationData(Examples.of(x(), y())).callbacks(callbacks));
    }

    @Test
    void eachNetLearnsAsIfItWereAlone() {
        Ensemble together = assertInstanceOf(Ensemble.class, ensemble());
        History history = fit(together);
        List<Tensor> given = new ArrayList<>();
        double[] accuracy = new double[3];
        for (int i = 0; i < NETS; i++) {
            Model one = alone(i);
            History ofOne = fit(one);
            assertArrayEquals(weights(one), weights(together.nets().get(i)), "net " + i);
            given.add(one.predict(x()));
            for (int epoch = 0; epoch < accuracy.length; epoch++) {
                accuracy[epoch] += ofOne.get("accuracy").get(epoch) / NETS;
            }
        }
        for (int epoch = 0; epoch < accuracy.length; epoch++) {
            assertEquals(accuracy[epoch], history.get("accuracy").get(epoch), 1e-12, "the mean of the nets");
        }
        float[] mean = new float[35 * 3];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (given.get(0).toArray()[i] + given.get(1).toArray()[i] + given.get(2).toArray()[i]) / NETS;
        }
        assertArrayEquals(mean, together.predict(x()).toArray());
    }

    /** Each way of clipping is that of one net, and so is the loss with its penalties. */
    @ParameterizedTest
    @ValueSource(strings = {"sgd(0.1, global_clipnorm=0.01)", "adam(0.01, clipnorm=0.1)",
        "sgd(0.1, global_clipnorm=0.05, gradient_accumulation_steps=2)"})
    void clippingJoinsNoNetsAndTheLossIsTheirMean(String optimizer) {
        Recipe recipe = RECIPE.optimizer(optimizer);
        Ensemble together = (Ensemble) Models.of(recipe.ensemble(NETS), INPUT);
        together.compile(recipe, 35);
        History history = fit(together);
        double[] loss = new double[3];
        for (int i = 0; i < NETS; i++) {
            Model one = Sequential.of(recipe.makeLayers(i), INPUT);
            one.compile(recipe, 35);
            History ofOne = fit(one);
            assertArrayEquals(weights(one), weights(together.nets().get(i)), "net " + i);
            for (int epoch = 0; epoch < loss.length; epoch++) {
                loss[epoch] += ofOne.get("loss").get(epoch) / NETS;
            }
        }
        for (int epoch = 0; epoch < loss.length; epoch++) {
            assertEquals(loss[epoch], history.get("loss").get(epoch), 1e-6, "the mean of the nets");
        }
    }

    /** Of parts of different sizes, so that the nets make different numbers of steps; each validates its own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void netsLearnSideBySideAsIfEachWereAloneWithItsExamples(boolean weighted) {
        Examples all = weighted ? Examples.of(List.of(x()), List.of(y()), x().slice(1, 0, 1).contiguous().reshape(35).abs()) : Examples.of(x(), y());
        int[] ends = {8, 35, 18};
        List<Batches> training = new ArrayList<>();
        List<Batches> held = new ArrayList<>();
        for (int i = 0; i < NETS; i++) {
            training.add(Batches.shuffled(all.slice(0, ends[i]), 8, i));
            held.add(Batches.of(all.slice(2, 6 + 4 * i), 5));
        }
        Recipe recipe = RECIPE.layers("dense(6, relu), batch_normalization, dropout(0.3), dense(3, softmax)");
        Ensemble together = (Ensemble) Models.of(recipe.ensemble(NETS), INPUT);
        together.compile("sgd(0.1)", "cross-entropy", "accuracy");
        History history = together.fit(Batches.ofNets(training),
                new FitOptions().epochs(2).validationData(Batches.ofNets(held)));
        double accuracy = 0;
        double loss = 0;
        List<Tensor> given = new ArrayList<>();
        for (int i = 0; i < NETS; i++) {
            Model one = Sequential.of(recipe.makeLayers(i), INPUT);
            one.compile("sgd(0.1)", "cross-entropy", "accuracy");
            History ofOne = one.fit(training.get(i), new FitOptions().epochs(2).validationData(held.get(i)));
            assertArrayEquals(weights(one), weights(together.nets().get(i)), "net " + i);
            int rows = 4 + 4 * i;
            accuracy += rows * ofOne.get("val_accuracy").get(1) / 24;
            loss += rows * ofOne.get("val_loss").get(1) / 24;
            given.add(one.predict(held.get(i).open(0).next().inputs().get(0)));
        }
        assertEquals(accuracy, history.get("val_accuracy").get(1), 1e-12);
        assertEquals(loss, history.get("val_loss").get(1), 1e-6);
        try (Batches.Pass pass = Batches.ofNets(held).open(0)) {
            for (Tensor ofNet : given) {
                assertEquals(ofNet, together.run(pass.next(), pass.net())[0].copy());
            }
        }
    }

    /** Networks with different numbers of examples skip steps, in which averages of weights are updated and gradients summed. */
    private static Batches unequal(int batchSize) {
        Examples all = Examples.of(x(), y());
        return Batches.ofNets(List.of(Batches.shuffled(all.slice(0, 20), batchSize, 1), Batches.shuffled(all, batchSize, 2),
                Batches.shuffled(all.slice(7, 30), batchSize, 3)));
    }

    private static Model begun(Recipe recipe) {
        Model model = Models.of(recipe.ensemble(NETS), INPUT);
        model.compile(recipe, 35);
        return model;
    }

    @Test
    void bitsDoNotDependOnTheNumberOfThreads() {
        int before = Compute.threads();
        Recipe recipe = RECIPE.optimizer("adam(0.01, ema_momentum=0.9, gradient_accumulation_steps=2, global_clipnorm=1)");
        try {
            List<Object> results = new ArrayList<>();
            for (int threads = 1; threads <= 3; threads++) {
                Compute.setThreads(threads);
                Model model = begun(recipe);
                History history = model.fit(unequal(1), new FitOptions().epochs(2).validationData(unequal(4))); // more steps than a trial
                results.add(List.of(Arrays.deepToString(weights(model)), history.get("loss"), history.get("val_loss")));
            }
            assertEquals(List.of(results.get(0), results.get(0)), results.subList(1, 3));
        } finally {
            Compute.setThreads(before);
        }
    }

    @Test
    void itResumesWithinAnEpochInWhichNetsHaveDifferentNumbersOfSteps() {
        Recipe recipe = RECIPE.optimizer("adam(0.01, ema_momentum=0.9, gradient_accumulation_steps=2)");
        FitOptions options = new FitOptions().epochs(3).validationData(unequal(4));
        Model whole = begun(recipe);
        History history = whole.fit(unequal(8), options);
        for (int last = 1; last < 15; last += 3) {
            Model model = begun(recipe);
            int stop = last;
            LastState state = new LastState();
            int[] batches = {0};
            History broken = model.fit(unequal(8), options.callbacks(state, new LambdaCallback().onBatchBegin(batch -> {
                if (++batches[0] == stop) {
                    state.interrupt();
                }
            })));
            assertEquals(Outcome.Kind.INTERRUPTED, broken.outcome().kind());
            Model again = begun(recipe);
            History resumed = again.fit(unequal(8), options.resume(state.last().orElseThrow()));
            assertArrayEquals(weights(whole), weights(again), "batch " + stop);
            for (String number : List.of("loss", "accuracy", "val_loss")) {
                assertEquals(history.get(number), resumed.get(number));
            }
        }
    }

    /** The others make their step as if they were alone. */
    @Test
    void aNetThatDivergesEndsTheTrainingAndMakesNoStep() {
        Recipe recipe = RECIPE.layers("dense(6, relu), batch_normalization, dense(3, softmax)");
        Examples good = Examples.of(x(), y());
        Ensemble together = (Ensemble) begun(recipe);
        float[][] before = weights(together.nets().get(1));
        List<Batches> batches = List.of(Batches.of(good, 35), Batches.of(Examples.of(x().multiply(Float.MAX_VALUE), y()), 35),
                Batches.of(good, 35));
        DivergedException e = assertThrows(DivergedException.class, () -> together.fit(Batches.ofNets(batches), new FitOptions()));
        assertEquals("0, 0", e.epoch().getAsInt() + ", " + e.batch().getAsInt());
        assertTrue(e.hasFiniteWeights());
        assertArrayEquals(before, weights(together.nets().get(1)));
        Model alone = Sequential.of(recipe.makeLayers(2), INPUT);
        alone.compile(recipe, 35);
        alone.fit(good, new FitOptions().shuffle(false).batchSize(35));
        assertArrayEquals(weights(alone), weights(together.nets().get(2)));
    }

    /** Also where one thread makes the steps of both, one after the other. */
    @Test
    void aGradientThatIsNotFiniteKeepsNoOtherNetFromItsStep() {
        int threads = Compute.threads();
        Compute.setThreads(1);
        try {
            List<Sequential> nets = Stream.generate(() -> new Sequential(new Input(1), new Dense(1).with("kernelInitializer", "ones"),
                    Layers.lambda("root", Tensor::sqrt))).limit(2).toList();
            Ensemble together = new Ensemble(nets);
            together.compile("sgd(0.1)", "mse");
            Tensor target = Tensor.full(3, 4, 1);
            DivergedException e = assertThrows(DivergedException.class, () -> together.fit(Batches.ofNets(List.of(
                    Batches.of(Examples.of(Tensor.zeros(4, 1), target), 4), Batches.of(Examples.of(Tensor.ones(4, 1), target), 4))),
                    new FitOptions()));
            assertTrue(e.hasFiniteWeights());
            assertArrayEquals(new float[][] {{1}, {0}}, weights(nets.get(0)));
            assertArrayEquals(new float[][] {{1.2f}, {0.2f}}, weights(nets.get(1)), "0.1 * 2 (3 - 1) / 2");
        } finally {
            Compute.setThreads(threads);
        }
    }

    @Test
    void batchesOfMoreOrFewerNetsAreRefused() {
        Model together = compiled(Models.of(ENSEMBLE, INPUT));
        Batches two = Batches.ofNets(List.of(Batches.of(Examples.of(x(), y()), 5), Batches.of(Examples.of(x(), y()), 5)));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> together.fit(two, new FitOptions()));
        assertTrue(e.getMessage().contains("Received for training: those of 2, and a model of 3"), e.getMessage());
    }

    /** An ensemble of equal nets is measured as one of them, penalties included. */
    @Test
    void penaltiesOfTheNetsAreAveragedToo() {
        for (String layers : List.of("dense(6, kernel_regularizer=l2(0.1)), dense(3, softmax)",
                "dense(6, activity_regularizer=l2(0.1)), dense(3, softmax)")) {
            Recipe recipe = RECIPE.layers(layers);
            Model one = Sequential.of(recipe, INPUT);
            Ensemble equal = new Ensemble(List.of(Sequential.of(recipe, INPUT), Sequential.of(recipe, INPUT)));
            one.compile(recipe, 35);
            equal.compile(recipe, 35);
            assertEquals(one.evaluate(x(), y()).loss(), equal.evaluate(x(), y()).loss(), 1e-6, layers);
            assertEquals(one.trainOnBatch(x(), y()).loss(), equal.trainOnBatch(x(), y()).loss(), 1e-6, layers);
        }
    }

    @Test
    void aBatchThatIsTrainedOnGivesTheAverageToo() {
        Model together = compiled(Models.of(ENSEMBLE.layers("6:relu,3:softmax"), INPUT)); // the same in training
        float[] before = together.predict(x()).toArray();
        Evaluation measured = together.trainOnBatch(new Batch(List.of(x()), List.of(y()), null), Collect.PREDICTIONS);
        assertArrayEquals(before, measured.predictions().get(0).toArray());
    }

    @Test
    void itStaysOneWhenSavedAndGoesOnToTheSameBits(@TempDir Path folder) throws IOException {
        Model whole = ensemble();
        fit(whole);
        Model begun = ensemble();
        LastState state = new LastState();
        fit(begun, new LambdaCallback().onEpochEnd((epoch, logs) -> state.interrupt()), state);
        Path file = folder.resolve("begun.beras");
        ModelFile.save(new SavedModel(begun), file);
        Ensemble loaded = assertInstanceOf(Ensemble.class, ModelFile.load(file).model());
        assertArrayEquals(weights(begun), weights(loaded));
        assertArrayEquals(begun.predict(x()).toArray(), loaded.predict(x()).toArray());
        compiled(loaded).fit(x(), y(), RECIPE.fitOptions().validationData(Examples.of(x(), y())).resume(state.last().orElseThrow()));
        assertArrayEquals(weights(whole), weights(loaded));
    }

    @Test
    void itsConfigTellsTheNets() {
        Model model = ensemble();
        Config config = model.config();
        assertEquals("Ensemble", config.type());
        assertEquals(NETS, config.list("layers").size());
        Ensemble again = assertInstanceOf(Ensemble.class, Models.of(config));
        assertEquals(config, again.config());
        assertThrows(IllegalArgumentException.class, () -> Models.of(config.with("layers", List.of(config.list("layers").get(0)))));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> Models.of(Config.of("Ensemble").with("layers", List.of(Config.of("ReLU"), Config.of("ReLU")))));
        assertTrue(e.getMessage().contains("the nets of an ensemble are models. Received: ReLU"), e.getMessage());
    }

    @Test
    void partsMayBeFrozenAndItMayBePartOfAnotherModel() {
        Ensemble base = (Ensemble) ensemble();
        base.nets().get(1).trainable(false);
        float[][] frozen = weights(base.nets().get(1));
        Sequential model = new Sequential(base, new Dense(2, "softmax"));
        Ensemble again = assertInstanceOf(Ensemble.class, ((Sequential) Models.of(model.config())).layers().get(0));
        assertEquals(List.of(false, true, false), again.nets().stream().map(Model::isFrozen).toList());
        fit(compiled(base));
        float[][] after = weights(base.nets().get(1));
        assertArrayEquals(frozen[0], after[0]);
        assertFalse(Arrays.equals(weights(alone(0))[0], weights(base.nets().get(0))[0]), "the others learn");
    }

    @Test
    void netsThatDoNotFitAreRefused() {
        Model three = Sequential.of(RECIPE, INPUT);
        assertRefused("at least two nets. Received: 1", List.of(three));
        assertRefused("one that takes (5,) besides one that takes (4,)", List.of(three, Sequential.of(RECIPE, Shape.of(5))));
        assertRefused("one that gives (2,) besides one that gives (3,)",
                List.of(three, Sequential.of(RECIPE.layers("dense(2)"), INPUT)));
        assertThrows(IllegalArgumentException.class, () -> Sequential.of(ENSEMBLE, INPUT));
        assertThrows(IllegalArgumentException.class, () -> RECIPE.ensemble(0));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Models.of(
                new Recipe().layers("dense(1, softmax)").ensemble(2), INPUT).compile("adam", "mse"));
        assertTrue(e.getMessage().contains("softmax over one unit"), e.getMessage());
    }

    @Test
    void netsWithAWeightInCommonAreRefused() {
        Model one = Sequential.of(RECIPE, INPUT);
        assertRefused("Each net of an ensemble has weights of its own. Received: two with kernel", List.of(one, one));
    }

    private static void assertRefused(String message, List<Model> nets) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Ensemble(nets));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
