package beras.kernels;

/**
 * Elementary functions of one {@code float}, built from correctly rounded operations only, so that they give the same
 * bits everywhere; {@link VectorMath} repeats them operation by operation with SIMD.
 *
 * <p>Each is within 2 ulp of the exact value over the whole {@code float} range (GELU within 4; SiLU within 3 and Mish within
 * 4, as long as their factor of {@code x} is a normal number), exact at the limits, and NaN for NaN. Only the tanh form of GELU,
 * an approximation itself, has no more than an absolute precision in its left tail. {@code Math.exp} and its kin may change
 * their last bit with the compiler tier or the processor, so no result uses them.
 *
 * <p>The polynomials are minimax fits of relative error (Lawson's iteration on Chebyshev nodes), rounded to float.
 */
final class FloatMath {

    /** Rows longer than this are summed block by block, see {@link Sums}. */
    static final int SUM_ROWS = 1024;
    static final int SUM_ROWS_BITS = 10;

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

    /** exp(x) - 1 rounds to -1 below. */
    static final float EXPM1_MIN = -32f;

    static final float SELU_SCALE = 0x1.0cfabep0f;
    /** The scale times alpha. */
    static final float SELU_DEPTH = 0x1.c212ccp0f;

    /** |x| Phi(-|x|) rounds to 0 above. */
    static final float GELU_MAX = 15f;
    /** (a + 4) Phi(-a) exp(a^2 / 2) = G0 + G1 u + ..., u = (a - 4) / (a + 4), 0 <= a < 14.5, to 2e-8. */
    static final float GELU_MIDDLE = 4f;
    static final float G0 = 0x1.82b4bcp-1f;
    static final float G1 = -0x1.373e3cp-1f;
    static final float G2 = 0x1.8c6d84p-2f;
    static final float G3 = -0x1.7dfed8p-3f;
    static final float G4 = 0x1.eedacep-5f;
    static final float G5 = -0x1.edddfap-8f;
    static final float G6 = -0x1.ce29f8p-9f;
    static final float G7 = 0x1.9ed828p-10f;
    static final float G8 = 0x1.a48dc6p-13f;
    static final float G9 = -0x1.0758f8p-13f;
    /** The density of the standard normal at 0. */
    static final float BELL_HEIGHT = 0x1.988454p-2f;

    /** The tanh form of GELU is x sigmoid(A x + B x^3): A, B and 3 B. It is 0 or x beyond the limit. */
    static final float GELU_TANH_MAX = 16f;
    static final float GELU_TANH_A = 0x1.988454p0f;
    static final float GELU_TANH_B = 0x1.2444f2p-4f;
    static final float GELU_TANH_3B = 0x1.b6676cp-3f;

    /** x sigmoid(x) rounds to 0 below. */
    static final float SILU_MIN = -128f;

    /** x tanh(log(1 + exp(x))) rounds to 0 below. */
    static final float MISH_MIN = -128f;

    /** log(1 + e) = e (1 + S1 e + S2 e^2 + ...), 0 <= e <= 1, to 6e-9. */
    static final float S1 = -0x1.ffffd2p-2f;
    static final float S2 = 0x1.554ddp-2f;
    static final float S3 = -0x1.ff23e8p-3f;
    static final float S4 = 0x1.934b6ep-3f;
    static final float S5 = -0x1.3a43ep-3f;
    static final float S6 = 0x1.b4b094p-4f;
    static final float S7 = -0x1.d6b76p-5f;
    static final float S8 = 0x1.492126p-6f;
    static final float S9 = -0x1.af5e5p-9f;

    private static final double LN2_DOUBLE = 0x1.62e42fefa39efp-1;
    private static final long SQRT_HALF_DOUBLE_BITS = 0x3fe6a09e667f3bcdL;
    private static final long DOUBLE_MANTISSA_MASK = 0xf_ffff_ffff_ffffL;
    /** pi / 2 in two parts; a whole number up to 2^20 times the first is subtracted without an error that counts. */
    private static final double HALF_PI = 0x1.921fb54442d18p0;
    private static final double HALF_PI_TAIL = 0x1.1a62633145c07p-54;
    private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
    private static final float ANGLE_MAX = 0x1p20f;
    /** exp of more is infinite as a float, exp of less than its opposite is 0. */
    private static final double POWER_EXPONENT_MAX = 200;

