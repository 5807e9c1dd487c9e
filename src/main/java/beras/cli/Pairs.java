package beras.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Text of the form {@code name=value,name=value}. */
final class Pairs {

    /**
     * The values by name, in order. A name may hold an equals sign, a value none.
     *
     * @throws IllegalArgumentException if a part has another form, or a name is there twice
     */
    static Map<String, String> parse(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.lastIndexOf('=');
            String name = equals < 0 ? "" : part.substring(0, equals).strip();
            if (name.isEmpty()) {
                throw new IllegalArgumentException("expected name=value, with commas between such. Received: \"" + part + "\"");
            }
            if (pairs.put(name, part.substring(equals + 1).strip()) != null) {
                throw new IllegalArgumentException("each name may be there once. Received twice: " + name);
            }
        }
        return pairs;
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
