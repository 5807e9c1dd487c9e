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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole graphs through the tape: shared layers, branches, residuals, sums of losses, sources without a gradient.
 *
 * <p>What BERAS has no layer for, such as a weighted sum of losses, is written here the way a user writes it: a
 * {@link Diffable} with a forward pass and its local Jacobians.
 */
@Tag("gradient")
class AutogradGoldenTest {

    private final MeanSquaredError mse = new MeanSquaredError();
    private final CategoricalCrossEntropy crossEntropy = new CategoricalCrossEntropy();

    @TestFactory
    Stream<DynamicTest> oneLayerUsedTwice() {
        return tests("shared_twice", c -> {
            Tensor x = c.input("x");
            Dense dense = dense(c, "W", "b");
            try (GradientTape tape = new GradientTape()) {
                Tensor y = dense.call(new ReLU().call(dense.call(x)));
                c.check("y", y);
                check(c, tape, mse.call(y, c.input("t")), Map.of("dx", x, "dW", dense.w(), "db", dense.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> oneLayerUsedThreeTimes() {
        return tests("shared_thrice", c -> {
            Tensor x = c.input("x");
            Dense dense = dense(c, "W", "b");
            try (GradientTape tape = new GradientTape()) {
                Tensor y = x;
                for (int i = 0; i < 3; i++) {
                    y = new Tanh().call(dense.call(y));
                }
                c.check("y", y);
                check(c, tape, mse.call(y, c.input("t")), Map.of("dx", x, "dW", dense.w(), "db", dense.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> oneLayerOnTwoInputs() {
        return tests("shared_two_inputs", c -> {
            Tensor x1 = c.input("x1");
            Tensor x2 = c.input("x2");
            Dense dense = dense(c, "W", "b");
            try (GradientTape tape = new GradientTape()) {
                Tensor loss1 = mse.call(dense.call(x1), c.input("t1"));
                Tensor loss2 = mse.call(dense.call(x2), c.input("t2"));
                check(c, tape, new Add().call(loss1, loss2),
                        Map.of("dx1", x1, "dx2", x2, "dW", dense.w(), "db", dense.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> residual() {
        return tests("residual", c -> {
            Tensor x = c.input("x");
            Dense first = dense(c, "W1", "b1");
            Dense second = dense(c, "W2", "b2");
            try (GradientTape tape = new GradientTape()) {
                Tensor h = new Add().call(x, new ReLU().call(first.call(x)));
                Tensor y = second.call(h);
                c.check("h", h);
                c.check("y", y);
                check(c, tape, mse.call(y, c.input("t")),
                        Map.of("dx", x, "dW1", first.w(), "db1", first.b(), "dW2", second.w(), "db2", second.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> twoBranches() {
        return tests("two_branch_concat", c -> {
            Tensor x = c.input("x");
            Dense left = dense(c, "W1", "b1");
            Dense right = dense(c, "W2", "b2");
            Dense last = dense(c, "W3", "b3");
            try (GradientTape tape = new GradientTape()) {
                Tensor logits = last.call(new Concatenate().call(new ReLU().call(left.call(x)),
                        new Tanh().call(right.call(x))));
                c.check("logits", logits);
                check(c, tape, crossEntropy.call(new Softmax().call(logits), c.input("t")),
                        Map.of("dx", x, "dW1", left.w(), "db1", left.b(), "dW2", right.w(), "db2", right.b(),
                                "dW3", last.w(), "db3", last.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> sourcesWithoutGradient() {
        return tests("unused_source", c -> {
            Tensor x = c.input("x");
            Dense dense = dense(c, "W", "b");
            Dense thrownAway = dense(c, "W", "c");
            try (GradientTape tape = new GradientTape()) {
                Tensor loss = mse.call(dense.call(x), c.input("t"));
                mse.call(thrownAway.call(x), c.input("t"));
                check(c, tape, loss,
                        Map.of("dW", dense.w(), "db", dense.b(), "dU", new Variable(c.input("U")), "dc", thrownAway.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> sumOfTwoLosses() {
        return tests("loss_sum", c -> {
            Tensor x = c.input("x");
            Dense shared = dense(c, "W", "b");
            Dense regression = dense(c, "Wr", "br");
            Dense classes = dense(c, "Wc", "bc");
            try (GradientTape tape = new GradientTape()) {
                Tensor h = new ReLU().call(shared.call(x));
                Tensor first = mse.call(regression.call(h), c.input("t"));
                Tensor second = crossEntropy.call(new Softmax().call(classes.call(h)), c.input("y"));
                c.check("lossRegression", first);
                c.check("lossClassification", second);
                check(c, tape, new AddScaled(0.5f).call(first, second),
                        Map.of("dx", x, "dW", shared.w(), "db", shared.b(), "dWr", regression.w(), "dbr", regression.b(),
                                "dWc", classes.w(), "dbc", classes.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> diamond() {
        return tests("diamond", c -> {
            Tensor x = c.input("x");
            Dense dense = dense(c, "W", "b");
            try (GradientTape tape = new GradientTape()) {
                Tensor h = new Tanh().call(dense.call(x));
                Tensor both = new Add().call(new Multiply().call(h, h), new ReLU().call(h));
                check(c, tape, new ScaledSum(1f / both.size()).call(both),
                        Map.of("dx", x, "dW", dense.w(), "db", dense.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> tensorsInBetweenAsSources() {
        return tests("hidden_sources", c -> {
            Tensor x = c.input("x");
            Dense first = dense(c, "W1", "b1");
            Dense second = dense(c, "W2", "b2");
            try (GradientTape tape = new GradientTape()) {
                Tensor h = first.call(x);
                Tensor p = new Softmax().call(second.call(new LeakyReLU(0.3f).call(h)));
                c.check("h", h);
                c.check("p", p);
                check(c, tape, mse.call(p, c.input("t")), Map.of("dh", h, "dp", p, "dx", x,
                        "dW1", first.w(), "db1", first.b(), "dW2", second.w(), "db2", second.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> chainOfTheAssignment() {
        return tests("assignment_chain", c -> {
            Tensor x = c.input("x");
            Dense first = dense(c, "W1", "b1");
            Sigmoid sigmoid = new Sigmoid();
            Dense second = dense(c, "W2", "b2");
            Softmax softmax = new Softmax();
            try (GradientTape tape = new GradientTape()) {
                Tensor z1 = first.call(x);
                Tensor a1 = sigmoid.call(z1);
                Tensor z2 = second.call(a1);
                Tensor p = softmax.call(z2);
                Tensor loss = crossEntropy.call(p, c.input("t"));
                c.check("z1", z1);
                c.check("a1", a1);
                c.check("z2", z2);
                c.check("p", p);
                check(c, tape, loss, Map.of("dp", p, "dz2", z2, "da1", a1, "dz1", z1, "dx", x,
                        "dW1", first.w(), "db1", first.b(), "dW2", second.w(), "db2", second.b()));

                // The same by hand, each layer handing its gradient down to the one before it.
                List<Tensor> handed = crossEntropy.composeInputGradients(null).subList(0, 1);
                c.check("dp", handed.get(0));
                handed = softmax.composeInputGradients(handed);
                c.check("dz2", handed.get(0));
                c.check("dW2", second.composeWeightGradients(handed).get(0));
                c.check("db2", second.composeWeightGradients(handed).get(1));
                handed = second.composeInputGradients(handed);
                c.check("da1", handed.get(0));
                handed = sigmoid.composeInputGradients(handed);
                c.check("dz1", handed.get(0));
                c.check("dW1", first.composeWeightGradients(handed).get(0));
                c.check("db1", first.composeWeightGradients(handed).get(1));
                c.check("dx", first.composeInputGradients(handed).get(0));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> twentyLayersDeep() {
        return tests("deep_20", c -> {
            Tensor x = c.input("x");
            Tensor stacked = c.input("W");
            List<Dense> layers = new ArrayList<>();
            for (int i = 0; i < stacked.dim(0); i++) {
                Dense dense = new Dense(stacked.dim(1), stacked.dim(2), Initializers.zeros());
                dense.w().assign(stacked.slice(i, i + 1).reshape(stacked.dim(1), stacked.dim(2)));
                layers.add(dense);
            }
            try (GradientTape tape = new GradientTape()) {
                Tensor h = x;
                for (Dense dense : layers) {
                    h = new Tanh().call(dense.call(h));
                }
                Tensor loss = mse.call(h, c.input("t"));
                c.check("loss", loss);
                c.check("dx", tape.gradient(loss, List.of(x)).get(0));
                List<Tensor> gradients = tape.gradient(loss, layers.stream().map(Dense::w).toList());
                Tensor dw = Tensor.zeros(stacked.shape());
                for (int i = 0; i < layers.size(); i++) {
                    float[] one = gradients.get(i).toArray();
                    System.arraycopy(one, 0, dw.data(), i * one.length, one.length);
                }
                c.check("dW", dw);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> targetOfManyElements() {
        return tests("vector_target", c -> {
            Tensor x = c.input("x");
            Dense dense = dense(c, "W", "b");
            try (GradientTape tape = new GradientTape()) {
                Tensor y = dense.call(x);
                c.check("y", y);
                c.check("loss", y.sum());
                checkGradients(c, Map.of("dx", x, "dW", dense.w(), "db", dense.b()), sources -> tape.gradient(y, sources));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> targetOfManyElementsWithWeights() {
        return tests("output_gradients", c -> {
            Tensor x = c.input("x");
            Tensor u = c.input("u");
            Dense dense = dense(c, "W", "b");
            try (GradientTape tape = new GradientTape()) {
                Tensor y = new Tanh().call(dense.call(x));
                c.check("y", y);
                c.check("loss", y.multiply(u).sum());
                checkGradients(c, Map.of("dx", x, "dW", dense.w(), "db", dense.b()),
                        sources -> tape.gradient(y, sources, u));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> targetAsSource() {
        return tests("target_is_linear_in_source", c -> {
            Tensor x = c.input("x");
            try (GradientTape tape = new GradientTape()) {
                Tensor loss = new ScaledSum(1f).call(x);
                check(c, tape, loss, Map.of("dx", x));
                assertEquals(List.of(Tensor.scalar(1f)), tape.gradient(loss, List.of(loss)));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> penaltiesOnWeights() {
        return tests("regularized", c -> {
            Tensor x = c.input("x");
            Dense first = dense(c, "W1", "b1");
            Dense second = dense(c, "W2", "b2");
            try (GradientTape tape = new GradientTape()) {
                Tensor loss = mse.call(second.call(new ReLU().call(first.call(x))), c.input("t"));
                Tensor penalty = new Add().call(
                        new ScaledSum(0.01f).call(new Multiply().call(first.w(), first.w())),
                        new ScaledSum(0.02f).call(new Magnitude().call(second.w())));
                c.check("penalty", penalty);
                check(c, tape, new Add().call(loss, penalty),
                        Map.of("dx", x, "dW1", first.w(), "db1", first.b(), "dW2", second.w(), "db2", second.b()));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> oneNumberThroughout() {
        return Golden.tests("autograd", "assignment_1x1", 1, c -> {
            Tensor x = c.input("x");
            Dense dense = dense(c, "W", "b");
            try (GradientTape tape = new GradientTape()) {
                Tensor y = dense.call(x);
                c.check("y", y);
                check(c, tape, mse.call(y, c.input("t")), Map.of("dx", x, "dW", dense.w(), "db", dense.b()));
            }
        });
    }

    /** Each graph comes in two sizes. */
    private static Stream<DynamicTest> tests(String name, Consumer<GoldenCase> test) {
        return Golden.tests("autograd", name + "(\\.b)?", 2, test);
    }

    private static Dense dense(GoldenCase c, String weights, String bias) {
        Tensor w = c.input(weights);
        Dense dense = new Dense(w.dim(0), w.dim(1), Initializers.zeros());
        dense.w().assign(w);
        dense.b().assign(c.input(bias));
        return dense;
    }

    private static void check(GoldenCase c, GradientTape tape, Tensor loss, Map<String, Tensor> sources) {
        c.check("loss", loss);
        checkGradients(c, sources, all -> tape.gradient(loss, all));
    }

    /** Asks for all gradients at once, and for each alone; all that the file tells (names in d) must be asked for. */
    private static void checkGradients(GoldenCase c, Map<String, Tensor> sources, Differentiation differentiation) {
        Set<String> told = c.expectedNames().stream().filter(name -> name.startsWith("d")).collect(Collectors.toSet());
        assertEquals(told, sources.keySet());
        List<String> names = sources.keySet().stream().sorted().toList();
        List<Tensor> together = differentiation.gradients(names.stream().map(sources::get).toList());
        for (int i = 0; i < names.size(); i++) {
            c.check(names.get(i), together.get(i));
            c.check(names.get(i), differentiation.gradients(List.of(sources.get(names.get(i)))).get(0));
        }
    }

    private interface Differentiation {
        List<Tensor> gradients(List<Tensor> sources);
    }

    // ------------------------------------------------------------------------------- diffables as users write them

    /** Two inputs of one shape: {@code a + factor * b}. */
    private static final class AddScaled extends Diffable {

        private final float factor;

        AddScaled(float factor) {
            this.factor = factor;
        }

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).add(call.input(1).multiply(factor));
        }

        @Override
        protected List<Tensor> inputGradients(Call call) {
            int[] shape = call.output().shape().toArray();
            return List.of(Tensor.ones(shape), Tensor.full(factor, shape));
        }

        @Override
        protected boolean worksByElement() {
            return true;
        }
    }

    /** {@code |x|}; the derivative at 0 is 0. */
    private static final class Magnitude extends Diffable {

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).maximum(call.input(0).negate());
        }

        @Override
        protected List<Tensor> inputGradients(Call call) {
            float[] x = call.input(0).toArray();
            return List.of(Tensor.generate(i -> Math.signum(x[i]), call.input(0).shape().toArray()));
        }

        @Override
        protected boolean worksByElement() {
            return true;
        }
    }

    /** {@code factor * sum(x)}, a single number: its upstream is one as well, so that it counts as working by element. */
    private static final class ScaledSum extends Diffable {

        private final float factor;

        ScaledSum(float factor) {
            this.factor = factor;
        }

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).sum().multiply(factor);
        }

        @Override
        protected List<Tensor> inputGradients(Call call) {
            return List.of(Tensor.full(factor, call.input(0).shape().toArray()));
        }

        @Override
        protected boolean worksByElement() {
            return true;
        }
    }
}
