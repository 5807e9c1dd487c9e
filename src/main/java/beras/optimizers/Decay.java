package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import java.util.Arrays;

/** The schedules, by the names that configs have. */
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
         * A rate that falls along half a wave of the cosine to the share {@code alpha} of itself, and then stays (Loshchilov and
         * Hutter, 2016), if wanted after a warm-up: a straight line from {@code initialLearningRate} at step 0 to {@code warmupTarget}
         * at step {@code warmupSteps}, from where the rate falls for {@code decaySteps} more. Defaults: alpha 0, no warm-up.
         */
        CosineDecay,
        /**
         * A rate that falls along half a wave of the cosine, and begins again and again (Loshchilov and Hutter, 2016). Every cycle is
         * {@code tMul} times as long as the one before and begins at {@code mMul} times its rate. The step at which a cycle ends is the
         * first of the next one.
         */
        CosineDecayRestarts,
        /** A rate for each stretch of steps: {@code values[i]} up to and with step {@code boundaries[i]}, the last value after all. */
        PiecewiseConstantDecay,
        /**
         * A rate that rises and falls once, along two straight lines (Smith, Super-Convergence, 2018): from {@code start} times the
         * {@code maxLearningRate} up to it within the share {@code warmup} of the steps, then down to {@code end} times it after the last
         * step, where it stays. Defaults: warmup 0.25, start 0.1, end 0.
         */
        OneCycle
    }

    private final Kind kind;
    private double initialLearningRate; // the highest one of a single cycle
    private int decaySteps = 1; // with restarts, of the first cycle; all of a single cycle
    private double decayRate = 1;
    private boolean staircase;
    private double endLearningRate = 0.0001;
    private double power = 1;
    private boolean cycle;
    private double tMul = 2;
    private double mMul = 1;
    private double alpha;
    private Double warmupTarget; // null: the initial rate
    private int warmupSteps;
    private double warmup = 0.25;
    private double start = 0.1;
    private double end;
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
        String first = kind == Kind.OneCycle ? "maxLearningRate" : "initialLearningRate";
        String steps = kind == Kind.OneCycle ? "steps" : kind == Kind.CosineDecayRestarts ? "firstDecaySteps" : "decaySteps";
        initialLearningRate = Arguments.notNegative(first, s.required().number(first, initialLearningRate));
        decaySteps = Arguments.atLeast(1, steps, s.required().integer(steps, decaySteps));
        switch (kind) {
            case PolynomialDecay -> {
                endLearningRate = Arguments.notNegative("endLearningRate", s.number("endLearningRate", endLearningRate));
                power = Arguments.positive("power", s.number("power", power));
                cycle = s.flag("cycle", cycle);
            }
            case CosineDecay -> {
                alpha = Arguments.notNegative("alpha", s.number("alpha", alpha));
                Double target = s.number("warmupTarget", warmupTarget);
                warmupTarget = target == null ? null : (Double) Arguments.notNegative("warmupTarget", target);
                warmupSteps = Arguments.atLeast(0, "warmupSteps", s.integer("warmupSteps", warmupSteps));
            }
            case OneCycle -> {
                warmup = Arguments.share("warmup", s.number("warmup", warmup));
                start = Arguments.share("start", s.number("start", start));
                end = Arguments.share("end", s.number("end", end));
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
                double last = cycle ? decaySteps * Math.max(1, Math.ceil((double) step / decaySteps)) : decaySteps;
                double left = 1 - Math.min(step, last) / last;
                yield (initialLearningRate - endLearningRate) * StrictMath.pow(left, power) + endLearningRate;
            }
            case CosineDecay -> cosine(step);
            case CosineDecayRestarts -> restarted(step);
            case PiecewiseConstantDecay -> {
                int i = 0;
                while (i < boundaries.length && step > boundaries[i]) {
                    i++;
                }
                yield values[i];
            }
            case OneCycle -> oneCycle(step);
        };
    }

    private double cosine(int step) {
        double top = warmupTarget == null ? initialLearningRate : warmupTarget;
        if (step < warmupSteps) {
            return initialLearningRate + (top - initialLearningRate) * step / warmupSteps;
        }
        return top * share(Math.min(step - warmupSteps, decaySteps) / (double) decaySteps, 1);
    }

    /** What is left of a rate after this part, 0 to 1, of half a wave of this height above {@code alpha}. */
    private double share(double part, double height) {
        return (1 - alpha) * (0.5 * height * (1 + StrictMath.cos(Math.PI * part))) + alpha;
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
        return initialLearningRate * share((step - begin) / length, StrictMath.pow(mMul, number));
    }

    private double oneCycle(int step) {
        double rise = warmup * decaySteps;
        if (step < rise) {
            return initialLearningRate * (start + (1 - start) * (step / rise));
        }
        double part = step == rise ? 0 : Math.min(1, (step - rise) / (decaySteps - rise)); // without a fall: 1
        return initialLearningRate * (1 - (1 - end) * part);
    }
}