    /** erf(x) rounds to 1 above. */
    private static final float ERF_MAX = 4f;
    /** erf(x) = x (c_0 + c_1 t + c_2 t^2 + ...), t = x^2 / 8 - 1, |x| <= 4, to 1.6e-9: computed in double, rounded once. */
    private static final double[] ERF = {0x1.6a04078b03956p-2, -0x1.69a0cc9057f32p-3, 0x1.0daba2af3884ap-3, -0x1.b92ead33d60a7p-4,
        0x1.7181a3793ba14p-4, -0x1.3214efb5649c5p-4, 0x1.ea6032dd1b256p-5, -0x1.76ecc7073cf39p-5, 0x1.0ff8225ef9dcbp-5,
        -0x1.705e48a34bf8bp-6, 0x1.c9031cf8661a5p-7, -0x1.17ca4452e6eafp-7, 0x1.6a6fda7baa0ddp-8, -0x1.66f71a020f160p-9,
        0x1.52cc74cfbff3ap-11, -0x1.be55f62657e8ep-12, 0x1.34bdbfbef370bp-11, -0x1.d24addc05408fp-13};
    private static final float TWO_OVER_SQRT_PI = 0x1.20dd76p0f;
    /** exp(-x^2) rounds to 0 above. */
    private static final float ERF_SLOPE_MAX = 11f;

