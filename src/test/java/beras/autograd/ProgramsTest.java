package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.feed.Examples;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Node;
import beras.layers.Reshape;
import beras.layers.WeightSpec;
import beras.layers.activations.LeakyReLU;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Losses;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.SGD;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs as users write them, trained for ten steps: the loss of each step and the weights after the last equal those of the
 * same program in PyTorch, as compared by {@link GoldenCase#check}. {@code src/test/python/make_programs.py} has them in
 * PyTorch.
 */
@Tag("gradient")
class ProgramsTest {

    @TestFactory
    Stream<DynamicTest> variationalAutoencoder() {
        return tests("vae", p -> {
            Tensor x = p.input("x");
            Layer encoder = p.load(new Dense(20, 8).activation("tanh"), "encoder");
            Layer mean = p.load(new Dense(8, 2), "mean");
            Layer logVariance = p.load(new Dense(8, 2), "logVariance");
            Model decoder = p.load(new Sequential(new Input(2), new Dense(8, "tanh"), new Dense(20)), "decoder", "logits");

            p.train(new Adam(0.01), step -> {
                Tensor hidden = encoder.call(x);
                Tensor mu = mean.call(hidden);
                Tensor logs = logVariance.call(hidden);
                Tensor z = mu.add(logs.multiply(0.5).exp().multiply(p.input("noise", step)));
                Tensor logits = decoder.call(z);
                Tensor reconstruction = logits.softplus().subtract(x.multiply(logits)).sum(1);
                Tensor divergence = mu.square().add(logs.exp()).subtract(logs).subtract(1).sum(1).multiply(0.5);
                return reconstruction.add(divergence).mean();
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> siameseNetWithContrastiveLoss() {
        return tests("siamese", p -> {
            Model net = p.load(new Sequential(new Input(6), new Dense(8, "tanh"), new Dense(4)), "hidden", "embedding");
            Node left = new Input(6).apply();
            Node right = new Input(6).apply();
            Layer distance = Layers.lambda("distance", (a, b) -> a.subtract(b).norm(1));
            Model pairs = new Functional(List.of(left, right), List.of(distance.apply(net.apply(left), net.apply(right))));

            pairs.compile(new SGD(0.1).momentum(0.9), Losses.lambda("contrastive", (far, same) ->
                    Tensor.where(same, far.square(), Tensor.scalar(2).subtract(far).relu().square())));
            p.fit(pairs, Examples.of(List.of(p.input("a"), p.input("b")), List.of(p.input("same"))));
        });
    }

    @TestFactory
    Stream<DynamicTest> gradientPenalty() {
        return Stream.concat(tests("gradient_penalty.softplus", p -> trainCritic(p,
                new Sequential(new Input(4), new Dense(12, "softplus"), new Dense(12, "softplus"), new Dense(1)))),
                tests("gradient_penalty.leaky_relu", p -> trainCritic(p, new Sequential(new Input(4), new Dense(12),
                        new LeakyReLU(0.2), new Dense(12), new LeakyReLU(0.2), new Dense(1)))));
    }

    private static void trainCritic(Program p, Model critic) {
        p.load(critic, "first", "second", "last");
        Tensor real = p.input("real");
        Tensor fake = p.input("fake");

        p.train(new Adam(0.005).with("beta1", 0.5).with("beta2", 0.9), step -> {
            Tensor between = real.add(p.input("share", step).multiply(fake.subtract(real)));
            Tensor slope;
            try (GradientTape tape = new GradientTape()) {
                tape.watch(between);
                slope = tape.gradient(critic.call(between), between);
            }
            Tensor penalty = slope.norm(1).subtract(1).square().mean();
            return critic.call(fake).mean().subtract(critic.call(real).mean()).add(penalty.multiply(10));
        });
    }

    @TestFactory
    Stream<DynamicTest> physicsInformedNet() {
        return tests("physics", p -> {
            Model u = p.load(new Sequential(new Input(1), new Dense(12, "tanh"), new Dense(12, "tanh"), new Dense(1)),
                    "first", "second", "last");
            Tensor x = p.input("x");

            p.train(new Adam(0.01), step -> {
                Tensor curvature;
                try (GradientTape second = new GradientTape()) {
                    second.watch(x);
                    Tensor slope;
                    try (GradientTape first = new GradientTape()) {
                        first.watch(x);
                        slope = first.gradient(u.call(x), x);
                    }
                    curvature = second.gradient(slope, x);
                }
                Tensor ends = u.call(p.input("ends"));
                return curvature.add(x.sin()).square().mean().add(ends.square().mean());
            });
        });
    }

    /** Attention with one head, and a residual. */
    private static final class Attention extends Layer {

        private final Supplier<Variable> query = square("query");
        private final Supplier<Variable> key = square("key");
        private final Supplier<Variable> value = square("value");

        private Supplier<Variable> square(String name) {
            return addWeight(inputs -> WeightSpec.of(name, Shape.of(inputs.get(0).dim(-1), inputs.get(0).dim(-1)),
                    Initializers.glorotUniform()));
        }

        @Override
        protected Tensor compute(Call call) {
            Tensor x = call.input(0);
            Tensor scores = x.matmul(query.get()).matmul(x.matmul(key.get()).transpose(0, 2, 1)).divide(Math.sqrt(x.dim(-1)));
            return x.add(scores.softmax(-1).matmul(x.matmul(value.get())));
        }
    }

    @TestFactory
    Stream<DynamicTest> attention() {
        return tests("attention", p -> {
            Model net = new Sequential(new Input(7, 6), new Attention(), new GlobalAveragePooling1D(), new Dense(3));
            p.load(net, "query", "key", "value", "classifier");

            net.compile(new Adam(0.01), new SparseCategoricalCrossEntropy().fromLogits(true));
            p.fit(net, Examples.of(p.input("x"), p.input("labels")));
        });
    }

    /** A plain recurrent cell, which gives its last state. */
    private static final class Recurrent extends Layer {

        private final int units;
        private final Supplier<Variable> kernel;
        private final Variable recurrentKernel;
        private final Variable bias;

        Recurrent(int units) {
            this.units = units;
            kernel = addWeight(inputs ->
                    WeightSpec.of("kernel", Shape.of(inputs.get(0).dim(-1), units), Initializers.glorotUniform()));
            recurrentKernel = addWeight("recurrent_kernel", Shape.of(units, units), Initializers.glorotUniform());
            bias = addWeight("bias", Shape.of(1, units), Initializers.zeros());
        }

        @Override
        public Shape outputShape(Shape input) {
            return Shape.of(units);
        }

        @Override
        protected Tensor compute(Call call) {
            Tensor x = call.input(0);
            Tensor state = Tensor.zeros(x.dim(0), units);
            for (Tensor row : x.split(1, x.dim(1))) {
                state = row.squeeze(1).matmul(kernel.get()).add(state.matmul(recurrentKernel)).add(bias).tanh();
            }
            return state;
        }
    }

    @TestFactory
    Stream<DynamicTest> recurrentCell() throws IOException {
        Images pictures = ImageSets.load(Path.of("data")).train().slice(0, 16);
        return tests("recurrent", p -> {
            Model net = new Sequential(new Input(784), new Reshape(28, 28), new Recurrent(16), new Dense(10));
            p.load(net, "kernel", "recurrentKernel", "bias", "classifier");

            net.compile(new Adam(0.01), new CategoricalCrossEntropy().fromLogits(true));
            p.fit(net, pictures);
        });
    }

    // ------------------------------------------------------------------------------------------- what they share

    private static Stream<DynamicTest> tests(String name, Consumer<Program> program) {
        return Golden.tests("programs", name.replace(".", "\\."), 1, c -> program.accept(new Program(c)));
    }

    /** One program: the inputs and first weights of its case, and its training. */
    private static final class Program {

        private final GoldenCase golden;
        private final Map<String, Variable> variables = new LinkedHashMap<>();

        Program(GoldenCase golden) {
            this.golden = golden;
        }

        Tensor input(String key) {
            return golden.input(key);
        }

        /** The values of an input for one step. */
        Tensor input(String key, int step) {
            return golden.input(key).slice(step, step + 1).squeeze(0);
        }

        /** Loads the weights of a network: of dense layers, in their order, or single ones. */
        <N extends Weighted> N load(N net, String... names) {
            List<Variable> weights = net.weights();
            int next = 0;
            for (String name : names) {
                boolean dense = golden.hasInput(name + ".w");
                for (String key : dense ? List.of(name + ".w", name + ".b") : List.of(name)) {
                    Variable weight = weights.get(next++);
                    Tensor first = golden.input(key);
                    assertEquals(first.shape(), weight.shape(), key);
                    weight.assign(first);
                    if (golden.expects("final." + key)) {
                        variables.put(key, weight);
                    }
                }
            }
            assertEquals(weights.size(), next);
            return net;
        }

        /** Trains all loaded networks, except frozen ones, by the loss of each step. */
        void train(Optimizer optimizer, IntFunction<Tensor> loss) {
            List<Variable> weights = List.copyOf(variables.values());
            List<Double> losses = new ArrayList<>();
            for (int step = 0; step < golden.param("steps"); step++) {
                int now = step;
                losses.add((double) optimizer.minimize(() -> loss.apply(now), weights).item());
            }
            check(losses);
        }

        /** As {@link #train} by a compiled model, a step an epoch. */
        void fit(Model model, Examples examples) {
            check(model.fit(examples, new FitOptions().epochs((int) golden.param("steps")).batchSize(examples.count())
                    .shuffle(false)).get("loss"));
        }

        private void check(List<Double> losses) {
            golden.check("loss", Tensor.of(losses.stream().mapToDouble(Double::doubleValue).toArray()));
            variables.forEach((key, weight) -> golden.check("final." + key, weight));
            assertEquals(golden.expectedNames().size(), 1 + variables.size());
        }
    }
}
