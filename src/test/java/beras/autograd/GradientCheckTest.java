package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.BatchNormalization;
import beras.layers.activations.Tanh;
import beras.tensor.Dice;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("gradient")
class GradientCheckTest {

    private final Tensor x = new Dice("check").normal(4, 3);

    /** {@code y = w x^2}, whose gradients and definition may be wrong, or missing. */
    private static final class Parabola extends Diffable {

        final Variable w = new Variable("factor", Tensor.of(0.5, 1, 2));
        double toInput = 1;
        double toWeight = 1;
        double composed = 1;
        boolean hasComposition = true;
        boolean training;

        @Override
        public List<Variable> weights() {
            return List.of(w);
        }

        @Override
        protected Tensor compute(Call call) {
            training = call.training();
            return new Product().apply(call.input(0), w);
        }

        private final class Product implements FusedOperation {

            @Override
            public Tensor compute(OperationCall call) {
                return call.input(0).square().multiply(call.input(1));
            }

            @Override
            public Tensor composition(OperationCall call) {
                return hasComposition ? call.input(0).multiply(call.input(0)).multiply(call.input(1)).multiply(composed)
                        : FusedOperation.super.composition(call);
            }

            @Override
            public Tensor gradient(OperationCall call, int i, Tensor upstream) {
                return i == 0 ? upstream.multiply(call.input(0)).multiply(w).multiply(2 * toInput)
                        : upstream.multiply(call.input(0).square()).sum(0).multiply(toWeight);
            }
        }

        @Override
        public String toString() {
            return "Parabola";
        }
    }

    private final Parabola parabola = new Parabola();

    private static void assertPassed(GradientCheck.Report report) {
        assertTrue(report.passed(), report::toString);
    }

    private static void assertFailed(GradientCheck.Report report, String... words) {
        assertFalse(report.passed(), report::toString);
        for (String word : words) {
            assertTrue(report.toString().contains(word), report::toString);
        }
    }

    // ---------------------------------------------------------------------------------------------- right and wrong

    @Test
    void rightGradientsPassToInputsAndWeights() {
        GradientCheck.Report report = GradientCheck.of(parabola).check(x);
        assertPassed(report);
        assertEquals(12 + 3, report.compared());
        assertEquals(0, report.skipped());
        assertTrue(report.deviation() < 1e-4, report::toString);
        assertTrue(report.toString().startsWith("The gradients of Parabola agree with differences: deviation "), report::toString);
        assertTrue(report.toString().endsWith("; 15 elements compared, 0 skipped at kinks"), report::toString);
        assertPassed(GradientCheck.of(parabola).order(2).check(x));
    }

    @Test
    void aWrongGradientIsNamedWithWhatWasExpected() {
        parabola.toInput = 1.01;
        assertFailed(GradientCheck.of(parabola).check(x), "Parabola do not agree with differences: deviation 0.0099, tolerance 0.0010,"
                + " at input 0, element [", "]: expected ", ", received ");
        parabola.toInput = 1;
        parabola.toWeight = -1;
        assertFailed(GradientCheck.of(parabola).check(x), "deviation 2.0", "at weight 0 (factor), element [");
    }

    /** Which is found by its element, not by the sum. */
    @Test
    void oneWrongElementIsFound() {
        CustomGradient wrong = new CustomGradient(in -> in.get(0).square(), (in, y, upstream) -> {
            Tensor gradient = upstream.multiply(in.get(0)).multiply(2);
            gradient.data()[7] += 0.02f;
            return List.of(gradient);
        });
        assertFailed(GradientCheck.of(wrong).check(x), "at input 0, element [2, 1]");
    }

    @Test
    void aGradientThatIsNotANumberIsWrong() {
        CustomGradient wrong = new CustomGradient(in -> in.get(0).square(),
                (in, y, upstream) -> List.of(Tensor.full(Double.NaN, 4, 3)));
        assertFailed(GradientCheck.of(wrong).check(x), "received NaN");
    }

    @Test
    void aGradientThatIsMissingIsWrong() {
        CustomGradient wrong = new CustomGradient(in -> in.get(0).multiply(in.get(1)),
                (in, y, upstream) -> Arrays.asList(upstream.multiply(in.get(1)), null));
        assertFailed(GradientCheck.ofList(in -> wrong.call(in.get(0), in.get(1))).check(x, x), "at input 1", "received 0.0");
    }

