package beras.cli;

import beras.data.NamedValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Text of the form {@code name=value,name=value}. */
final class Pairs {

    /** What {@link NamedValues#parse} says. */
    static Map<String, String> parse(String text) {
        return NamedValues.parse(text);
    }

    /**
     * As {@link #parse}, of numbers.
     *
     * @param known the names there may be; empty: any
     * @throws IllegalArgumentException also if a value is no number, or a name is not known
     */
    static Map<String, Double> numbers(String text, String... known) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        parse(text).forEach((name, value) -> {
            if (known.length > 0 && !List.of(known).contains(name)) {
                throw new IllegalArgumentException("there is no " + name + " here, only " + String.join(", ", known));
            }
            numbers.put(name, number(name, value));
        });
        return numbers;
    }

    /** A number of this name; {@code what} is used by the error. */
    static double number(String what, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + " must be a number. Received: \"" + text + "\"");
        }
    }

    private Pairs() {}
}
