package beras.kernels;

/**
 * Elementary functions of one {@code float}, built from correctly rounded operations only, so that they give the same
 * bits everywhere; {@link VectorMath} repeats them operation by operation in lanes.
 *
 * <p>Each is within 2 ulp of the exact value over the whole {@code float} range, exact at the limits, and NaN for NaN.
 * {@code Math.exp} and its kin may change their last bit with the compiler tier or the processor, so no result uses them.
 *
 * <p>The polynomials are minimax fits of relative error (Lawson's iteration on Chebyshev nodes), rounded to float.
 */
final class FloatMath {

    /** Rows longer than this are summed block by block, see {@link Kernels#rowSums}. */
    static final int BLOCK = 1024;

    /** Virtual lanes of every row reduction, whatever the lanes of the processor. */
    static final int LANES = 16;

    /** Adding and subtracting it rounds to the nearest integer, and leaves that integer in the low bits. */
    static final float ROUNDER = 0x1.8p23f;
    static final int ROUNDER_BITS = 0x4b400000;

    static final float LOG2_E = 0x1.715476p0f;
    static final float LN2 = 0x1.62e43p-1f;
    /** ln 2 minus its float value {@link #LN2}. */
    static final float LN2_TAIL = -0x1.05c61p-29f;

    /** exp(x) rounds to 0 below, and to infinity above. */
    static final float EXP_MIN = -104f;
    static final float EXP_MAX = 89f;

    /** exp(r) = 1 + r + r^2 (E0 + E1 r + ...), |r| <= ln(2) / 2, to 3e-9. */
    static final float E0 = 0x1.fffffcp-2f;
    static final float E1 = 0x1.555492p-3f;
    static final float E2 = 0x1.5558f2p-5f;
    static final float E3 = 0x1.123a2p-7f;
    static final float E4 = 0x1.6a23ccp-10f;

    /** log(1 + f) = f - f^2 / 2 + f^3 (L0 + L1 f + ...), sqrt(1/2) <= 1 + f < sqrt(2), to 8e-10. */
    static final float L0 = 0x1.555548p-2f;
    static final float L1 = -0x1.000006p-2f;
    static final float L2 = 0x1.99a4bcp-3f;
    static final float L3 = -0x1.555c5ap-3f;
    static final float L4 = 0x1.2336ep-3f;
    static final float L5 = -0x1.fc1f72p-4f;
    static final float L6 = 0x1.e6f626p-4f;
    static final float L7 = -0x1.de4f84p-4f;
    static final float L8 = 0x1.1462aep-4f;
    /** ln 2 in two parts; a whole number up to 2^8 times the first is exact. */
    static final float LN2_HIGH = 0x1.62ep-1f;
    static final float LN2_LOW = 0x1.0bfbe8p-15f;
    static final int SQRT_HALF_BITS = 0x3f3504f3;
    static final int MANTISSA_MASK = 0x007fffff;
    /** Lifts a subnormal into the normal range for {@code log}. */
    static final float SUBNORMAL_SCALE = 0x1p24f;
    static final int SUBNORMAL_SHIFT = 24;

    /** tanh(x) = x + x^3 (T0 + T1 x^2 + ...), |x| < 0.625, to 5e-9. */
    static final float TANH_SMALL = 0.625f;
    static final float T0 = -0x1.555532p-2f;
    static final float T1 = 0x1.110726p-3f;
    static final float T2 = -0x1.b83c58p-5f;
    static final float T3 = 0x1.522692p-6f;
    static final float T4 = -0x1.75e1a8p-8f;

    /** Adding and subtracting these rounds a small moment to a multiple of 2^-100 or 2^-126, see {@link Kernels#adam}. */
    static final float FIRST_MOMENT_ROUNDER = 0x1.8p-77f;
    static final float SECOND_MOMENT_ROUNDER = 0x1.8p-103f;

