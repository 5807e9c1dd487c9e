package beras.optimizers;

import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all optimizers have in common, and the edges of their arguments. */
@Tag("optimizers")
class OptimizerTest {

    private static final Tensor GRADIENT = Tensor.of(new float[][] {{0.5f, -1}});

    private final Variable v = new Variable(Tensor.of(new float[][] {{1, 2}}));
    private final Variable other = new Variable(Tensor.of(new float[][] {{1, 2}}));

    static List<Supplier<Optimizer>> all() {
        return List.of(() -> new SGD(0.1f), () -> new SGD(0.1f).momentum(0.9f), () -> new SGD(0.1f).momentum(0.9f).nesterov(true),
                () -> new RMSProp(0.1f),
                () -> RMSProp.keras(0.1f),
                () -> RMSProp.keras(0.1f).with("momentum", 0.8f).with("epsilon", 1e-3f).with("centered", true),
                () -> new Adam(0.1f), () -> new Adam(0.1f).with("beta2", 0.99).with("amsgrad", true),
                () -> Adam.keras(0.1f), () -> new AdamW(0.1f),
                () -> Optimizers.REGISTRY.of("nadam(0.1)"), () -> Optimizers.REGISTRY.of("adamax(0.1)"),
                () -> Optimizers.REGISTRY.of("adagrad(0.1)"), () -> Optimizers.REGISTRY.of("adadelta(0.1)"),
                () -> Optimizers.REGISTRY.of("lion(0.1)"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void updatesInPlaceAgainstTheGradient(Supplier<Optimizer> maker) {
        float[] memory = v.data();
        Tensor kept = GRADIENT.copy();
        maker.get().applyGradients(List.of(v), List.of(GRADIENT));
        assertSame(memory, v.data());
        assertTrue(v.get(0, 0) < 1 && v.get(0, 1) > 2, v::toString);
        assertEquals(kept, GRADIENT);
    }

    /** Keras's formulas, in double; the first step makes the weight 0. */
    @Test
    void ftrlFollowsTheRegularizedLeader() {
        Optimizer optimizer = Optimizers.REGISTRY.of("ftrl(0.5, l1_regularization_strength=0.2, l2_regularization_strength=0.1, beta=0.3)");
        Variable weight = new Variable(Tensor.of(1f));
        double n = 0.1;
        double z = 0;
        double w = 1;
        for (double g : new double[] {0.5, -0.9, 2, -1.5}) {
            double next = n + g * g;
            z += g - (Math.sqrt(next) - Math.sqrt(n)) / 0.5 * w;
            w = Math.abs(z) <= 0.2 ? 0 : (Math.signum(z) * 0.2 - z) / ((0.3 + Math.sqrt(next)) / 0.5 + 0.2);
            n = next;
            optimizer.applyGradients(List.of(weight), List.of(Tensor.of(g)));
            assertEquals(w, weight.item(), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void remembersByIdentityWhateverThePlaceInTheList(Supplier<Optimizer> maker) {
        Variable alone = new Variable(v);
        Optimizer single = maker.get();
        Optimizer mixed = maker.get();
        for (int step = 0; step < 3; step++) {
            single.applyGradients(List.of(alone), List.of(GRADIENT));
            List<Variable> variables = step == 1 ? List.of(other, v) : List.of(v, other);
            Tensor large = GRADIENT.multiply(100);
            mixed.applyGradients(variables, step == 1 ? List.of(large, GRADIENT) : List.of(GRADIENT, large));
        }
        assertEquals(alone.copy(), v.copy());
        assertEquals(single.state(alone), mixed.state(v));
    }

    @ParameterizedTest
    @MethodSource("all")
    void listsThatDoNotFitAreRefusedAndChangeNothing(Supplier<Optimizer> maker) {
        Optimizer optimizer = maker.get();
        Tensor before = v.copy();
        assertMessage("One gradient per variable is needed. Received: 1 variables and 2 gradients",
                () -> optimizer.applyGradients(List.of(v), List.of(GRADIENT, GRADIENT)));
        assertMessage("The gradient of variable 1 must have its shape (1, 2). Received: (2, 1)",
                () -> optimizer.applyGradients(List.of(v, other), List.of(GRADIENT, GRADIENT.transpose())));
        assertEquals(before, v.copy());
        assertEquals(List.of(), optimizer.state(v));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theLearningRateMustBeAboveZeroAndFinite(Supplier<Optimizer> maker) {
        Optimizer optimizer = maker.get();
        for (float rate : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertMessage("The learning rate must be finite and above 0. Received: " + rate,
                    () -> optimizer.learningRate(rate));
        }
        assertEquals(0.1f, optimizer.learningRate());
    }

    @ParameterizedTest
    @MethodSource("all")
    void aChangedLearningRateHoldsForTheNextStep(Supplier<Optimizer> maker) {
        Optimizer optimizer = maker.get();
        optimizer.learningRate(0.2f);
        optimizer.applyGradients(List.of(v), List.of(GRADIENT));
        maker.get().applyGradients(List.of(other), List.of(GRADIENT));
        assertEquals(2 * (1 - other.get(0, 0)), 1 - v.get(0, 0), 1e-6);
    }

    /** What an optimizer has computed of later steps does not stay. */
    @ParameterizedTest
    @MethodSource("all")
    void setBackItStepsAsBefore(Supplier<Optimizer> maker) {
        Optimizer optimizer = maker.get();
        optimizer.applyGradients(List.of(v), List.of(GRADIENT));
        List<Tensor> state = optimizer.state(List.of(v));
        Tensor weights = v.copy();
        optimizer.applyGradients(List.of(v), List.of(GRADIENT));
        Tensor after = v.copy();
        optimizer.applyGradients(List.of(v), List.of(GRADIENT));
        optimizer.restore(1, List.of(v), state);
        v.assign(weights);
        optimizer.applyGradients(List.of(v), List.of(GRADIENT));
        assertEquals(after, v.copy());
    }

    @ParameterizedTest
    @MethodSource("all")
    void stepsAreCountedButNotRefusedOnes(Supplier<Optimizer> maker) {
        Optimizer optimizer = maker.get();
        assertThrows(IllegalArgumentException.class, () -> optimizer.applyGradients(List.of(v), List.of()));
        assertEquals(0, optimizer.steps());
        optimizer.applyGradients(List.of(v), List.of(GRADIENT));
        optimizer.applyGradients(List.of(), List.of());
        assertEquals(2, optimizer.steps());
    }

    @ParameterizedTest
    @MethodSource("all")
    void sizesMayBeOddOrZero(Supplier<Optimizer> maker) {
        for (int size : new int[] {0, 1, 17, 1000}) {
            Variable w = new Variable(Tensor.ones(size));
            maker.get().with("clipnorm", 1).with("weightDecay", 0.1).with("emaMomentum", 0.9)
                    .applyGradients(List.of(w), List.of(Tensor.ones(size)));
            assertTrue(size == 0 || w.max().item() < 1, () -> size + ": " + w);
        }
    }

    /** What decays without new gradient ends as 0 or a normal number: with subnormal ones processors are slow. */
    @ParameterizedTest
    @MethodSource("all")
    void nothingRememberedBecomesSubnormal(Supplier<Optimizer> maker) {
        Optimizer optimizer = maker.get().with("emaMomentum", 0.9);
        Variable w = new Variable(Tensor.zeros(8));
        Tensor gradient = Tensor.of(1e-3f, -1e-10f, 1e-15f, -1e-17f, 1e-25f, -1e-30f, 1e-35f, 0f);
        optimizer.applyGradients(List.of(w), List.of(gradient));
        Tensor none = Tensor.zeros(8);
        for (int step = 0; step < 40_000; step++) {
            if (step % 100 == 0) {
                w.assign(none); // for the average to decay
                for (Tensor state : optimizer.state(List.of(w))) {
                    for (float x : state.toArray()) {
                        assertTrue(x == 0 || Math.abs(x) >= Float.MIN_NORMAL,
                                () -> x + " after " + optimizer.steps() + " steps");
                    }
                }
            }
            optimizer.applyGradients(List.of(w), List.of(none));
        }
    }

    /** In Keras it may, and the root of that is not a number. */
    @Test
    void aCenteredVarianceDoesNotFallBelowZero() {
        Optimizer optimizer = RMSProp.keras(1e-6f).with("centered", true);
        Variable w = new Variable(Tensor.zeros(40));
        Tensor gradient = Tensor.generate(i -> 1000 + 37.7 * i, 40);
        for (int step = 0; step < 300; step++) {
            optimizer.applyGradients(List.of(w), List.of(gradient));
        }
        for (float x : w.toArray()) {
            assertTrue(Float.isFinite(x), w::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aStepIsAChangeOfItsVariablesAlone(Supplier<Optimizer> maker) {
        long before = Variable.changes();
        long last = other.changedAt();
        maker.get().applyGradients(List.of(v), List.of(GRADIENT));
        assertTrue(v.changedAt() > before, v::toString);
        assertEquals(last, other.changedAt());
    }

    @Test
    void trainsOneModel() {
        Optimizer optimizer = new SGD(0.1f).momentum(0.9f);
        optimizer.requireOwn(List.of(v));
        optimizer.requireOwn(List.of(other));
        optimizer.applyGradients(List.of(v), List.of(GRADIENT));
        optimizer.requireOwn(List.of(other, v));
        String refusal = "An optimizer trains one model, whose steps it counts. Received: SGD after 1 steps of another model."
                + " Make a new one";
        for (List<Variable> strange : List.of(List.<Variable>of(), List.of(other))) {
            assertEquals(refusal, assertThrows(IllegalStateException.class, () -> optimizer.requireOwn(strange)).getMessage());
        }
    }

    @Test
    void anOwnOneWithoutARuleIsReported() {
        Optimizer none = new Optimizer() {};
        UnsupportedOperationException e = assertThrows(UnsupportedOperationException.class,
                () -> none.applyGradients(List.of(v), List.of(GRADIENT)));
        assertEquals(none.getClass().getName() + " must override update, which gives the rule of its steps", e.getMessage());
    }

    static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
