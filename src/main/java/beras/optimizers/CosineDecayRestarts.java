package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;

/**
 * A rate that falls along half a wave of the cosine, and begins again and again (Loshchilov and Hutter, 2016). Every cycle is
 * {@code tMul} times as long as the one before and begins at {@code mMul} times its rate. Defaults: tMul 2, mMul 1, alpha 0.
 *
 * <p>The step at which a cycle ends is the first of the next one.
 */
public final class CosineDecayRestarts implements LearningRateSchedule {

    private final double initialLearningRate;
    private final int firstDecaySteps;
    private final double tMul;
    private final double mMul;
    private final double alpha;

    /** To 0, each cycle twice as long as the one before. */
    public CosineDecayRestarts(double initialLearningRate, int firstDecaySteps) {
        this(initialLearningRate, firstDecaySteps, 2, 1, 0);
    }

    /**
     * @param initialLearningRate at least 0
     * @param firstDecaySteps     steps of the first cycle, at least 1
     * @param tMul                at least 1
     * @param mMul                at least 0
     * @param alpha               the least rate, as a share of the initial one; at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public CosineDecayRestarts(double initialLearningRate, int firstDecaySteps, double tMul, double mMul, double alpha) {
        this.initialLearningRate = Arguments.notNegative("initialLearningRate", initialLearningRate);
        this.firstDecaySteps = Arguments.atLeast(1, "firstDecaySteps", firstDecaySteps);
        if (!(tMul >= 1 && tMul < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tMul must be finite and at least 1. Received: " + tMul);
        }
        this.tMul = tMul;
        this.mMul = Arguments.notNegative("mMul", mMul);
        this.alpha = Arguments.notNegative("alpha", alpha);
    }

    @Override
    public double rate(int step) {
        double length = firstDecaySteps;
        int cycle = 0;
        double begin = 0;
        if (tMul == 1) {
            cycle = step / firstDecaySteps;
            begin = cycle * length;
        } else {
            // Counted, not computed by logarithms, whose rounding could put the first step of a cycle into the one before.
            while (step >= begin + length) {
                begin += length;
                length *= tMul;
                cycle++;
            }
        }
        double height = StrictMath.pow(mMul, cycle);
        return initialLearningRate * CosineDecay.share((step - begin) / length, height, alpha);
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("initialLearningRate", initialLearningRate).with("firstDecaySteps", firstDecaySteps)
                .with("tMul", tMul).with("mMul", mMul).with("alpha", alpha);
    }
}
