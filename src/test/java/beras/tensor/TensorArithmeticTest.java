package beras.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
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

    @Test
    void nanWinsInMaximumAndMinimum() {
        Tensor nan = Tensor.of(Float.NaN, 1);
        assertEquals(Tensor.of(Float.NaN, 2), nan.maximum(Tensor.of(2, 2)));
        assertEquals(Tensor.of(Float.NaN, 1), Tensor.of(2, 2).minimum(nan));
    }

    @Test
    void shapesThatDoNotFitAreNamedBoth() {
        Tensor a = Tensor.zeros(2, 3);
        Tensor b = Tensor.zeros(2, 4);
        OPS.values().forEach(operation -> {
            Exception e = assertThrows(IllegalArgumentException.class, () -> operation.apply(a, b));
            assertTrue(e.getMessage().startsWith("Shapes (2, 3) and (2, 4) do not broadcast"), e.getMessage());
        });
    }

    @Test
    void functionsOfOneNumberOnAnyLayout() {
        Map<DoubleUnaryOperator, UnaryOperator<Tensor>> functions = Map.of(
                Math::exp, Tensor::exp, Math::tanh, Tensor::tanh, x -> Math.log(Math.abs(x)), t -> abs(t).log(),
                x -> Math.sqrt(Math.abs(x)), t -> abs(t).sqrt());
        Dice dice = new Dice("functions");
        for (int trial = 0; trial < 50; trial++) {
            Tensor x = dice.view(dice.shape(3));
            functions.forEach((reference, function) -> {
                Tensor y = function.apply(x);
                assertEquals(x.shape(), y.shape());
                Indices.forEach(x.shape(), i -> {
                    double expected = reference.applyAsDouble(x.get(i));
                    assertEquals(expected, y.get(i), 3e-7 * Math.abs(expected));
                });
            });
        }
    }

    private static Tensor abs(Tensor t) {
        return t.maximum(t.negate());
    }
}
