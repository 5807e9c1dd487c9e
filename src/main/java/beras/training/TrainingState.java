package beras.training;

import beras.config.Config;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training needs to go on, or one callback of it: settings and tensors, so that it can be stored without knowing more of
 * it. The settings hold finite numbers, texts, and lists and configs of such.
 *
 * @param config  the type of what was saved, and its settings
 * @param tensors by name, all copied; some may have no elements
 */
public record TrainingState(Config config, Map<String, Tensor> tensors) {

    public TrainingState {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /** Without tensors. */
    public TrainingState(Config config) {
        this(config, Map.of());
    }

    /** A number as a setting: as text if it is not finite. */
    static Object setting(double number) {
        return Double.isFinite(number) ? number : Double.toString(number);
    }

    static List<Object> setting(double[] numbers) {
        List<Object> list = new ArrayList<>();
        for (double number : numbers) {
            list.add(setting(number));
        }
        return list;
    }

    /** The number that {@link #setting(double)} made. */
    static double number(Object setting) {
        return setting instanceof Number number ? number.doubleValue() : Double.parseDouble((String) setting);
    }

    static double[] numbers(List<?> settings) {
        double[] numbers = new double[settings.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(settings.get(i));
        }
        return numbers;
    }

    /** The tensors whose names are {@code prefix} and a number from 0 on. */
    List<Tensor> list(String prefix) {
        List<Tensor> list = new ArrayList<>();
        for (Tensor next = tensors.get(prefix + 0); next != null; next = tensors.get(prefix + list.size())) {
            list.add(next);
        }
        return list;
    }
}
