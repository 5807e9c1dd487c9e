package beras.layers;

import beras.config.Registry;

/** All layers by name. A layer that is made here is not built. */
public final class Layers {

    /**
     * Makes activations from names, texts such as {@code leaky_relu(0.2)} and configs; custom classes are registered here. All are
     * in {@link #REGISTRY}, too. A name alone gives the default settings; that of {@code leaky_relu} is slope
     * 0.3, as of Keras's layer, not 0.2 as of its function.
     */
    public static final Registry<Layer> ACTIVATIONS = new Registry<>(
            "an activation", Layer.class, Layers.class.getPackageName() + ".activations")
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
     * Makes layers, also the {@link #ACTIVATIONS}, from names, texts such as {@code dropout(0.3)} and configs; custom classes are
     * registered here.
     */
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
            .include(ACTIVATIONS);

    private Layers() {}
}
