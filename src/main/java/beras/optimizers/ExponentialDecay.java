package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * A rate that shrinks by the same factor in every {@code decaySteps} steps:
 * {@code initialLearningRate * decayRate^(step / decaySteps)}.
 */
public final class ExponentialDecay implements LearningRateSchedule {

    private double initialLearningRate;
    private int decaySteps = 1;
    private double decayRate = 1;
    private boolean staircase;

    ExponentialDecay() {}

    /**
     * With a rate that changes at every step.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @param decayRate           above 0; with more than 1 the rate grows
     * @throws IllegalArgumentException if an argument is out of range
     */
    public ExponentialDecay(double initialLearningRate, int decaySteps, double decayRate) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = decaySteps;
        this.decayRate = decayRate;
        Settings.check(this);
    }

    /** Whether the rate changes at the multiples of {@code decaySteps} only; default false. */
    public ExponentialDecay staircase(boolean value) {
        Settings.set(this, "staircase", value);
        return this;
    }

    @Override
    public void settings(Settings s) {
        initialLearningRate = Arguments.notNegative("initialLearningRate",
                s.required().number("initialLearningRate", initialLearningRate));
        decaySteps = Arguments.atLeast(1, "decaySteps", s.required().integer("decaySteps", decaySteps));
        decayRate = Arguments.positive("decayRate", s.required().number("decayRate", decayRate));
        staircase = s.flag("staircase", staircase);
    }

    @Override
    public double rate(int step) {
        double decays = (double) step / decaySteps;
        return initialLearningRate * StrictMath.pow(decayRate, staircase ? Math.floor(decays) : decays);
    }
}
