package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;

/**
 * A rate that falls along a power of the steps that are left, and then stays:
 * {@code (initialLearningRate - endLearningRate) * (1 - step / decaySteps)^power + endLearningRate}.
 *
 * <p>If it cycles it does not stay but begins again, from a lower rate: {@code decaySteps} becomes its first multiple that is
 * not below the step. Defaults: endLearningRate 0.0001, power 1 (a straight line), no cycle.
 */
public final class PolynomialDecay implements LearningRateSchedule {

    private final double initialLearningRate;
    private final int decaySteps;
    private final double endLearningRate;
    private final double power;
    private final boolean cycle;

    /** To 0.0001 along a straight line. */
    public PolynomialDecay(double initialLearningRate, int decaySteps) {
        this(initialLearningRate, decaySteps, 0.0001, 1, false);
    }

    /**
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @param endLearningRate     at least 0
     * @param power               above 0
     * @param cycle               whether it begins again after the last step
     * @throws IllegalArgumentException if an argument is out of range
     */
    public PolynomialDecay(double initialLearningRate, int decaySteps, double endLearningRate, double power, boolean cycle) {
        this.initialLearningRate = Arguments.notNegative("initialLearningRate", initialLearningRate);
        this.decaySteps = Arguments.atLeast(1, "decaySteps", decaySteps);
        this.endLearningRate = Arguments.notNegative("endLearningRate", endLearningRate);
        this.power = Arguments.positive("power", power);
        this.cycle = cycle;
    }

    @Override
    public double rate(int step) {
        double end = cycle ? decaySteps * Math.max(1, Math.ceil((double) step / decaySteps)) : decaySteps;
        double left = 1 - Math.min(step, end) / end;
        return (initialLearningRate - endLearningRate) * StrictMath.pow(left, power) + endLearningRate;
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("initialLearningRate", initialLearningRate).with("decaySteps", decaySteps)
                .with("endLearningRate", endLearningRate).with("power", power).with("cycle", cycle);
    }
}
