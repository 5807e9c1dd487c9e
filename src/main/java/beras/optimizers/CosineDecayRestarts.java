package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;

/**
 * A rate that falls along half a wave of the cosine, and begins again and again (Loshchilov and Hutter, 2016). Every cycle is
 * {@code tMul} times as long as the one before and begins at {@code mMul} times its rate. Defaults: tMul 2, mMul 1, alpha 0.
 *
 * <p>The step at which a cycle ends is the first of the next one.
 */
public final class CosineDecayRestarts implements LearningRateSchedule {

    private double initialLearningRate;
    private int firstDecaySteps = 1;
    private double tMul = 2;
    private double mMul = 1;
    private double alpha;

    CosineDecayRestarts() {}

    /**
     * To 0, each cycle twice as long as the one before.
     *
     * @param initialLearningRate at least 0
     * @param firstDecaySteps     steps of the first cycle, at least 1
     * @throws IllegalArgumentException if an argument is out of range
     */
    public CosineDecayRestarts(double initialLearningRate, int firstDecaySteps) {
        this.initialLearningRate = initialLearningRate;
        this.firstDecaySteps = firstDecaySteps;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        initialLearningRate = Arguments.notNegative("initialLearningRate",
                s.required().number("initialLearningRate", initialLearningRate));
        firstDecaySteps = Arguments.atLeast(1, "firstDecaySteps", s.required().integer("firstDecaySteps", firstDecaySteps));
        tMul = checkedFactor(s.number("tMul", tMul));
        mMul = Arguments.notNegative("mMul", s.number("mMul", mMul));
        alpha = Arguments.notNegative("alpha", s.number("alpha", alpha));
    }

    private static double checkedFactor(double tMul) {
        if (!(tMul >= 1 && tMul < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tMul must be finite and at least 1. Received: " + tMul);
        }
        return tMul;
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
}
