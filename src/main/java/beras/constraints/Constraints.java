package beras.constraints;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;

/** All constraints by name: {@code max_norm}, {@code unit_norm}, {@code min_max_norm} and {@code non_neg}, as in Keras. */
public final class Constraints {

    private static final Registry<Constraint> REGISTRY = new Registry<Constraint>("a constraint", Constraints::make)
            .add("MaxNorm")
            .add("UnitNorm")
            .add("MinMaxNorm")
            .add("NonNegative", "non_neg");

    private static Constraint make(Config config) {
        return switch (config.type()) {
            case "MaxNorm" -> maxNorm(config);
            case "UnitNorm" -> new UnitNorm(config.requireOnly("axis").integers("axis"));
            case "MinMaxNorm" -> minMaxNorm(config);
            case "NonNegative" -> config.plain(NonNegative::new);
            default -> throw new AssertionError(config);
        };
    }

    private static Constraint maxNorm(Config config) {
        config.requireOnly("maxValue", "axis");
        return new MaxNorm(config.real("maxValue", MaxNorm.DEFAULT_MAX), config.integers("axis"));
    }

    private static Constraint minMaxNorm(Config config) {
        config.requireOnly("minValue", "maxValue", "rate", "axis");
        return new MinMaxNorm(config.real("minValue", 0f), config.real("maxValue", 1f), config.number("rate", 1),
                config.integers("axis"));
    }

    /**
     * A constraint by name, with default settings.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Constraint of(String name) {
        return REGISTRY.of(name);
    }

    /**
     * A constraint by its {@linkplain Constraint#config config}.
     *
     * @throws IllegalArgumentException if there is no such constraint, or a setting is wrong
     */
    public static Constraint of(Config config) {
        return REGISTRY.of(config);
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
