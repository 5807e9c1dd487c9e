package beras.constraints;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Constraints by name and config, their axes, and what they refuse. */
@Tag("layers")
class ConstraintsTest {

    static Stream<Constraint> all() {
        return Stream.of(new MaxNorm(0.5f, 0, -1), new UnitNorm(1), new MinMaxNorm(0.1f, 0.2f, 0.3, 1), new NonNegative());
    }

    @ParameterizedTest
    @MethodSource("all")
    void comesBackFromItsConfig(Constraint constraint) {
        Constraint again = Constraints.REGISTRY.of(constraint.config());
        assertEquals(constraint.config(), again.config());
        assertEquals(constraint.getClass(), again.getClass());
        assertEquals(applied(constraint, random(3, 4)), applied(again, random(3, 4)));
    }

    @Test
    void theSmallestNormMayBeTheLargestAlongAnyAxis() {
        assertEquals("MinMaxNorm(minValue=1.0, maxValue=1.0, rate=0.5, axis=[1])", new MinMaxNorm(1, 1, 0.5, 1).config().toString());
    }

    @Test
    void changesTheWeightInPlace() {
        Variable w = new Variable(Tensor.of(new float[][] {{3, -1}, {4, 0}}));
        float[] data = w.data();
        new NonNegative().apply(w);
        assertEquals(Tensor.of(new float[][] {{3, 0}, {4, 0}}), w.copy());
        new UnitNorm().apply(w);
        assertTrue(w.allClose(Tensor.of(new float[][] {{0.6f, 0}, {0.8f, 0}}), 1e-6, 0), w::toString);
        assertSame(data, w.data());
    }

    /** Norms over a window and its channels, as of a convolution's weight; negative axes count from the last. */
    @Test
    void takesNormsOverSeveralAxes() {
        Tensor w = random(2, 3, 4, 5);
        Tensor unit = applied(new UnitNorm(0, 1, 2), w);
        Tensor norms = unit.multiply(unit).reshape(24, 5).sum(0);
        assertTrue(norms.allClose(Tensor.ones(5), 1e-5, 0), norms::toString);
        assertTrue(unit.allClose(applied(new UnitNorm(-4, -3, -2), w), 0, 0));
        assertTrue(unit.allClose(applied(new UnitNorm(0), w.reshape(24, 5)).reshape(2, 3, 4, 5), 1e-6, 1e-7));
    }

    @ParameterizedTest
    @MethodSource("all")
    void takesEmptyWeights(Constraint constraint) {
        for (Shape shape : List.of(Shape.of(0, 3), Shape.of(3, 0))) {
            assertEquals(Tensor.zeros(shape), applied(constraint, Tensor.zeros(shape)));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.1f, Float.NaN, Float.POSITIVE_INFINITY})
    void refusesNormsOutOfRange(float wrong) {
        assertRefused("maxValue of MaxNorm must be finite and at least 0", wrong, () -> new MaxNorm(wrong));
        assertRefused("minValue of MinMaxNorm must be finite and at least 0", wrong, () -> new MinMaxNorm(wrong, 1f, 1));
        assertRefused("maxValue of MinMaxNorm must be finite and at least 0", wrong, () -> new MinMaxNorm(0f, wrong, 1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.1, Double.NaN})
    void refusesARateOutOfRange(double wrong) {
        assertRefused("rate of MinMaxNorm must be " + (wrong > 0 ? "from 0 to 1" : "finite and above 0"), wrong,
                () -> new MinMaxNorm(0f, 1f, wrong));
    }

    @Test
    void refusesARangeTheWrongWayRoundAndAxesThatAreNotThere() {
        assertRefused("minValue of MinMaxNorm must be at most maxValue", "2.0 and 1.0", () -> new MinMaxNorm(2f, 1f, 1));
        assertThrows(IllegalArgumentException.class, () -> applied(new MaxNorm(1f, 2), random(3, 4)));
        assertThrows(IllegalArgumentException.class, () -> applied(new MaxNorm(1f, -3), random(3, 4)));
    }

    private static Tensor applied(Constraint constraint, Tensor w) {
        Variable variable = new Variable(w);
        constraint.apply(variable);
        return variable.copy();
    }

    private static Tensor random(int... shape) {
        return Tensor.generate(new Rng(3, "test", 0)::normal, shape);
    }
}
