package beras.activations;

import beras.config.Config;
import beras.config.Registry;
import beras.layers.Layer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All activations by name, as layers: Keras's {@code Activation("relu")} is {@code Activations.of("relu")}. A name alone gives
 * the default settings; that of {@code leaky_relu} is slope 0.3, as of Keras's layer, not 0.2 as of its function.
 */
public final class Activations {

    private static final Registry<Layer> REGISTRY = new Registry<Layer>("an activation")
            .add(ReLU.class, plain(ReLU::new))
            .add(LeakyReLU.class, Activations::leakyReLU)
            .add(Sigmoid.class, plain(Sigmoid::new))
            .add(Tanh.class, plain(Tanh::new))
            .add(ELU.class, Activations::elu)
            .add(SELU.class, plain(SELU::new))
            .add(GELU.class, Activations::gelu)
            .add(SiLU.class, plain(SiLU::new), "swish")
            .add(Softplus.class, plain(Softplus::new))
            .add(Softsign.class, plain(Softsign::new))
            .add(HardSigmoid.class, plain(HardSigmoid::new))
            .add(Exponential.class, plain(Exponential::new))
            .add(Linear.class, plain(Linear::new))
            .add(Softmax.class, plain(Softmax::new))
            .add(LogSoftmax.class, plain(LogSoftmax::new));

    private static Function<Config, Layer> plain(Supplier<Layer> maker) {
        return config -> Layer.configured(maker.get(), config.requireOnly("name", "seed"));
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
