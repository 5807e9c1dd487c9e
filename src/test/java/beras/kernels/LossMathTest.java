package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What golden cases do not reach: the whole range of the functions that could lose digits, and derivatives at kinks. */
@Tag("kernels")
class LossMathTest {

    private static final int STRIDE = 100_003;
    private static final double MAX_ULPS = 3;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void log1pKeepsItsDigits() {
        double worst = 0;
        for (long bits = 0; bits < Float.floatToIntBits(INFINITY); bits += STRIDE) {
            float x = Float.intBitsToFloat((int) bits);
            worst = Math.max(worst, ulps(StrictMath.log1p(x), LossMath.log1p(x)));
            if (x < 0.5f) {
                worst = Math.max(worst, ulps(StrictMath.log1p(-x), LossMath.log1p(-x)));
            }
        }
        assertTrue(worst <= MAX_ULPS, "log1p is " + worst + " ulp off");
        assertTrue(worst > 0.3, "the measure itself must see rounding: " + worst);
        assertEquals(INFINITY, LossMath.log1p(INFINITY));
        assertEquals(Float.NaN, LossMath.log1p(Float.NaN));
    }

    @Test
    void logCoshKeepsItsDigits() {
        double worst = 0;
        for (long bits = Float.floatToIntBits(1e-12f); bits < Float.floatToIntBits(INFINITY); bits += STRIDE) {
            float x = Float.intBitsToFloat((int) bits);
            double sinh = StrictMath.sinh(x / 2.0);
            double exact = x < 1 ? StrictMath.log1p(2 * sinh * sinh)
                    : x + StrictMath.log1p(StrictMath.exp(-2.0 * x)) - StrictMath.log(2);
            worst = Math.max(worst, ulps(exact, LossMath.apply(LossOp.LOG_COSH, 0f, x, 0f)));
            assertEquals(LossMath.apply(LossOp.LOG_COSH, 0f, x, 0f), LossMath.apply(LossOp.LOG_COSH, 0f, 0f, x));
        }
        assertTrue(worst <= 2 * MAX_ULPS, "log(cosh) is " + worst + " ulp off");
        assertEquals(0f, LossMath.apply(LossOp.LOG_COSH, 0f, 3f, 3f));
        assertEquals(INFINITY, LossMath.apply(LossOp.LOG_COSH, 0f, -INFINITY, 3f));
    }

    private static double ulps(double exact, float actual) {
        return Math.abs(exact - actual) / Math.ulp((float) exact);
    }

    /** No clip or maximum hides a NaN; of a hinge the derivative does not depend on the prediction. */
    @ParameterizedTest
    @EnumSource
    void nanGoesThrough(LossOp op) {
        assertEquals(Float.NaN, LossMath.apply(op, 1f, Float.NaN, 0.5f));
        assertEquals(op == LossOp.HINGE ? -0.5f : Float.NaN, LossMath.derivative(op, 1f, Float.NaN, 0.5f));
    }

    @Test
    void derivativesAtKinks() {
        assertEquals(0f, LossMath.derivative(LossOp.ABSOLUTE, 0f, 2f, 2f));
        assertEquals(0f, LossMath.derivative(LossOp.QUANTILE, 0.75f, 2f, 2f));
        assertEquals(0.25f, LossMath.derivative(LossOp.QUANTILE, 0.75f, 2.5f, 2f));
        assertEquals(-0.75f, LossMath.derivative(LossOp.QUANTILE, 0.75f, 1.5f, 2f));
        assertEquals(0f, LossMath.derivative(LossOp.PERCENTAGE, 0f, 2f, 2f));
        assertEquals(0f, LossMath.derivative(LossOp.HINGE, 0f, 1f, 1f));
        assertEquals(0f, LossMath.derivative(LossOp.SQUARED_LOG, 0f, -1f, 1f));
        assertEquals(0.5f, LossMath.derivative(LossOp.HUBER, 0.5f, 1f, 0.5f));
        assertEquals(-0.5f, LossMath.derivative(LossOp.HUBER, 0.5f, -7f, 0.5f));
        assertEquals(0f, LossMath.derivative(LossOp.BINARY_CROSS_ENTROPY, 0f, 1f, 0f));
        assertEquals(0f, LossMath.derivative(LossOp.KL_DIVERGENCE, 0f, 0f, 1f));
    }

    @Test
    void percentagesOfNothingAreOfTheFuzz() {
        assertEquals(100f / ScalarMath.EPSILON, LossMath.apply(LossOp.PERCENTAGE, 0f, 1f, 0f), 100f);
        assertEquals(-100f / ScalarMath.EPSILON, LossMath.derivative(LossOp.PERCENTAGE, 0f, -1f, 0f), 100f);
    }
}
