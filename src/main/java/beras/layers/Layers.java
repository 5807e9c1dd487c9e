package beras.layers;

import beras.config.Config;
import beras.config.Registry;
import beras.layers.activations.Activations;
import java.util.List;
import java.util.function.Supplier;

/** All layers by name, those of {@link Activations} among them. A layer made here is not built. */
public final class Layers {

    /** The registry itself. */
    public static final Registry<Layer> REGISTRY = new Registry<>("a layer", Layer.class)
            .add("Input")
            .add("Dense")
            .add("ActivityRegularization")
            .add("Add")
            .add("AlphaDropout")
            .add("Average")
            .add("AveragePooling1D", "avg_pool1d")
            .add("AveragePooling2D", "avg_pool", "avg_pool2d")
            .add("BatchNormalization", "batch_norm")
            .add("Concatenate")
            .add("Conv1D")
            .add("Conv2D", "conv")
            .add("Conv2DTranspose", "conv_transpose")
            .add("Cropping2D")
            .add("DepthwiseConv2D", "depthwise_conv")
            .add("Dropout")
            .add("Embedding")
            .add("Flatten")
            .add("GaussianDropout")
            .add("GaussianNoise", "noise")
            .add("GlobalAveragePooling1D", "global_avg_pool1d")
            .add("GlobalAveragePooling2D", "global_avg_pool", "global_avg_pool2d")
            .add("GlobalMaxPooling1D", "global_max_pool1d")
            .add("GlobalMaxPooling2D", "global_max_pool", "global_max_pool2d")
            .add("GroupNormalization", "group_norm")
            .add("LayerNormalization", "layer_norm")
            .add("MaxPooling1D", "max_pool1d")
            .add("MaxPooling2D", "max_pool", "max_pool2d")
            .add("Maximum")
            .add("Minimum")
            .add("Multiply")
            .add("Normalization")
            .add("PReLU")
            .add("Permute")
            .add("RMSNormalization")
            .add("RepeatVector")
            .add("Rescaling")
            .add("Reshape")
            .add("SeparableConv2D", "separable_conv")
            .add("SpatialDropout2D", "spatial_dropout")
            .add("Subtract")
            .add("UnitNormalization")
            .add("UpSampling2D", "up_sampling")
            .add("ZeroPadding2D", "zero_padding")
            .include(Activations.REGISTRY);

    /**
     * A layer by name, with default settings, or by text such as {@code dropout(0.3)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Layer of(String text) {
        return REGISTRY.of(text);
    }

    /**
     * A layer by its {@linkplain Layer#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static Layer of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Scale::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class
     */
    public static void register(Supplier<? extends Layer> maker, String... names) {
        REGISTRY.register(maker, names);
    }

    /** Whether there is a layer of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all layers. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Layers() {}
}
