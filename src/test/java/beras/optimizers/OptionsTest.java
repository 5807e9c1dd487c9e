package beras.optimizers;

import static beras.optimizers.OptimizerTest.assertMessage;
import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The options that all optimizers have: their arguments, their order, and what is ignored. Their values are in the golden test. */
@Tag("optimizers")
class OptionsTest {

    private static final Tensor GRADIENT = Tensor.of(3f, -4f);

    private final Variable w = new Variable("kernel", Tensor.of(1f, 2f));
    private final Variable b = new Variable("bias", Tensor.of(1f, 2f));

    private static void step(Optimizer optimizer, Variable variable, Tensor gradient) {
        optimizer.applyGradients(Arrays.asList(variable), Arrays.asList(gradient));
    }

    private static void assertValues(Tensor actual, double... expected) {
        float[] values = actual.toArray();
        assertEquals(expected.length, values.length);
        for (int i = 0; i < values.length; i++) {
            assertEquals(expected[i], values[i], 1e-6 * Math.max(1, Math.abs(expected[i])), actual::toString);
        }
    }

    // ------------------------------------------------------------------------------------------------ arguments

    @Test
    void anOptionSetAgainTakesThePlaceOfTheFirst() {
        assertEquals(new SGD(1).with("clipnorm", 2).config(), new SGD(1).with("clipnorm", 1).with("clipnorm", 2).config());
        assertEquals(new SGD(1).with("excludeFromWeightDecay", List.of("beta")).config(),
                new SGD(1).with("excludeFromWeightDecay", List.of("gamma")).with("excludeFromWeightDecay", List.of("beta")).config());
    }

    static Stream<Arguments> options() {
        return Stream.concat(
                Map.of("clipnorm", 1, "clipvalue", 1, "globalClipnorm", 1, "weightDecay", 0.1, "excludeFromWeightDecay", List.of("bias"),
                        "emaMomentum", 0.9, "gradientAccumulationSteps", 2).entrySet().stream()
                        .map(each -> option(each.getKey(), o -> o.with(each.getKey(), each.getValue()))),
                Stream.of(option("schedule", o -> o.schedule(Schedules.REGISTRY.of("cosine", 0.1, 10)))));
    }

    private static Arguments option(String name, Consumer<Optimizer> set) {
        return Arguments.of(name, set);
    }

    @ParameterizedTest
    @MethodSource("options")
    void optionsMustBeSetBeforeTheFirstStep(String name, Consumer<Optimizer> set) {
        Optimizer optimizer = new Adam(0.1f);
        set.accept(optimizer);
        step(optimizer, w, GRADIENT);
        String message = assertThrows(IllegalStateException.class, () -> set.accept(optimizer)).getMessage();
        assertEquals(name + " must be set before the first step. Received after steps: 1", message);
    }

    @ParameterizedTest
    @MethodSource("options")
    void frozenVariablesAndAbsentGradientsArePassedOver(String name, Consumer<Optimizer> set) {
        Optimizer optimizer = new SGD(0.1f).momentum(0.9f);
        set.accept(optimizer);
        b.trainable(false);
        Variable learns = new Variable(w);
        for (int step = 0; step < 6; step++) {
            optimizer.applyGradients(Arrays.asList(w, b, learns), Arrays.asList(null, GRADIENT, GRADIENT));
        }
        optimizer.finalizeVariables(List.of(w, b));
        assertEquals(Tensor.of(1f, 2f), w.copy());
        assertEquals(Tensor.of(1f, 2f), b.copy());
        assertEquals(List.of(), optimizer.state(w));
        assertEquals(List.of(), optimizer.state(b));
    }

    // ------------------------------------------------------------------------------------------------- gradients

