package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * A rate that rises and falls once, along two straight lines (Smith, Super-Convergence, 2018): from {@code start} times the
 * {@code maxLearningRate} up to it within the share {@code warmup} of the steps, then down to {@code end} times it after the last
 * step, where it stays. Defaults: warmup 0.25, start 0.1, end 0.
 */
public final class OneCycle implements LearningRateSchedule {

    /** The share of the steps in which the rate rises, if nothing is given. */
    public static final double WARMUP = 0.25;
    /** The share of the highest rate at the first step, if nothing is given. */
    public static final double START = 0.1;

    private double maxLearningRate;
    private int steps = 1;
    private double warmup = WARMUP;
    private double start = START;
    private double end;

    OneCycle() {}

    /**
     * @param maxLearningRate at least 0
     * @param steps           of the whole training, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public OneCycle(double maxLearningRate, int steps) {
        this.maxLearningRate = maxLearningRate;
        this.steps = steps;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        maxLearningRate = Arguments.notNegative("maxLearningRate", s.required().number("maxLearningRate", maxLearningRate));
        steps = Arguments.atLeast(1, "steps", s.required().integer("steps", steps));
        warmup = Arguments.share("warmup", s.number("warmup", warmup));
        start = Arguments.share("start", s.number("start", start));
        end = Arguments.share("end", s.number("end", end));
    }

    @Override
    public double rate(int step) {
        double rise = warmup * steps;
        if (step < rise) {
            return maxLearningRate * (start + (1 - start) * (step / rise));
        }
        double part = step == rise ? 0 : Math.min(1, (step - rise) / (steps - rise)); // without a fall: 1
        return maxLearningRate * (1 - (1 - end) * part);
    }
}
