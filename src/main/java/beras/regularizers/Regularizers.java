package beras.regularizers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;

/** All regularizers by name: {@code l1}, {@code l2}, {@code l1_l2} and {@code orthogonal_regularizer}, as in Keras. */
public final class Regularizers {

    private static final Registry<Regularizer> REGISTRY = new Registry<Regularizer>("a regularizer", Regularizers::make)
            .add("L1")
            .add("L2")
            .add("L1L2")
            .add("OrthogonalRegularizer");

    private static Regularizer make(Config config) {
        return switch (config.type()) {
            case "L1" -> new L1(config.requireOnly("l1").real("l1", L1.DEFAULT));
            case "L2" -> new L2(config.requireOnly("l2").real("l2", L2.DEFAULT));
            case "L1L2" -> new L1L2(config.requireOnly("l1", "l2").real("l1", 0f), config.real("l2", 0f));
            case "OrthogonalRegularizer" -> orthogonal(config);
            default -> throw new AssertionError(config);
        };
    }

    private static Regularizer orthogonal(Config config) {
        config.requireOnly("factor", "mode");
        return new OrthogonalRegularizer(config.real("factor", OrthogonalRegularizer.DEFAULT_FACTOR),
                config.text("mode", "rows"));
    }

    /**
     * A regularizer by name, with default settings.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Regularizer of(String name) {
        return REGISTRY.of(name);
    }

    /**
     * A regularizer by its {@linkplain Regularizer#config config}.
     *
     * @throws IllegalArgumentException if there is no such regularizer, or a setting is wrong
     */
    public static Regularizer of(Config config) {
        return REGISTRY.of(config);
    }

    /** Whether there is a regularizer of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all regularizers. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Regularizers() {}
}