    static float exp(float x) {
        float clamped = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
        float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = Math.fma(n, -LN2, clamped);
        r = Math.fma(n, -LN2_TAIL, r);
        float q = Math.fma(E4, r, E3);
        q = Math.fma(q, r, E2);
        q = Math.fma(q, r, E1);
        q = Math.fma(q, r, E0);
        float p = Math.fma(r * r, q, r) + 1f;
        // 2^n in two factors: n reaches beyond the exponents of a normal float on both sides.
        int exponent = Float.floatToRawIntBits(shifted) - ROUNDER_BITS;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + 127) << 23);
    }

    static float log(float x) {
        boolean subnormal = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(subnormal ? x * SUBNORMAL_SCALE : x) - SQRT_HALF_BITS;
        int exponent = (bits >> 23) - (subnormal ? SUBNORMAL_SHIFT : 0);
        float e = Float.intBitsToFloat(exponent + ROUNDER_BITS) - ROUNDER;
        float f = Float.intBitsToFloat((bits & MANTISSA_MASK) + SQRT_HALF_BITS) - 1f;
        float p = Math.fma(L8, f, L7);
        p = Math.fma(p, f, L6);
        p = Math.fma(p, f, L5);
        p = Math.fma(p, f, L4);
        p = Math.fma(p, f, L3);
        p = Math.fma(p, f, L2);
        p = Math.fma(p, f, L1);
        p = Math.fma(p, f, L0);
        float square = f * f;
        float y = Math.fma(p * f, square, e * LN2_LOW);
        y = Math.fma(square, -0.5f, y) + f;
        y = Math.fma(e, LN2_HIGH, y);
        if (x > 0f) {
            return x == Float.POSITIVE_INFINITY ? x : y;
        }
        return x == 0f ? Float.NEGATIVE_INFINITY : Float.NaN;
    }

    static float sigmoid(float x) {
        // exp of a negative number never overflows; both halves of the curve follow from it.
        float e = exp(-Math.abs(x));
        float d = 1f + e;
        float y = (x >= 0f ? 1f : e) / d;
        // The rounding of the sum and of the quotient, made good: y + (numerator - y * (1 + e)) / (1 + e).
        float lost = e - (d - 1f);
        float rest = Math.fma(-y, lost, Math.fma(-y, d, x >= 0f ? 1f : e));
        return Math.fma(rest, x >= 0f ? y : 1f - y, y);
    }

    static float tanh(float x) {
        float a = Math.abs(x);
        if (a < TANH_SMALL) {
            float u = x * x;
            float p = Math.fma(T4, u, T3);
            p = Math.fma(p, u, T2);
            p = Math.fma(p, u, T1);
            p = Math.fma(p, u, T0);
            return x * Math.fma(p, u, 1f);
        }
        float y = 1f - 2f / (exp(a + a) + 1f);
        return x < 0f ? -y : y;
    }

    static float apply(UnaryOp op, float alpha, float x) {
        return switch (op) {
            case LINEAR -> x;
            case RELU -> Math.max(x, 0f);
            case LEAKY_RELU -> x > 0f ? x : alpha * x;
            case SIGMOID -> sigmoid(x);
            case TANH -> tanh(x);
            case EXP -> exp(x);
            case LOG -> log(x);
            case SQRT -> (float) Math.sqrt(x);
        };
    }

    /** The derivative of {@code op} at {@code x}, where {@code y = op(x)}. */
    static float derivative(UnaryOp op, float alpha, float x, float y) {
        return switch (op) {
            case LINEAR -> 1f;
            case RELU -> x > 0f ? 1f : 0f;
            case LEAKY_RELU -> x > 0f ? 1f : x < 0f ? alpha : 0f;
            case SIGMOID -> y * (1f - y);
            case TANH -> Math.fma(-y, y, 1f);
            case EXP -> y;
            case LOG -> 1f / x;
            case SQRT -> 0.5f / y;
        };
    }

    static float apply(BinaryOp op, float a, float b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }

    static float clip(float p, float epsilon) {
        return Math.min(Math.max(p, epsilon), 1f - epsilon);
    }

    /** The sum of 16 lanes in the fixed tree of {@link Kernels#rowSums}. */
    static float foldSum(float[] lanes) {
        for (int half = LANES / 2; half > 0; half >>= 1) {
            for (int j = 0; j < half; j++) {
                lanes[j] += lanes[j + half];
            }
        }
        return lanes[0];
    }

    private FloatMath() {}
}
