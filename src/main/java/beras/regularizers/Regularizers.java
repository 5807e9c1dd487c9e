package beras.regularizers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.function.Supplier;

/** All regularizers by name: {@code l1}, {@code l2}, {@code l1_l2} and {@code orthogonal_regularizer}, as in Keras. */
public final class Regularizers {

    /** The registry itself. */
    public static final Registry<Regularizer> REGISTRY = new Registry<>("a regularizer", Regularizer.class)
            .add("L1")
            .add("L2")
            .add("L1L2")
            .add("OrthogonalRegularizer");

    /**
     * A regularizer by name, with default settings, or by text such as {@code l2(0.001)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Regularizer of(String text) {
        return REGISTRY.of(text);
    }

    /**
     * A regularizer by its {@linkplain Regularizer#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static Regularizer of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Entropy::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class
     */
    public static void register(Supplier<? extends Regularizer> maker, String... names) {
        REGISTRY.register(maker, names);
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
