package beras.optimizers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.function.Supplier;

/**
 * All optimizers by name, with Keras's learning rates as defaults.
 *
 * <p>{@code Adam} and {@code RMSProp} are those of the assignment; with the setting {@code form=keras} they are Keras's.
 */
public final class Optimizers {

    /** The registry itself. */
    public static final Registry<Optimizer> REGISTRY = new Registry<>("an optimizer", Optimizer.class)
            .add("SGD")
            .add("RMSProp")
            .add("Adam")
            .add("AdamW")
            .add("Nadam")
            .add("Adamax")
            .add("Adagrad")
            .add("Adadelta")
            .add("Lion");

    /**
     * An optimizer by name, with default settings, or by text such as {@code sgd(0.1, momentum=0.9)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Optimizer of(String text) {
        return REGISTRY.of(text);
    }

    /**
     * An optimizer by its {@linkplain Optimizer#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static Optimizer of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Signum::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class
     */
    public static void register(Supplier<? extends Optimizer> maker, String... names) {
        REGISTRY.register(maker, names);
    }

    /** Whether there is an optimizer of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all optimizers. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Optimizers() {}
}