    @Test
    void aStraightThroughGradientIsNotThatOfItsFunction() {
        CustomGradient round = new CustomGradient(in -> in.get(0).multiply(3), (in, y, upstream) -> List.of(upstream));
        assertFailed(GradientCheck.of(round).check(x), "deviation 2.0");
    }

    @Test
    void aDefinitionThatGivesSomethingElseIsNamed() {
        parabola.composed = 1.01;
        assertFailed(GradientCheck.of(parabola).check(x), "the composition of Parabola gives ");
    }

    @Test
    void aGradientMayBeRightAndItsOwnGradientWrong() {
        CustomGradient cube = new CustomGradient(in -> in.get(0).power(3),
                (in, y, upstream) -> List.of(upstream.multiply(in.get(0).square().stopGradient()).multiply(3)));
        assertPassed(GradientCheck.of(cube).check(x));
        CustomGradient right = new CustomGradient(in -> in.get(0).power(3),
                (in, y, upstream) -> List.of(upstream.multiply(in.get(0).square()).multiply(3)));
        assertPassed(GradientCheck.of(right).order(2).check(x));
        assertPassed(GradientCheck.of(right).order(3).check(x));
    }

    @Test
    void theDerivativesOfADefinitionAreThoseOfTheSecondOrder() {
        parabola.toInput = 7; // the definition is differentiated
        assertPassed(GradientCheck.of(parabola).order(2).check(x));
        parabola.hasComposition = false;
        Exception e = assertThrows(UnsupportedOperationException.class, () -> GradientCheck.of(parabola).order(2).check(x));
        assertTrue(e.getMessage().contains("Parabola"), e.getMessage());
    }

    // -------------------------------------------------------------------------------------------- what is compared

    @Test
    void functionsOfOneTwoAndManyTensors() {
        Tensor w = new Dice("w").normal(3, 2);
        assertEquals(12, GradientCheck.of(t -> t.exp().sum(0)).check(x).compared());
        assertEquals(18, GradientCheck.of((a, b) -> a.matmul(b).tanh()).check(x, w).compared());
        GradientCheck.Report many = GradientCheck.ofList(in -> in.get(0).matmul(in.get(1)).add(in.get(2))).check(x, w, Tensor.of(1, 2));
        assertPassed(many);
        assertEquals(20, many.compared());
    }

    @Test
    void variablesOfAFunctionAreCompared() {
        Variable w = new Variable("w", Tensor.of(0.5, 1, 2));
        GradientCheck.Report report = GradientCheck.of(t -> t.multiply(w).sum()).order(2).check(x);
        assertPassed(report);
        assertEquals(15, report.compared());
    }

    @Test
    void oneTensorTwiceCountsAsTwoInputs() {
        GradientCheck.Report report = GradientCheck.of((a, b) -> a.multiply(b.exp())).check(x, x);
        assertPassed(report);
        assertEquals(24, report.compared());
    }

    @Test
    void aConstantHasNoGradient() {
        assertPassed(GradientCheck.of(t -> t.multiply(t.stopGradient())).check(x));
    }

