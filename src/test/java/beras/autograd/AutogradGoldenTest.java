package beras.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Multiply;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.layers.activations.Tanh;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Whole graphs through the tape: shared layers, branches, residuals, sums of losses, sources without a gradient. */
@Tag("gradient")
class AutogradGoldenTest {

    private final MeanSquaredError mse = new MeanSquaredError();
    private final CategoricalCrossEntropy crossEntropy = new CategoricalCrossEntropy();

    /** What a test makes of the inputs of a case: a target, after which all gradients that the file has are compared. */
    private static final class Graph {

        private final GoldenCase golden;
        private final GradientTape tape = new GradientTape();
        private final Map<String, Tensor> sources = new TreeMap<>();

        Graph(GoldenCase golden) {
            this.golden = golden;
        }

        Tensor input(String name) {
            return golden.input(name);
        }

        /** An input whose gradient is asked for. */
        Tensor source(String name) {
            return source(name, golden.input(name));
        }

        Tensor source(String name, Tensor tensor) {
            sources.put("d" + name, tensor);
            return tensor;
        }

        /** A layer whose weights are asked for. */
        Dense dense(String weights, String bias) {
            Dense dense = constant(weights, bias);
            source(weights, dense.w());
            source(bias, dense.b());
            return dense;
        }

        Dense constant(String weights, String bias) {
            Tensor w = golden.input(weights);
            Dense dense = new Dense(w.dim(0), w.dim(1), Initializers.zeros());
            dense.w().assign(w);
            dense.b().assign(golden.input(bias));
            return dense;
        }

        /** Compares what the file has of this name. */
        Tensor check(String name, Tensor tensor) {
            golden.check(name, tensor);
            return tensor;
        }
    }

    /** Each graph comes in two sizes. */
    private static Stream<DynamicTest> tests(String name, Function<Graph, Tensor> target) {
        return Golden.tests("autograd", name + "(\\.b)?", name.equals("assignment_1x1") ? 1 : 2, c -> {
            Graph graph = new Graph(c);
            GradientTape tape = graph.tape;
            Tensor value;
            try (tape) {
                value = target.apply(graph);
                c.check("loss", c.hasInput("u") ? value.multiply(c.input("u")).sum() : value.sum());
            }
            Tensor weights = c.hasInput("u") ? c.input("u") : null;
            Set<String> told = c.expectedNames().stream().filter(each -> each.startsWith("d")).collect(Collectors.toSet());
            assertEquals(told, graph.sources.keySet());
            List<Tensor> together = gradients(tape, value, List.copyOf(graph.sources.values()), weights);
            int i = 0;
            for (Map.Entry<String, Tensor> source : graph.sources.entrySet()) {
                c.check(source.getKey(), together.get(i++));
                c.check(source.getKey(), gradients(tape, value, List.of(source.getValue()), weights).get(0));
            }
        });
    }

    private static List<Tensor> gradients(GradientTape tape, Tensor value, List<Tensor> sources, Tensor weights) {
        return weights == null ? tape.gradient(value, sources) : tape.gradient(value, sources, weights);
    }