    /** Three variables, of which the first and the last are one part. */
    @Test
    void theGlobalNormIsThatOfEachPartOfAStep() {
        Variable last = new Variable(Tensor.of(1f, 2f));
        Optimizer optimizer = new SGD(1).with("globalClipnorm", 6.5f);
        for (int step = 1; step <= 2; step++) {
            optimizer.applyPart(List.of(b), List.of(Tensor.of(60f, -80f)));
            optimizer.applyPart(List.of(w, last), List.of(GRADIENT, Tensor.of(0f, 12f)));
            optimizer.endStep();
            assertValues(w, 1 - step * 1.5, 2 + step * 2);
            assertValues(b, 1 - step * 3.9, 2 + step * 5.2);
            assertValues(last, 1, 2 - step * 6);
            assertEquals(step, optimizer.steps());
        }
    }

    @Test
    void aGlobalNormIsThatOfAllGradientsThatCount() {
        Variable frozen = new Variable(Tensor.of(1f, 2f));
        frozen.trainable(false);
        new SGD(1).with("globalClipnorm", 6.5f).applyGradients(Arrays.asList(w, b, frozen, new Variable(Tensor.ones(1))),
                Arrays.asList(GRADIENT, Tensor.of(0f, 12f), Tensor.of(1e6f, 1e6f), null));
        assertValues(w, 1 - 1.5, 2 + 2);
        assertValues(b, 1, 2 - 6);
    }

    @Test
    void hugeGradientsAreClippedToo() {
        step(new SGD(1).with("clipnorm", 5), w, Tensor.of(3e30f, -4e30f));
        step(new SGD(1).with("globalClipnorm", 5), b, Tensor.of(3e-30f, -3e38f));
        assertValues(w, 1 - 3, 2 + 4);
        assertValues(b, 1, 2 + 5);
    }

    // ----------------------------------------------------------------------------------------------- weight decay

    @Test
    void decayFollowsTheSchedule() {
        Optimizer optimizer = new SGD(1).with("weightDecay", 1)
                .schedule(Schedules.REGISTRY.of("PiecewiseConstantDecay", List.of(0), List.of(0.5, 0.25)));
        step(optimizer, w, Tensor.zeros(2));
        step(optimizer, w, Tensor.zeros(2));
        assertValues(w, 0.375, 0.75);
    }

    @Test
    void namesAreExcludedByAnyPart() {
        new SGD(1).with("weightDecay", 0.5).with("excludeFromWeightDecay", List.of("gamma", "ia")).applyGradients(List.of(w, b),
                List.of(Tensor.zeros(2), Tensor.zeros(2)));
        assertValues(w, 0.5, 1);
        assertValues(b, 1, 2);
    }

    @Test
    void aTinyDecayIsNotLostInRounding() {
        Variable one = new Variable(Tensor.ones(1));
        Optimizer optimizer = new SGD(1e-3f).with("weightDecay", 4e-3);
        for (int step = 0; step < 1000; step++) {
            step(optimizer, one, Tensor.zeros(1));
        }
        assertEquals(StrictMath.exp(-4e-3), one.item(), 2e-5);
    }

    // ---------------------------------------------------------------------------------------------------- averages

    @Test
    void anAverageBeginsAfterTheFirstStepAndIsCopiedInTheEnd() {
        Optimizer optimizer = new SGD(1).with("emaMomentum", 0.75);
        assertValues(optimizer.average(w), 1, 2);
        step(optimizer, w, GRADIENT);
        assertValues(optimizer.average(w), -2, 6);
        step(optimizer, w, GRADIENT);
        assertValues(w, -5, 10);
        assertValues(optimizer.average(w), -2.75, 7);
        b.trainable(false);
        optimizer.finalizeVariables(List.of(w, b));
        assertValues(w, -2.75, 7);
        assertValues(b, 1, 2);
        assertValues(optimizer.average(w), -2.75, 7);
    }

    @Test
    void aFrozenVariableIsNeitherFollowedNorFinalized() {
        Optimizer optimizer = new SGD(1).with("emaMomentum", 0.75);
        step(optimizer, w, GRADIENT);
        step(optimizer, w, GRADIENT);
        w.trainable(false);
        step(optimizer, w, GRADIENT);
        optimizer.finalizeVariables(List.of(w));
        assertValues(w, -5, 10);
        assertValues(optimizer.average(w), -2.75, 7);
    }

