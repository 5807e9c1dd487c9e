package beras.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.feed.Examples;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Multiply;
import beras.layers.Node;
import beras.layers.Rescaling;
import beras.layers.Reshape;
import beras.losses.BinaryCrossEntropy;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.MeanSquaredError;
import beras.metrics.CategoricalAccuracy;
import beras.models.Functional;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Objective;
import beras.training.TrainStep;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What Keras's tutorials teach beyond a plain {@code fit}, carried over and made small: each program learns.
 */
@Tag("model")
class KerasProgramsTest {

    private static final int CLASSES = 3;
    private static final Rng RNG = new Rng(1, "programs", 0);
    /** Pictures of 8 x 8 pixels, with noise: a bar upright, a bar across, or both diagonals. */
    private static final Tensor IMAGES = Tensor.generate(KerasProgramsTest::pixel, 180, 64);
    private static final int[] LABELS = labels();

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

    private static double last(History history, String name) {
        return history.get(name).get(history.epochs().size() - 1);
    }

    private static void assertImproves(History history, double share) {
        double first = history.get("loss").get(0);
        assertTrue(last(history, "loss") < share * first, () -> "loss " + history.get("loss"));
        assertEquals(List.of(), history.warnings());
    }

    private static FitOptions epochs(int epochs) {
        return new FitOptions().epochs(epochs).batchSize(30);
    }

    /** Makes numbers of noise that another net cannot tell from those of a normal distribution around 3. */
    private static final class Gan extends Sequential {

        private final Sequential discriminator = new Sequential(2, new Input(1), new Dense(16, "relu"), new Dense(1));
        private final Loss loss = new BinaryCrossEntropy().fromLogits(true);
        private final Optimizer second = new Adam(0.02f).with("weightDecay", 1); // so that the two do not swing

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

    /** Small distances of pairs that are alike, and at least 1 of others. */
    private static Tensor contrastive(Tensor distance, Tensor alike) {
        Tensor far = distance.negate().add(1).maximum(0).square();
        return Tensor.where(alike, distance.square(), far);
    }

    @Test
    void aSiameseNetWithACustomLayerAndLoss() {
        Tensor left = IMAGES;
        Tensor moved = Tensor.generate(i -> IMAGES.data()[(i / 64 * 7 + 2) % 180 * 64 + i % 64], 180, 64);
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
        History history = model.fit(Examples.of(List.of(IMAGES), List.of(IMAGES, Tensor.zeros(180, 4)), null), epochs(25));
        assertEquals(List.of(), history.warnings());
        assertTrue(last(history, "image_loss") < 0.6 * history.get("image_loss").get(0), history::toString);
        assertTrue(last(history, "latent_loss") > 0.1, "the codes tell something");
    }

    // ----------------------------------------------------------------------------------------- reinforcement learning

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
