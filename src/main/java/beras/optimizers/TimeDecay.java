package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * A rate that falls with the time since the start, counted in units of {@code decaySteps} steps.
 */
public abstract class TimeDecay implements LearningRateSchedule {

    private double initialLearningRate;
    private int decaySteps = 1;
    private double decayRate = 1;
    private boolean staircase;

    TimeDecay() {}

    TimeDecay(double initialLearningRate, int decaySteps, double decayRate) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = decaySteps;
        this.decayRate = decayRate;
        Settings.check(this);
    }

    @Override
    public final void settings(Settings s) {
        initialLearningRate = Arguments.notNegative("initialLearningRate",
                s.required().number("initialLearningRate", initialLearningRate));
        decaySteps = Arguments.atLeast(1, "decaySteps", s.required().integer("decaySteps", decaySteps));
        decayRate = checkedRate(s.required().number("decayRate", decayRate));
        staircase = s.flag("staircase", staircase);
    }

    /** The decay rate, if it is in range. */
    abstract double checkedRate(double rate);

    @Override
    public final double rate(int step) {
        double time = (double) step / decaySteps;
        return rate(initialLearningRate, decayRate, staircase ? Math.floor(time) : time);
    }

    /** The rate after a time. */
    abstract double rate(double initial, double decayRate, double time);
}
