package beras.training;

import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Names;
import beras.optimizers.LearningRateSchedule;
import beras.optimizers.Schedules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The schedules of a {@link Recipe}, which is independent of the number of steps: lengths are in epochs, also fractions of one,
 * and the initial rate is the optimizer's.
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
 *
 * @param full  the schedule with all its settings
 * @param rate  to begin with
 * @param steps of an epoch
 */
record EpochSchedule(Config full, double rate, int epochs, long steps) {

    /** Epochs, and steps per epoch, to try settings with before their numbers are known. */
    private static final int TRIAL = 10_000;
    private static final String PIECEWISE = "piecewise needs EPOCH=RATE, such as piecewise(3=0.001, 6=0.0001). Received: ";
    /** Each with its settings, in order, and their defaults. */
    private static final List<Config> KNOWN = ConfigText.parseList("cosine(warmup=0.0, end=0.0),"
            + "cosine_restarts(first=1.0, longer=2.0, lower=1.0, end=0.0), exponential(every=1.0, factor=0.9),"
            + "inverse_time(every=1.0, factor=1.0), polynomial(end=0.0, power=1.0), piecewise,"
            + "one_cycle(warmup=0.25, start=0.1, end=0.0)");

    /**
     * The same schedule with all its settings by name. Checks settings as far as possible without a training run.
     *
     * @throws IllegalArgumentException if there is no such schedule or setting, or a setting is out of range
     */
    static Config full(Config config) {
        LearningRateSchedule made = make(config, 1, TRIAL, TRIAL);
        return inEpochs(config).orElseGet(made::config);
    }

    /**
     * The schedule for a training run.
     *
     * @throws IllegalArgumentException if there is no such schedule or setting, or a setting is out of range
     */
    static LearningRateSchedule make(Config config, double rate, int epochs, long steps) {
        Optional<Config> full = inEpochs(config);
        if (full.isPresent()) {
            return new EpochSchedule(full.get(), rate, epochs, steps).make();
        }
        if (!Schedules.REGISTRY.has(config.type())) {
            String known = "with lengths in epochs " + String.join(", ", KNOWN.stream().map(Config::type).toList()) + "; in steps "
                    + String.join(", ", Schedules.REGISTRY.names());
            throw Names.unknown("a schedule", config.type(), Schedules.REGISTRY.textNames(), List.of(known));
        }
        return Schedules.REGISTRY.of(config);
    }

    /** Whether a schedule is as long as the training. */
    static boolean isOverAll(Config config) {
        return inEpochs(config).filter(full -> List.of("cosine", "polynomial", "one_cycle").contains(full.type())).isPresent();
    }

    /** A schedule in epochs with all its settings; empty if it is none. */
    private static Optional<Config> inEpochs(Config config) {
        String plain = Names.plain(config.type());
        return KNOWN.stream().filter(known -> Names.plain(known.type()).equals(plain)).findFirst().map(known -> {
            String[] names = known.values().keySet().toArray(String[]::new);
            if (!config.arguments().isEmpty()) {
                throw new IllegalArgumentException(config.type() + " takes settings by name, such as "
                        + (names.length > 0 ? names[0] + "=1" : "3=0.001") + ". Received: " + config.arguments());
            }
            Map<String, Object> all = new LinkedHashMap<>(known.values());
            all.putAll((names.length > 0 ? config.requireOnly(names) : config).values());
            return Config.of(known.type(), all);
        });
    }

    private LearningRateSchedule make() {
        return switch (full.type()) {
            case "cosine" -> cosine();
            case "cosine_restarts" -> Schedules.REGISTRY.of(full.type(), rate, steps(number("first")), number("longer"), number("lower"),
                    number("end"));
            case "exponential", "inverse_time" -> Schedules.REGISTRY.of(full.type(), rate, steps(number("every")), number("factor"));
            case "polynomial" -> Schedules.REGISTRY.of(full.type(), rate, steps(epochs), rate * number("end"), number("power"));
            case "one_cycle" -> Schedules.REGISTRY.of(full.type(), rate, steps(epochs), number("warmup"), number("start"), number("end"));
            default -> piecewise();
        };
    }

    private LearningRateSchedule cosine() {
        int warmup = steps(number("warmup"));
        int whole = steps(epochs);
        if (warmup >= whole) {
            throw new IllegalArgumentException("warmup must be shorter than the training of " + whole + " steps. Received: "
                    + warmup);
        }
        return Schedules.REGISTRY.of("cosine", warmup == 0 ? rate : 0, whole - warmup, number("end"), rate, warmup);
    }

    private LearningRateSchedule piecewise() {
        Map<Integer, Double> rates = new TreeMap<>();
        for (String epoch : full.values().keySet()) {
            try {
                rates.put(steps(Double.parseDouble(epoch)), number(epoch));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(PIECEWISE + epoch, e);
            }
        }
        if (rates.isEmpty()) {
            throw new IllegalArgumentException(PIECEWISE + "none");
        }
        List<Integer> boundaries = rates.keySet().stream().map(start -> start - 1).toList(); // the last step of the rate before
        List<Double> values = Stream.concat(Stream.of(rate), rates.values().stream()).toList();
        return Schedules.REGISTRY.of("piecewise", boundaries, values);
    }

    private double number(String name) {
        return full.number(name);
    }

    private int steps(double length) {
        double count = Math.rint(length * steps);
        if (!(count >= 0 && count <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException("a length of " + length + " epochs must be 0 to " + Integer.MAX_VALUE + " steps");
        }
        return (int) count;
    }
}
