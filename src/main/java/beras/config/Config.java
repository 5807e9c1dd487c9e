package beras.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * A type with its settings, in order: {@code Dropout(rate=0.5, seed=1)}. A value is a number, a boolean, a text, another
 * config, or a list of these; an absent setting has its default. Values may also come without a name, in front: the type alone
 * defines their meaning, see {@link Registry#of(Config)}. Immutable.
 *
 * <p>Numbers are kept as they are given: a {@code float} comes back as the same float, also through text.
 *
 * <p>A getter of a kind of value, such as {@link #number} and {@link #texts}, refuses a setting that is absent or of another kind with an
 * {@link IllegalArgumentException}.
 */
public final class Config {

    static final String WHOLE = "a whole number";
    static final String NUMBER = "a number";
    static final String TEXT = "a text";
    static final String FLAG = "true or false";
    static final String CONFIG = "a config";

    private final String type;
    private final List<Object> arguments;
    private final Map<String, Object> values;

    private Config(String type, List<Object> arguments, Map<String, Object> values) {
        this.type = Objects.requireNonNull(type);
        this.arguments = arguments;
        this.values = values;
    }

    /** A config of this type without settings. */
    public static Config of(String type) {
        return new Config(type, List.of(), Map.of());
    }

    /** A config of a class's simple name without settings. */
    public static Config of(Class<?> type) {
        return of(type.getSimpleName());
    }

    /**
     * A config with these settings; null values are left out.
     *
     * @throws IllegalArgumentException if a value is of a kind that a config does not hold
     */
    public static Config of(String type, Map<String, ?> values) {
        return of(type, List.of(), values);
    }

    /**
     * A config with some values without names, then these settings, of which null values are left out.
     *
     * @throws IllegalArgumentException if a value is of a kind that a config does not hold
     */
    public static Config of(String type, List<?> arguments, Map<String, ?> values) {
        Map<String, Object> copy = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value != null) {
                copy.put(name, requireKind(name, value));
            }
        });
        return new Config(type, requireKinds(type, arguments), Collections.unmodifiableMap(copy));
    }

    /**
     * This config with one more setting, or another value of one; null leaves the setting out. To set many, pass them to
     * {@link #of(String, Map)}: each call copies those before.
     *
     * @throws IllegalArgumentException if the value is of a kind that a config does not hold
     */
    @CheckReturnValue
    public Config with(String name, Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(values);
        if (value == null) {
            copy.remove(name);
        } else {
            copy.put(name, requireKind(name, value));
        }
        return new Config(type, arguments, Collections.unmodifiableMap(copy));
    }

    private static Object requireKind(String name, Object value) {
        if (value instanceof List<?> list) {
            return requireKinds(name, list);
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

    private static List<Object> requireKinds(String name, List<?> list) {
        List<Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
            copy.add(requireKind(name, element));
        }
        return Collections.unmodifiableList(copy);
    }

    /** The same settings of another type. */
    Config as(String newType) {
        return new Config(newType, arguments, values);
    }

    /** The name of the type. */
    public String type() {
        return type;
    }

    /** The values without names, in order. */
    public List<Object> arguments() {
        return arguments;
    }

    /** All settings by name, in order. */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * All settings as text by their paths, such as {@code layers.1.units}; the type of a nested config is under the setting's
     * own path. Empty ones are left out.
     */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        values.forEach((setting, value) -> flatten(setting, value, settings));
        return settings;
    }

    private static void flatten(String path, Object value, Map<String, String> into) {
        if (value instanceof Config config) {
            into.put(path, config.arguments.isEmpty() ? config.type : config.type + config.arguments);
            config.values.forEach((setting, inner) -> flatten(path + "." + setting, inner, into));
        } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Config) {
            for (int i = 0; i < list.size(); i++) {
                flatten(path + "." + (i + 1), list.get(i), into);
            }
        } else if (value != null && !List.of().equals(value)) {
            into.put(path, String.valueOf(value));
        }
    }

    /** Whether there is a setting of this name. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A number. */
    public double number(String name) {
        return numeric(name).doubleValue();
    }

    Number numeric(String name) {
        if (values.get(name) instanceof Number number) {
            return number;
        }
        throw wrong(name, NUMBER);
    }

    /** A whole number of 32 bits. */
    public int integer(String name) {
        long whole = whole(name);
        if (whole != (int) whole) {
            throw wrong(name, "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
        }
        return (int) whole;
    }

    /** A whole number of 64 bits. */
    public long whole(String name) {
        Object value = values.get(name);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        if (!(value instanceof Number number)) {
            throw wrong(name, WHOLE);
        }
        try {
            return (isBinary(number) ? new BigDecimal(number.doubleValue()) : new BigDecimal(number.toString())).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(name, "a whole number of 64 bits");
        }
    }

    /** True or false. */
    public boolean flag(String name) {
        if (values.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, FLAG);
    }

    /** A text. */
    public String text(String name) {
        if (values.get(name) instanceof String text) {
            return text;
        }
        if (values.get(name) instanceof Config config && config.isBare()) {
            return config.type;
        }
        throw wrong(name, TEXT);
    }

    /** A config. */
    @CheckReturnValue
    public Config config(String name) {
        if (values.get(name) instanceof String text) {
            return of(text);
        }
        if (values.get(name) instanceof Config config) {
            return config;
        }
        throw wrong(name, CONFIG);
    }

    /** A list. */
    public List<?> list(String name) {
        if (values.get(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "a list");
    }

    /** A list of whole numbers of 32 bits. */
    public int[] integers(String name) {
        return each(name, Config::integer).stream().mapToInt(Integer::intValue).toArray();
    }

    /** A list of whole numbers of 64 bits. */
    public List<Long> wholes(String name) {
        return each(name, Config::whole);
    }

    /** A list of numbers. */
    public List<Double> numbers(String name) {
        return each(name, Config::number);
    }

    /** A list of texts. */
    public List<String> texts(String name) {
        return each(name, Config::text);
    }

    /** A list of configs. */
    public List<Config> configs(String name) {
        return each(name, Config::config);
    }

    <T> List<T> each(String name, BiFunction<Config, String, T> kind) {
        List<T> each = new ArrayList<>(); // without a stream, which would be the first of a start
        for (Object value : list(name)) {
            each.add(kind.apply(only(name, value), name));
        }
        return Collections.unmodifiableList(each);
    }

    /** A config of this type with one value of any kind, which is to be read. */
    Config only(String name, Object value) {
        return new Config(type, List.of(), Collections.singletonMap(name, value));
    }

    /**
     * Refuses settings of other names than these.
     *
     * @throws IllegalArgumentException the message names the setting and the allowed ones
     */
    public Config requireOnly(String... names) {
        for (String name : values.keySet()) {
            if (!List.of(names).contains(name)) {
                throw new IllegalArgumentException(type + " has no setting " + name + ", only " + List.of(names)
                        + Names.didYouMean(name, List.of(names)));
            }
        }
        return this;
    }

    /** Whether there is nothing but the type. */
    boolean isBare() {
        return arguments.isEmpty() && values.isEmpty();
    }

    IllegalArgumentException wrong(String name, String wanted) {
        Object received = values.get(name);
        return new IllegalArgumentException(type + ": " + name + " must be " + wanted + ". Received: "
                + (received == null ? "nothing" : received));
    }

    // ------------------------------------------------------------------------------------------------- as a whole

    /**
     * Whether both have one type and the same settings; numbers are the same if they are as text, 1 as 1.0,
     * and a text is the same as the config of that name alone.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Config that && type.equals(that.type) && sameValue(arguments, that.arguments)
                && sameValue(values, that.values);
    }

    private static boolean sameValue(Object a, Object b) {
        if (a instanceof Number x && b instanceof Number y) {
            return sameNumber(x, y);
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            boolean same = x.size() == y.size();
            for (int i = 0; same && i < x.size(); i++) {
                same = sameValue(x.get(i), y.get(i));
            }
            return same;
        }
        if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
            boolean same = x.keySet().equals(y.keySet());
            for (Map.Entry<?, ?> entry : x.entrySet()) {
                same = same && sameValue(entry.getValue(), y.get(entry.getKey()));
            }
            return same;
        }
        return named(a).equals(named(b));
    }

    /** A text as the config of that name, as text without quotes is parsed. */
    private static Object named(Object value) {
        return value instanceof String text ? of(text) : value;
    }

    private static boolean sameNumber(Number a, Number b) {
        double x = Double.parseDouble(a.toString()); // of a float the double of the same digits
        double y = Double.parseDouble(b.toString());
        return a.toString().equals(b.toString()) || (isBinary(a) && isBinary(b) ? x == y : Double.isFinite(x) && Double.isFinite(y)
                && new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0);
    }

    private static boolean isBinary(Number number) {
        return number instanceof Double || number instanceof Float;
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, arguments.size(), values.keySet());
    }

    /** The text that {@link ConfigText#parse} reads. */
    @Override
    public String toString() {
        return ConfigText.print(this);
    }
}
