package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.losses.MeanSquaredError;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.saving.ModelFile;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When batch normalization follows its batches, and when it does not; the numbers are those of the golden test. */
@Tag("layers")
class BatchNormalizationTest {

    private static final Tensor X = new Dice("batch").normal(16, 3);
    private static final Tensor Y = new Dice("targets").normal(16, 2);

    private final BatchNormalization layer = new BatchNormalization();

    private static void train(Model model) {
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(X, Y, new FitOptions().batchSize(8));
    }

    private Model model() {
        return new Sequential(1, new Input(3), layer, new Dense(2));
    }

    @Test
    void frozenItTakesTheMovingAverages() {
        layer.trainable(false);
        Model model = model();
        Tensor before = layer.forward(X);
        train(model);
        assertUntouched(layer);
        try (GradientTape tape = new GradientTape()) {
            assertEquals(before, layer.call(X));
        }
        layer.trainable(true);
        train(model);
        assertNotEquals(Tensor.zeros(3), layer.movingMean().copy());
    }

    /** As long as one of its weights learns, it takes the batch; if both are frozen one by one, it does not. */
    @Test
    void frozenWeightByWeightItLearnsUntilNoneIsLeft() {
        Model model = model();
        for (boolean[] learns : new boolean[][] {{false, false}, {true, false}, {false, true}}) {
            layer.gamma().trainable(learns[0]);
            layer.beta().trainable(learns[1]);
            Tensor before = layer.movingMean().copy();
            train(model);
            assertEquals(!learns[0] && !learns[1], before.equals(layer.movingMean().copy()));
        }
        BatchNormalization shifted = new BatchNormalization().with("scale", false);
        BatchNormalization scaled = new BatchNormalization().with("center", false);
        for (BatchNormalization one : List.of(shifted, scaled)) {
            one.build(List.of(Shape.of(3)));
            one.trainableVariables().get(0).trainable(false);
            try (GradientTape tape = new GradientTape()) {
                one.call(X);
            }
            assertEquals(Tensor.zeros(3), one.movingMean().copy());
        }
    }

    @Test
    void itIsStillFrozenAfterAFile(@TempDir Path folder) throws IOException {
        layer.trainable(false);
        Path file = folder.resolve("model.beras");
        ModelFile.save(model(), file);
        Model again = ModelFile.load(file).model();
        train(again);
        assertUntouched((BatchNormalization) again.layers().get(0));
    }

    private static void assertUntouched(BatchNormalization layer) {
        assertEquals(Tensor.zeros(3), layer.movingMean().copy());
        assertEquals(Tensor.ones(3), layer.movingVariance().copy());
        assertEquals(Tensor.ones(3), layer.gamma().copy());
        assertEquals(Tensor.zeros(3), layer.beta().copy());
    }

    @Test
    void anEmptyBatchTellsNothing() {
        layer.build(List.of(Shape.of(3)));
        try (GradientTape tape = new GradientTape()) {
            Tensor empty = Tensor.zeros(0, 3);
            Tensor y = layer.call(empty);
            assertEquals(Shape.of(0, 3), y.shape());
            assertEquals(Tensor.zeros(3), tape.gradient(y, List.of(layer.gamma())).get(0));
        }
        assertUntouched(layer);
    }

    @Test
    void aConstantFeatureStaysFinite() {
        try (GradientTape tape = new GradientTape()) {
            assertEquals(Tensor.zeros(4, 2), new BatchNormalization().call(Tensor.full(1e30f, 4, 2)));
        }
    }

    /** Rows that alternate between 0 and 2: as one chain, a sum of floats would stop growing at 2^24. */
    @Test
    void statisticsOfManyRowsAreRight() {
        float[] x = new float[20_000_000];
        for (int i = 1; i < x.length; i += 2) {
            x[i] = 2f;
        }
        layer.momentum(0);
        try (GradientTape tape = new GradientTape()) {
            layer.call(Tensor.wrap(x, x.length, 1));
        }
        assertEquals(1f, layer.movingMean().get(0));
        assertEquals(1f, layer.movingVariance().get(0));
    }

    /** Batches of 5, 5, 5 and 1, whose means differ: the variance is that of all rows, not the mean of four variances. */
    @Test
    void preciseStatisticsAreThoseOfAllExamples() {
        Model model = model();
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(X, Y, new FitOptions().epochs(2).batchSize(5).preciseStatistics(16));
        for (int c = 0; c < 3; c++) {
            double mean = 0;
            double squares = 0;
            for (int row = 0; row < 16; row++) {
                mean += X.get(row, c) / 16.0;
                squares += X.get(row, c) * (double) X.get(row, c) / 16.0;
            }
            assertEquals(mean, layer.movingMean().get(c), 1e-6);
            assertEquals(squares - mean * mean, layer.movingVariance().get(c), 1e-6);
        }
        Tensor before = layer.movingMean().copy();
        model.predict(X.slice(0, 4));
        assertEquals(before, layer.movingMean().copy());
    }

