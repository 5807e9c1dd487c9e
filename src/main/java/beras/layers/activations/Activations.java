package beras.layers.activations;

import beras.config.Config;
import beras.config.Registry;
import beras.layers.Layer;
import java.util.List;
import java.util.function.Supplier;

/**
 * All activations by name, as layers: Keras's {@code Activation("relu")} is {@code Activations.of("relu")}. A name alone gives
 * the default settings; that of {@code leaky_relu} is slope 0.3, as of Keras's layer, not 0.2 as of its function.
 */
public final class Activations {

    private static final Registry<Layer> REGISTRY = new Registry<Layer>("an activation", Activations::make)
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
            .add("Linear")
            .add("Softmax")
            .add("LogSoftmax");

    private static Layer make(Config config) {
        return switch (config.type()) {
            case "ReLU" -> plain(ReLU::new, config);
            case "LeakyReLU" -> leakyReLU(config);
            case "Sigmoid" -> plain(Sigmoid::new, config);
            case "Tanh" -> plain(Tanh::new, config);
            case "ELU" -> elu(config);
            case "SELU" -> plain(SELU::new, config);
            case "GELU" -> gelu(config);
            case "SiLU" -> plain(SiLU::new, config);
            case "Softplus" -> plain(Softplus::new, config);
            case "Softsign" -> plain(Softsign::new, config);
            case "HardSigmoid" -> plain(HardSigmoid::new, config);
            case "Exponential" -> plain(Exponential::new, config);
            case "Linear" -> plain(Linear::new, config);
            case "Softmax" -> plain(Softmax::new, config);
            case "LogSoftmax" -> plain(LogSoftmax::new, config);
            default -> throw new AssertionError(config);
        };
    }

    private static Layer plain(Supplier<Layer> maker, Config config) {
        return Layer.configured(maker.get(), config.requireOnly("name", "seed"));
    }

    private static Layer leakyReLU(Config config) {
        config.requireOnly("name", "seed", "alpha");
        return Layer.configured(new LeakyReLU(config.real("alpha", LeakyReLU.DEFAULT_ALPHA)), config);
    }

    private static Layer elu(Config config) {
        config.requireOnly("name", "seed", "alpha");
        return Layer.configured(new ELU(config.real("alpha", ELU.DEFAULT_ALPHA)), config);
    }

    private static Layer gelu(Config config) {
        config.requireOnly("name", "seed", "approximate");
        return Layer.configured(new GELU(config.flag("approximate", false)), config);
    }

    /**
     * An activation by name, with default settings.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Layer of(String name) {
        return REGISTRY.of(name);
    }

    /**
     * An activation by its {@linkplain Layer#config config}.
     *
     * @throws IllegalArgumentException if there is no such activation, or a setting is wrong
     */
    public static Layer of(Config config) {
        return REGISTRY.of(config);
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
