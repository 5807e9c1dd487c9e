package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.optimizers.SGD;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which operations of tensors a tape records, the cost, and which of them have gradients. */
@Tag("gradient")
class RecordedOperationsTest {

    private final Tensor x = Tensor.of(1, -2, 3);
    private final Variable w = new Variable(Tensor.of(0.5, 2, 4));

    @AfterEach
    void noTapeIsLeftOpen() {
        assertFalse(GradientTape.isRecording());
    }

    // ------------------------------------------------------------------------------------------------- what is recorded

    @Test
    void arithmeticOfConstantsIsNot() {
        try (GradientTape tape = new GradientTape()) {
            Tensor y = x.multiply(2).exp().sum();
            assertEquals(List.of(), tape.operations());
            assertNull(tape.producer(y));
            assertNull(tape.gradient(y, w));
        }
    }

    @Test
    void whatLeadsToAVariableOrAWatchedTensorIs() {
        try (GradientTape tape = new GradientTape()) {
            Tensor a = w.multiply(x);
            Tensor b = x.add(a);
            assertEquals(List.of("MULTIPLY", "ADD"), tape.operations().stream().map(use -> use.operation().toString()).toList());
            tape.watch(x);
            x.exp();
            assertEquals(3, tape.operations().size());
            assertEquals(x, tape.gradient(b, w));
        }
    }

    /** For an operation that is recorded for another input, and for one that was not used at all. */
    @Test
    void constantsOfRecordedOperationsHaveGradients() {
        try (GradientTape tape = new GradientTape()) {
            Tensor constant = Tensor.of(7, 8, 9);
            assertEquals(w.copy(), tape.gradient(w.multiply(constant), constant));
            assertNull(tape.gradient(w.square(), Tensor.of(1)));
        }
    }

    @Test
    void aSourceThatTheTapeDidNotKnowIsRefused() {
        try (GradientTape tape = new GradientTape()) {
            Tensor y = x.square().multiply(w);
            Exception e = assertThrows(IllegalArgumentException.class, () -> tape.gradient(y, List.of(w, x)));
            assertEquals("Source 1, of shape (3,), was used in arithmetic that is not recorded, as the tape did not watch it: call"
                    + " tape.watch(source) before its first use", e.getMessage());
            tape.watch(x);
            Tensor z = x.square();
            assertThrows(IllegalArgumentException.class, () -> tape.gradient(z, x), "the first use may lead there, too");
        }
    }

    @Test
    void comparisonsHaveNoGradient() {
        try (GradientTape tape = new GradientTape()) {
            tape.watch(x);
            for (Tensor y : List.of(x.greater(0), x.lessEqual(w), x.sign(), x.floor(), x.equal(1), x.notEqual(w), x.stopGradient().exp())) {
                assertNull(tape.gradient(y, x));
            }
            assertEquals(Tensor.of(2, 0, 2), tape.gradient(x.multiply(x.greater(0)).multiply(2), x));
        }
    }

    @Test
    void stopGradientMakesAConstant() {
        try (GradientTape tape = new GradientTape()) {
            tape.watch(x);
            assertEquals(x, tape.gradient(x.multiply(x.stopGradient()), x));
            assertNull(tape.gradient(x.stopGradient().exp(), x));
            assertNull(tape.gradient(w.stopGradient().exp(), w));
            w.assign(9);
            assertEquals(Tensor.full(9, 3), w.stopGradient());
        }
    }

    @Test
    void pausedAndForwardLeaveNoTrace() {
        try (GradientTape tape = new GradientTape()) {
            Dense dense = new Dense(3, 2);
            Tensor row = Tensor.ones(1, 3);
            GradientTape.paused(() -> w.multiply(2));
            dense.forward(row);
            assertEquals(List.of(), tape.operations());
            assertTrue(GradientTape.isRecording());
            dense.call(row);
            assertEquals(1, tape.operations().size());
        }
    }

    /** Where it is used as an input again, too. */
    @Test
    void gradientsAddUpOverAllUses() {
        try (GradientTape tape = new GradientTape()) {
            tape.watch(x);
            Tensor y = x.multiply(x).add(x).subtract(x.multiply(3));
            assertEquals(x.multiply(2).subtract(2), tape.gradient(y, x));
            Tensor joined = Tensor.concatenate(0, x, x, x);
            assertEquals(Tensor.full(3, 3), tape.gradient(joined, x));
            assertEquals(Tensor.of(0, 1, 2), tape.gradient(x.gather(0, 1, 2, 2), x));
        }
    }

    @Test
    void viewsOfVariablesLeadToThem() {
        try (GradientTape tape = new GradientTape()) {
            Variable matrix = new Variable(Tensor.of(new float[][] {{1, 2}, {3, 4}}));
            Tensor y = matrix.transpose().slice(0, 1).reshape(2).multiply(Tensor.of(5, 7));
            assertEquals(Tensor.of(new float[][] {{5, 0}, {7, 0}}), tape.gradient(y, matrix));
        }
    }

    // ------------------------------------------------------------------------------------------------------- jacobians