    static float exp(float x) {
        float clamped = x < EXP_MIN ? EXP_MIN : x > EXP_MAX ? EXP_MAX : x; // Math.max and min take a third of the time of all
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

    /** exp(x) - 1 for x up to 0, and 0 above. */
    static float expm1OfNegative(float x) {
        float clamped = Math.min(Math.max(x, EXPM1_MIN), 0f);
        float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
        float n = shifted - ROUNDER;
        float r = Math.fma(n, -LN2, clamped);
        r = Math.fma(n, -LN2_TAIL, r);
        float q = Math.fma(E4, r, E3);
        q = Math.fma(q, r, E2);
        q = Math.fma(q, r, E1);
        q = Math.fma(q, r, E0);
        float p = Math.fma(r * r, q, r);
        float power = powerOfTwo(Float.floatToRawIntBits(shifted) - ROUNDER_BITS);
        return Math.fma(power, p, power - 1f);
    }

    static float elu(float x, float scale, float depth) {
        return x > 0f ? scale * x : depth * expm1OfNegative(x);
    }

    /** Within 2 ulp, from the input: in the output, near {@code -depth}, the exponential has been rounded away. */
    static float eluDerivative(float x, float scale, float depth) {
        return x > 0f ? scale : depth * exp(x);
    }

    static float gelu(float x) {
        // x Phi(x) = max(x, 0) - a Phi(-a) with a = |x|: all of it follows from the tail, which is right however small.
        float a = Math.min(Math.abs(x), GELU_MAX);
        float v = a / (a + GELU_MIDDLE);
        return Math.max(x, 0f) - v * tailOverBell(v) * bell(a);
    }

    static float geluDerivative(float x) {
        float a = Math.min(Math.abs(x), GELU_MAX);
        float v = a / (a + GELU_MIDDLE);
        float tail = tailOverBell(v) * (0.25f * (1f - v)); // (1 - v) / 4 is 1 / (a + 4)
        float left = Math.fma(a, -BELL_HEIGHT, tail) * bell(a);
        return x < 0f ? left : 1f - left;
    }

    /** exp(-a^2 / 2). */
    private static float bell(float a) {
        return expOfProduct(a * -0.5f, a);
    }

    /** exp(a b); the rounding of the product is made good. */
    private static float expOfProduct(float a, float b) {
        float exponent = a * b;
        float e = exp(exponent);
        return Math.fma(e, Math.fma(a, b, -exponent), e);
    }

    /** (a + 4) Phi(-a) exp(a^2 / 2), from v = a / (a + 4). */
    private static float tailOverBell(float v) {
        float u = Math.fma(v, 2f, -1f);
        float p = Math.fma(G9, u, G8);
        p = Math.fma(p, u, G7);
        p = Math.fma(p, u, G6);
        p = Math.fma(p, u, G5);
        p = Math.fma(p, u, G4);
        p = Math.fma(p, u, G3);
        p = Math.fma(p, u, G2);
        p = Math.fma(p, u, G1);
        return Math.fma(p, u, G0);
    }

    static float geluTanh(float x) {
        return Math.max(x, -GELU_TANH_MAX) * sigmoid(geluTanhInner(x));
    }

    static float geluTanhDerivative(float x) {
        float a = Math.min(Math.abs(x), GELU_TANH_MAX);
        float slope = a * Math.fma(a * a, GELU_TANH_3B, GELU_TANH_A);
        float s = sigmoid(-Math.abs(geluTanhInner(x)));
        float left = s * Math.fma(-slope, 1f - s, 1f);
        return x < 0f ? left : 1f - left;
    }

    private static float geluTanhInner(float x) {
        float clamped = Math.min(Math.max(x, -GELU_TANH_MAX), GELU_TANH_MAX);
        return clamped * Math.fma(clamped * clamped, GELU_TANH_B, GELU_TANH_A);
    }

    static float silu(float x) {
        return Math.max(x, SILU_MIN) * sigmoid(x);
    }

    static float siluDerivative(float x) {
        // That of -|x|, where nothing cancels; the two sides add up to 1.
        float a = Math.min(Math.abs(x), -SILU_MIN);
        float s = sigmoid(-Math.abs(x));
        float left = s * Math.fma(-a, 1f - s, 1f);
        return x < 0f ? left : 1f - left;
    }

    /** With e = exp(-|x|), tanh(log(1 + exp(x))) is a quotient of sums of positive numbers: nothing cancels. */
    static float mish(float x) {
        float e = exp(-Math.abs(x));
        float above = x < 0f ? e * (e + 2f) : 1f + 2f * e;
        return Math.max(x, MISH_MIN) * (above / (x < 0f ? above + 2f : Math.fma(2f * e, e, above)));
    }

    static float mishDerivative(float x) {
        float e = exp(-Math.abs(x));
        float above = x < 0f ? e * (e + 2f) : 1f + 2f * e;
        float below = x < 0f ? above + 2f : Math.fma(2f * e, e, above);
        float limited = Math.min(Math.max(x, MISH_MIN), -MISH_MIN);
        float slope = 4f * limited * (e + 1f) * (x < 0f ? e : e * e) / (below * below);
        return above / below + slope;
    }

    static float softplus(float x) {
        float e = exp(-Math.abs(x));
        float p = Math.fma(S9, e, S8);
        p = Math.fma(p, e, S7);
        p = Math.fma(p, e, S6);
        p = Math.fma(p, e, S5);
        p = Math.fma(p, e, S4);
        p = Math.fma(p, e, S3);
        p = Math.fma(p, e, S2);
        p = Math.fma(p, e, S1);
        p = Math.fma(p, e, 1f);
        return Math.fma(p, e, Math.max(x, 0f));
    }

    private static float softsign(float x) {
        float finite = Math.min(Math.max(x, -Float.MAX_VALUE), Float.MAX_VALUE);
        return finite / (1f + Math.abs(finite));
    }

    private static float softsignDerivative(float y) {
        return (1f - Math.abs(y)) * (1f - Math.abs(y));
    }

    private static float hardSigmoid(float x) {
        return Math.min(Math.max(x / 6f + 0.5f, 0f), 1f);
    }

    private static float hardSigmoidDerivative(float y) {
        return y > 0f && y < 1f ? 1f / 6f : 0f;
    }

    static float erf(float x) {
        double clamped = Math.min(Math.max(x, -ERF_MAX), ERF_MAX);
        double t = Math.fma(clamped, clamped * 0.125, -1.0);
        double p = ERF[ERF.length - 1];
        for (int i = ERF.length - 2; i >= 0; i--) {
            p = Math.fma(p, t, ERF[i]);
        }
        return (float) (clamped * p);
    }

    private static float erfDerivative(float x) {
        float a = Math.min(Math.abs(x), ERF_SLOPE_MAX);
        return TWO_OVER_SQRT_PI * expOfProduct(-a, a);
    }

    static float sin(float x) {
        if (x == 0f) {
            return x; // of its sign
        }
        return Math.abs(x) <= ANGLE_MAX ? sinOfQuadrants(x, 0) : (float) StrictMath.sin(x); // which allocates on some JDKs
    }

    static float cos(float x) {
        return Math.abs(x) <= ANGLE_MAX ? sinOfQuadrants(x, 1) : (float) StrictMath.cos(x);
    }

    /** sin(x + quadrants pi / 2) in double, to 1e-13: x is n pi / 2 + r with |r| <= pi / 4, where Taylor's series are short. */
    private static float sinOfQuadrants(double x, int quadrants) {
        double n = Math.rint(x * TWO_OVER_PI);
        double r = Math.fma(n, -HALF_PI_TAIL, Math.fma(n, -HALF_PI, x));
        int quadrant = (int) n + quadrants;
        boolean odd = (quadrant & 1) == 1; // then it is a cosine of r
        double square = r * r;
        double series = 1.0;
        for (int k = odd ? 16 : 17; k > 1; k -= 2) {
            series = Math.fma(series, -square / (k * (k - 1)), 1.0);
        }
        double y = odd ? series : r * series;
        return (float) ((quadrant & 2) == 0 ? y : -y);
    }

    static float power(float a, float b) {
        float base = Math.abs(a);
        if (b == 2f) {
            return a * a;
        }
        if (base == 0f || base == 1f || !(base <= Float.MAX_VALUE && Math.abs(b) <= Float.MAX_VALUE)) {
            return (float) StrictMath.pow(a, b); // the cases for which it has a rule; for others it allocates
        }
        if (a > 0f) {
            return powerOfPositive(a, b);
        }
        boolean odd = Math.abs(b) < 0x1p24f && ((int) b & 1) == 1;
        return Math.rint(b) != b ? Float.NaN : odd ? -powerOfPositive(-a, b) : powerOfPositive(-a, b);
    }

    /** exp(b log(a)) in double, to 1e-11, for finite numbers; log(m) = 2 atanh((m - 1) / (m + 1)), sqrt(1/2) <= m < sqrt(2). */
    private static float powerOfPositive(double a, double b) {
        long bits = Double.doubleToRawLongBits(a) - SQRT_HALF_DOUBLE_BITS;
        double m = Double.longBitsToDouble((bits & DOUBLE_MANTISSA_MASK) + SQRT_HALF_DOUBLE_BITS);
        double f = (m - 1.0) / (m + 1.0);
        double square = f * f;
        double series = 1.0 / 17;
        for (int k = 15; k > 0; k -= 2) {
            series = Math.fma(series, square, 1.0 / k);
        }
        double log = Math.fma(bits >> 52, LN2_DOUBLE, 2 * f * series);
        double x = Math.min(Math.max(b * log, -POWER_EXPONENT_MAX), POWER_EXPONENT_MAX);
        double n = Math.rint(x / LN2_DOUBLE);
        double r = Math.fma(n, -LN2_DOUBLE, x);
        double exp = 1.0;
        for (int k = 11; k > 0; k--) {
            exp = Math.fma(exp, r / k, 1.0);
        }
        return (float) (exp * Double.longBitsToDouble(((long) n + 1023) << 52));
    }

    /** Each function that takes some operations is a method: this one is compiled into its loops, if it has at most 325 bytes. */
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
            case ELU -> elu(x, 1f, alpha);
            case SELU -> elu(x, SELU_SCALE, SELU_DEPTH);
            case GELU -> gelu(x);
            case GELU_TANH -> geluTanh(x);
            case SILU -> silu(x);
            case MISH -> mish(x);
            case SOFTPLUS -> softplus(x);
            case SOFTSIGN -> softsign(x);
            case HARD_SIGMOID -> hardSigmoid(x);
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case SQUARE -> x * x;
            case SIN -> sin(x);
            case COS -> cos(x);
            case ERF -> erf(x);
            case FLOOR -> (float) Math.floor(x);
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
            case ELU -> eluDerivative(x, 1f, alpha);
            case SELU -> eluDerivative(x, SELU_SCALE, SELU_DEPTH);
            case GELU -> geluDerivative(x);
            case GELU_TANH -> geluTanhDerivative(x);
            case SILU -> siluDerivative(x);
            case MISH -> mishDerivative(x);
            case SOFTPLUS -> -expm1OfNegative(-y);
            case SOFTSIGN -> softsignDerivative(y);
            case HARD_SIGMOID -> hardSigmoidDerivative(y);
            case ABS -> Math.signum(x);
            case SIGN, FLOOR -> 0f;
            case SQUARE -> x + x;
            case SIN -> cos(x);
            case COS -> -sin(x);
            case ERF -> erfDerivative(x);
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
            case POWER -> power(a, b);
            case GREATER -> a > b ? 1f : 0f;
            case GREATER_EQUAL -> a >= b ? 1f : 0f;
            case EQUAL -> a == b ? 1f : 0f;
        };
    }

    static float clip(float p, float epsilon) {
        return Math.min(Math.max(p, epsilon), 1f - epsilon);
    }

    /** The sum of 16 lanes in the fixed tree of {@link Sums}. */
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
