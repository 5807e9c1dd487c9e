package beras.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All types of one kind, by name: {@code MeanSquaredError} is found under that name, as {@code mean_squared_error}, and under
 * the short names it was given, whatever the case.
 */
public final class Registry<T> {

    private final String kind;
    private final Map<String, Function<Config, ? extends T>> makers = new LinkedHashMap<>();
    private final Map<String, String> types = new LinkedHashMap<>();

    /**
     * @param kind what errors call one of them, with its article, such as {@code "a loss"}
     */
    public Registry(String kind) {
        this.kind = kind;
    }

    /**
     * Adds a type.
     *
     * @param maker  makes one from its config
     * @param others further names
     * @return this
     */
    public Registry<T> add(Class<? extends T> type, Function<Config, ? extends T> maker, String... others) {
        String name = type.getSimpleName();
        makers.put(name, maker);
        Stream.concat(Stream.of(name), Stream.of(others)).forEach(n -> {
            if (types.put(key(n), name) != null) {
                throw new IllegalStateException("The name " + n + " is given twice");
            }
        });
        return this;
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
        return makers.get(type).apply(config);
    }

    /** Whether there is a type of this name. */
    public boolean has(String name) {
        return types.containsKey(key(name));
    }

    /** The names of all types, in the order they were added. */
    public List<String> names() {
        return List.copyOf(makers.keySet());
    }
}
