package beras.training;

import beras.config.Config;
import beras.config.Names;
import beras.optimizers.CosineDecay;
import beras.optimizers.CosineDecayRestarts;
import beras.optimizers.ExponentialDecay;
import beras.optimizers.InverseTimeDecay;
import beras.optimizers.LearningRateSchedule;
import beras.optimizers.OneCycle;
import beras.optimizers.PiecewiseConstantDecay;
import beras.optimizers.PolynomialDecay;
import beras.optimizers.Schedules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The schedules of a {@link Recipe}, which does not know the number of steps: lengths are epochs, which need not be whole, and
 * the rate to begin with is the optimizer's.
 *
 * <pre>
 *   cosine(warmup=0, end=0)                  along a wave to end times the rate, over the whole training
 *   cosine_restarts(first=1, longer=2, lower=1, end=0)
 *                                            the same, restarted after first epochs, each wave longer and lower by these factors
 *   exponential(factor=0.9, every=1)         times the factor in each so many epochs
 *   inverse_time(factor=1, every=1)          rate / (1 + factor * epochs / every)
 *   polynomial(end=0, power=1)               along a power to end times the rate, over the whole training
 *   piecewise(EPOCH=RATE, ...)               from each of these epochs on another rate
 *   one_cycle(warmup=0.25, start=0.1, end=0) from start times the rate up to it within this share of the training, then down to
 *                                            end times it
 * </pre>
 * Any other name is one of {@link Schedules}, whose settings are in steps.
 */
final class EpochSchedule {

    /** Epochs, and steps of one, to try settings with before it is known how many there will be. */
    private static final int TRIAL = 10_000;

    private static final String ONE_CYCLE = "one_cycle";
    private static final List<String> NAMES = List.of("cosine", "cosine_restarts", "exponential", "inverse_time", "polynomial",
            "piecewise", ONE_CYCLE);

    private final Config config;
    private final double rate;
    private final int epochs;
    private final long steps; // of an epoch
    private final Map<String, Object> settings = new LinkedHashMap<>(); // those that were asked for

    private EpochSchedule(Config config, double rate, int epochs, long steps) {
        this.config = config;
        this.rate = rate;
        this.epochs = epochs;
        this.steps = steps;
    }

    /**
     * The same schedule with all its settings by name. Refuses what is none, as far as that is known without a training.
     *
     * @throws IllegalArgumentException if there is no such schedule or setting, or a setting is out of range
     */
    static Config full(Config config) {
        EpochSchedule schedule = new EpochSchedule(config, 1, TRIAL, TRIAL);
        LearningRateSchedule made = schedule.make();
        return schedule.inEpochs() ? Config.of(schedule.name(), schedule.settings) : made.config();
    }

    /**
     * The schedule for a training.
     *
     * @param rate  to begin with
     * @param steps of an epoch
     * @throws IllegalArgumentException if there is no such schedule or setting, or a setting is out of range
     */
    static LearningRateSchedule make(Config config, double rate, int epochs, long steps) {
        return new EpochSchedule(config, rate, epochs, steps).make();
    }

    /** The name in the one spelling that {@link #make()} has. */
    private String name() {
        String plain = config.type().toLowerCase(Locale.ROOT).replace("-", "_");
        return plain.equals("cosinerestarts") ? "cosine_restarts" : plain.equals("inversetime") ? "inverse_time"
                : plain.equals("onecycle") ? ONE_CYCLE : plain;
    }

    private boolean inEpochs() {
        return NAMES.contains(name());
    }

    private LearningRateSchedule make() {
        return switch (name()) {
            case "cosine" -> cosine();
            case "cosine_restarts" -> {
                requireOnly("first", "longer", "lower", "end");
                yield new CosineDecayRestarts(rate, steps("first", 1)).tMul(number("longer", 2)).mMul(number("lower", 1))
                        .alpha(number("end", 0));
            }
            case "exponential" -> {
                requireOnly("factor", "every");
                yield new ExponentialDecay(rate, steps("every", 1), number("factor", 0.9));
            }
            case "inverse_time" -> {
                requireOnly("factor", "every");
                yield new InverseTimeDecay(rate, steps("every", 1), number("factor", 1));
            }
            case "polynomial" -> {
                requireOnly("end", "power");
                yield new PolynomialDecay(rate, whole()).endLearningRate(rate * number("end", 0)).power(number("power", 1));
            }
            case "piecewise" -> piecewise();
            case ONE_CYCLE -> {
                requireOnly("warmup", "start", "end");
                yield new OneCycle(rate, whole()).warmup(number("warmup", OneCycle.WARMUP)).start(number("start", OneCycle.START))
                        .end(number("end", 0));
            }
            default -> inSteps();
        };
    }

    private LearningRateSchedule inSteps() {
        if (!Schedules.REGISTRY.has(config.type())) {
            String known = "with lengths in epochs " + String.join(", ", NAMES) + "; in steps "
                    + String.join(", ", Schedules.REGISTRY.names());
            throw Names.unknown("a schedule", config.type(), Schedules.REGISTRY.textNames(), List.of(known));
        }
        return Schedules.REGISTRY.of(config);
    }

    /** Whether a schedule is as long as the training. */
    static boolean isOverAll(Config config) {
        return List.of("cosine", "polynomial", ONE_CYCLE).contains(new EpochSchedule(config, 1, 1, 1).name());
    }

    private LearningRateSchedule cosine() {
        requireOnly("warmup", "end");
        int warmup = steps("warmup", 0);
        if (warmup >= whole()) {
            throw new IllegalArgumentException("warmup must be shorter than the training of " + whole() + " steps. Received: "
                    + warmup);
        }
        CosineDecay decay = new CosineDecay(warmup == 0 ? rate : 0, whole() - warmup).alpha(number("end", 0));
        return decay.warmup(rate, warmup);
    }

    private LearningRateSchedule piecewise() {
        Map<Integer, Double> rates = new TreeMap<>();
        for (String epoch : config.values().keySet()) {
            double start;
            try {
                start = Double.parseDouble(epoch);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("piecewise needs EPOCH=RATE, such as piecewise(3=0.001, 6=0.0001). Received: "
                        + epoch, e);
            }
            rates.put(steps(start), number(epoch, 0));
        }
        if (rates.isEmpty()) {
            throw new IllegalArgumentException("piecewise needs rates, such as piecewise(3=0.001, 6=0.0001). Received: none");
        }
        int[] boundaries = new int[rates.size()];
        double[] values = new double[rates.size() + 1];
        values[0] = rate;
        int next = 0;
        for (Map.Entry<Integer, Double> entry : rates.entrySet()) {
            boundaries[next++] = entry.getKey() - 1; // the last step of the rate before
            values[next] = entry.getValue();
        }
        return new PiecewiseConstantDecay(boundaries, values);
    }

    private void requireOnly(String... names) {
        config.requireOnly(names);
        if (!config.arguments().isEmpty()) {
            throw new IllegalArgumentException(config.type() + " takes settings by name, such as " + names[0] + "=1. Received: "
                    + config.arguments());
        }
    }

    private double number(String name, double otherwise) {
        Object value = config.values().getOrDefault(name, otherwise);
        settings.put(name, value);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(config.type() + ": " + name + " must be a number. Received: " + value);
    }

    private int steps(String name, double otherwise) {
        return steps(number(name, otherwise));
    }

    private int whole() {
        return steps((double) epochs);
    }

    private int steps(double length) {
        double count = Math.rint(length * steps);
        if (!(count >= 0 && count <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("a length of " + length + " epochs must be 0 to " + Integer.MAX_VALUE + " steps");
        }
        return (int) count;
    }
}
