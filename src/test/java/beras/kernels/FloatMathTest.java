package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The promise of {@link FloatMath}: at most 2 ulp from the exact value over the whole range. */
@Tag("kernels")
class FloatMathTest {

    /** A prime, so that the visited bit patterns have all kinds of exponents and mantissas. */
    private static final int STRIDE = 1511;
    private static final double MAX_ULPS = 2;

    @ParameterizedTest
    @EnumSource(names = {"EXP", "LOG", "TANH", "SIGMOID"})
    void isWithinTwoUlpOverTheWholeRange(UnaryOp op) {
        DoubleUnaryOperator exact = switch (op) {
            case EXP -> StrictMath::exp;
            case LOG -> StrictMath::log;
            case TANH -> StrictMath::tanh;
            default -> x -> x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
        };
        int chunk = 1 << 16;
        float[] x = new float[chunk];
        float[] y = new float[chunk];
        double worst = 0;
        float worstAt = 0;
        long bits = Integer.MIN_VALUE;
        while (bits <= Integer.MAX_VALUE) {
            int n = 0;
            for (; n < chunk && bits <= Integer.MAX_VALUE; n++, bits += STRIDE) {
                x[n] = Float.intBitsToFloat((int) bits);
            }
            Backend.chosen().map(op, 0f, x, 0, y, 0, n);
            for (int i = 0; i < n; i++) {
                double error = ulps(exact.applyAsDouble(x[i]), y[i]);
                if (error > worst) {
                    worst = error;
                    worstAt = x[i];
                }
            }
        }
        String where = op + " is " + worst + " ulp off at " + worstAt;
        assertTrue(worst <= MAX_ULPS, where);
        assertTrue(worst > 0.3, "the measure itself must see rounding: " + where);
    }

    /** The distance in units of the last place of the exact value as a float; infinite where kinds differ. */
    private static double ulps(double exact, float actual) {
        float rounded = (float) exact;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded) || Float.isNaN(actual) || Float.isInfinite(actual)) {
            boolean same = Float.compare(rounded, actual) == 0;
            // Next to the limit of the range the two may round to either side of it.
            boolean nextToLimit = Float.isInfinite(rounded) && Math.abs(exact) < Float.MAX_VALUE * (1 + 2e-7) && !Float.isNaN(actual);
            return same || nextToLimit ? 0 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(exact - actual) / Math.ulp(rounded);
    }

    @Test
    void isExactAtTheLimits() {
        float inf = Float.POSITIVE_INFINITY;
        assertEquals(inf, FloatMath.exp(inf));
        assertEquals(0f, FloatMath.exp(-inf));
        assertEquals(1f, FloatMath.exp(0f));
        assertEquals(inf, FloatMath.log(inf));
        assertEquals(-inf, FloatMath.log(0f));
        assertEquals(-inf, FloatMath.log(-0f));
        assertEquals(0f, FloatMath.log(1f));
        assertEquals(Float.NaN, FloatMath.log(-1f));
        assertEquals(Float.NaN, FloatMath.log(-inf));
        assertEquals(1f, FloatMath.tanh(inf));
        assertEquals(-1f, FloatMath.tanh(-inf));
        assertEquals(-0f, FloatMath.tanh(-0f));
        assertEquals(1f, FloatMath.sigmoid(inf));
        assertEquals(0f, FloatMath.sigmoid(-inf));
        assertEquals(0.5f, FloatMath.sigmoid(-0f));
        for (UnaryOp op : UnaryOp.values()) {
            assertEquals(Float.NaN, FloatMath.apply(op, 0.3f, Float.NaN), op.toString());
        }
    }
}
