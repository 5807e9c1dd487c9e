package beras.kernels;

/**
 * An elementwise loss of a prediction {@code p} and its truth {@code t}, with an optional parameter {@code alpha}. What Keras
 * calls its fuzz factor, here {@code fuzz}, is 1e-7.
 */
public enum LossOp {
    /** {@code (p - t)^2}. */
    SQUARED,
    /** {@code |p - t|}; the derivative at 0 is 0. */
    ABSOLUTE,
    /** {@code 100 |p - t| / max(|t|, fuzz)}; the derivative at {@code p = t} is 0. */
    PERCENTAGE,
    /** {@code (log(1 + max(p, fuzz)) - log(1 + max(t, fuzz)))^2}. */
    SQUARED_LOG,
    /** {@code (p - t)^2 / 2} up to {@code |p - t| = alpha}, then {@code alpha (|p - t| - alpha / 2)}. */
    HUBER,
    /**
     * {@code alpha (t - p)} where {@code p} is below {@code t}, else {@code (1 - alpha) (p - t)}; the derivative at {@code p = t} is 0.
     */
    QUANTILE,
    /** {@code log(cosh(p - t))}, without overflow. */
    LOG_COSH,
    /** {@code p - t log(p + fuzz)}. */
    POISSON,
    /** {@code t log(t / p)}, both clipped to {@code [fuzz, 1]}; the derivative is 0 where the clip of {@code p} acts. */
    KL_DIVERGENCE,
    /** {@code max(1 - t p, 0)}. */
    HINGE,
    /** {@code max(1 - t p, 0)^2}. */
    SQUARED_HINGE,
    /**
     * {@code -t log(p) - (1 - t) log(1 - p)}, {@code p} clipped to {@code [fuzz, 1 - fuzz]}; the derivative is 0 where the clip
     * acts.
     */
    BINARY_CROSS_ENTROPY,
    /** The same of {@code 1 / (1 + exp(-p))}: {@code max(p, 0) - t p + log(1 + exp(-|p|))}. */
    BINARY_CROSS_ENTROPY_OF_LOGIT
}
