package beras.kernels;

/** The functions of {@link LossOp} with their derivatives, built like {@link FloatMath}. */
final class LossMath {

    /** Keras's fuzz factor: keeps logarithms and divisors off 0. */
    static final float FUZZ = 1e-7f;

    static float apply(LossOp op, float alpha, float p, float t) {
        return switch (op) {
            case SQUARED -> square(p - t);
            case ABSOLUTE -> Math.abs(p - t);
            case PERCENTAGE -> 100f * (Math.abs(p - t) / Math.max(Math.abs(t), FUZZ));
            case SQUARED_LOG -> square(logRatio(p, t));
            case HUBER -> huber(alpha, Math.abs(p - t));
            case QUANTILE -> Math.max((1f - alpha) * (p - t), -alpha * (p - t));
            case LOG_COSH -> logCosh(Math.abs(p - t));
            case POISSON -> p - t * FloatMath.log(p + FUZZ);
            case KL_DIVERGENCE -> toUnit(t) * FloatMath.log(toUnit(t) / toUnit(p));
            case HINGE -> Math.max(1f - t * p, 0f);
            case SQUARED_HINGE -> square(Math.max(1f - t * p, 0f));
            case BINARY_CROSS_ENTROPY -> binaryCrossEntropy(FloatMath.clip(p, FUZZ), t);
            case BINARY_CROSS_ENTROPY_OF_LOGIT ->
                    Math.fma(-t, p, Math.max(p, 0f)) + log1p(FloatMath.exp(-Math.abs(p)));
        };
    }

    /** The derivative of {@code op} by the prediction. */
    static float derivative(LossOp op, float alpha, float p, float t) {
        return switch (op) {
            case SQUARED -> 2f * (p - t);
            case ABSOLUTE -> sign(p - t);
            case PERCENTAGE -> 100f * (sign(p - t) / Math.max(Math.abs(t), FUZZ));
            case SQUARED_LOG -> p < FUZZ ? 0f : 2f * logRatio(p, t) / (p + 1f);
            case HUBER -> Math.min(Math.max(p - t, -alpha), alpha);
            case QUANTILE -> p > t ? 1f - alpha : p < t ? -alpha : p - t; // 0, or NaN
            case LOG_COSH -> FloatMath.tanh(p - t);
            case POISSON -> 1f - t / (p + FUZZ);
            case KL_DIVERGENCE -> p < FUZZ || p > 1f ? 0f : -(toUnit(t) / p);
            case HINGE -> 1f - t * p <= 0f ? 0f : -t;
            case SQUARED_HINGE -> -2f * Math.max(1f - t * p, 0f) * t;
            case BINARY_CROSS_ENTROPY -> clips(p, FUZZ) ? 0f : (1f - t) / (1f - p) - t / p;
            case BINARY_CROSS_ENTROPY_OF_LOGIT -> FloatMath.sigmoid(p) - t;
        };
    }

    /** Whether {@link FloatMath#clip} changes {@code p}; NaN it leaves. */
    static boolean clips(float p, float epsilon) {
        return p < epsilon || p > 1f - epsilon;
    }

    /** {@code log(1 + x)} for {@code x} above -1, also where {@code 1 + x} rounds. */
    static float log1p(float x) {
        float sum = 1f + x;
        return sum == Float.POSITIVE_INFINITY ? sum : FloatMath.log(sum) + (x - (sum - 1f)) / sum;
    }

    private static float logRatio(float p, float t) {
        return log1p(Math.max(p, FUZZ)) - log1p(Math.max(t, FUZZ));
    }

    private static float huber(float delta, float error) {
        return error > delta ? delta * (error - 0.5f * delta) : 0.5f * error * error;
    }

    /** Of {@code |x|}. Near 0, where {@code x - log 2 + ...} would cancel, from tanh: {@code cosh = 1 / sqrt(1 - tanh^2)}. */
    private static float logCosh(float x) {
        if (x < FloatMath.TANH_SMALL) {
            float tanh = FloatMath.tanh(x);
            return 0f - 0.5f * log1p(-tanh * tanh);
        }
        return x + (log1p(FloatMath.exp(-2f * x)) - FloatMath.LN2);
    }

    private static float binaryCrossEntropy(float p, float t) {
        return -(t * FloatMath.log(p) + (1f - t) * FloatMath.log(1f - p));
    }

    private static float toUnit(float x) {
        return Math.min(Math.max(x, FUZZ), 1f);
    }

    /** 1, -1, or {@code x} itself if it is 0 or NaN. */
    private static float sign(float x) {
        return x > 0f ? 1f : x < 0f ? -1f : x;
    }

    private static float square(float x) {
        return x * x;
    }

    private LossMath() {}
}
