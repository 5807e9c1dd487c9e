package beras.config;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All types of one kind, by name: {@code MeanSquaredError} is found under that name, as {@code mean_squared_error}, and under
 * the short names it was given, whatever the case.
 *
 * <p>BERAS's own are registered by the names of their classes, which are loaded on demand: to load all of them, or to link a
 * lambda for each, would cost every start of a program milliseconds. Custom types are {@linkplain #register registered}, by the
 * program or by a {@link Registration}. Safe for use by several threads.
 */
public final class Registry<T extends Configurable> {

    /**
     * A name as given, its type, and preset settings that a config need not name.
     *
     * @param table  its class, or that of which it is a row
     * @param isRow  whether the constructor of the class takes the type
     * @param preset null: none
     * @param maker  of a type that users registered; null: it is BERAS's own
     * @param key    of a registered type
     */
    private record Entry<T>(String name, String type, String table, boolean isRow, Config preset, Supplier<? extends T> maker, Object key) {

        boolean isType() {
            return name.equals(type) && preset == null;
        }
    }

    private static boolean registered; // each Registration, or it is being done: one may look up names itself

    private final String article;
    private final Class<T> kind;
    private final String home;
    private String functions; // null: there are none
    private Registry<T> whole; // that has all of this, too; null: none
    private final Map<String, Entry<T>> entries = new LinkedHashMap<>(); // by their plain names

    /** A registry of classes in the package of their kind; {@code article} is as in the other constructor. */
    public Registry(String article, Class<T> kind) {
        this(article, kind, kind.getPackageName());
    }

    /**
     * @param article one of them in errors, with its article, such as {@code "a loss"}
     * @param kind    the class of all of them
     * @param home    the package of types added by {@link #add}
     */
    public Registry(String article, Class<T> kind, String home) {
        this.article = article;
        this.kind = kind;
        this.home = home;
    }

    // ----------------------------------------------------------------------------------------------------- adding

    /**
     * Says that functions are registered here, too.
     *
     * @param method by which, such as {@code Losses.register}, for errors
     * @return this
     */
    public Registry<T> withFunctions(String method) {
        functions = method;
        return this;
    }

    /**
     * Adds a type of BERAS's own.
     *
     * @param type   the simple name of its class, which has a constructor without arguments
     * @param others further names
     * @return this
     */
    public Registry<T> add(String type, String... others) {
        return addType(type, type, false, null, null, others);
    }

    /**
     * Adds a type of BERAS's own that is a row of a table.
     *
     * @param table  the simple name of a class, which has a constructor that takes the type, or of an enum, which has it as a constant
     * @param type   the {@linkplain Configurable#typeName name of the type} that it makes
     * @param others further names
     * @return this
     */
    public Registry<T> addRow(String table, String type, String... others) {
        return addType(type, table, true, null, null, others);
    }

    private Registry<T> addType(String type, String table, boolean isRow, Supplier<? extends T> maker, Object key, String... others) {
        put(new Entry<>(type, type, home + "." + table, isRow, null, maker, key));
        for (String other : others) {
            put(new Entry<>(other, type, home + "." + table, isRow, null, maker, key));
        }
        return this;
    }

    /**
     * Adds a name for a type that was added, with some settings.
     *
     * @return this
     */
    public Registry<T> preset(String name, Config preset) {
        Entry<T> of = entry(preset.type());
        put(new Entry<>(name, of.type, of.table, of.isRow, preset, of.maker, of.key));
        return this;
    }

    /**
     * Adds all present and future types of another registry.
     *
     * @return this
     */
    public Registry<T> include(Registry<T> part) {
        part.entries.values().forEach(this::put);
        part.whole = this;
        return this;
    }

    /**
     * Adds a custom type, under the {@linkplain Configurable#typeName name of the type}, which is the simple name of its class, or
     * that of a function. To add a type again changes nothing.
     *
     * @param maker  makes one without settings, such as {@code Scale::new}
     * @param others further names
     * @throws IllegalArgumentException if the class has no name, or a name is taken by another type, also by one of a registry
     *     that includes this
     */
    public void register(Supplier<? extends T> maker, String... others) {
        T made = Objects.requireNonNull(maker.get(), "what the maker makes");
        Object key = made.typeKey();
        if (key instanceof Class<?> type && (type.isAnonymousClass() || type.isSynthetic())) {
            throw new IllegalArgumentException("The class of " + article + " needs a name. Received: " + type.getName());
        }
        Registry<T> all = whole == null ? this : whole;
        synchronized (all) {
            if (!all.isKnown(key)) {
                all.requireFree(made.typeName(), key);
                for (String other : others) {
                    all.requireFree(other, key);
                }
                addType(made.typeName(), made.typeName(), false, maker, key, others);
            }
        }
    }

    /** Removes a {@linkplain #register registered} type, by its name, for types that are loaded for a while only. */
    public void unregister(String name) {
        if (whole != null) {
            whole.unregister(name);
        }
        synchronized (this) {
            entries.values().removeIf(entry -> entry.maker != null && entry.type.equals(name));
        }
    }

    private void requireFree(String name, Object key) {
        if (hasAlready(name)) {
            throw new IllegalArgumentException("The name of " + article + " must not be that of another: " + name
                    + " is taken. Received: " + (key instanceof Class<?> type ? type.getName() : "another function"));
        }
    }

    private synchronized void put(Entry<T> entry) {
        if (whole != null) {
            whole.put(entry);
        }
        if (entries.putIfAbsent(Names.plain(entry.name), entry) != null) {
            throw new IllegalStateException("The name " + entry.name + " is given twice");
        }
    }

    // ----------------------------------------------------------------------------------------------------- making

    /**
     * One of this name, with default settings, or by a text such as {@code sgd(0.1)}, see {@link ConfigText}.
     *
     * @throws IllegalArgumentException if there is none, listing the names there are, or a setting is wrong
     */
    public T of(String text) {
        return of(ConfigText.nameOrText(text));
    }

    /**
     * One of this name, with values of its settings, in the order in which a text may give them: {@code of("max_norm", 3)}.
     *
     * @throws IllegalArgumentException if there is none, or a setting is wrong
     */
    public T of(String name, Object... values) {
        return of(Config.of(name, List.of(values), Map.of()));
    }

    /**
     * One of this type and settings.
     *
     * @throws IllegalArgumentException if there is no such type, or a setting is wrong
     */
    public T of(Config config) {
        Entry<T> entry = require(config.type());
        if (entry.preset != null && !config.isBare()) {
            throw new IllegalArgumentException(config.type() + " has no settings. Received: " + config);
        }
        T made = instance(entry);
        Settings.apply(entry.preset != null ? entry.preset : config.as(entry.type), made);
        return made;
    }

    /**
     * The error about a name that nothing has.
     *
     * @param near  names to choose from, as texts have them
     * @param known the existing names
     */
    public IllegalArgumentException unknown(String name, List<String> near, List<String> known) {
        IllegalArgumentException unknown = Names.unknown(article, name, near, known);
        return functions == null ? unknown : new IllegalArgumentException(unknown.getMessage() + ". If " + name + " is a custom function,"
                + " register it before: " + functions + "(\"" + name + "\", ...); a class by REGISTRY.register");
    }

    private T instance(Entry<T> entry) {
        if (entry.maker != null) {
            return entry.maker.get();
        }
        try {
            Class<?> type = Class.forName(entry.table, true, kind.getClassLoader());
            if (type.isEnum()) {
                return Stream.of(type.getEnumConstants()).filter(row -> row.toString().equals(entry.type)).map(kind::cast).findFirst().orElseThrow();
            }
            Constructor<?> constructor = entry.isRow ? type.getDeclaredConstructor(String.class) : type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return kind.cast(entry.isRow ? constructor.newInstance(entry.type) : constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized Entry<T> entry(String name) {
        return entries.get(Names.plain(name));
    }

    private Entry<T> require(String name) {
        if (!has(name)) {
            throw unknown(name, textNames(), names());
        }
        return entry(name);
    }

    // ------------------------------------------------------------------------------------------------------ asking

    /** Whether there is a type of this name. */
    public boolean has(String name) {
        if (!hasAlready(name)) {
            callRegistrations();
        }
        return hasAlready(name);
    }

    /** Calls each {@link Registration} once; after a failure the next call tries again. */
    private static void callRegistrations() {
        synchronized (Registration.class) {
            boolean isDone = registered;
            registered = true;
            try {
                if (!isDone) {
                    ServiceLoader.load(Registration.class).forEach(Registration::register);
                }
                isDone = true;
            } catch (ServiceConfigurationError e) {
                throw new IllegalStateException("A Registration of types cannot be made: " + e.getMessage(), e);
            } finally {
                registered = isDone;
            }
        }
    }

    /** As {@link #has}, but calls no {@link Registration}: for callers with another registry to search first. */
    public boolean hasAlready(String name) {
        return entry(name) != null;
    }

    /**
     * The settings of a type with their defaults, in the order in which a text may give them.
     *
     * @throws IllegalArgumentException if there is none of this name, listing the names there are
     */
    public List<Settings.Setting> settings(String name) {
        return Settings.list(instance(require(name)));
    }

    /** The further names of a type, by which texts may call it, too. */
    public synchronized List<String> otherNames(String type) {
        List<String> others = new ArrayList<>();
        for (Entry<T> entry : entries.values()) {
            if (entry.type.equals(type) && !entry.name.equals(type) && entry.preset == null) {
                others.add(entry.name);
            }
        }
        return List.copyOf(others);
    }

    /** The names of all types so far, in the order they were added. */
    public synchronized List<String> names() {
        return entries.values().stream().filter(Entry::isType).map(Entry::type).toList();
    }

    /** All names in texts, short ones too, in snake case: those of a type one after the other. */
    public synchronized List<String> textNames() {
        return entries.values().stream().map(entry -> Names.snakeCase(entry.name)).toList();
    }

    /** The class of all of them. */
    public Class<T> kind() {
        return kind;
    }

    /**
     * Whether it is this very type that a name stands for, and not just one of the same name.
     *
     * @param key a class, or a {@link Configurable#typeKey}
     */
    public boolean isRegistered(Object key) {
        if (!isKnown(key)) {
            callRegistrations();
        }
        return isKnown(key);
    }

    private synchronized boolean isKnown(Object key) {
        boolean known = false;
        for (Entry<T> entry : entries.values()) {
            known |= entry.maker != null ? key.equals(entry.key) : key instanceof Class<?> type
                    && type.getName().equals(entry.table) && type.getClassLoader() == kind.getClassLoader();
        }
        return known;
    }

    /**
     * The config of something from which this registry makes an equal one.
     *
     * @throws IllegalArgumentException if its type is not registered
     */
    public Config configOf(T something) {
        requireRegistered(something, "");
        return something.config();
    }

    /**
     * Refuses something that cannot be made again by its name.
     *
     * @param where appended to the received value in the message, such as {@code " layer 2"}
     * @throws IllegalArgumentException if its type is not registered
     */
    public void requireRegistered(T something, String where) {
        if (isRegistered(something.typeKey())) {
            return;
        }
        if (something.typeKey() instanceof Class<?> type) {
            throw new IllegalArgumentException("The class of " + article + " must be registered to be described and saved. Received"
                    + where + ": " + type.getName() + ". Register it before, such as by REGISTRY.register(Gain::new)");
        }
        String name = something.typeName();
        throw new IllegalArgumentException("The function of " + article + " must be registered to be described and saved. Received"
                + where + ": " + name + (hasAlready(name) ? ", but that is the name of another. Where the other is meant, make "
                + article + " by its name, REGISTRY.of(\"" + name + "\")" : ". Register it before: " + functions + "(\"" + name
                + "\", ...), with the very same function; or make " + article + " by its name then, REGISTRY.of(\"" + name + "\")"));
    }
}
