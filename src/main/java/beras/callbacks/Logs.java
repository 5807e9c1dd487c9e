package beras.callbacks;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known after a batch or an epoch: named numbers such as {@code loss}, {@code accuracy}, {@code val_loss}, in order.
 *
 * @param values  the numbers by name, averages over the examples seen so far in the epoch
 * @param seconds the time spent on training in this epoch so far, validation not included
 */
public record Logs(Map<String, Double> values, double seconds) {

    public Logs {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * One number.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("There is no " + name + " in these logs, only " + values.keySet());
        }
        return value;
    }
}
