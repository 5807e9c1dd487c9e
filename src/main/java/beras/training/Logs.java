package beras.training;

import beras.config.Config;
import beras.config.Names;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Metrics after a batch or an epoch: named numbers such as {@code loss}, {@code accuracy}, {@code val_loss}, in order; after an
 * epoch of {@code fit} also the checksums of the weights. Made after every batch, so it is small; immutable, so it may be kept.
 */
public final class Logs {

    private static final MathContext DIGITS = new MathContext(5);
    private static final String WEIGHTS = "weights";

    private final List<String> names;
    private final double[] numbers;
    private final double seconds;
    private final String weights; // their checksums, null: unknown
    private final double batchLoss; // NaN: not of a batch

    /**
     * Shares the names, which never change, and the numbers.
     *
     * @param weights   at the end of the epoch; null: unknown
     * @param batchLoss the loss of the batch that has ended; NaN after an epoch
     */
    Logs(double seconds, List<String> names, double[] numbers, String weights, double batchLoss) {
        this.batchLoss = batchLoss;
        this.names = names;
        this.numbers = numbers;
        this.seconds = seconds;
        this.weights = weights;
    }

    /**
     * @param values  by name, in order: averages over the examples seen so far in the epoch
     * @param seconds the time spent on training in this epoch so far, validation not included
     */
    public Logs(Map<String, Double> values, double seconds) {
        this(values, seconds, null);
    }

    Logs(Map<String, Double> values, double seconds, String weights) {
        this(seconds, List.copyOf(values.keySet()), values.values().stream().mapToDouble(Double::doubleValue).toArray(), weights,
                Double.NaN);
    }

    /** The numbers by name, in order: averages over the examples seen so far in the epoch. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            values.put(names.get(i), numbers[i]);
        }
        return Collections.unmodifiableMap(values);
    }

    /** The names of the numbers, in order. */
    public List<String> names() {
        return names;
    }

    /**
     * The loss of the batch that has ended, of it alone, at the weights before its step, where the numbers are averages; empty after an
     * epoch.
     */
    public OptionalDouble batchLoss() {
        return Double.isNaN(batchLoss) ? OptionalDouble.empty() : OptionalDouble.of(batchLoss);
    }

    /** These and one more number, or another value of one. */
    Logs with(String name, double value) {
        Map<String, Double> values = new LinkedHashMap<>(values());
        values.put(name, value);
        return new Logs(values, seconds, weights);
    }

    /** The time spent on training in this epoch so far, validation not included. */
    public double seconds() {
        return seconds;
    }

    /**
     * The checksums of the weights as the epoch left them, before averages or the weights of the best epoch take their place: for each
     * weight eight hexadecimal digits, the CRC-32 of its elements as little-endian float32, without a space between. Comparing
     * them between two runs shows in which epoch and which weight the runs diverge. Empty after a batch, or if the epoch was
     * made by a version of BERAS without checksums.
     */
    public Optional<String> weights() {
        return Optional.ofNullable(weights);
    }

    /**
     * One number.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public double get(String name) {
        int at = names.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("There is no " + name + " in these logs, only " + names
                    + Names.didYouMean(name, names));
        }
        return numbers[at];
    }

    /** These as a config, for {@link #of}. */
    Config config() {
        Config config = Config.of("Epoch").with("names", names).with("numbers", TrainingState.setting(numbers))
                .with("seconds", seconds);
        return weights == null ? config : config.with(WEIGHTS, weights);
    }

    /**
     * The logs that {@link #config} describes.
     *
     * @throws IllegalArgumentException if it describes none
     */
    static Logs of(Config config) {
        List<String> names = config.texts("names");
        double[] numbers = TrainingState.numbers(config.list("numbers"));
        if (numbers.length != names.size()) {
            throw new IllegalArgumentException("Each number of an epoch needs a name. Received: " + numbers.length
                    + " numbers and " + names);
        }
        return new Logs(config.number("seconds"), List.copyOf(names), numbers,
                config.has(WEIGHTS) ? config.text(WEIGHTS) : null, Double.NaN);
    }

    @Override
    public String toString() {
        return "Logs: " + text() + " after " + seconds + " s";
    }

    /** Each number with its name, to five digits: {@code loss 0.24788, accuracy 0.9276}. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < numbers.length; i++) {
            text.append(i == 0 ? "" : ", ").append(names.get(i)).append(' ').append(rounded(numbers[i]));
        }
        return text.toString();
    }

    private static String rounded(double number) {
        return Double.isFinite(number) ? Double.toString(new BigDecimal(number).round(DIGITS).doubleValue()) : Double.toString(number);
    }
}
