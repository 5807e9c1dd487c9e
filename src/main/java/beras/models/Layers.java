package beras.models;

import beras.activations.Activations;
import beras.config.Config;
import beras.config.Registry;
import beras.layers.Add;
import beras.layers.Average;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GaussianNoise;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Maximum;
import beras.layers.Minimum;
import beras.layers.Multiply;
import beras.layers.Normalization;
import beras.layers.Reshape;
import beras.layers.Subtract;
import java.util.List;
import java.util.stream.Stream;

/** All layers by name, those of {@link Activations} among them. */
public final class Layers {

    private static final Registry<Layer> REGISTRY = new Registry<Layer>("a layer")
            .add(Input.class, Input::of)
            .add(Dense.class, Dense::of)
            .add(Add.class, Add::of)
            .add(Average.class, Average::of)
            .add(BatchNormalization.class, BatchNormalization::of)
            .add(Concatenate.class, Concatenate::of)
            .add(Dropout.class, Dropout::of)
            .add(Embedding.class, Embedding::of)
            .add(Flatten.class, Flatten::of)
            .add(GaussianNoise.class, GaussianNoise::of)
            .add(LayerNormalization.class, LayerNormalization::of)
            .add(Maximum.class, Maximum::of)
            .add(Minimum.class, Minimum::of)
            .add(Multiply.class, Multiply::of)
            .add(Normalization.class, Normalization::of)
            .add(Reshape.class, Reshape::of)
            .add(Subtract.class, Subtract::of);

    /**
     * The layer that a config describes, not built.
     *
     * @throws IllegalArgumentException if there is no such layer, or a setting is wrong
     */
    public static Layer of(Config config) {
        return Activations.has(config.type()) ? Activations.of(config) : REGISTRY.of(config);
    }

    /** The names of all layers. */
    public static List<String> names() {
        return Stream.concat(REGISTRY.names().stream(), Activations.names().stream()).toList();
    }

    private Layers() {}
}
