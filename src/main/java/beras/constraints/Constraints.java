package beras.constraints;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.function.Supplier;

/** All constraints by name: {@code max_norm}, {@code unit_norm}, {@code min_max_norm} and {@code non_neg}, as in Keras. */
public final class Constraints {

    /** The registry itself. */
    public static final Registry<Constraint> REGISTRY = new Registry<>("a constraint", Constraint.class)
            .add("MaxNorm")
            .add("UnitNorm")
            .add("MinMaxNorm")
            .add("NonNegative", "non_neg");

    /**
     * A constraint by name, with default settings, or by text such as {@code max_norm(3)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Constraint of(String text) {
        return REGISTRY.of(text);
    }

    /**
     * A constraint by its {@linkplain Constraint#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static Constraint of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Symmetric::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class
     */
    public static void register(Supplier<? extends Constraint> maker, String... names) {
        REGISTRY.register(maker, names);
    }

    /** Whether there is a constraint of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all constraints. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Constraints() {}
}