    @Test
    void whatIsComputedWithoutOperationsIsRefused() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> GradientCheck.of(t -> Tensor.of(t.toArray())).check(x));
        assertTrue(e.getMessage().startsWith("The result of the function depends on no input and no weight"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> GradientCheck.of(t -> t.stopGradient().exp()).check(x));
    }

    /** The tape has no record of it, so its differences are 0 as its gradient is. */
    @Test
    void whatGoesPartlyThroughArraysOrNumbersIsFound() {
        Tensor x = Tensor.of(0.5, -1, 2);
        String words = "depends on input 0 also through something that is not recorded";
        assertFailed(GradientCheck.of(t -> t.square().add(Tensor.of(t.exp().toArray()))).check(x), words);
        assertFailed(GradientCheck.of(t -> t.square().multiply(t.get(0))).check(x), words);
        assertFailed(GradientCheck.of(t -> t.square().add(new Tanh().forward(t))).check(x), words);
        Variable w = new Variable("scale", Tensor.of(2f));
        assertFailed(GradientCheck.of(t -> t.multiply(w).add(w.item())).check(x), "depends on weight 0 (scale) also through");
        assertEquals(2f, w.item());
        assertPassed(GradientCheck.of(t -> t.square().add(t.stopGradient().exp())).check(x)); // where none is wanted
        Diffable scale = new Diffable() {
            @Override
            public List<Variable> weights() {
                return List.of(w);
            }

            @Override
            protected Tensor compute(Call call) {
                return call.input(0).multiply(w.item());
            }
        };
        assertFailed(GradientCheck.of(scale).check(x), "depends on weight 0 (scale) also through");
    }

    @Test
    void kinksAndJumpsAreSkippedAndCounted() {
        Tensor at = Tensor.of(-1, 0, 2);
        for (GradientCheck check : List.of(GradientCheck.of(t -> t.relu()), GradientCheck.of(t -> t.abs()),
                GradientCheck.of(t -> t.maximum(0)), GradientCheck.of(t -> t.add(t.sign())), GradientCheck.of(t -> t.leakyRelu(0.99)),
                GradientCheck.of(t -> t.clip(0, 9).add(t)))) {
            GradientCheck.Report report = check.check(at);
            assertPassed(report);
            assertEquals(1, report.skipped(), report::toString);
            assertEquals(2, report.compared(), report::toString);
        }
        GradientCheck.Report near = GradientCheck.of(t -> t.relu()).check(Tensor.of(-1, 2e-6, -5e-6, 2));
        assertPassed(near);
        assertEquals(2, near.skipped());
        GradientCheck.Report ties = GradientCheck.of(t -> t.max()).check(Tensor.of(3, 1, 3));
        assertPassed(ties);
        assertEquals(2, ties.skipped());
    }

    @Test
    void nothingComparedIsNoSuccess() {
        assertFailed(GradientCheck.of(t -> t.abs()).check(Tensor.zeros(3)), "0 elements compared, 3 skipped");
        assertPassed(GradientCheck.of(t -> t.abs()).check(Tensor.zeros(0, 3)));
    }

    /** A smooth function is compared where its gradient is zero, however much it bends there. */
    @Test
    void flatPlacesAreCompared() {
        for (GradientCheck check : List.of(GradientCheck.of(t -> t.square().multiply(1e4)), GradientCheck.of(t -> t.power(3)),
                GradientCheck.of(t -> t.multiply(100).cos()), GradientCheck.of(t -> t.square().square()))) {
            GradientCheck.Report report = check.check(Tensor.of(0, 0.3, -2));
            assertPassed(report);
            assertEquals(0, report.skipped(), report::toString);
        }
    }

    @Test
    void largeAndSmallInputsAreCompared() {
        for (double size : new double[] {1e-3, 1e3, 1e6}) {
            GradientCheck.Report report = GradientCheck.of(t -> t.multiply(1 / size).tanh()).check(x.multiply(size));
            assertPassed(report);
            assertEquals(0, report.skipped(), report::toString);
        }
    }

    // ------------------------------------------------------------------------------------------------------ settings

    @Test
    void whatHasNoDefinitionIsCheckedToo() {
        parabola.hasComposition = false;
        assertPassed(GradientCheck.of(parabola).check(x));
        assertEquals(Tensor.of(0.5, 1, 2), parabola.w.copy(), "weights are as before");
        parabola.toWeight = 1.01;
        assertFailed(GradientCheck.of(parabola).check(x), "weight 0 (factor)");
    }

    @Test
    void aToleranceIsAShareOfTheLargest() {
        parabola.toInput = 1.001;
        assertPassed(GradientCheck.of(parabola).tolerance(0.0011).check(x));
        assertFailed(GradientCheck.of(parabola).tolerance(0.0009).check(x));
        assertThrows(IllegalArgumentException.class, () -> GradientCheck.of(parabola).tolerance(0));
        assertThrows(IllegalArgumentException.class, () -> GradientCheck.of(parabola).tolerance(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> GradientCheck.of(parabola).order(0));
    }

    @Test
    void layersBehaveAsInTrainingOrInference() {
        assertPassed(GradientCheck.of(parabola).check(x));
        assertTrue(parabola.training);
        assertPassed(GradientCheck.of(parabola).inference().check(x));
        assertFalse(parabola.training);
        assertPassed(GradientCheck.of(new BatchNormalization()).check(x));
        assertPassed(GradientCheck.of(new BatchNormalization()).inference().check(x));
    }

    @Test
    void anOpenTapeDoesNotRecordTheCheck() {
        try (GradientTape tape = new GradientTape()) {
            assertPassed(GradientCheck.of(parabola).check(x));
            assertEquals(List.of(), tape.operations());
            assertTrue(GradientTape.isRecording());
        }
    }
}
