package beras.constraints;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

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

    private static Constraint made(String type, Object... values) {
        return Constraints.REGISTRY.of(type, values);
    }

    static Stream<Constraint> all() {
        return Stream.of(made("max_norm", 0.5f, List.of(0, -1)), made("unit_norm", List.of(1)),
                made("min_max_norm", 0.1f, 0.2f, 0.3, List.of(1)), made("non_neg"));
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
        assertEquals("MinMaxNorm(minValue=1.0, maxValue=1.0, rate=0.5, axis=[1])", made("min_max_norm", 1, 1, 0.5, List.of(1)).config().toString());
    }

    @Test
    void changesTheWeightInPlace() {
        Variable w = new Variable(Tensor.of(new float[][] {{3, -1}, {4, 0}}));
        float[] data = w.data();
        made("non_neg").apply(w);
        assertEquals(Tensor.of(new float[][] {{3, 0}, {4, 0}}), w.copy());
        made("unit_norm").apply(w);
        assertTrue(w.allClose(Tensor.of(new float[][] {{0.6f, 0}, {0.8f, 0}}), 1e-6, 0), w::toString);
        assertSame(data, w.data());
    }

    /** Norms over a window and its channels, as of a convolution's weight; negative axes count from the last. */
    @Test
    void takesNormsOverSeveralAxes() {
        Tensor w = random(2, 3, 4, 5);
        Tensor unit = applied(made("unit_norm", List.of(0, 1, 2)), w);
        Tensor norms = unit.multiply(unit).reshape(24, 5).sum(0);
        assertTrue(norms.allClose(Tensor.ones(5), 1e-5, 0), norms::toString);
        assertTrue(unit.allClose(applied(made("unit_norm", List.of(-4, -3, -2)), w), 0, 0));
        assertTrue(unit.allClose(applied(made("unit_norm", List.of(0)), w.reshape(24, 5)).reshape(2, 3, 4, 5), 1e-6, 1e-7));
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
        assertRefused("maxValue of MaxNorm must be finite and at least 0", wrong, () -> made("max_norm", wrong));
        assertRefused("minValue of MinMaxNorm must be finite and at least 0", wrong, () -> made("min_max_norm", wrong, 1f, 1));
        assertRefused("maxValue of MinMaxNorm must be finite and at least 0", wrong, () -> made("min_max_norm", 0f, wrong, 1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.1, Double.NaN})
    void refusesARateOutOfRange(double wrong) {
        assertRefused("rate of MinMaxNorm must be " + (wrong > 0 ? "from 0 to 1" : "finite and above 0"), wrong,
                () -> made("min_max_norm", 0f, 1f, wrong));
    }

    @Test
    void refusesARangeTheWrongWayRoundAndAxesThatAreNotThere() {
        assertRefused("minValue of MinMaxNorm must be at most maxValue", "2.0 and 1.0", () -> made("min_max_norm", 2f, 1f, 1));
        assertThrows(IllegalArgumentException.class, () -> applied(made("max_norm", 1f, List.of(2)), random(3, 4)));
        assertThrows(IllegalArgumentException.class, () -> applied(made("max_norm", 1f, List.of(-3)), random(3, 4)));
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