    @Test
    void axesThatTheCallerChangesLaterDoNotCount() {
        int[] axes = {1, 2, 0};
        Tensor x = new Dice("x").normal(2, 3, 4);
        Recorded recorded = Recorded.of(() -> x.transpose(axes), x);
        Arrays.sort(axes);
        assertEquals(Tensor.ones(2, 3, 4), recorded.gradient(x));
    }

    /** The gradient to x is w, but w was 2. */
    @Test
    void aVariableThatHasChangedSinceIsRefused() {
        Tensor x = Tensor.of(3f);
        List<Consumer<Variable>> changes = List.of(w -> w.assign(5),
                w -> new SGD(0.1).applyGradients(List.of(w), List.of(Tensor.ones(1))));
        List<UnaryOperator<Tensor>> uses = List.of(w -> w, w -> w.reshape(1, 1).transpose().slice(0, 1), Tensor::stopGradient);
        for (Consumer<Variable> change : changes) {
            for (UnaryOperator<Tensor> use : uses) {
                Variable w = new Variable(Tensor.of(2f));
                GradientTape tape = new GradientTape();
                Tensor y;
                Tensor unaffected;
                try (tape) {
                    tape.watch(x);
                    y = use.apply(w).multiply(x);
                    unaffected = x.square();
                }
                assertEquals(2f, tape.gradient(y, x).item());
                change.accept(w);
                Exception e = assertThrows(IllegalStateException.class, () -> tape.gradient(y, x));
                assertTrue(e.getMessage().contains("MULTIPLY was computed with has been changed since"), e.getMessage());
                assertEquals(6f, tape.gradient(unaffected, x).item());
            }
        }
    }

    @Test
    void aLayerWhoseWeightsHaveChangedSinceIsRefused() {
        Dense dense = new Dense(2, "tanh");
        Tensor x = Tensor.ones(1, 3);
        Recorded recorded = Recorded.of(() -> dense.call(x), x);
        dense.weights().get(0).assign(1);
        assertThrows(IllegalStateException.class, () -> recorded.gradient(x));
    }

    /** It is changed by the second call, while both are recorded. */
    @Test
    void theStateOfALayerMayChange() {
        BatchNormalization norm = new BatchNormalization();
        Tensor x = new Dice("x").normal(4, 2);
        Recorded recorded = Recorded.of(() -> norm.call(norm.call(x)).square(), x);
        assertEquals(x.shape(), recorded.gradient(x).shape());
    }

    @Test
    void theJacobianHasTheShapesOfBoth() {
        try (GradientTape tape = new GradientTape()) {
            Tensor matrix = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
            tape.watch(x, matrix);
            Tensor y = matrix.matmul(x.reshape(3, 1));
            assertEquals(matrix.reshape(2, 1, 3), tape.jacobian(y, x));
            Tensor toMatrix = tape.jacobian(y, matrix);
            assertEquals(Shape.of(2, 1, 2, 3), toMatrix.shape());
            assertEquals(Tensor.of(1, -2, 3, 0, 0, 0, 0, 0, 0, 1, -2, 3), toMatrix.reshape(12));
            assertEquals(tape.gradient(x.square().sum(), x), tape.jacobian(x.square().sum(), x));
            assertNull(tape.jacobian(w.square(), x));
            assertEquals(Shape.of(0, 3), tape.jacobian(x.slice(0, 0), x).shape());
        }
    }

    @Test
    void theJacobianOfAGradientIsTheHessian() {
        try (GradientTape tape = new GradientTape()) {
            tape.watch(x);
            Recorded recorded = Recorded.of(() -> x.product().add(x.power(3).sum()), x);
            Tensor hessian = tape.jacobian(recorded.gradient(x), x);
            assertEquals(Tensor.of(new float[][] {{6, 3, -2}, {3, -12, 1}, {-2, 1, 18}}), hessian);
        }
    }

    // ---------------------------------------------------------------------------------------------------------- memory

    @Test
    void aTapeThatIsClosedIsForgotten() {
        WeakReference<GradientTape> closed = closedTape();
        for (int attempt = 0; attempt < 50 && closed.get() != null; attempt++) {
            System.gc();
        }
        assertNull(closed.get(), "kept by the thread, a variable or a tensor");
    }

    private WeakReference<GradientTape> closedTape() {
        Recorded recorded = Recorded.of(() -> x.multiply(w).sum(), x);
        recorded.gradient(List.of(x, w));
        return new WeakReference<>(recorded.tape());
    }

    @Test
    void aWorkspaceDoesNotGrowFromStepToStep() {
        Workspace workspace = new Workspace();
        List<List<Integer>> sizes = new ArrayList<>();
        for (int step = 0; step < 20; step++) {
            GradientTape each = new GradientTape(workspace, true);
            Tensor input = Tensor.of(step, 1, 2);
            Tensor y;
            try (each) {
                each.watch(input);
                y = input.exp().multiply(w).add(Tensor.of(1).multiply(2)).sum();
            }
            each.gradient(y, List.of(w, input));
            sizes.add(List.of(workspace.operations.size(), workspace.producers.size(), workspace.watched.size(), workspace.unfollowed.size(),
                    workspace.gradients.size(), workspace.dependents.size()));
        }
        assertEquals(1, sizes.stream().distinct().count(), sizes::toString);
    }
}
