package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * A rate that falls along a power of the steps that are left, and then stays:
 * {@code (initialLearningRate - endLearningRate) * (1 - step / decaySteps)^power + endLearningRate}.
 *
 * <p>If it cycles it does not stay but begins again, from a lower rate: {@code decaySteps} becomes its first multiple that is
 * not below the step. Defaults: endLearningRate 0.0001, power 1 (a straight line), no cycle.
 */
public final class PolynomialDecay implements LearningRateSchedule {

    private double initialLearningRate;
    private int decaySteps = 1;
    private double endLearningRate = 0.0001;
    private double power = 1;
    private boolean cycle;

    PolynomialDecay() {}

    /**
     * To 0.0001 along a straight line.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public PolynomialDecay(double initialLearningRate, int decaySteps) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = decaySteps;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        initialLearningRate = Arguments.notNegative("initialLearningRate",
                s.required().number("initialLearningRate", initialLearningRate));
        decaySteps = Arguments.atLeast(1, "decaySteps", s.required().integer("decaySteps", decaySteps));
        endLearningRate = Arguments.notNegative("endLearningRate", s.number("endLearningRate", endLearningRate));
        power = Arguments.positive("power", s.number("power", power));
        cycle = s.flag("cycle", cycle);
    }

    @Override
    public double rate(int step) {
        double end = cycle ? decaySteps * Math.max(1, Math.ceil((double) step / decaySteps)) : decaySteps;
        double left = 1 - Math.min(step, end) / end;
        return (initialLearningRate - endLearningRate) * StrictMath.pow(left, power) + endLearningRate;
    }
}
