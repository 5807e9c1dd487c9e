package beras.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.feed.Examples;
import beras.layers.Concatenate;
import beras.layers.Conv1D;
import beras.layers.Conv2D;
import beras.layers.Conv2DTranspose;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GaussianNoise;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.GlobalMaxPooling1D;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.MaxPooling2D;
import beras.layers.Multiply;
import beras.layers.Node;
import beras.layers.Rescaling;
import beras.layers.Reshape;
import beras.layers.activations.Softmax;
import beras.losses.BinaryCrossEntropy;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.Recall;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.regularizers.L1;
import beras.saving.BackupAndRestore;
import beras.saving.CSVLogger;
import beras.saving.ModelCheckpoint;
import beras.saving.ModelFile;
import beras.saving.TensorBoard;
import beras.saving.numpy.NumpyFile;
import beras.saving.pytorch.PyTorchFile;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.EarlyStopping;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LambdaCallback;
import beras.training.LearningRateScheduler;
import beras.training.Objective;
import beras.training.ReduceLROnPlateau;
import beras.training.TerminateOnNaN;
import beras.training.TrainStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Keras's tutorials teach, carried over and made small: each program learns, and its likeliest mistake is refused by name.
 */
@Tag("model")
class KerasProgramsTest {

    private static final int CLASSES = 3;
    private static final Rng RNG = new Rng(1, "programs", 0);
    /** Pictures of 8 x 8 pixels, with noise: a bar upright, a bar across, or both diagonals. */
    private static final Tensor IMAGES = Tensor.generate(KerasProgramsTest::pixel, 180, 8, 8, 1);
    private static final int[] LABELS = labels();
    private static final Tensor ONE_HOT = Tensor.generate(i -> LABELS[i / CLASSES] == i % CLASSES ? 1 : 0, 180, CLASSES);

    private static double pixel(int i) {
        int image = i / 64;
        int row = i % 64 / 8;
        int col = i % 8;
        int at = 2 + image % 4;
        boolean ink = switch (image % CLASSES) {
            case 0 -> col == at;
            case 1 -> row == at;
            default -> row == col || row + col == 7;
        };
        return (ink ? 0.8 : 0) + 0.4 * RNG.uniform(i);
    }

