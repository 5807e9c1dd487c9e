package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/** A rate in inverse proportion to time: {@code initialLearningRate / (1 + decayRate * step / decaySteps)}. */
public final class InverseTimeDecay implements LearningRateSchedule {

    private double initialLearningRate;
    private int decaySteps = 1;
    private double decayRate;
    private boolean staircase;

    InverseTimeDecay() {}

    /**
     * With a rate that changes at every step.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @param decayRate           at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public InverseTimeDecay(double initialLearningRate, int decaySteps, double decayRate) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = decaySteps;
        this.decayRate = decayRate;
        Settings.check(this);
    }

    /** Whether the rate changes at the multiples of {@code decaySteps} only; default false. */
    public InverseTimeDecay staircase(boolean value) {
        Settings.set(this, "staircase", value);
        return this;
    }

    @Override
    public void settings(Settings s) {
        initialLearningRate = Arguments.notNegative("initialLearningRate",
                s.required().number("initialLearningRate", initialLearningRate));
        decaySteps = Arguments.atLeast(1, "decaySteps", s.required().integer("decaySteps", decaySteps));
        decayRate = Arguments.notNegative("decayRate", s.required().number("decayRate", decayRate));
        staircase = s.flag("staircase", staircase);
    }

    @Override
    public double rate(int step) {
        double decays = (double) step / decaySteps;
        return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(decays) : decays));
    }
}