    @TestFactory
    Stream<DynamicTest> sharedLayers() {
        return Stream.of(tests("shared_twice", g -> {
            Dense dense = g.dense("W", "b");
            Tensor y = dense.call(new ReLU().call(dense.call(g.source("x"))));
            return mse.call(g.check("y", y), g.input("t"));
        }), tests("shared_thrice", g -> {
            Dense dense = g.dense("W", "b");
            Tensor y = g.source("x");
            for (int i = 0; i < 3; i++) {
                y = new Tanh().call(dense.call(y));
            }
            return mse.call(g.check("y", y), g.input("t"));
        }), tests("shared_two_inputs", g -> {
            Dense dense = g.dense("W", "b");
            return new Add().call(mse.call(dense.call(g.source("x1")), g.input("t1")),
                    mse.call(dense.call(g.source("x2")), g.input("t2")));
        })).flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> branches() {
        return Stream.of(tests("residual", g -> {
            Tensor x = g.source("x");
            Tensor h = g.check("h", new Add().call(x, new ReLU().call(g.dense("W1", "b1").call(x))));
            return mse.call(g.check("y", g.dense("W2", "b2").call(h)), g.input("t"));
        }), tests("two_branch_concat", g -> {
            Tensor x = g.source("x");
            Tensor both = new Concatenate().call(new ReLU().call(g.dense("W1", "b1").call(x)),
                    new Tanh().call(g.dense("W2", "b2").call(x)));
            return crossEntropy.call(new Softmax().call(g.check("logits", g.dense("W3", "b3").call(both))), g.input("t"));
        }), tests("diamond", g -> {
            Tensor h = new Tanh().call(g.dense("W", "b").call(g.source("x")));
            return new Add().call(new Multiply().call(h, h), new ReLU().call(h)).mean();
        })).flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> sumsOfLossesAndPenalties() {
        return Stream.of(tests("loss_sum", g -> {
            Tensor h = new ReLU().call(g.dense("W", "b").call(g.source("x")));
            Tensor first = g.check("lossRegression", mse.call(g.dense("Wr", "br").call(h), g.input("t")));
            Tensor probabilities = new Softmax().call(g.dense("Wc", "bc").call(h));
            return first.add(g.check("lossClassification", crossEntropy.call(probabilities, g.input("y"))).multiply(0.5));
        }), tests("regularized", g -> {
            Dense first = g.dense("W1", "b1");
            Dense second = g.dense("W2", "b2");
            Tensor loss = mse.call(second.call(new ReLU().call(first.call(g.source("x")))), g.input("t"));
            Tensor penalty = new Multiply().call(first.w(), first.w()).sum().multiply(0.01)
                    .add(second.w().abs().sum().multiply(0.02));
            return loss.add(g.check("penalty", penalty));
        })).flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> kindsOfSources() {
        return Stream.of(tests("unused_source", g -> {
            Tensor x = g.input("x");
            g.source("U", new Variable(g.input("U")));
            mse.call(thrownAway(g).call(x), g.input("t"));
            return mse.call(g.dense("W", "b").call(x), g.input("t"));
        }), tests("hidden_sources", g -> {
            Tensor h = g.source("h", g.check("h", g.dense("W1", "b1").call(g.source("x"))));
            Tensor p = g.source("p", new Softmax().call(g.dense("W2", "b2").call(new LeakyReLU(0.3f).call(h))));
            return mse.call(g.check("p", p), g.input("t"));
        }), tests("target_is_linear_in_source", g -> {
            Tensor x = g.source("x");
            g.tape.watch(x);
            Tensor loss = x.sum();
            assertEquals(List.of(Tensor.scalar(1f)), g.tape.gradient(loss, List.of(loss)));
            return loss;
        })).flatMap(tests -> tests);
    }

    /** Its bias has no gradient, as nothing is made of the loss. */
    private static Dense thrownAway(Graph g) {
        Dense dense = g.constant("W", "c");
        g.source("c", dense.b());
        return dense;
    }

    @TestFactory
    Stream<DynamicTest> targetsOfManyElements() {
        return Stream.of(tests("vector_target", g -> g.check("y", g.dense("W", "b").call(g.source("x")))),
                tests("output_gradients", g -> g.check("y", new Tanh().call(g.dense("W", "b").call(g.source("x"))))))
                .flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> netsOfTheAssignment() {
        return Stream.of(tests("assignment_1x1",
                g -> mse.call(g.check("y", g.dense("W", "b").call(g.source("x"))), g.input("t"))),
                tests("assignment_chain", g -> {
                    Tensor z1 = g.source("z1", g.check("z1", g.dense("W1", "b1").call(g.source("x"))));
                    Tensor a1 = g.source("a1", g.check("a1", new Sigmoid().call(z1)));
                    Tensor z2 = g.source("z2", g.check("z2", g.dense("W2", "b2").call(a1)));
                    return crossEntropy.call(g.source("p", g.check("p", new Softmax().call(z2))), g.input("t"));
                })).flatMap(tests -> tests);
    }

    @TestFactory
    Stream<DynamicTest> twentyLayersDeep() {
        return Golden.tests("autograd", "deep_20(\\.b)?", 2, c -> {
            Tensor x = c.input("x");
            Tensor stacked = c.input("W");
            List<Dense> layers = IntStream.range(0, stacked.dim(0)).mapToObj(i -> {
                Dense dense = new Dense(stacked.dim(1), stacked.dim(2), Initializers.zeros());
                dense.w().assign(stacked.slice(i, i + 1));
                return dense;
            }).toList();
            try (GradientTape tape = new GradientTape()) {
                Tensor h = x;
                for (Dense dense : layers) {
                    h = new Tanh().call(dense.call(h));
                }
                Tensor loss = mse.call(h, c.input("t"));
                c.check("loss", loss);
                c.check("dx", tape.gradient(loss, List.of(x)).get(0));
                c.check("dW", Tensor.stack(0, tape.gradient(loss, layers.stream()
                        .map(Dense::w).toList()).toArray(Tensor[]::new)));
            }
        });
    }
}