    private static int[] labels() {
        int[] labels = new int[180];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % CLASSES;
        }
        return labels;
    }

    private static Tensor flat() {
        return IMAGES.reshape(180, 64);
    }

    private static double last(History history, String name) {
        return history.get(name).get(history.epochs().size() - 1);
    }

    private static void assertImproves(History history, double share) {
        double first = history.get("loss").get(0);
        assertTrue(last(history, "loss") < share * first, () -> "loss " + history.get("loss"));
        assertEquals(List.of(), history.warnings());
    }

    private static String refused(Runnable mistake) {
        return assertThrows(RuntimeException.class, mistake::run).getMessage();
    }

    private static FitOptions epochs(int epochs) {
        return new FitOptions().epochs(epochs).batchSize(30);
    }

    @Test
    void aPerceptronThatEndsInLogits() {
        Sequential model = new Sequential(1, new Input(64), new Dense(32, "relu"), new Dropout(0.2), new Dense(CLASSES));
        String forgotten = refused(() -> model.compile("adam", "sparse_categorical_crossentropy", "accuracy"));
        assertTrue(forgotten.startsWith("SparseCategoricalCrossEntropy needs probabilities, from 0 to 1. Received: outputs of"
                + " Dense(3),"),
                forgotten);
        model.compile("adam(0.01)", "sparse_categorical_crossentropy(from_logits=true)", "accuracy");
        Tensor y = Tensor.generate(i -> LABELS[i], 180);
        assertImproves(model.fit(flat(), y, epochs(8)), 0.2);
        assertTrue(model.evaluate(flat(), y).get("accuracy") > 0.98);
    }

    @Test
    void aConvolutionNet() {
        Sequential model = new Sequential(1, new Input(8, 8, 1), new Conv2D(6, 3).activation("relu"), new MaxPooling2D(2),
                new Flatten(), new Dropout(0.2), new Dense(CLASSES, "softmax"));
        model.compile("adam(0.02)", "categorical_crossentropy", "accuracy");
        assertImproves(model.fit(IMAGES, ONE_HOT, epochs(8)), 0.3);
        assertTrue(model.evaluate(IMAGES, ONE_HOT).get("accuracy") > 0.95);
    }

    @Test
    void aSoftmaxAroundANetOfLogits() {
        Sequential logits = new Sequential(1, new Input(64), new Dense(CLASSES));
        logits.compile("adam(0.02)", "categorical_crossentropy(from_logits=true)", "accuracy");
        assertImproves(logits.fit(flat(), ONE_HOT, epochs(8)), 0.5);
        Sequential probabilities = new Sequential(logits, new Softmax());
        Tensor p = probabilities.predict(flat());
        assertEquals(1, p.slice(0, 1).sum().item(), 1e-6);
        assertArrayEquals(logits.predict(flat()).argmax(1), p.argmax(1));
        assertTrue(refused(() -> probabilities.compile("adam", "categorical_crossentropy(from_logits=true)"))
                .contains("applies the softmax itself. Received: outputs of Softmax"));
    }

    @Test
    void wideAndDeepOfTwoInputsAndTwoOutputs() {
        Tensor a = Tensor.generate(i -> RNG.uniform(i) - 0.5, 200, 3);
        Tensor b = Tensor.generate(i -> RNG.uniform(7000 + i) - 0.5, 200, 2);
        Tensor sum = Tensor.generate(i -> a.get(i, 0) + 2 * b.get(i, 1), 200, 1);
        Tensor sign = Tensor.generate(i -> a.get(i, 1) > b.get(i, 0) ? 1 : 0, 200, 1);
        Node wide = new Input(3).apply();
        Node deep = new Input(2).apply();
        Node hidden = new Dense(16, "relu").apply(new Concatenate().apply(wide, deep));
        Functional model = new Functional(1, List.of(wide, deep), List.of(
                new Dense(1).named("amount").apply(new Concatenate().apply(wide, hidden)),
                new Dense(1, "sigmoid").named("answer").apply(hidden)));
        model.compile(new Adam(0.02f), new Objective(new MeanSquaredError()),
                new Objective(new BinaryCrossEntropy()).weight(0.5f));
        History history = model.fit(Examples.of(List.of(a, b), List.of(sum, sign), null), epochs(15));
        assertImproves(history, 0.5);
        assertTrue(last(history, "amount_loss") < 0.03, history::toString);
    }

    @Test
    void aCustomTrainStep() {
        Sequential model = new Sequential(1, new Input(64), new Dense(16, "relu"), new Dense(CLASSES, "softmax")) {

            @Override
            public float trainStep(TrainStep step) {
                GradientTape tape = step.tape();
                Tensor loss;
                try (tape) {
                    loss = step.loss(run(step.inputs()));
                    for (Variable kernel : step.variables()) {
                        loss = loss.add(kernel.square().sum().multiply(1e-4));
                    }
                }
                return step.minimize(tape, loss);
            }
        };
        model.compile("adam(0.02)", "categorical_crossentropy");
        assertImproves(model.fit(flat(), ONE_HOT, epochs(6)), 0.5);
    }

    /** Makes numbers of noise that another net cannot tell from those of a normal distribution around 3. */
    private static final class Gan extends Sequential {

        private final Sequential discriminator = new Sequential(2, new Input(1), new Dense(16, "relu"), new Dense(1));
        private final Loss loss = new BinaryCrossEntropy().fromLogits(true);
        private final Optimizer second = new Adam(0.02f).weightDecay(1); // so that the two do not swing

        Gan() {
            super(1, new Input(2), new Dense(8, "tanh"), new Dense(1));
            compile("adam(0.003)", "mse");
        }

        @Override
        public float trainStep(TrainStep step) {
            Tensor real = step.batch().targets().get(0);
            Tensor made = predict(step.inputs());
            GradientTape ofReal = new GradientTape();
            Tensor told;
            int count = real.dim(0);
            Tensor all = Tensor.generate(i -> i < count ? real.get(i, 0) : made.get(i - count, 0), 2 * count, 1);
            try (ofReal) {
                told = loss.call(discriminator.call(all), Tensor.generate(i -> i < count ? 1 : 0, 2 * count, 1));
            }
            second.applyGradients(discriminator.trainableVariables(),
                    ofReal.gradient(told, discriminator.trainableVariables()));
            GradientTape tape = step.tape();
            Tensor fooled;
            try (tape) {
                fooled = loss.call(discriminator.call(run(step.inputs())[0]), Tensor.ones(count, 1));
            }
            return step.minimize(tape, fooled);
        }
    }

    @Test
    void twoNetsThatCompeteWithAnOptimizerEach() {
        Gan gan = new Gan();
        Tensor noise = Tensor.generate(i -> RNG.normal(i), 300, 2);
        Tensor real = Tensor.generate(i -> 3 + 0.5 * RNG.normal(9000 + i), 300, 1);
        double before = Math.abs(gan.predict(noise).mean().item() - 3);
        History history = gan.fit(noise, real, epochs(60));
        assertEquals(List.of(), history.warnings());
        double after = Math.abs(gan.predict(noise).mean().item() - 3);
        assertTrue(after < 0.7 && after < before / 3, before + " became " + after);
    }

    @Test
    void transferAndFineTuning() {
        Sequential base = new Sequential(1, new Input(64), new Dense(16, "relu"));
        Sequential old = new Sequential(2, base, new Dense(CLASSES, "softmax"));
        old.compile("adam(0.02)", "categorical_crossentropy");
        old.fit(flat(), ONE_HOT, epochs(5));
        base.trainable(false);
        Tensor kept = base.weights().get(0).copy();
        Sequential model = new Sequential(3, base, new Dense(1, "sigmoid"));
        Tensor upright = Tensor.generate(i -> LABELS[i] == 0 ? 1 : 0, 180, 1);
        model.compile("adam(0.02)", "binary_crossentropy", "accuracy");
        assertImproves(model.fit(flat(), upright, epochs(8)), 0.7);
        assertEquals(kept, base.weights().get(0).copy());
        base.trainable(true);
        model.compile("adam(0.001)", "binary_crossentropy", "accuracy");
        assertEquals(List.of(), model.fit(flat(), upright, epochs(3)).warnings());
        assertNotEquals(kept, base.weights().get(0).copy());
        assertTrue(model.evaluate(flat(), upright).get("accuracy") > 0.95);
    }

    @Test
    void callbacksOfAllKinds(@TempDir Path folder) throws IOException {
        Sequential model = new Sequential(1, new Input(64), new Dense(CLASSES, "softmax"));
        model.compile("adam(0.02)", "categorical_crossentropy");
        StringBuilder told = new StringBuilder();
        History history = model.fit(flat(), ONE_HOT, epochs(30).validationSplit(0.2).callbacks(
                new EarlyStopping("val_loss").minDelta(0.05).patience(2).restoreBestWeights(true),
                new ModelCheckpoint(folder.resolve("best.beras").toString()).saveBestOnly(true),
                new LearningRateScheduler((epoch, rate) -> epoch < 3 ? rate : rate * 0.9f),
                new ReduceLROnPlateau("val_loss").patience(5), new TerminateOnNaN(),
                new CSVLogger(folder.resolve("log.csv")), new TensorBoard(folder.resolve("board")),
                new BackupAndRestore(folder.resolve("backup.beras")),
                new LambdaCallback().onEpochEnd((epoch, logs) -> told.append(epoch).append(' '))));
        assertImproves(history, 0.7);
        assertTrue(history.outcome().toString().startsWith("stopped at epoch "), history.outcome()::toString);
        assertEquals(history.epochs().size() + 1, Files.readAllLines(folder.resolve("log.csv")).size());
        assertTrue(told.toString().startsWith("0 1 2 "), told::toString);
        assertTrue(Files.exists(folder.resolve("best.beras")));
    }

    @Test
    void savingInFiveFormats(@TempDir Path folder) throws IOException {
        Sequential model = new Sequential(1, new Input(64), new Dense(8, "relu"), new Dense(CLASSES, "softmax"));
        model.compile("adam(0.02)", "categorical_crossentropy(epsilon=1e-7, normalize=true)");
        model.fit(flat(), ONE_HOT, epochs(3));
        Tensor expected = model.predict(flat());
        for (String name : List.of("m.beras", "m.keras", "m.onnx")) {
            ModelFile.save(model, folder.resolve(name));
            assertTrue(ModelFile.load(folder.resolve(name)).model().predict(flat()).allClose(expected, 1e-6, 1e-6), name);
        }
        Sequential fresh = new Sequential(9, new Input(64), new Dense(8, "relu"), new Dense(CLASSES, "softmax"));
        PyTorchFile.save(model, folder.resolve("m.safetensors"));
        PyTorchFile.load(fresh, folder.resolve("m.safetensors"));
        assertEquals(expected, fresh.predict(flat()));
        Sequential other = new Sequential(9, new Input(64), new Dense(8, "relu"), new Dense(CLASSES, "softmax"));
        NumpyFile.saveWeights(model, folder.resolve("m.npz"));
        NumpyFile.loadWeights(other, folder.resolve("m.npz"));
        assertEquals(expected, other.predict(flat()));
    }

    @Test
    void aSearchByHand() {
        double best = Double.MAX_VALUE;
        double worst = 0;
        for (String optimizer : List.of("sgd(0.0001)", "sgd(0.1)", "adam(0.01)")) {
            for (int units : new int[] {2, 16}) {
                Sequential model = new Sequential(1, new Input(64), new Dense(units, "relu"), new Dense(CLASSES, "softmax"));
                model.compile(optimizer, "categorical_crossentropy");
                double loss = last(model.fit(flat(), ONE_HOT, epochs(4).validationSplit(0.2)), "val_loss");
                best = Math.min(best, loss);
                worst = Math.max(worst, loss);
            }
        }
        assertTrue(best < worst / 2, best + " of " + worst);
    }

    @Test
    void rareClassesWithWeights() {
        Tensor x = Tensor.generate(i -> RNG.normal(i) + (i / 2 % 20 == 0 ? 1.2 : 0), 600, 2);
        Tensor y = Tensor.generate(i -> i % 20 == 0 ? 1 : 0, 600, 1);
        double[] found = new double[2];
        for (int weighted = 0; weighted < 2; weighted++) {
            Sequential model = new Sequential(1, new Input(2), new Dense(1, "sigmoid"));
            model.compile(new Adam(0.05f), new BinaryCrossEntropy(), new Recall());
            FitOptions options = epochs(15);
            model.fit(x, y, weighted == 0 ? options : options.classWeight(1, 19));
            found[weighted] = model.evaluate(x, y).get("recall");
            assertTrue(refused(() -> model.fit(x, y, options.classWeight(1, 2, 3))).startsWith("classWeight needs a weight for"
                    + " each of 2 classes."));
        }
        assertTrue(found[0] < 0.3 && found[1] > 0.7, found[0] + " became " + found[1]);
    }

    @Test
    void autoencodersSparseConvolutionalAndWithoutNoise() {
        Sequential sparse = new Sequential(1, new Input(64), new Dense(16, "relu").with("activityRegularizer", new L1(1e-5f)),
                new Dense(64, "sigmoid"));
        sparse.compile("adam(0.02)", "binary_crossentropy");
        Tensor shown = Tensor.generate(i -> Math.min(1, flat().data()[i]), 180, 64);
        assertImproves(sparse.fit(shown, shown, epochs(15)), 0.8);
        Sequential images = new Sequential(1, new Input(8, 8, 1), new GaussianNoise(0.3),
                new Conv2D(8, 3).padding("same").activation("relu"), new MaxPooling2D(2),
                new Conv2DTranspose(8, 2).strides(2).activation("relu"), new Conv2D(1, 3).padding("same").activation("sigmoid"));
        images.compile("adam(0.02)", "mse");
        assertImproves(images.fit(IMAGES, IMAGES, epochs(10)), 0.5);
    }

    /** Small distances of pairs that are alike, and at least 1 of others. */
    private static Tensor contrastive(Tensor distance, Tensor alike) {
        Tensor far = distance.negate().add(1).maximum(0).square();
        return Tensor.where(alike, distance.square(), far);
    }

    @Test
    void aSiameseNetWithACustomLayerAndLoss() {
        Tensor left = flat();
        Tensor moved = Tensor.generate(i -> flat().data()[(i / 64 * 7 + 2) % 180 * 64 + i % 64], 180, 64);
        Tensor alike = Tensor.generate(i -> LABELS[i] == LABELS[(i * 7 + 2) % 180] ? 1 : 0, 180, 1);
        int pixels = left.size();
        Tensor first = Tensor.generate(i -> left.data()[i % pixels], 360, 64);
        Tensor second = Tensor.generate(i -> i < pixels ? moved.data()[i] : left.data()[(i + 3 * 64) % pixels], 360, 64);
        Tensor y = Tensor.generate(i -> i < 180 ? alike.get(i, 0) : 1, 360, 1);
        Node a = new Input(64).apply();
        Node b = new Input(64).apply();
        Dense tower = new Dense(8, "tanh");
        Functional model = new Functional(1, List.of(a, b), List.of(Layers.lambda("distance", (p, q) -> p.subtract(q).square().sum(1).add(1e-6).sqrt())
                        .apply(tower.apply(a), tower.apply(b))));
        model.compile(new Adam(0.01f), Losses.lambda("contrastive", KerasProgramsTest::contrastive));
        History history = model.fit(Examples.of(List.of(first, second), List.of(y), null), epochs(20));
        assertImproves(history, 0.3);
        Tensor d = model.predict(first, second);
        int right = 0;
        for (int i = 0; i < 360; i++) {
            right += d.get(i, 0) < 0.5f == (y.get(i, 0) == 1) ? 1 : 0;
        }
        assertTrue(right > 340, right + " of 360 pairs");
    }

    @Test
    void windowsOfATimeSeries() {
        int window = 12;
        Tensor x = Tensor.generate(i -> wave(i / window + i % window), 200, window);
        Tensor y = Tensor.generate(i -> wave(i + window), 200, 1);
        Sequential dense = new Sequential(1, new Input(window), new Dense(16, "relu"), new Dense(1));
        Sequential convolution = new Sequential(1, new Input(window), new Reshape(window, 1), new Conv1D(8, 3).activation("relu"),
                new Flatten(), new Dense(1));
        for (Sequential model : List.of(dense, convolution)) {
            model.compile("adam(0.01)", "mse", "mae");
            assertImproves(model.fit(x, y, epochs(15)), 0.2);
            assertTrue(model.evaluate(x, y).loss() < 0.05);
        }
    }

    private static double wave(int t) {
        return Math.sin(t / 5.0) + 0.1 * RNG.normal(t);
    }

    @Test
    void textsAsEmbeddedWords() {
        int words = 10;
        Tensor x = Tensor.generate(i -> (int) (RNG.uniform(i) * 10) + (i / words % 2 == 1 && i % 3 > 0 ? 10 : 0), 200, words);
        Tensor y = Tensor.generate(i -> i % 2, 200, 1);
        Sequential model = new Sequential(1, new Input(words), new Embedding(20, 8), new GlobalAveragePooling1D(),
                new Dense(1, "sigmoid"));
        model.compile("adam(0.05)", "binary_crossentropy", "accuracy");
        assertImproves(model.fit(x, y, epochs(8)), 0.3);
        assertTrue(model.evaluate(x, y).get("accuracy") > 0.95);
        Sequential largest = new Sequential(1, new Input(words), new Embedding(20, 8), new GlobalMaxPooling1D(),
                new Dense(1, "tanh"));
        assertTrue(refused(() -> largest.compile("adam", "binary_crossentropy")).contains("Received: outputs of Tanh"));
        largest.compile("adam(0.05)", "hinge", "accuracy");
        Tensor signs = Tensor.generate(i -> i % 2 == 0 ? -1 : 1, 200, 1);
        assertTrue(refused(() -> model.fit(x, signs)).contains("BinaryCrossEntropy needs targets of 0 and 1, or probabilities."
                + " Received: [-1.0]"));
        assertImproves(largest.fit(x, signs, epochs(8)), 0.4);
        assertTrue(largest.evaluate(x, signs).get("accuracy") > 0.95);
    }

    @Test
    void aMatrixFactorisation() {
        int users = 20;
        int items = 15;
        double[][] taste = new double[users + items][2];
        for (int i = 0; i < taste.length; i++) {
            taste[i] = new double[] {RNG.normal(2 * i), RNG.normal(2 * i + 1)};
        }
        int count = users * items;
        Tensor user = Tensor.generate(i -> i / items, count);
        Tensor item = Tensor.generate(i -> i % items, count);
        Tensor rating = Tensor.generate(i -> taste[i / items][0] * taste[users + i % items][0]
                + taste[i / items][1] * taste[users + i % items][1], count, 1);
        Node u = new Input().apply();
        Node v = new Input().apply();
        Node product = new Multiply().apply(new Embedding(users, 4).apply(u), new Embedding(items, 4).apply(v));
        Node sum = new Rescaling(4).apply(new GlobalAveragePooling1D().apply(new Reshape(4, 1).apply(product)));
        Functional model = new Functional(1, List.of(u, v), List.of(sum));
        model.compile("adam(0.05)", "mse");
        assertImproves(model.fit(Examples.of(List.of(user, item), List.of(rating), null), epochs(30)), 0.05);
    }

    /** A point near a mean, at a distance of normal noise. */
    private static final class Sampling extends Layer {

        private int calls;

        @Override
        protected int inputCount() {
            return 2;
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            requireCount(inputs.size());
            return inputs.get(0);
        }

        @Override
        protected Tensor compute(Call call) {
            Rng noise = new Rng(5, "sampling", call.training() ? calls++ : 0);
            Tensor draws = Tensor.generate(i -> call.training() ? noise.normal(i) : 0, call.input(1).shape().toArray());
            return call.input(0).add(call.input(1).multiply(0.5).exp().multiply(draws));
        }
    }

    /** How far normal distributions of these means and logarithms of variances, side by side, are from the standard one. */
    private static Tensor divergence(Tensor latent, Tensor truth) {
        Tensor mean = latent.slice(1, 0, 2);
        Tensor logVariance = latent.slice(1, 2, 4);
        return mean.square().add(logVariance.exp()).subtract(1).subtract(logVariance).sum(1).multiply(0.5);
    }

    @Test
    void aVariationalAutoencoder() {
        Node x = new Input(64).apply();
        Node hidden = new Dense(24, "relu").apply(x);
        Node mean = new Dense(2).apply(hidden);
        Node logVariance = new Dense(2).apply(hidden);
        Node z = new Sampling().apply(mean, logVariance);
        Node again = new Dense(64, "sigmoid").named("image").apply(new Dense(24, "relu").apply(z));
        Functional model = new Functional(1, List.of(x),
                List.of(again, new Concatenate().named("latent").apply(mean, logVariance)));
        model.compile(new Adam(0.01f), new Objective(new MeanSquaredError()), new Objective(Losses.lambda("divergence", KerasProgramsTest::divergence)).weight(1e-3f));
        History history = model.fit(Examples.of(List.of(flat()), List.of(flat(), Tensor.zeros(180, 4)), null), epochs(25));
        assertEquals(List.of(), history.warnings());
        assertTrue(last(history, "image_loss") < 0.6 * history.get("image_loss").get(0), history::toString);
        assertTrue(last(history, "latent_loss") > 0.1, "the codes tell something");
    }

    // ----------------------------------------------------------------------------------------- reinforcement learning

    private static final int CELLS = 6;

    private static Tensor cell(int... at) {
        return Tensor.generate(i -> at[i / CELLS] == i % CELLS ? 1 : 0, at.length, CELLS);
    }

    /** Steps to the right end of a corridor, of at most 20, by the larger of the two values of each cell. */
    private static int steps(Model values) {
        int at = 0;
        int steps = 0;
        while (at < CELLS - 1 && steps < 20) {
            Tensor q = values.predict(cell(at));
            at = q.get(0, 1) > q.get(0, 0) ? at + 1 : Math.max(0, at - 1);
            steps++;
        }
        return steps;
    }

    @Test
    void valuesOfActionsWithATargetNet() {
        Sequential values = new Sequential(3, new Input(CELLS), new Dense(16, "relu"), new Dense(2));
        Sequential target = new Sequential(3, new Input(CELLS), new Dense(16, "relu"), new Dense(2));
        values.compile("adam(0.02)", "huber");
        assertEquals(20, steps(values));
        int[] from = new int[2 * (CELLS - 1)]; // what was seen: each cell, left and right
        int[] to = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            from[i] = i / 2;
            to[i] = i % 2 == 1 ? i / 2 + 1 : Math.max(0, i / 2 - 1);
        }
        for (int round = 0; round < 300; round++) {
            if (round % 10 == 0) {
                for (int i = 0; i < target.weights().size(); i++) {
                    target.weights().get(i).assign(values.weights().get(i));
                }
            }
            Tensor later = target.predict(cell(to));
            Tensor now = values.predict(cell(from));
            Tensor y = Tensor.generate(i -> i % 2 != i / 2 % 2 ? now.get(i / 2, i % 2) // the action that was not taken
                    : to[i / 2] == CELLS - 1 ? 1 : 0.8 * Math.max(later.get(i / 2, 0), later.get(i / 2, 1)), from.length, 2);
            values.trainOnBatch(cell(from), y);
        }
        assertEquals(CELLS - 1, steps(values));
    }

    /** The right action is the parity of the situation; a try that succeeds counts, others do not. */
    @Test
    void aPolicyBySampleWeights() {
        int situations = 4;
        Sequential policy = new Sequential(1, new Input(situations), new Dense(2, "softmax"));
        policy.compile(new SGD(0.5f), new CategoricalCrossEntropy(), new CategoricalAccuracy());
        double first = 0;
        double success = 0;
        for (int round = 0; round < 40; round++) {
            int tries = 40;
            Tensor x = Tensor.generate(i -> i / situations % situations == i % situations ? 1 : 0, tries, situations);
            Tensor p = policy.predict(x);
            Rng dice = new Rng(4, "tries", round);
            int[] actions = new int[tries];
            float[] rewards = new float[tries];
            success = 0;
            for (int i = 0; i < tries; i++) {
                actions[i] = dice.uniform(i) < p.get(i, 1) ? 1 : 0;
                rewards[i] = actions[i] == i % situations % 2 ? 1 : 0;
                success += rewards[i] / tries;
            }
            first = round == 0 ? success : first;
            Tensor taken = Tensor.generate(i -> actions[i / 2] == i % 2 ? 1 : 0, tries, 2);
            policy.trainOnBatch(new Batch(List.of(x), List.of(taken), Tensor.of(rewards)));
        }
        assertTrue(first < 0.75 && success > 0.9, first + " became " + success);
        assertFalse(policy.predict(Tensor.of(new float[][] {{1, 0, 0, 0}})).get(0, 0) < 0.5, "the first situation is even");
    }
}
