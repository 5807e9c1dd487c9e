package beras.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * All types of one kind, by name: {@code MeanSquaredError} is found under that name, as {@code mean_squared_error}, and under
 * the short names it was given, whatever the case.
 *
 * <p>One function makes all of them, by a switch over the types: a lambda and a loaded class for each would cost every start
 * of a program milliseconds.
 */
public final class Registry<T> {

    private final String kind;
    private final Function<Config, T> maker;
    private final List<String> names = new ArrayList<>();
    private final Map<String, String> types = new HashMap<>();

    /**
     * @param kind  what errors call one of them, with its article, such as {@code "a loss"}
     * @param maker makes one from its config, whose type is one of those added, spelt as there
     */
    public Registry(String kind, Function<Config, T> maker) {
        this.kind = kind;
        this.maker = maker;
    }

    /**
     * Adds a type.
     *
     * @param type   the simple name of its class
     * @param others further names
     * @return this
     */
    public Registry<T> add(String type, String... others) {
        names.add(type);
        put(type, type);
        for (String other : others) {
            put(other, type);
        }
        return this;
    }

    private void put(String name, String type) {
        if (types.put(key(name), type) != null) {
            throw new IllegalStateException("The name " + name + " is given twice");
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "").replace(" ", "");
    }

    /**
     * One of this name, with default settings.
     *
     * @throws IllegalArgumentException if there is none, listing the names there are
     */
    public T of(String name) {
        return of(Config.of(name));
    }

    /**
     * One of this type and settings.
     *
     * @throws IllegalArgumentException if there is no such type, or a setting is wrong
     */
    public T of(Config config) {
        String type = types.get(key(config.type()));
        if (type == null) {
            throw new IllegalArgumentException("There is no such name for " + kind + ". Received: " + config.type() + ". Known: "
                    + String.join(", ", names()));
        }
        return maker.apply(config.as(type));
    }

    /** Whether there is a type of this name. */
    public boolean has(String name) {
        return types.containsKey(key(name));
    }

    /** The names of all types, in the order they were added. */
    public List<String> names() {
        return List.copyOf(names);
    }
}