    @Test
    void anAverageGoesOnInStepsWithoutGradient() {
        Optimizer optimizer = new SGD(1).with("emaMomentum", 0.75);
        step(optimizer, w, GRADIENT);
        w.assign(Tensor.of(2f, 2f));
        optimizer.applyGradients(Arrays.asList(w, b), Arrays.asList(null, GRADIENT));
        assertValues(optimizer.average(w), -1, 5);
    }

    @Test
    void aVariableWithALateGradientWasItsAverageUntilThen() {
        Optimizer optimizer = new SGD(1).with("emaMomentum", 0.75);
        step(optimizer, w, GRADIENT);
        step(optimizer, b, GRADIENT);
        assertValues(optimizer.average(b), 0.75 * 1 - 0.25 * 2, 0.75 * 2 + 0.25 * 6);
    }

    @Test
    void withoutAveragesThereIsNothingToTell() {
        SGD optimizer = new SGD(1);
        step(optimizer, w, GRADIENT);
        optimizer.finalizeVariables(List.of(w));
        assertValues(w, -2, 6);
        assertThrows(IllegalStateException.class, () -> optimizer.average(w));
    }

    // --------------------------------------------------------------------------------------------------- schedules

    @Test
    void theRateFollowsAScheduleByTheNumberOfSteps() {
        Optimizer optimizer = new SGD(1).with("gradientAccumulationSteps", 2)
                .schedule(Schedules.REGISTRY.of("PiecewiseConstantDecay", List.of(0, 1, 2), List.of(0.5, 0.25, 0.125, 2)));
        for (double rate : new double[] {0.5, 0.25, 0.125, 2}) {
            assertEquals((float) rate, optimizer.learningRate());
            step(optimizer, w, Tensor.ones(2));
        }
        assertValues(w, 1 - 0.25 - 2, 2 - 0.25 - 2);
        String message = assertThrows(IllegalStateException.class, () -> optimizer.learningRate(0.1f)).getMessage();
        assertEquals("The learning rate follows a schedule and cannot be set. Received: 0.1", message);
    }

    @Test
    void aRateOfZeroMovesNothing() {
        for (Supplier<Optimizer> maker : OptimizerTest.all()) {
            Variable x = new Variable(Tensor.of(1f, 2f));
            step(maker.get().schedule(Schedules.REGISTRY.of("cosine", 0, 10).with("warmupTarget", 0.1).with("warmupSteps", 5)), x, GRADIENT);
            assertEquals(Tensor.of(1f, 2f), x.copy());
        }
    }

    // ------------------------------------------------------------------------------------------------------- state

