package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("gradient")
class WorkspaceTest {

    private final Workspace workspace = new Workspace();

    @Test
    void theNextStepGetsTheSameTensors() {
        Tensor a = workspace.allocate(2, 3);
        Tensor b = workspace.allocate(Shape.of(2, 3));
        assertNotSame(a, b);
        workspace.restart();
        assertSame(a, workspace.allocate(2, 3));
        assertSame(b, workspace.allocate(Shape.of(2, 3)));
        assertNotSame(a, workspace.allocate(2, 3));
    }

    @Test
    void theMaskOfAStepEndsWithIt() {
        workspace.allocate(2, 3).masked(Tensor.ones(2, 3));
        workspace.allocate(Shape.of(2, 3, 4)).masked(Tensor.ones(2, 3));
        workspace.restart();
        assertTrue(workspace.allocate(2, 3).mask().isEmpty());
        assertTrue(workspace.allocate(Shape.of(2, 3, 4)).mask().isEmpty());
    }

    @Test
    void anotherShapeGetsAnotherTensor() {
        workspace.allocate(2, 3);
        Tensor second = workspace.allocate(4, 4);
        workspace.restart();
        assertEquals(Shape.of(3, 2), workspace.allocate(3, 2).shape());
        assertSame(second, workspace.allocate(4, 4));
        workspace.restart();
        assertEquals(Shape.of(3, 2, 1), workspace.allocate(Shape.of(3, 2, 1)).shape());
        workspace.restart();
        assertEquals(Shape.of(6, 1), workspace.allocate(6, 1).shape());
        workspace.restart();
        assertEquals(Shape.of(5, 1), workspace.allocate(5, 1).shape());
        assertEquals(Shape.of(3, 2), workspace.allocate(Shape.of(3, 2)).shape(), "fewer rows and fewer columns");
    }

    /** The last batch of an epoch has fewer rows: neither it nor the first one after it needs new memory. */
    @Test
    void fewerRowsAreAPartOfTheSameMemory() {
        for (int[] rest : new int[][] {{3}, {}, {2, 3}}) {
            Workspace memory = new Workspace();
            Tensor large = memory.allocate(Shape.of(rest).prepend(5));
            memory.restart();
            Tensor small = memory.allocate(Shape.of(rest).prepend(2));
            assertEquals(Shape.of(rest).prepend(2), small.shape());
            assertSame(large.data(), small.data());
            memory.restart();
            assertSame(large, memory.allocate(Shape.of(rest).prepend(5)));
            memory.restart();
            assertSame(large.data(), memory.allocate(Shape.of(rest).prepend(4)).data());
            memory.restart();
            assertEquals(Shape.of(rest).prepend(6), memory.allocate(Shape.of(rest).prepend(6)).shape());
        }
        Tensor large = workspace.allocate(5, 3);
        workspace.restart();
        assertSame(large.data(), workspace.allocate(4, 3).data());
        workspace.restart();
        assertSame(large, workspace.allocate(5, 3));
        workspace.restart();
        assertNotSame(large.data(), workspace.allocate(4, 2).data());
    }

    /** One training step's loss and gradients, as copies; every node is used that allocates. */
    private static final class Step {

        private final Dense first = new Dense(4, 5, Initializers.glorotUniform(), 1);
        private final Dense middle = new Dense(5, 5, Initializers.glorotUniform(), 2);
        private final Layer fused = middle.fused(new Sigmoid()).orElseThrow();
        private final Dense last = new Dense(5, 3, Initializers.glorotUniform(), 3);
        private final LeakyReLU leaky = new LeakyReLU();
        private final Loss loss;

        Step(Loss loss) {
            this.loss = loss;
        }

        List<Tensor> run(Workspace memory, Tensor x, Tensor y) {
            GradientTape tape = memory == null ? new GradientTape() : new GradientTape(memory, true);
            Tensor value;
            try (tape) {
                Tensor h = leaky.call(first.call(x));
                Tensor sum = new Add().call(h, fused.call(fused.call(h)));
                value = loss.call(new Softmax().call(last.call(sum)), y);
            }
            List<Tensor> gradients = tape.gradient(value,
                    List.of(x, first.w(), first.b(), middle.w(), middle.b(), last.w(), last.b(), value));
            return gradients.stream().map(Tensor::copy).toList();
        }
    }

    @Test
    void usedAgainOverBatchesOfAnySizeItGivesTheBitsOfFreshMemory() {
        for (Loss loss : List.of(new CategoricalCrossEntropy(), new MeanSquaredError())) {
            Dice dice = new Dice("workspace");
            Step step = new Step(loss);
            List<Tensor> before = List.of();
            for (int batch : new int[] {5, 3, 5, 5, 1, 8, 5, 0, 2}) {
                Tensor x = dice.normal(batch, 4);
                Tensor y = Tensor.generate(i -> i % 3 == i / 3 % 3 ? 1 : 0, batch, 3);
                List<Tensor> reused = step.run(workspace, x, y);
                assertEquals(step.run(null, x, y), reused, "batch of " + batch);
                assertNotEquals(before, reused);
                before = reused;
            }
        }
    }

