package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.kernels.BinaryOp;
import beras.kernels.UnaryOp;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The promise of {@link FloatMath}: some ulp at most from the exact value over the whole range. */
@Tag("kernels")
class FloatMathTest {

    /** A prime, so that the visited bit patterns have all kinds of exponents and mantissas. */
    private static final int STRIDE = 1511;

    /** The largest error among all kinds of numbers that are at least {@code from}, and NaN. */
    private static double worstUlps(UnaryOp op, DoubleUnaryOperator exact, float from) {
        int chunk = 1 << 16;
        float[] x = new float[chunk];
        float[] y = new float[chunk];
        Elements elements = Faces.chosen(Thresholds.SHARED_ELEMENTS).elements();
        double worst = 0;
        long bits = Integer.MIN_VALUE;
        while (bits <= Integer.MAX_VALUE) {
            int n = 0;
            for (; n < chunk && bits <= Integer.MAX_VALUE; bits += STRIDE) {
                float number = Float.intBitsToFloat((int) bits);
                if (!(number < from)) {
                    x[n++] = number;
                }
            }
            elements.map(op, 0.7f, new MatrixView(x, 0, 1, n), new MatrixView(y, 0, 1, n));
            for (int i = 0; i < n; i++) {
                worst = Math.max(worst, ulps(exact.applyAsDouble(x[i]), y[i]));
            }
        }
        return worst;
    }