    static Stream<Arguments> resumable() {
        List<Consumer<Optimizer>> options = List.of(o -> { }, o -> o.with("weightDecay", 0.1).with("clipnorm", 1).with("emaMomentum", 0.9),
                o -> o.with("gradientAccumulationSteps", 2).with("emaMomentum", 0.8),
                o -> o.with("gradientAccumulationSteps", 3).with("emaMomentum", 0.8).with("emaOverwriteFrequency", 2)
                        .with("globalClipnorm", 2).schedule(Schedules.REGISTRY.of("ExponentialDecay", 0.1, 3, 0.5)));
        return OptimizerTest.all().stream().flatMap(maker -> options.stream().map(option -> (Supplier<Optimizer>) () -> {
            Optimizer optimizer = maker.get();
            option.accept(optimizer);
            return optimizer;
        })).map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("resumable")
    void aRestoredOptimizerGoesOnWithTheSameBits(Supplier<Optimizer> maker) {
        for (int interruption = 0; interruption < 8; interruption++) {
            List<Variable> variables = variables(List.of(Tensor.of(1f, 2f), Tensor.of(-1f, 0.5f), Tensor.ones(17)));
            Optimizer optimizer = maker.get();
            List<Variable> others = null;
            Optimizer other = null;
            for (int step = 0; step < 14; step++) {
                if (step == interruption) {
                    others = variables(variables);
                    other = maker.get();
                    for (int before = 0; before < 10; before++) {
                        step(other, w, GRADIENT);
                    }
                    other.restore(optimizer.steps(), others, optimizer.state(variables));
                }
                optimizer.applyGradients(variables, gradients(step));
                if (other != null) {
                    other.applyGradients(others, gradients(step));
                }
            }
            assertEquals(copies(variables), copies(others));
            assertEquals(optimizer.state(variables), other.state(others));
            assertEquals(optimizer.steps(), other.steps());
        }
    }

    private static List<Variable> variables(List<? extends Tensor> values) {
        return values.stream().map(Variable::new).toList();
    }

    private static List<Tensor> copies(List<? extends Tensor> tensors) {
        return tensors.stream().map(Tensor::copy).toList();
    }

    /** The second variable has its first gradient late. */
    private static List<Tensor> gradients(int step) {
        List<Tensor> gradients = new ArrayList<>();
        gradients.add(Tensor.of(3f - step, -4f));
        gradients.add(step < 5 ? null : Tensor.of(0.5f * step, 1f));
        gradients.add(Tensor.generate(i -> StrictMath.sin(i + step), 17));
        return gradients;
    }

    @Test
    void aStateThatDoesNotFitIsRefusedAndChangesNothing() {
        Optimizer optimizer = new Adam(0.1f);
        step(optimizer, w, GRADIENT);
        List<Tensor> state = optimizer.state(List.of(w));
        List<Variable> one = List.of(b);
        assertMessage("steps must be at least 0. Received: -1", () -> optimizer.restore(-1, one, state));
        assertMessage("The state of 1 variables must have 2 tensors of each. Received: 1",
                () -> optimizer.restore(3, one, state.subList(0, 1)));
        assertMessage("The state of variable 0 must have its shape (2,) or be empty. Received: [(2,), (3,)]",
                () -> optimizer.restore(3, one, List.of(state.get(0), Tensor.ones(3))));
        assertMessage("The state of variable 0 must have its shape (2,) or be empty. Received: [(2,), (0,)]",
                () -> optimizer.restore(3, one, List.of(state.get(0), Tensor.zeros(0))));
        assertEquals(1, optimizer.steps());
        assertEquals(state, optimizer.state(List.of(w)));
        assertEquals(List.of(), optimizer.state(b));
    }

    @Test
    void allOptionsTogether() {
        Optimizer optimizer = new SGD(1).momentum(0.5f).with("gradientAccumulationSteps", 2).with("clipnorm", 5).with("weightDecay", 0.5)
                .with("excludeFromWeightDecay", List.of("bias")).with("emaMomentum", 0.5).with("emaOverwriteFrequency", 2)
                .schedule(Schedules.REGISTRY.of("PiecewiseConstantDecay", List.of(1), List.of(1, 0.5)));
        List<Variable> variables = List.of(w, b);
        optimizer.applyGradients(variables, List.of(Tensor.of(24f, -24f), Tensor.of(2f, 0f)));
        assertValues(w, 1, 2);
        optimizer.applyGradients(variables, List.of(Tensor.of(0f, -8f), Tensor.of(2f, 0f)));
        assertValues(w, 0.5 - 3, 1 + 4);
        assertValues(b, 1 - 2, 2);
        optimizer.applyGradients(variables, List.of(Tensor.zeros(2), Tensor.zeros(2)));
        assertValues(w, -2.5, 5);
        optimizer.applyGradients(variables, List.of(Tensor.zeros(2), Tensor.zeros(2)));
        assertValues(w, (-2.5 + -2.5 * 0.75 - 1.5) / 2, (5 + 5 * 0.75 + 2) / 2);
        assertValues(b, (-1 + -1 - 1) / 2.0, 2);
        assertArrayEquals(w.toArray(), optimizer.average(w).toArray());
    }
}
