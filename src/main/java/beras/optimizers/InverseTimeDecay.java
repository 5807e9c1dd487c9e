package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;

/** A rate in inverse proportion to time: {@code initialLearningRate / (1 + decayRate * step / decaySteps)}. */
public final class InverseTimeDecay implements LearningRateSchedule {

    private final double initialLearningRate;
    private final int decaySteps;
    private final double decayRate;
    private final boolean staircase;

    /** With a rate that changes at every step. */
    public InverseTimeDecay(double initialLearningRate, int decaySteps, double decayRate) {
        this(initialLearningRate, decaySteps, decayRate, false);
    }

    /**
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @param decayRate           at least 0
     * @param staircase           whether the rate changes at the multiples of {@code decaySteps} only
     * @throws IllegalArgumentException if an argument is out of range
     */
    public InverseTimeDecay(double initialLearningRate, int decaySteps, double decayRate, boolean staircase) {
        this.initialLearningRate = Arguments.notNegative("initialLearningRate", initialLearningRate);
        this.decaySteps = Arguments.atLeast(1, "decaySteps", decaySteps);
        this.decayRate = Arguments.notNegative("decayRate", decayRate);
        this.staircase = staircase;
    }

    @Override
    public double rate(int step) {
        double decays = (double) step / decaySteps;
        return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(decays) : decays));
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("initialLearningRate", initialLearningRate).with("decaySteps", decaySteps)
                .with("decayRate", decayRate).with("staircase", staircase);
    }
}
