package beras.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A type with its settings, in order: {@code Dropout{rate=0.5, seed=1}}. A value is a number, a boolean, a text, another
 * config, or a list of such; a setting that is absent has its default. Immutable.
 *
 * <p>Numbers are kept as they are given: a {@code float} comes back as the same float, also through text.
 */
public final class Config {

    private final String type;
    private final Map<String, Object> values;

    private Config(String type, Map<String, Object> values) {
        this.type = Objects.requireNonNull(type);
        this.values = values;
    }

    /** A config of this type without settings. */
    public static Config of(String type) {
        return new Config(type, Map.of());
    }

    /** A config of a class's simple name without settings. */
    public static Config of(Class<?> type) {
        return of(type.getSimpleName());
    }

    /**
     * This config with one more setting, or another value of one; a null value leaves it out.
     *
     * @throws IllegalArgumentException if the value is of a kind that a config does not hold
     */
    public Config with(String name, Object value) {
        if (value == null) {
            return this;
        }
        Map<String, Object> copy = new LinkedHashMap<>(values);
        copy.put(name, requireKind(name, value));
        return new Config(type, Collections.unmodifiableMap(copy));
    }

    private static Object requireKind(String name, Object value) {
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(requireKind(name, element)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Configurable configurable) {
            return configurable.config();
        }
        if (value instanceof Number || value instanceof Boolean || value instanceof String || value instanceof Config) {
            return value;
        }
        throw new IllegalArgumentException("A setting is a number, a boolean, a text, a config or a list of such. Received for "
                + name + ": " + (value == null ? "null" : value.getClass().getName()));
    }

    /** The same settings of another type. */
    Config as(String type) {
        return new Config(type, values);
    }

    /** The name of the type. */
    public String type() {
        return type;
    }

    /** All settings by name, in order. */
    public Map<String, Object> values() {
        return values;
    }

    /** Whether there is such a setting. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A number; {@code otherwise} if absent. */
    public double number(String name, double otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    /** A number that must be there. */
    public double number(String name) {
        return get(name, Number.class, "a number").doubleValue();
    }

    /** A number as float; {@code otherwise} if absent. */
    public float real(String name, float otherwise) {
        return has(name) ? get(name, Number.class, "a number").floatValue() : otherwise;
    }

    /** A whole number; {@code otherwise} if absent. */
    public int integer(String name, int otherwise) {
        return has(name) ? integer(name) : otherwise;
    }

    /** A whole number that must be there. */
    public int integer(String name) {
        long value = whole(name);
        if (value != (int) value) {
            throw wrong(name, "a whole number of at most " + Integer.MAX_VALUE, value);
        }
        return (int) value;
    }

    /** A whole number of 64 bits; {@code otherwise} if absent. */
    public long whole(String name, long otherwise) {
        return has(name) ? whole(name) : otherwise;
    }

    private long whole(String name) {
        Number value = get(name, Number.class, "a whole number");
        if (value.doubleValue() != Math.rint(value.doubleValue())) {
            throw wrong(name, "a whole number", value);
        }
        return value.longValue();
    }

    /** True or false; {@code otherwise} if absent. */
    public boolean flag(String name, boolean otherwise) {
        return has(name) ? get(name, Boolean.class, "true or false") : otherwise;
    }

    /** A text; {@code otherwise} if absent. */
    public String text(String name, String otherwise) {
        return has(name) ? get(name, String.class, "a text") : otherwise;
    }

    /** A text that must be there. */
    public String text(String name) {
        return get(name, String.class, "a text");
    }

    /** A config; null if absent. A text stands for the config of that type. */
    public Config config(String name) {
        Object value = values.get(name);
        if (value instanceof String text) {
            return of(text);
        }
        return value == null ? null : get(name, Config.class, "a config");
    }

    /** What {@code maker} makes of the config of this name; {@code otherwise} if absent. */
    public <T> T made(String name, Function<Config, T> maker, T otherwise) {
        return has(name) ? maker.apply(config(name)) : otherwise;
    }

    /** A list; empty if absent. */
    public List<?> list(String name) {
        return has(name) ? get(name, List.class, "a list") : List.of();
    }

    /** A list of numbers; empty if absent. */
    public double[] numbers(String name) {
        return list(name).stream().mapToDouble(value -> {
            if (value instanceof Number number) {
                return number.doubleValue();
            }
            throw wrong(name, "a list of numbers", value);
        }).toArray();
    }

    /** A list of whole numbers; empty if absent. */
    public int[] integers(String name) {
        double[] numbers = numbers(name);
        int[] integers = new int[numbers.length];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (int) numbers[i];
            if (integers[i] != numbers[i]) {
                throw wrong(name, "a list of whole numbers", numbers[i]);
            }
        }
        return integers;
    }

    /**
     * Refuses settings of other names than these.
     *
     * @throws IllegalArgumentException naming the setting and those there are
     */
    public Config requireOnly(String... names) {
        for (String name : values.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new IllegalArgumentException(type + " has no setting " + name + ", only " + List.of(names));
            }
        }
        return this;
    }

    /**
     * What {@code maker} makes, which has no settings.
     *
     * @throws IllegalArgumentException if there is one here
     */
    public <T> T plain(Supplier<T> maker) {
        requireOnly();
        return maker.get();
    }

    private <T> T get(String name, Class<T> kind, String wanted) {
        Object value = values.get(name);
        if (!kind.isInstance(value)) {
            throw wrong(name, wanted, value == null ? "nothing" : value);
        }
        return kind.cast(value);
    }

    private IllegalArgumentException wrong(String name, String wanted, Object received) {
        return new IllegalArgumentException(type + ": " + name + " must be " + wanted + ". Received: " + received);
    }

    /** Whether both have one type and the same settings; numbers are the same if they are as doubles. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Config that && type.equals(that.type) && sameValue(values, that.values);
    }

    private static boolean sameValue(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return x.longValue() == y.longValue() && (x.floatValue() == y.floatValue() || x.doubleValue() == y.doubleValue());
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            boolean same = x.size() == y.size();
            for (int i = 0; same && i < x.size(); i++) {
                same = sameValue(x.get(i), y.get(i));
            }
            return same;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            return x.keySet().equals(y.keySet()) && x.keySet().stream().allMatch(key -> sameValue(x.get(key), y.get(key)));
        }
        return a.equals(b);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, values.keySet());
    }

    @Override
    public String toString() {
        return type + values;
    }
}