    /** Averaged weights replace those of the last step, so the statistics are taken again. */
    @Test
    void preciseStatisticsAreThoseOfAveragedWeights() {
        Dense dense = new Dense(3);
        Model model = new Sequential(1, new Input(3), dense, layer, new Dense(2));
        model.compile("adam(0.1, emaMomentum=0.9)", "mse");
        model.fit(X, Y, new FitOptions().epochs(3).batchSize(5).preciseStatistics(16));
        assertEquals(0, dense.forward(X).mean(0).subtract(layer.movingMean()).abs().max().item(), 1e-6);
    }

    /** The first rows of a sorted file have other statistics than all rows. */
    @Test
    void preciseStatisticsOfFewerExamplesAreOfShuffledOnes() {
        Model model = model();
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(X, Y, new FitOptions().batchSize(4).seed(3).preciseStatistics(8));
        Tensor sum = Tensor.zeros(3);
        try (Batches.Pass pass = Batches.shuffled(Examples.of(X, Y), 4, 3).open(0)) {
            for (int i = 0; i < 2; i++) {
                sum = sum.add(pass.next().inputs().get(0).sum(0));
            }
        }
        assertEquals(0, sum.divide(8).subtract(layer.movingMean()).abs().max().item(), 1e-6);
    }

    /** Augmented images are blurred, and have other statistics than those that are predicted. */
    @ParameterizedTest
    @ValueSource(strings = {"shuffled", "in order", "prefetched"})
    void preciseStatisticsAreOfExamplesWithoutRandomChanges(String how) {
        Examples plain = Examples.of(X, Y);
        Examples changed = new Examples() {

            @Override
            public int count() {
                return plain.count();
            }

            @Override
            public ExampleSpec spec() {
                return plain.spec();
            }

            @Override
            public void read(int epoch, int[] order, int from, int to, Batch into) {
                plain.read(epoch, order, from, to, into);
                Tensor x = into.inputs().get(0);
                for (int i = 0; i < x.size(); i++) {
                    x.data()[i] += 100;
                }
            }

            @Override
            public Examples forValidation() {
                return plain;
            }
        };
        Batches batches = switch (how) {
            case "shuffled" -> Batches.shuffled(changed, 5, 1);
            case "prefetched" -> Batches.of(changed, 5).prefetch(1);
            default -> Batches.of(changed, 5);
        };
        Model model = model();
        model.compile(new SGD(0.1f), new MeanSquaredError());
        model.fit(batches, new FitOptions().preciseStatistics(16));
        double mean = 0;
        for (int row = 0; row < 16; row++) {
            mean += X.get(row, 0) / 16.0;
        }
        assertEquals(mean, layer.movingMean().get(0), 1e-6);
    }

    /** They come behind the steps of an epoch and touch nothing else: neither weights, nor what noise is drawn next. */
    @Test
    void preciseStatisticsDoNotChangeWhatIsLearned() {
        Model[] models = new Model[2];
        for (int i = 0; i < 2; i++) {
            models[i] = new Sequential(1, new Input(3), new Dense(4), new BatchNormalization(), new Dropout(0.5), new Dense(2));
            models[i].compile(new SGD(0.1f), new MeanSquaredError());
            models[i].fit(X, Y, new FitOptions().epochs(3).batchSize(5).preciseStatistics(10 * i));
        }
        for (int w = 0; w < models[0].weights().size(); w++) {
            boolean isState = models[0].weights().get(w).isState();
            assertEquals(!isState, models[0].weights().get(w).copy().equals(models[1].weights().get(w).copy()));
        }
    }

    /** What is validated, and kept as the best epoch, has the statistics of the weights as they are. */
    @Test
    void validationSeesPreciseStatistics() {
        Model model = model();
        model.compile(new SGD(0.1f), new MeanSquaredError());
        double told = model.fit(X, Y, new FitOptions().batchSize(8).preciseStatistics(16).validationData(Examples.of(X, Y))).epochs().get(0)
                .get("val_loss");
        assertEquals(model.evaluate(X, Y).loss(), told);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void refusesAMomentumThatIsNoShare(double momentum) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> layer.momentum(momentum));
        assertEquals("momentum must be from 0 to 1. Received: " + momentum, e.getMessage());
    }
}
