package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import java.util.Arrays;

/** Schedules other than {@link CosineDecay} and {@link OneCycle}, by the names that configs have. */
final class Decay implements LearningRateSchedule {

    private enum Kind {
        /**
         * A rate that shrinks by the same factor in every {@code decaySteps} steps:
         * {@code initialLearningRate * decayRate^(step / decaySteps)}; with a {@code staircase} in whole such times.
         */
        ExponentialDecay,
        /**
         * A rate in inverse proportion to time: {@code initialLearningRate / (1 + decayRate * step / decaySteps)}; with a
         * {@code staircase} in whole {@code decaySteps}.
         */
        InverseTimeDecay,
        /**
         * A rate that falls along a power of the steps that are left, and then stays:
         * {@code (initialLearningRate - endLearningRate) * (1 - step / decaySteps)^power + endLearningRate}. If it cycles it does not
         * stay but begins again, from a lower rate: {@code decaySteps} becomes its first multiple that is not below the step.
         */
        PolynomialDecay,
        /**
         * A rate that falls along half a wave of the cosine, and begins again and again (Loshchilov and Hutter, 2016). Every cycle is
         * {@code tMul} times as long as the one before and begins at {@code mMul} times its rate. The step at which a cycle ends is the
         * first of the next one.
         */
        CosineDecayRestarts,
        /** A rate for each stretch of steps: {@code values[i]} up to and with step {@code boundaries[i]}, the last value after all. */
        PiecewiseConstantDecay
    }

    private final Kind kind;
    private double initialLearningRate;
    private int decaySteps = 1; // of restarts those of the first cycle
    private double decayRate = 1;
    private boolean staircase;
    private double endLearningRate = 0.0001;
    private double power = 1;
    private boolean cycle;
    private double tMul = 2;
    private double mMul = 1;
    private double alpha;
    private int[] boundaries = {};
    private double[] values = {};

    /** @param type one of the table */
    Decay(String type) {
        kind = Kind.valueOf(type);
    }

    @Override
    public String typeName() {
        return kind.name();
    }

    @Override
    public void settings(Settings s) {
        if (kind == Kind.PiecewiseConstantDecay) {
            pieces(s);
            return;
        }
        String steps = kind == Kind.CosineDecayRestarts ? "firstDecaySteps" : "decaySteps";
        initialLearningRate = Arguments.notNegative("initialLearningRate",
                s.required().number("initialLearningRate", initialLearningRate));
        decaySteps = Arguments.atLeast(1, steps, s.required().integer(steps, decaySteps));
        switch (kind) {
            case PolynomialDecay -> {
                endLearningRate = Arguments.notNegative("endLearningRate", s.number("endLearningRate", endLearningRate));
                power = Arguments.positive("power", s.number("power", power));
                cycle = s.flag("cycle", cycle);
            }
            case CosineDecayRestarts -> {
                tMul = checkedFactor(s.number("tMul", tMul));
                mMul = Arguments.notNegative("mMul", s.number("mMul", mMul));
                alpha = Arguments.notNegative("alpha", s.number("alpha", alpha));
            }
            default -> {
                double rate = s.required().number("decayRate", decayRate);
                decayRate = kind == Kind.ExponentialDecay ? Arguments.positive("decayRate", rate) : Arguments.notNegative("decayRate", rate);
                staircase = s.flag("staircase", staircase);
            }
        }
    }

    private void pieces(Settings s) {
        int[] steps = s.integers("boundaries", boundaries);
        double[] rates = s.required().numbers("values", values);
        if (rates.length != steps.length + 1) {
            throw new IllegalArgumentException("There must be one value more than boundaries. Received: " + steps.length
                    + " boundaries and " + rates.length + " values");
        }
        for (int i = 1; i < steps.length; i++) {
            if (steps[i] <= steps[i - 1]) {
                throw new IllegalArgumentException("boundaries must increase. Received: " + Arrays.toString(steps));
            }
        }
        for (int i = 0; i < rates.length; i++) {
            Arguments.notNegative("values[" + i + "]", rates[i]);
        }
        boundaries = steps;
        values = rates;
    }

    private static double checkedFactor(double tMul) {
        if (!(tMul >= 1 && tMul < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tMul must be finite and at least 1. Received: " + tMul);
        }
        return tMul;
    }

    @Override
    public double rate(int step) {
        double time = staircase ? Math.floor((double) step / decaySteps) : (double) step / decaySteps;
        return switch (kind) {
            case ExponentialDecay -> initialLearningRate * StrictMath.pow(decayRate, time);
            case InverseTimeDecay -> initialLearningRate / (1 + decayRate * time);
            case PolynomialDecay -> {
                double end = cycle ? decaySteps * Math.max(1, Math.ceil((double) step / decaySteps)) : decaySteps;
                double left = 1 - Math.min(step, end) / end;
                yield (initialLearningRate - endLearningRate) * StrictMath.pow(left, power) + endLearningRate;
            }
            case CosineDecayRestarts -> restarted(step);
            case PiecewiseConstantDecay -> {
                int i = 0;
                while (i < boundaries.length && step > boundaries[i]) {
                    i++;
                }
                yield values[i];
            }
        };
    }

    private double restarted(int step) {
        double length = decaySteps;
        int number = 0;
        double begin = 0;
        if (tMul == 1) {
            number = step / decaySteps;
            begin = number * length;
        } else {
            // Counted, not computed by logarithms, whose rounding could put the first step of a cycle into the one before.
            while (step >= begin + length) {
                begin += length;
                length *= tMul;
                number++;
            }
        }
        return initialLearningRate * CosineDecay.share((step - begin) / length, StrictMath.pow(mMul, number), alpha);
    }
}
