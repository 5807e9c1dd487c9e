package beras.cli;

import beras.optimizers.CosineDecay;
import beras.optimizers.CosineDecayRestarts;
import beras.optimizers.ExponentialDecay;
import beras.optimizers.InverseTimeDecay;
import beras.optimizers.LearningRateSchedule;
import beras.optimizers.PiecewiseConstantDecay;
import beras.optimizers.PolynomialDecay;
import java.util.Map;
import java.util.TreeMap;

/**
 * A learning rate that changes from step to step, as text: a name, and after a colon settings if any, such as
 * {@code cosine:warmup=1}. It begins as the learning rate; lengths are in epochs, which need not be whole.
 *
 * <pre>
 *   cosine           warmup=0, end=0           along a wave to end times the rate, over the whole training
 *   cosine_restarts  first=1, longer=2, lower=1, end=0
 *                                              the same, anew after first epochs, each wave longer and lower by these factors
 *   exponential      factor=0.9, every=1       times the factor in each so many epochs
 *   inverse_time     factor=1, every=1         rate / (1 + factor * epochs / every)
 *   polynomial       end=0, power=1            along a power to end times the rate, over the whole training
 *   piecewise        EPOCH=RATE,...            from each of these epochs on another rate
 * </pre>
 */
final class RateSchedule {

    private static final String NAMES = "cosine, cosine_restarts, exponential, inverse_time, polynomial, piecewise";
    /** Epochs, and steps of one, to try settings with before it is known how many there will be. */
    private static final int TRIAL = 10_000;

    private final String name;
    private final Map<String, Double> settings;

    private RateSchedule(String name, Map<String, Double> settings) {
        this.name = name;
        this.settings = settings;
    }

    /**
     * @throws IllegalArgumentException if there is no such schedule or setting, or a setting is out of range
     */
    static RateSchedule parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String[] known = switch (name) {
            case "cosine" -> new String[] {"warmup", "end"};
            case "cosine_restarts" -> new String[] {"first", "longer", "lower", "end"};
            case "exponential", "inverse_time" -> new String[] {"factor", "every"};
            case "polynomial" -> new String[] {"end", "power"};
            case "piecewise" -> new String[0];
            default -> throw new IllegalArgumentException("a schedule is one of " + NAMES + ". Received: \"" + name + "\"");
        };
        if (name.equals("piecewise") && colon < 0) {
            throw new IllegalArgumentException("piecewise needs rates, such as piecewise:3=0.001,6=0.0001");
        }
        RateSchedule schedule = new RateSchedule(name, colon < 0 ? Map.of() : Pairs.numbers(text.substring(colon + 1), known));
        schedule.make(1, TRIAL, TRIAL);
        return schedule;
    }

    /**
     * The schedule for a training.
     *
     * @param rate  to begin with
     * @param epoch its number of steps
     * @throws IllegalArgumentException if a setting is out of range
     */
    LearningRateSchedule make(double rate, int epochs, long epoch) {
        int whole = steps(epochs, epoch);
        return switch (name) {
            case "cosine" -> cosine(rate, whole, steps(setting("warmup", 0), epoch));
            case "cosine_restarts" -> new CosineDecayRestarts(rate, steps(setting("first", 1), epoch))
                    .tMul(setting("longer", 2)).mMul(setting("lower", 1)).alpha(setting("end", 0));
            case "exponential" -> new ExponentialDecay(rate, steps(setting("every", 1), epoch), setting("factor", 0.9));
            case "inverse_time" -> new InverseTimeDecay(rate, steps(setting("every", 1), epoch), setting("factor", 1));
            case "polynomial" -> new PolynomialDecay(rate, whole).endLearningRate(rate * setting("end", 0))
                    .power(setting("power", 1));
            default -> piecewise(rate, epoch);
        };
    }

    private LearningRateSchedule cosine(double rate, int whole, int warmup) {
        if (warmup >= whole) {
            throw new IllegalArgumentException("warmup must be shorter than the training of " + whole + " steps."
                    + " Received: " + warmup);
        }
        return new CosineDecay(warmup == 0 ? rate : 0, whole - warmup).alpha(setting("end", 0)).warmup(rate, warmup);
    }

    private LearningRateSchedule piecewise(double rate, long epoch) {
        Map<Integer, Double> rates = new TreeMap<>();
        settings.forEach((start, value) -> rates.put(steps(Pairs.number("an epoch", start), epoch), value));
        int[] boundaries = rates.keySet().stream().mapToInt(step -> step - 1).toArray(); // the last step of the rate before
        double[] values = new double[boundaries.length + 1];
        values[0] = rate;
        int next = 1;
        for (double value : rates.values()) {
            values[next++] = value;
        }
        return new PiecewiseConstantDecay(boundaries, values);
    }

    private double setting(String setting, double otherwise) {
        return settings.getOrDefault(setting, otherwise);
    }

    private static int steps(double epochs, long epoch) {
        double steps = Math.rint(epochs * epoch);
        if (!(steps >= 0 && steps <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("a length of " + epochs + " epochs must be 0 to " + Integer.MAX_VALUE
                    + " steps");
        }
        return (int) steps;
    }
}