    private static DoubleUnaryOperator exact(UnaryOp op) {
        return switch (op) {
            case EXP -> StrictMath::exp;
            case LOG -> StrictMath::log;
            case TANH -> StrictMath::tanh;
            case SIGMOID -> FloatMathTest::sigmoid;
            case ELU -> x -> x > 0 ? x : 0.7f * StrictMath.expm1(x);
            case SELU -> x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * StrictMath.expm1(x));
            case GELU -> x -> x == Double.NEGATIVE_INFINITY ? 0 : x * phi(x);
            case GELU_TANH -> x -> x == Double.NEGATIVE_INFINITY ? 0
                    : x * sigmoid(2 * StrictMath.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
            case SILU -> x -> x == Double.NEGATIVE_INFINITY ? 0 : x * sigmoid(x);
            case MISH -> x -> x == Double.NEGATIVE_INFINITY ? 0
                    : x * StrictMath.tanh(Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))));
            case SOFTPLUS -> x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
            case SIN -> StrictMath::sin;
            case COS -> StrictMath::cos;
            case ERF -> FloatMathTest::erf;
            case SQUARE -> x -> x * x;
            case SOFTSIGN -> x -> Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
            default -> throw new AssertionError(op);
        };
    }

    /** By its Taylor series where that is precise, and by the tail of the normal distribution. */
    private static double erf(double x) {
        if (!(Math.abs(x) < 1)) {
            return x < 0 ? -erf(-x) : x > 20 ? 1 : 1 - 2 * phi(-x * StrictMath.sqrt(2));
        }
        double term = x;
        double sum = 0;
        for (int k = 0; Math.abs(term) > 1e-20 * Math.abs(x); k++) {
            sum += term / (2 * k + 1);
            term *= -x * x / (k + 1);
        }
        return 2 / StrictMath.sqrt(Math.PI) * sum;
    }

    private static double sigmoid(double x) {
        return x < 0 ? StrictMath.exp(x) / (1 + StrictMath.exp(x)) : 1 / (1 + StrictMath.exp(-x));
    }

    /** The distribution of the standard normal. */
    private static double phi(double x) {
        double a = Math.abs(x);
        double density = StrictMath.exp(-a * a / 2) / StrictMath.sqrt(2 * Math.PI);
        double tail;
        if (a < 3) {
            double term = a;
            double sum = a;
            for (int k = 3; term > 1e-20; k += 2) {
                term *= a * a / k;
                sum += term;
            }
            tail = 0.5 - density * sum;
        } else {
            double fraction = a;
            for (int k = 80; k > 0; k--) {
                fraction = a + k / fraction;
            }
            tail = density / fraction;
        }
        return x < 0 ? tail : 1 - tail;
    }

    @ParameterizedTest
    @CsvSource({"EXP, 2, -Infinity", "LOG, 2, -Infinity", "TANH, 2, -Infinity", "SIGMOID, 2, -Infinity", "ELU, 2, -Infinity",
        "SELU, 2, -Infinity", "GELU, 4, -Infinity", "GELU_TANH, 4, -1", "SILU, 3, -87", "MISH, 4, -87",
        "SOFTPLUS, 2, -Infinity",
        "SOFTSIGN, 2, -Infinity", "SIN, 0.51, -Infinity", "COS, 0.51, -Infinity", "ERF, 0.55, -Infinity",
        "SQUARE, 0.51, -Infinity"})
    void isWithinSomeUlp(UnaryOp op, double most, float from) {
        double worst = worstUlps(op, exact(op), from);
        assertTrue(worst <= most, op + " is " + worst + " ulp off");
        assertTrue(worst > 0.3, "the measure itself must see rounding: " + worst + " ulp");
    }

    /** Against the slope of the exact function, absolutely: near a zero of the derivative no more can be asked. */
    @ParameterizedTest
    @Tag("once")
    @EnumSource(names = {"TANH", "SIGMOID", "ELU", "SELU", "GELU", "GELU_TANH", "SILU", "MISH", "SOFTPLUS", "SOFTSIGN",
        "SIN", "COS", "ERF"})
    void derivativesAreRight(UnaryOp op) {
        DoubleUnaryOperator exact = exact(op);
        double step = 1e-5;
        for (float x = -20.003f; x < 20f; x += 0.01f) {
            double slope = (exact.applyAsDouble(x + step) - exact.applyAsDouble(x - step)) / (2 * step);
            float y = ScalarMath.apply(op, 0.7f, x);
            float derivative = ScalarMath.derivative(op, 0.7f, op.differentiableFromOutput() ? y : x, y);
            assertEquals(slope, derivative, 5e-7, op + " at " + x);
        }
    }

    /** Also far left, where the output is constant to a float, and nothing of its slope is left in it. */
    @ParameterizedTest
    @EnumSource(names = {"ELU", "SELU"})
    void derivativesOfExponentialUnitsHaveTheirPrecisionEverywhere(UnaryOp op) {
        double depth = op == UnaryOp.ELU ? 0.7f : 1.0507009873554805 * 1.6732632423543772;
        float[] inputs = {-0f, -1e-30f, -0.3f, -1f, -5f, -16f, -18f, -33f, -50f, -87f, -100f, Float.NEGATIVE_INFINITY};
        int repeats = 16; // of each, so that all lanes see it
        float[] x = new float[inputs.length * repeats];
        float[] y = new float[x.length];
        float[] ones = new float[x.length];
        float[] slopes = new float[x.length];
        java.util.Arrays.fill(ones, 1f);
        for (int i = 0; i < x.length; i++) {
            x[i] = inputs[i % inputs.length];
        }
        ScalarElements elements = Backend.isVector() ? new VectorElements() : new ScalarElements();
        elements.map(op, 0.7f, new MatrixView(x), new MatrixView(y), 0, x.length);
        elements.mapGradient(op, 0.7f, new MatrixView(x), new MatrixView(y), new MatrixView(ones), new MatrixView(slopes), 0,
                x.length);
        for (int i = 0; i < x.length; i++) {
            double worst = ulps(depth * StrictMath.exp(x[i]), slopes[i]);
            assertTrue(worst <= 2, op + " at " + x[i] + " is " + worst + " ulp off");
        }
    }

    /** The distance in units of the last place of the exact value as a float; infinite where kinds differ. */
    private static double ulps(double exact, float actual) {
        float rounded = (float) exact;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded) || Float.isNaN(actual) || Float.isInfinite(actual)) {
            boolean same = Float.compare(rounded, actual) == 0;
            // Next to the limit of the range the two may round to either side of it.
            boolean nextToLimit = Float.isInfinite(rounded) && Math.abs(exact) < Float.MAX_VALUE * (1 + 2e-7)
                    && !Float.isNaN(actual);
            return same || nextToLimit ? 0 : Double.POSITIVE_INFINITY;
        }
        return Math.abs(exact - actual) / Math.ulp(rounded);
    }

    @Test
    @Tag("once")
    void powersAreWithinHalfAnUlpAndHaveTheRulesOfStrictMath() {
        float[] special = {0f, -0f, 1f, -1f, 0.5f, -0.5f, 2f, -2f, 3f, -3f, 1e-30f, -1e30f, 0x1p24f, 0x1.000002p23f, Float.MIN_VALUE,
            -Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY, Float.NaN, 0x1.fffffep-1f, 0x1.000002p0f, -7f, 8.5f};
        for (float a : special) {
            for (float b : special) {
                assertPower(a, b, 0.51);
            }
        }
        for (int bits = 1; bits > 0 && bits < 0x7f800000; bits += 15_013) {
            float a = Float.intBitsToFloat(bits);
            for (float b : new float[] {0.5f, 1f, 2f, 3f, -1f, -0.37f, 1.7f, 1e-3f, 17f}) {
                assertPower(a, b, 0.51);
                assertPower(-a, b, 0.51);
            }
        }
        assertEquals(9f, FloatMath.power(-3f, 2f));
        assertEquals(-27f, FloatMath.power(-3f, 3f));
    }

    private static void assertPower(float a, float b, double most) {
        double exact = StrictMath.pow(a, b);
        float actual = ScalarMath.apply(BinaryOp.POWER, a, b);
        assertTrue(ulps(exact, actual) <= most, a + "^" + b + " is " + exact + ". Received: " + actual);
        assertTrue(Double.isNaN(exact) || Math.copySign(1f, (float) exact) == Math.copySign(1f, actual), a + "^" + b);
    }

    @Test
    void functionsOfSignsAndWholeNumbersAreExact() {
        float inf = Float.POSITIVE_INFINITY;
        float[] x = {-inf, -2.5f, -1f, -Float.MIN_VALUE, -0f, 0f, Float.MIN_VALUE, 0.5f, 2.5f, 0x1p30f, inf};
        float[] abs = {inf, 2.5f, 1f, Float.MIN_VALUE, 0f, 0f, Float.MIN_VALUE, 0.5f, 2.5f, 0x1p30f, inf};
        float[] sign = {-1f, -1f, -1f, -1f, -0f, 0f, 1f, 1f, 1f, 1f, 1f};
        float[] floor = {-inf, -3f, -1f, -1f, -0f, 0f, 0f, 0f, 2f, 0x1p30f, inf};
        for (int i = 0; i < x.length; i++) {
            assertEquals(abs[i], ScalarMath.apply(UnaryOp.ABS, 0f, x[i]));
            assertEquals(sign[i], ScalarMath.apply(UnaryOp.SIGN, 0f, x[i]));
            assertEquals(floor[i], ScalarMath.apply(UnaryOp.FLOOR, 0f, x[i]));
            assertEquals(sign[i], ScalarMath.derivative(UnaryOp.ABS, 0f, x[i], abs[i]));
            assertEquals(2 * x[i], ScalarMath.derivative(UnaryOp.SQUARE, 0f, x[i], x[i] * x[i]));
            assertEquals(0f, ScalarMath.derivative(UnaryOp.SIGN, 0f, x[i], sign[i]));
            assertEquals(0f, ScalarMath.derivative(UnaryOp.FLOOR, 0f, x[i], floor[i]));
        }
        assertEquals(1f, FloatMath.erf(inf));
        assertEquals(-1f, FloatMath.erf(-inf));
        assertEquals(-0f, FloatMath.erf(-0f));
        assertEquals(0f, ScalarMath.derivative(UnaryOp.ERF, 0f, inf, 1f));
    }

    @Test
    void comparisonsWithNanAreFalse() {
        BinaryOp[] ops = {BinaryOp.GREATER, BinaryOp.GREATER_EQUAL, BinaryOp.EQUAL};
        float[][] pairs = {{2f, 1f}, {1f, 2f}, {1f, 1f}, {-0f, 0f}, {Float.NaN, 1f}, {1f, Float.NaN}, {Float.NaN, Float.NaN}};
        float[][] expected = {{1f, 0f, 0f, 0f, 0f, 0f, 0f}, {1f, 0f, 1f, 1f, 0f, 0f, 0f}, {0f, 0f, 1f, 1f, 0f, 0f, 0f}};
        for (int k = 0; k < ops.length; k++) {
            for (int i = 0; i < pairs.length; i++) {
                assertEquals(expected[k][i], ScalarMath.apply(ops[k], pairs[i][0], pairs[i][1]), ops[k] + " of pair " + i);
            }
        }
    }

    @Test
    void isExactAtTheLimits() {
        float inf = Float.POSITIVE_INFINITY;
        assertEquals(inf, ScalarMath.exp(inf));
        assertEquals(0f, ScalarMath.exp(-inf));
        assertEquals(1f, ScalarMath.exp(0f));
        assertEquals(inf, ScalarMath.log(inf));
        assertEquals(-inf, ScalarMath.log(0f));
        assertEquals(-inf, ScalarMath.log(-0f));
        assertEquals(0f, ScalarMath.log(1f));
        assertEquals(Float.NaN, ScalarMath.log(-1f));
        assertEquals(Float.NaN, ScalarMath.log(-inf));
        assertEquals(1f, ScalarMath.tanh(inf));
        assertEquals(-1f, ScalarMath.tanh(-inf));
        assertEquals(-0f, ScalarMath.tanh(-0f));
        assertEquals(1f, ScalarMath.sigmoid(inf));
        assertEquals(0f, ScalarMath.sigmoid(-inf));
        assertEquals(0.5f, ScalarMath.sigmoid(-0f));
        for (UnaryOp op : new UnaryOp[] {UnaryOp.GELU, UnaryOp.GELU_TANH, UnaryOp.SILU, UnaryOp.MISH, UnaryOp.SOFTPLUS}) {
            assertEquals(inf, ScalarMath.apply(op, 0f, inf), op.toString());
            assertEquals(0f, Math.abs(ScalarMath.apply(op, 0f, -inf)), op.toString());
            assertEquals(1f, ScalarMath.derivative(op, 0f, inf, inf), op.toString());
            assertEquals(0f, Math.abs(ScalarMath.derivative(op, 0f, -inf, 0f)), op.toString());
        }
        assertEquals(-0.7f, ScalarMath.apply(UnaryOp.ELU, 0.7f, -inf));
        assertEquals(1f, ScalarMath.apply(UnaryOp.SOFTSIGN, 0f, inf));
        assertEquals(-1f, ScalarMath.apply(UnaryOp.SOFTSIGN, 0f, -inf));
        assertEquals(1f, ScalarMath.apply(UnaryOp.HARD_SIGMOID, 0f, inf));
        assertEquals(0f, ScalarMath.apply(UnaryOp.HARD_SIGMOID, 0f, -inf));
        for (UnaryOp op : UnaryOp.values()) {
            assertEquals(Float.NaN, ScalarMath.apply(op, 0.3f, Float.NaN), op.toString());
        }
    }
}
