package beras.models;

import beras.activations.LeakyReLU;
import beras.activations.ReLU;
import beras.activations.Sigmoid;
import beras.activations.Softmax;
import beras.config.Config;
import beras.config.Registry;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import java.util.List;

/** All layers, activations among them, by name. */
public final class Layers {

    private static final Registry<Layer> REGISTRY = new Registry<Layer>("a layer")
            .add(Input.class, config -> Layer.configured(new Input(config.integers("shape")), config))
            .add(Dense.class, Dense::of)
            .add(ReLU.class, config -> Layer.configured(new ReLU(), config))
            .add(LeakyReLU.class, config -> Layer.configured(new LeakyReLU(config.real("alpha", LeakyReLU.DEFAULT_ALPHA)), config))
            .add(Sigmoid.class, config -> Layer.configured(new Sigmoid(), config))
            .add(Softmax.class, config -> Layer.configured(new Softmax(), config));

    /**
     * The layer that a config describes, not built.
     *
     * @throws IllegalArgumentException if there is no such layer, or a setting is wrong
     */
    public static Layer of(Config config) {
        return REGISTRY.of(config);
    }

    /** The names of all layers. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Layers() {}
}
