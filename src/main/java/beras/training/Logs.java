package beras.training;

import beras.config.Config;
import beras.config.Names;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known after a batch or an epoch: named numbers such as {@code loss}, {@code accuracy}, {@code val_loss}, in order.
 * Made after every batch, so it is small; immutable, so it may be kept.
 */
public final class Logs {

    private static final MathContext DIGITS = new MathContext(5);

    private final List<String> names;
    private final double[] numbers;
    private final double seconds;

    /**
     * @param names   of the numbers, in order
     * @param numbers averages over the examples seen so far in the epoch
     * @param seconds the time spent on training in this epoch so far, validation not included
     */
    public Logs(List<String> names, double[] numbers, double seconds) {
        this(seconds, List.copyOf(names), numbers.clone());
    }

    /** Of names that never change and numbers that are its own. */
    Logs(double seconds, List<String> names, double[] numbers) {
        this.names = names;
        this.numbers = numbers;
        this.seconds = seconds;
    }

    /** Of numbers by name. */
    public Logs(Map<String, Double> values, double seconds) {
        this(List.copyOf(values.keySet()), values.values().stream().mapToDouble(Double::doubleValue).toArray(), seconds);
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

    /** These and one more number, or another value of one. */
    Logs with(String name, double value) {
        Map<String, Double> values = new LinkedHashMap<>(values());
        values.put(name, value);
        return new Logs(values, seconds);
    }

    /** The time spent on training in this epoch so far, validation not included. */
    public double seconds() {
        return seconds;
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
        return Config.of("Epoch").with("names", names).with("numbers", TrainingState.setting(numbers)).with("seconds", seconds);
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
        return new Logs(names, numbers, config.number("seconds"));
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
