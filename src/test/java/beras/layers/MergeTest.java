package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.tensor.Dice;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers that make one tensor of several, or another shape of one: values and gradients by hand. */
@Tag("layers")
class MergeTest {

    private static final Tensor A = Tensor.of(new float[][] {{1, 5, 2}});
    private static final Tensor B = Tensor.of(new float[][] {{4, 5, -1}});
    private static final Tensor C = Tensor.of(new float[][] {{-2, 0, 2}});

    static Stream<Arguments> layers() {
        return Stream.of(
                merge(new Add(), row(3, 10, 3), row(1, 1, 1), row(1, 1, 1), row(1, 1, 1)),
                merge(new Multiply(), row(-8, 0, -4), row(-8, 0, -2), row(-2, 0, 4), row(4, 25, -2)),
                merge(new Average(), row(1, 10 / 3f, 1), row(1 / 3f, 1 / 3f, 1 / 3f), row(1 / 3f, 1 / 3f, 1 / 3f),
                        row(1 / 3f, 1 / 3f, 1 / 3f)),
                merge(new Maximum(), row(4, 5, 2), row(0, 1, 1), row(1, 0, 0), row(0, 0, 0)), // of equal ones the first
                merge(new Minimum(), row(-2, 0, -1), row(0, 0, 0), row(0, 0, 1), row(1, 1, 0)),
                Arguments.of(new Subtract(), List.of(A, B), row(-3, 0, 3), List.of(row(1, 1, 1), row(-1, -1, -1))),
                Arguments.of(new Concatenate(), List.of(A, B), row(1, 5, 2, 4, 5, -1), List.of(row(1, 1, 1), row(1, 1, 1))));
    }

    private static Arguments merge(Layer layer, Tensor value, Tensor... gradients) {
        return Arguments.of(layer, List.of(A, B, C), value, List.of(gradients));
    }

    private static Tensor row(float... values) {
        return Tensor.of(new float[][] {values});
    }

    @ParameterizedTest
    @MethodSource("layers")
    void valuesAndGradients(Layer layer, List<Tensor> inputs, Tensor value, List<Tensor> gradients) {
        Recorded recorded = Recorded.of(() -> layer.call(inputs.toArray(Tensor[]::new)));
        assertEquals(value, recorded.target());
        // Not assertEquals: a product with 0 may be -0.
        List<Tensor> actual = recorded.gradient(inputs);
        for (int i = 0; i < gradients.size(); i++) {
            assertEquals(gradients.get(i).add(0f), actual.get(i).add(0f), "input " + i);
        }
    }

    @Test
    void concatenatesAlongAnyAxisButTheFirst() {
        Tensor a = Tensor.generate(i -> i, 2, 1, 2);
        Tensor b = Tensor.generate(i -> 10 + i, 2, 2, 2);
        Tensor expected = Tensor.of(0, 1, 10, 11, 12, 13, 2, 3, 14, 15, 16, 17).reshape(2, 3, 2);
        assertEquals(expected, new Concatenate(1).forward(a, b));
        assertEquals(expected, new Concatenate(-2).forward(a, b));
        assertEquals(Shape.of(2, 2, 4), new Concatenate().forward(b, b).shape());
    }

    @Test
    void refusesAxesThatAreNotThere() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Concatenate(0));
        assertEquals("The axis of Concatenate must not be the batch axis. Received: 0", e.getMessage());
        for (int axis : new int[] {2, -2, -3, 7}) {
            e = assertThrows(IllegalArgumentException.class, () -> new Concatenate(axis).forward(A, B));
            assertEquals("Concatenate along axis " + axis + " needs inputs that have this axis and agree in all others."
                    + " Received: [(1, 3), (1, 3)]", e.getMessage());
        }
    }

    @Test
    void concatenateDoesNotWrapASize() {
        Shape large = Shape.of(Integer.MAX_VALUE);
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> new Concatenate().outputShape(List.of(large, Shape.of(1))));
        assertEquals("Concatenate gives an axis of at most 2147483647. Received inputs that together have 2147483648:"
                + " [(2147483647,), (1,)]", e.getMessage());
    }

    @Test
    void takesBatchesThatFit() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Add().forward(A, Tensor.zeros(2, 3)));
        assertEquals("Add needs batches of one size. Received: [(1, 3), (2, 3)]", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Add().forward(A, Tensor.zeros(1, 2)));
        assertEquals("Add needs inputs of one shape, or of shapes that broadcast. Received: [(3,), (2,)]", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Subtract().forward(A, B, C));
        assertEquals("Subtract takes 2 inputs. Received: 3", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Add().forward());
        assertEquals("Add takes at least one input. Received: 0", e.getMessage());
    }

    @Test
    void dotSumsTheProductsAlongAnAxisOfEach() {
        Tensor a = new Dice("a").normal(2, 3, 4);
        Tensor b = new Dice("b").normal(2, 4, 5);
        assertTrue(new Dot(2, 1).forward(a, b).allClose(Tensor.einsum("bik,bkj->bij", a, b), 1e-6, 1e-6));
        assertEquals(new Dot(2, 1).forward(a, b), new Dot(-1, -2).forward(a, b));
        assertEquals(Tensor.of(new float[][] {{27}}), new Dot(-1).forward(A, B));
        float cosine = new Dot(1).with("normalize", true).forward(A, B).item();
        assertEquals(27 / Math.sqrt(30 * 42), cosine, 1e-6);
        assertEquals(0f, new Dot(1).with("normalize", true).forward(A, A.multiply(0)).item());
        for (int[] axes : new int[][] {{0}, {1, 0}, {}, {1, 2, 3}}) {
            assertThrows(IllegalArgumentException.class, () -> new Dot(axes));
        }
    }

    @Test
    void reshapeRefusesOtherNumbersOfElements() {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Reshape(2, -1).forward(A));
        assertEquals("Reshape needs examples of as many elements as [2, -1] has. Received shape: (3,)", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> new Reshape(0, -1).outputShape(Shape.of(0)));
        assertEquals("Reshape needs examples of as many elements as [0, -1] has. Received shape: (0,)", e.getMessage());
        for (int[] sizes : new int[][] {{-1, -1}, {-2}}) {
            assertThrows(IllegalArgumentException.class, () -> new Reshape(sizes));
        }
    }
}
