package beras.kernels;

/**
 * Functions of floats that are not in the table of formulas, from which the build generates {@code ScalarMath}: functions computed
 * in double and rounded once, and so within 0.51 ulp, and the common code of sums.
 */
final class FloatMath {

    /** Rows longer than this are summed block by block, see {@link Sums}. */
    static final int SUM_ROWS = 1024;
    static final int SUM_ROWS_BITS = 10;

    /** Virtual lanes of every row reduction, whatever the lanes of the processor. */
    static final int LANES = 16;

    private static final double LN2_DOUBLE = 0x1.62e42fefa39efp-1;
    private static final long SQRT_HALF_DOUBLE_BITS = 0x3fe6a09e667f3bcdL;
    private static final long DOUBLE_MANTISSA_MASK = 0xf_ffff_ffff_ffffL;
    /** pi / 2 in two parts; an integer up to 2^20 times the first is subtracted with negligible error. */
    private static final double HALF_PI = 0x1.921fb54442d18p0;
    private static final double HALF_PI_TAIL = 0x1.1a62633145c07p-54;
    private static final double TWO_OVER_PI = 0x1.45f306dc9c883p-1;
    private static final float ANGLE_MAX = 0x1p20f;
    /** exp of more is infinite as a float, exp of less than its opposite is 0. */
    private static final double POWER_EXPONENT_MAX = 200;

    /** Where the first three terms of the series of x - tanh(x) are exact to a float, and the difference is not. */
    private static final double TANH_SERIES = 0.01;

    /** erf(x) rounds to 1 above. */
    private static final float ERF_MAX = 4f;
    /** erf(x) = x (c_0 + c_1 t + c_2 t^2 + ...), t = x^2 / 8 - 1, |x| <= 4, to 1.6e-9: computed in double, rounded once. */
    private static final double[] ERF = {0x1.6a04078b03956p-2, -0x1.69a0cc9057f32p-3, 0x1.0daba2af3884ap-3, -0x1.b92ead33d60a7p-4,
        0x1.7181a3793ba14p-4, -0x1.3214efb5649c5p-4, 0x1.ea6032dd1b256p-5, -0x1.76ecc7073cf39p-5, 0x1.0ff8225ef9dcbp-5,
        -0x1.705e48a34bf8bp-6, 0x1.c9031cf8661a5p-7, -0x1.17ca4452e6eafp-7, 0x1.6a6fda7baa0ddp-8, -0x1.66f71a020f160p-9,
        0x1.52cc74cfbff3ap-11, -0x1.be55f62657e8ep-12, 0x1.34bdbfbef370bp-11, -0x1.d24addc05408fp-13};

    static float erf(float x) {
        double clamped = Math.min(Math.max(x, -ERF_MAX), ERF_MAX);
        double t = Math.fma(clamped, clamped * 0.125, -1.0);
        double p = ERF[ERF.length - 1];
        for (int i = ERF.length - 2; i >= 0; i--) {
            p = Math.fma(p, t, ERF[i]);
        }
        return (float) (clamped * p);
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

    static float celu(float x, float alpha) {
        return x > 0f ? x : (float) (alpha * StrictMath.expm1((double) x / alpha));
    }

    static float celuSlope(float x, float alpha) {
        return x > 0f ? 1f : (float) StrictMath.exp((double) x / alpha);
    }

    static float logSigmoid(float x) {
        return (float) (Math.min(x, 0f) - StrictMath.log1p(StrictMath.exp(-Math.abs((double) x))));
    }

    static float logSigmoidSlope(float x) {
        double e = StrictMath.exp(-Math.abs((double) x));
        return (float) ((x >= 0f ? e : 1) / (1 + e));
    }

    /** {@code (x + sqrt(x^2 + b)) / 2}, in which nothing cancels. */
    static float squarePlus(float x, float b) {
        return (float) (Math.max(x, 0f) + b / (2 * (Math.abs((double) x) + Math.sqrt((double) x * x + b))));
    }

    static float squarePlusSlope(float x, float b) {
        double root = Math.sqrt((double) x * x + b);
        double left = b / (2 * root * (Math.abs((double) x) + root));
        return (float) (x >= 0f ? 1 - left : left);
    }

    static float tanhShrink(float x) {
        double square = (double) x * x;
        return Math.abs((double) x) < TANH_SERIES ? (float) (x * square * (1 / 3.0 - square * (2 / 15.0 - square * (17 / 315.0))))
                : (float) (x - StrictMath.tanh(x));
    }

    static float tanhShrinkSlope(float x) {
        double tanh = StrictMath.tanh(x);
        return (float) (tanh * tanh);
    }

    static float clip(float p, float epsilon) {
        return Math.min(Math.max(p, epsilon), 1f - epsilon);
    }

    /** Whether {@link #clip} changes {@code p}; NaN it leaves. */
    static boolean clips(float p, float epsilon) {
        return p < epsilon || p > 1f - epsilon;
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
