package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * A rate that falls along half a wave of the cosine to the share {@code alpha} of itself, and then stays (Loshchilov and
 * Hutter, 2016), if wanted after a warm-up: a straight line from {@code initialLearningRate} at step 0 to {@code warmupTarget}
 * at step {@code warmupSteps}, from where the rate falls for {@code decaySteps} more. Defaults: alpha 0, no warm-up.
 *
 * <pre>{@code
 * model.compile(new AdamW().schedule(new CosineDecay(0.002, 1000)), new MeanSquaredError());     // to 0 in 1000 steps
 * }</pre>
 */
public final class CosineDecay implements LearningRateSchedule {

    private double initialLearningRate;
    private int decaySteps = 1;
    private double alpha;
    private Double warmupTarget; // null: the initial rate
    private int warmupSteps;

    CosineDecay() {}

    /**
     * To 0, without warm-up.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          steps after the warm-up, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public CosineDecay(double initialLearningRate, int decaySteps) {
        this.initialLearningRate = initialLearningRate;
        this.decaySteps = decaySteps;
        Settings.check(this);
    }

    /**
     * Begins with a straight line from the initial rate to {@code target}, and falls from there; default none.
     *
     * @param target at least 0
     * @param steps  at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public CosineDecay warmup(double target, int steps) {
        Arguments.atLeast(0, "warmupSteps", steps);
        with("warmupTarget", target);
        with("warmupSteps", steps);
        return this;
    }

    @Override
    public void settings(Settings s) {
        initialLearningRate = Arguments.notNegative("initialLearningRate",
                s.required().number("initialLearningRate", initialLearningRate));
        decaySteps = Arguments.atLeast(1, "decaySteps", s.required().integer("decaySteps", decaySteps));
        alpha = Arguments.notNegative("alpha", s.number("alpha", alpha));
        Double target = s.number("warmupTarget", warmupTarget);
        warmupTarget = target == null ? null : (Double) Arguments.notNegative("warmupTarget", target);
        warmupSteps = Arguments.atLeast(0, "warmupSteps", s.integer("warmupSteps", warmupSteps));
    }

    @Override
    public double rate(int step) {
        double top = warmupTarget == null ? initialLearningRate : warmupTarget;
        if (step < warmupSteps) {
            return initialLearningRate + (top - initialLearningRate) * step / warmupSteps;
        }
        return top * share(Math.min(step - warmupSteps, decaySteps) / (double) decaySteps, 1, alpha);
    }

    /** What is left of a rate after this part, 0 to 1, of half a wave of this height above {@code alpha}. */
    static double share(double part, double height, double alpha) {
        return (1 - alpha) * (0.5 * height * (1 + StrictMath.cos(Math.PI * part))) + alpha;
    }
}