    /** Results and gradients of operations are in memory that had other contents in the step before. */
    @ParameterizedTest
    @MethodSource("operations")
    void operationsWriteAllOfTheirMemory(OperationCase each) {
        for (List<Shape> shapes : each.shapes()) {
            List<Tensor> inputs = each.inputs(shapes);
            List<Tensor> expected = resultAndGradients(new GradientTape(), each, inputs);
            Workspace memory = new Workspace();
            resultAndGradients(new GradientTape(memory, true), each, inputs.stream().map(x -> x.multiply(Double.NaN)).toList());
            assertEquals(expected, resultAndGradients(new GradientTape(memory, true), each, inputs), () -> each + " of " + shapes);
        }
    }

    static List<OperationCase> operations() {
        return OperationCase.ALL.stream().filter(each -> !each.name().startsWith("takeAlong")).toList(); // whose indices are inputs
    }

    private static List<Tensor> resultAndGradients(GradientTape tape, OperationCase each, List<Tensor> inputs) {
        List<Tensor> results = new ArrayList<>();
        try (tape) {
            tape.watch(inputs.toArray(Tensor[]::new));
            results.add(each.function().apply(inputs));
        }
        results.addAll(tape.gradient(results.get(0), inputs));
        return results;
    }

    /** A constant may be kept from step to step, and so may a copy. */
    @Test
    void onlyWhatHasAGradientAndIsNoCopyIsOverwritten() {
        List<Tensor> first = results(1);
        List<Tensor> second = results(2);
        assertSame(first.get(0).data(), second.get(0).data());
        assertEquals(Tensor.full(3, 2), first.get(1));
        assertEquals(Tensor.full(2, 2), first.get(2));
    }

    private List<Tensor> results(double value) {
        try (GradientTape tape = new GradientTape(workspace, true)) {
            Tensor x = Tensor.full(value, 2);
            Tensor constant = x.add(2);
            tape.watch(x);
            Tensor result = x.add(1);
            return List.of(result, constant, result.copy());
        }
    }

    @Test
    void theNextTapeForgetsTheStepBefore() {
        Dense dense = new Dense(2, 2, Initializers.glorotUniform(), 1);
        Tensor y;
        try (GradientTape tape = new GradientTape(workspace, true)) {
            y = dense.call(Tensor.ones(3, 2));
            assertSame(dense, tape.producer(y).diffable());
        }
        try (GradientTape next = new GradientTape(workspace, true)) {
            assertNull(next.producer(y));
            assertSame(y, next.allocate(3, 2));
            assertNull(next.gradient(y, List.of(dense.w())).get(0));
        }
    }

    /** Both steps have the same tensors, so an earlier tape would return the gradients of the later step. */
    @Test
    void theTapeOfAnEarlierStepSaysThatItIsOver() {
        Dense dense = new Dense(2, 2, Initializers.glorotUniform(), 1);
        GradientTape earlier = new GradientTape(workspace, true);
        Tensor y;
        try (earlier) {
            y = dense.call(Tensor.ones(3, 2));
        }
        GradientTape later = new GradientTape(workspace, true);
        try (later) {
            assertSame(y, dense.call(Tensor.full(5, 3, 2)));
        }
        for (Runnable question : List.<Runnable>of(() -> earlier.gradient(y, dense.weights()),
                () -> earlier.gradient(y, dense.weights(), Tensor.ones(3, 2)), () -> earlier.producer(y))) {
            Exception e = assertThrows(IllegalStateException.class, question::run);
            assertTrue(e.getMessage().startsWith("The step of this GradientTape is over"), e.getMessage());
        }
        assertEquals(Tensor.full(15, 2, 2), later.gradient(y, List.of(dense.w())).get(0));
    }

    @Test
    void aTapeThatIsRefusedLeavesTheStepAsItIs() {
        Dense dense = new Dense(2, 2, Initializers.glorotUniform(), 1);
        try (GradientTape tape = new GradientTape(workspace, true)) {
            Tensor y = dense.call(Tensor.ones(3, 2));
            assertThrows(IllegalStateException.class, () -> new GradientTape(workspace, true));
            assertSame(dense, tape.producer(y).diffable());
            assertNotSame(y, dense.call(Tensor.ones(3, 2)));
        }
    }

    @Test
    void gradientsAskedForTwiceDoNotShareMemory() {
        Dense dense = new Dense(2, 2, Initializers.glorotUniform(), 1);
        GradientTape tape = new GradientTape(workspace, true);
        Tensor y;
        try (tape) {
            y = dense.call(Tensor.ones(3, 2));
        }
        Tensor once = tape.gradient(y, List.of(dense.w())).get(0);
        Tensor kept = once.copy();
        tape.gradient(y, List.of(dense.w()), Tensor.full(5, 3, 2));
        assertEquals(kept, once);
    }
}
