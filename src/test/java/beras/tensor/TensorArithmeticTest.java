package beras.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Elementwise operations, against one loop over the indices. */
@Tag("core")
class TensorArithmeticTest {

    private interface FloatOp {
        float apply(float a, float b);
    }

    private static final Map<FloatOp, BinaryOperator<Tensor>> OPS = Map.of(
            (a, b) -> a + b, Tensor::add,
            (a, b) -> a - b, Tensor::subtract,
            (a, b) -> a * b, Tensor::multiply,
            (a, b) -> a / b, Tensor::divide,
            Math::max, Tensor::maximum,
            Math::min, Tensor::minimum);

    private static void assertAllOps(Tensor a, Tensor b) {
        Shape shape = a.shape().broadcast(b.shape());
        OPS.forEach((op, operation) -> {
            Tensor result = operation.apply(a, b);
            assertEquals(shape, result.shape());
            assertTrue(result.isContiguous());
            Indices.forEach(shape,
                    i -> assertEquals(op.apply(Indices.broadcastGet(a, i), Indices.broadcastGet(b, i)), result.get(i),
                            () -> a.shape() + " and " + b.shape()));
        });
    }

    @Test
    void broadcastingEqualsTheNaiveLoopOnRandomShapesAndLayouts() {
        Dice dice = new Dice("broadcast");
        for (int trial = 0; trial < 400; trial++) {
            Shape shape = dice.shape(4);
            assertAllOps(dice.view(dice.narrower(shape)), dice.view(dice.narrower(shape)));
        }
    }

    @Test
    void broadcastingOfLargeRowsColumnsAndNumbers() {
        Dice dice = new Dice("large");
        Tensor matrix = dice.normal(37, 129);
        for (Tensor other : new Tensor[] {
                matrix, dice.normal(37, 1), dice.normal(1, 129), dice.normal(129), Tensor.scalar(3),
                dice.normal(129, 37).transpose(), dice.normal(1, 1), dice.normal(129).broadcastTo(Shape.of(37, 129))}) {
            assertAllOps(matrix, other);
            assertAllOps(other, matrix);
        }
    }

    @Test
    void numbersOnTheRight() {
        Tensor t = Tensor.of(1, -2);
        assertEquals(Tensor.of(1.5f, -1.5f), t.add(0.5f));
        assertEquals(Tensor.of(0.5f, -2.5f), t.subtract(0.5f));
        assertEquals(Tensor.of(3, -6), t.multiply(3));
        assertEquals(Tensor.of(0.5f, -1), t.divide(2));
        assertEquals(Tensor.of(-1, 2), t.negate());
        assertEquals(Tensor.of(-0f), Tensor.of(0f).negate());
    }

    @Test
    void operandsAreNotChanged() {
        Tensor a = Tensor.of(1, 2);
        Tensor b = Tensor.of(3, 4);
        OPS.values().forEach(operation -> assertNotSame(a, operation.apply(a, b)));
        assertNotSame(a, a.exp());
        assertNotSame(a, a.negate());
        assertEquals(Tensor.of(1, 2), a);
        assertEquals(Tensor.of(3, 4), b);
    }
}
