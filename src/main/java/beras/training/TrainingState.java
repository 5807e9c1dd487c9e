package beras.training;

import beras.config.Config;
import beras.config.InvalidDataException;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The state that a training run, or one of its callbacks, needs to resume: settings and tensors, in a form that can be stored
 * without further knowledge. Settings are finite numbers, texts, and lists and configs of these.
 *
 * @param config  the type of the saved object, and its settings
 * @param tensors by name, all copied; some may have no elements
 */
public record TrainingState(Config config, Map<String, Tensor> tensors) {

    /** A state that does not fit the training run that is to be resumed from it. */
    public static final class NotFittingException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        NotFittingException(IllegalArgumentException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** What the names of the tensors of all weights begin with, see {@link #list}. */
    public static final String WEIGHTS = "weights.";

    /** And those of the optimizer's state. */
    public static final String OPTIMIZER = "optimizer.";

    private static final List<String> NOT_FINITE = List.of("NaN", "Infinity", "-Infinity");

    public TrainingState {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** Without tensors. */
    public TrainingState(Config config) {
        this(config, Map.of());
    }

    /** A number as a setting: as text if it is not finite. */
    public static Object setting(double number) {
        return Double.isFinite(number) ? number : Double.toString(number);
    }

    static List<Object> setting(double[] numbers) {
        return Arrays.stream(numbers).mapToObj(TrainingState::setting).toList();
    }

    /**
     * The number that {@link #setting(double)} made.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static double number(Object setting) {
        if (setting instanceof Number number) {
            return number.doubleValue();
        }
        if (setting instanceof String text && NOT_FINITE.contains(text)) {
            return Double.parseDouble(text);
        }
        throw new IllegalArgumentException("The state of a training has numbers, or one of " + NOT_FINITE + ". Received: "
                + setting);
    }

    /**
     * The numbers that {@link #setting(double[])} made.
     *
     * @throws IllegalArgumentException if it is no list, or something in it no number
     */
    static double[] numbers(Object setting) {
        if (!(setting instanceof List<?> list)) {
            throw new IllegalArgumentException("The state of a training has lists of numbers. Received: " + setting);
        }
        return list.stream().mapToDouble(TrainingState::number).toArray();
    }

    /**
     * The logs of each epoch of the run so far.
     *
     * @throws InvalidDataException if it is not the state of a training run
     */
    public List<Logs> history() {
        return setting((all, name) -> all.configs(name).stream().map(Logs::of).toList(), "history");
    }

    /**
     * How many epochs of the training were made.
     *
     * @throws InvalidDataException as {@link #history}
     */
    public int epoch() {
        return setting(Config::integer, "epoch");
    }

    /**
     * How many batches of the next epoch were made.
     *
     * @throws InvalidDataException as {@link #history}
     */
    public int batch() {
        return setting(Config::integer, "batch");
    }

    /**
     * Rejects a state that is not of a training run, and so cannot be resumed.
     *
     * @throws InvalidDataException as {@link #history}
     */
    public void requireTraining() {
        epoch();
        batch();
        setting(Config::flag, "stopping");
        setting(Config::flag, "stoppingAfterEpoch");
        history();
    }

    private <T> T setting(BiFunction<Config, String, T> get, String name) {
        try {
            return get.apply(config, name);
        } catch (IllegalArgumentException e) { // somebody wrote it by hand
            throw new InvalidDataException(e.getMessage(), e);
        }
    }

    /** The tensors whose names are {@code prefix} and a number from 0 on. */
    public List<Tensor> list(String prefix) {
        List<Tensor> list = new ArrayList<>();
        for (Tensor next = tensors.get(prefix + 0); next != null; next = tensors.get(prefix + list.size())) {
            list.add(next);
        }
        return list;
    }
}
