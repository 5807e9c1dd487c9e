package beras.layers.activations;

import beras.config.Config;
import beras.config.Registry;
import beras.layers.Layer;
import beras.layers.Layers;
import java.util.List;
import java.util.function.Supplier;

/**
 * All activations by name, as layers: Keras's {@code Activation("relu")} is {@code Activations.of("relu")}. A name alone gives
 * the default settings; that of {@code leaky_relu} is slope 0.3, as of Keras's layer, not 0.2 as of its function. Whatever is
 * here {@link Layers} has too.
 */
public final class Activations {

    /** The registry itself. */
    public static final Registry<Layer> REGISTRY = new Registry<>(
            "an activation", Layer.class, Activations.class.getPackageName())
            .add("ReLU")
            .add("LeakyReLU")
            .add("Sigmoid")
            .add("Tanh")
            .add("ELU")
            .add("SELU")
            .add("GELU")
            .add("SiLU", "swish")
            .add("Softplus")
            .add("Softsign")
            .add("HardSigmoid")
            .add("Exponential")
            .add("Mish")
            .add("Linear")
            .add("CELU")
            .add("HardShrink")
            .add("HardSiLU", "hard_swish")
            .add("HardTanh")
            .add("LogSigmoid")
            .add("SoftShrink")
            .add("SparsePlus")
            .add("SparseSigmoid")
            .add("SquarePlus")
            .add("TanhShrink")
            .add("Softmax")
            .add("LogSoftmax");

    /**
     * An activation by name, with default settings, or by text such as {@code leaky_relu(0.2)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Layer of(String text) {
        return REGISTRY.of(text);
    }

    /**
     * An activation by its {@linkplain Layer#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static Layer of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Snake::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class, also by a layer that is no activation
     */
    public static void register(Supplier<? extends Layer> maker, String... names) {
        Layers.REGISTRY.register(REGISTRY, maker, names);
    }

    /** Whether there is an activation of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all activations. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Activations() {}
}
