package beras.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Goes through the settings of something, as {@link Configurable#settings} lists them, to read or to write them.
 *
 * <p>Each method takes the name of a setting and its present value. When reading, it returns the value that the config has
 * under this name, or else the present one; a value without a name goes to the first setting in order that may be given so.
 * When writing, it notes the present value and returns it. Where a value may be null, that stands for a setting that is absent.
 * All throw an IllegalArgumentException if the config has a value of another kind.
 */
public final class Settings {

    /**
     * A setting of a type.
     *
     * @param fallback its default, as a {@link Config} holds it; empty if it has none, or is absent by default
     * @param required whether it must be given
     * @param byName   whether it may be given by its name alone
     */
    public record Setting(String name, Optional<Object> fallback, boolean required, boolean byName) {}

    private final String type;
    private final Config config; // of that type, without settings
    private final boolean writing;
    private final boolean partial; // some settings of an object that has all the others
    private final List<?> arguments;
    private final Map<String, Object> values;
    private final List<String> known = new ArrayList<>();
    private List<Setting> listed; // null: they are not to be listed
    private final List<Object> withoutDefault = new ArrayList<>(); // present values, when writing
    private int taken; // of the arguments
    private int places; // settings that an argument may go to
    private boolean byName;
    private boolean required;
    private Object found;
    private IllegalArgumentException missing; // of the first that is required and not there

    private Settings(String type, boolean writing, boolean partial, List<?> arguments, Map<String, Object> values) {
        this.type = type;
        this.config = Config.of(type);
        this.writing = writing;
        this.partial = partial;
        this.arguments = arguments;
        this.values = values;
    }

    // ------------------------------------------------------------------------------------------- reading and writing

    static Config of(Configurable something) {
        String type = something.typeName();
        Settings s = new Settings(type, true, false, List.of(), new LinkedHashMap<>());
        something.describe(s);
        return Config.of(type, s.values);
    }

    /** The type and the settings that have no default, such as {@code Dropout(0.5)}. */
    public static String inShort(Configurable something) {
        String type = something.typeName();
        Settings s = new Settings(type, true, false, List.of(), new LinkedHashMap<>());
        try {
            something.settings(s);
        } catch (IllegalArgumentException e) { // a part has no config
            return type;
        }
        return Config.of(type, s.withoutDefault, Map.of()).toString();
    }

    /** The settings of something new, in order. */
    static List<Setting> list(Configurable fresh) {
        Settings s = new Settings(fresh.typeName(), true, false, List.of(), new LinkedHashMap<>());
        s.listed = new ArrayList<>();
        try {
            fresh.describe(s);
        } catch (IllegalArgumentException e) {
            if (s.listed.stream().noneMatch(Setting::required)) { // which may fit each other only once they are given
                throw e;
            }
        }
        return List.copyOf(s.listed);
    }

    /** Gives something new the settings of a config, all others being as the class has them. */
    static void apply(Config config, Configurable something) {
        read(new Settings(config.type(), false, false, config.arguments(), config.values()), something);
    }

    /**
     * Changes one setting, with the checks that it has in a config.
     *
     * @param value of any kind that the setting takes; null: none
     * @throws IllegalArgumentException if the value does not fit; nothing is changed then
     */
    public static void set(Configurable something, String name, Object value) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put(name, value);
        read(new Settings(something.typeName(), false, true, List.of(), values), something);
    }

    /**
     * Runs the checks of all settings on the values they have: for constructors.
     *
     * @throws IllegalArgumentException if one does not fit
     */
    public static void check(Configurable something) {
        read(new Settings(something.typeName(), false, true, List.of(), Map.of()), something);
    }

    private static void read(Settings s, Configurable something) {
        try {
            something.describe(s);
        } catch (IllegalArgumentException e) {
            throw s.missing == null ? e : s.missing; // the missing value may be one that did not fit
        }
        for (String name : s.values.keySet()) {
            if (!s.known.contains(name)) {
                throw new IllegalArgumentException(s.type + " has no setting " + name + ", only " + s.known
                        + Names.didYouMean(name, s.known));
            }
        }
        if (s.taken < s.arguments.size()) {
            throw new IllegalArgumentException(s.type + " takes "
                    + (s.places == 0 ? "no values" : "at most " + s.places + " values")
                    + " without a name. Received: " + s.arguments);
        }
        if (s.missing != null) {
            throw s.missing;
        }
    }

    /** The next setting is given by its name alone. */
    public Settings byName() {
        byName = true;
        return this;
    }

    /** The next setting has no default; its field is at first any value that its checks accept. */
    public Settings required() {
        required = true;
        return this;
    }

    /** Whether the setting is given; then {@link #found} is its value. When writing, notes it. */
    private boolean given(String name, Object present, String wanted) {
        boolean mayBePlaced = !byName;
        boolean mustBe = required && !partial;
        if (listed != null) {
            listed.add(new Setting(name, Optional.ofNullable(mustBe ? null : present), mustBe, byName));
        }
        byName = false;
        required = false;
        if (writing) {
            if (present != null) {
                values.put(name, present);
                withoutDefault.addAll(mustBe ? List.of(present) : List.of());
            }
            return false;
        }
        known.add(name);
        places += mayBePlaced ? 1 : 0;
        boolean named = values.containsKey(name);
        found = values.get(name);
        if (mayBePlaced && taken < arguments.size()) {
            if (named) {
                throw new IllegalArgumentException(type + ": " + name + " is given twice. Received: " + found
                        + ", and without a name: " + arguments.get(taken));
            }
            found = arguments.get(taken++);
            return true;
        }
        if (!named && mustBe && missing == null) {
            missing = config.wrong(name, wanted);
        }
        return named;
    }

    // ------------------------------------------------------------------------------------------------------ values

    /** A whole number of 32 bits, or none. */
    public Integer integer(String name, Integer value) {
        return !given(name, value, Config.WHOLE) ? value : found == null ? null : (Integer) found(name).integer(name);
    }

    /** A whole number of 64 bits, or none. */
    public Long whole(String name, Long value) {
        return !given(name, value, Config.WHOLE) ? value : found == null ? null : (Long) found(name).whole(name);
    }

    /** A number, or none. */
    public Double number(String name, Double value) {
        return !given(name, value, Config.NUMBER) ? value : found == null ? null : (Double) found(name).number(name);
    }

    /** A number as float, or none. */
    public Float real(String name, Float value) {
        return !given(name, value, Config.NUMBER) ? value : found == null ? null : (Float) found(name).numeric(name).floatValue();
    }

    /** True or false. */
    public boolean flag(String name, boolean value) {
        return given(name, value, Config.FLAG) ? found(name).flag(name) : value;
    }

    /** A text, or none. A config without settings counts as its name, as a text without quotes has been read as that. */
    public String text(String name, String value) {
        return !given(name, value, Config.TEXT) ? value : found == null ? null : found(name).text(name);
    }

    /** One of an enum's constants, in lower case as text. */
    public <E extends Enum<E>> E choice(String name, E value) {
        if (!given(name, writing ? lowerCase(value) : value, Config.TEXT)) {
            return value;
        }
        Class<E> kind = value.getDeclaringClass();
        if (kind.isInstance(found)) {
            return kind.cast(found);
        }
        String word = found(name).text(name);
        E[] choices = kind.getEnumConstants();
        for (E choice : choices) {
            if (choice.name().equalsIgnoreCase(word)) {
                return choice;
            }
        }
        List<String> words = Arrays.stream(choices).map(Settings::lowerCase).toList();
        throw config.only(name, word + Names.didYouMean(word, words)).wrong(name, "one of " + words);
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Something that has settings itself, or none; a text stands for that of this name. */
    public <T extends Configurable> T made(String name, T value, Registry<T> registry) {
        if (!given(name, writing && value != null ? registry.configOf(value) : value, Config.CONFIG)) {
            return value;
        }
        if (found == null || registry.kind().isInstance(found)) {
            return registry.kind().cast(found);
        }
        return found instanceof String text ? registry.of(text) : registry.of(found(name).config(name));
    }

    /** A config itself, or none; a text stands for the config of that name. */
    public Config config(String name, Config value) {
        return !given(name, value, Config.CONFIG) ? value : found == null ? null : found(name).config(name);
    }

    /** Configs; absent if there is none. */
    public List<Config> configs(String name, List<Config> value) {
        if (!given(name, writing && value.isEmpty() ? null : value, "a list of configs")) {
            return value;
        }
        return list(name).configs(name);
    }

    /** Whether a config is read that has the next setting, which is of this name. */
    public boolean isGiven(String name) {
        return !writing && (values.containsKey(name) || !byName && taken < arguments.size());
    }

    /** Whether it has it as a config or a text: for a setting that may also be a number. */
    public boolean isDescribed(String name) {
        if (!isGiven(name)) {
            return false;
        }
        Object value = values.containsKey(name) ? values.get(name) : arguments.get(taken);
        return value instanceof Config || value instanceof String;
    }

    // ------------------------------------------------------------------------------------------------------- lists

    /** Whole numbers, or none; a number alone counts as a list of one. */
    public int[] integers(String name, int[] value) {
        if (!given(name, writing && value != null ? Arrays.stream(value).boxed().toList() : value, "a list of whole numbers")) {
            return value;
        }
        return found == null || found instanceof int[] ? (int[]) found : list(name).integers(name);
    }

    /** Numbers, or none; a number alone counts as a list of one. */
    public double[] numbers(String name, double[] value) {
        if (!given(name, writing && value != null ? Arrays.stream(value).boxed().toList() : value, "a list of numbers")) {
            return value;
        }
        return found == null || found instanceof double[] ? (double[]) found
                : list(name).numbers(name).stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Numbers as floats, or none; a number alone counts as a list of one. */
    public float[] reals(String name, float[] value) {
        if (!given(name, writing && value != null ? boxed(value) : value, "a list of numbers")) {
            return value;
        }
        if (found == null || found instanceof float[]) {
            return (float[]) found;
        }
        found = found instanceof double[] numbers ? Arrays.stream(numbers).boxed().toList() : found;
        List<Number> list = list(name).each(name, Config::numeric);
        float[] reals = new float[list.size()];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = list.get(i).floatValue();
        }
        return reals;
    }

    private static List<Float> boxed(float[] reals) {
        List<Float> list = new ArrayList<>();
        for (float real : reals) {
            list.add(real);
        }
        return list;
    }

    /** Texts; absent if there is none. */
    public List<String> texts(String name, List<String> value) {
        if (!given(name, writing && value.isEmpty() ? null : value, "a list of texts")) {
            return value;
        }
        return list(name).texts(name);
    }

    private Config list(String name) {
        return found instanceof List<?> ? found(name) : config.only(name, found == null ? found : List.of(found));
    }

    /** The value found, to be read. */
    private Config found(String name) {
        return config.only(name, found);
    }
}
