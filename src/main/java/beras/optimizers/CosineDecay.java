package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;

/**
 * A rate that falls along half a wave of the cosine to the share {@code alpha} of itself, and then stays (Loshchilov and
 * Hutter, 2016), if wanted after a warm-up: a straight line from {@code initialLearningRate} at step 0 to {@code warmupTarget}
 * at step {@code warmupSteps}, from where the rate falls for {@code decaySteps} more. Defaults: alpha 0, no warm-up.
 */
public final class CosineDecay implements LearningRateSchedule {

    private final double initialLearningRate;
    private final int decaySteps;
    private final double alpha;
    private final double warmupTarget;
    private final int warmupSteps;

    /** To 0, without warm-up. */
    public CosineDecay(double initialLearningRate, int decaySteps) {
        this(initialLearningRate, decaySteps, 0);
    }

    /**
     * Without warm-up.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @param alpha               what is left in the end, as a share of the initial rate; at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public CosineDecay(double initialLearningRate, int decaySteps, double alpha) {
        this(initialLearningRate, decaySteps, alpha, initialLearningRate, 0);
    }

    /**
     * With warm-up.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          steps after the warm-up, at least 1
     * @param alpha               what is left in the end, as a share of {@code warmupTarget}; at least 0
     * @param warmupTarget        at least 0
     * @param warmupSteps         at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public CosineDecay(double initialLearningRate, int decaySteps, double alpha, double warmupTarget, int warmupSteps) {
        this.initialLearningRate = Arguments.notNegative("initialLearningRate", initialLearningRate);
        this.decaySteps = Arguments.atLeast(1, "decaySteps", decaySteps);
        this.alpha = Arguments.notNegative("alpha", alpha);
        this.warmupTarget = Arguments.notNegative("warmupTarget", warmupTarget);
        this.warmupSteps = Arguments.atLeast(0, "warmupSteps", warmupSteps);
    }

    @Override
    public double rate(int step) {
        if (step < warmupSteps) {
            return initialLearningRate + (warmupTarget - initialLearningRate) * step / warmupSteps;
        }
        return warmupTarget * share(Math.min(step - warmupSteps, decaySteps) / (double) decaySteps, 1, alpha);
    }

    /** What is left of a rate after this part, 0 to 1, of half a wave of this height above {@code alpha}. */
    static double share(double part, double height, double alpha) {
        return (1 - alpha) * (0.5 * height * (1 + StrictMath.cos(Math.PI * part))) + alpha;
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("initialLearningRate", initialLearningRate).with("decaySteps", decaySteps)
                .with("alpha", alpha).with("warmupTarget", warmupTarget).with("warmupSteps", warmupSteps);
    }
}
