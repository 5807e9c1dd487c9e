package beras.layers;

import beras.config.Config;
import beras.config.Registry;
import beras.layers.activations.Activations;
import java.util.List;
import java.util.stream.Stream;

/** All layers by name, those of {@link Activations} among them. */
public final class Layers {

    private static final Registry<Layer> REGISTRY = new Registry<Layer>("a layer", Layers::make)
            .add("Input")
            .add("Dense")
            .add("Add")
            .add("Average")
            .add("BatchNormalization")
            .add("Concatenate")
            .add("Dropout")
            .add("Embedding")
            .add("Flatten")
            .add("GaussianNoise")
            .add("LayerNormalization")
            .add("Maximum")
            .add("Minimum")
            .add("Multiply")
            .add("Normalization")
            .add("Reshape")
            .add("Subtract");

    // Each of() says that it returns a Layer: for a type of its own, the JVM would load all of them to check this method.
    private static Layer make(Config config) {
        return switch (config.type()) {
            case "Input" -> Input.of(config);
            case "Dense" -> Dense.of(config);
            case "Add" -> Add.of(config);
            case "Average" -> Average.of(config);
            case "BatchNormalization" -> BatchNormalization.of(config);
            case "Concatenate" -> Concatenate.of(config);
            case "Dropout" -> Dropout.of(config);
            case "Embedding" -> Embedding.of(config);
            case "Flatten" -> Flatten.of(config);
            case "GaussianNoise" -> GaussianNoise.of(config);
            case "LayerNormalization" -> LayerNormalization.of(config);
            case "Maximum" -> Maximum.of(config);
            case "Minimum" -> Minimum.of(config);
            case "Multiply" -> Multiply.of(config);
            case "Normalization" -> Normalization.of(config);
            case "Reshape" -> Reshape.of(config);
            case "Subtract" -> Subtract.of(config);
            default -> throw new AssertionError(config);
        };
    }

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
