package beras.layers;

import beras.config.Registry;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * All layers by name, and layers from functions. A layer that is made here is not built.
 *
 * <pre>{@code
 * Node distance = Layers.lambda("distance", (a, b) -> a.subtract(b).square().sum(1)).apply(left, right);
 *
 * Layers.register("scaled_tanh", x -> x.multiply(2.0 / 3).tanh().multiply(1.7159));  // once in a program, or in a Registration
 * new Dense(64, "scaled_tanh");                                                     // then by name, in files and recipes, too
 * }</pre>
 */
public final class Layers {

    /**
     * Makes activations from names, texts such as {@code leaky_relu(0.2)} and configs; custom classes are registered here. All are
     * in {@link #REGISTRY}, too. A name alone gives the default settings; that of {@code leaky_relu} is slope
     * 0.3, as of Keras's layer, not 0.2 as of its function.
     */
    public static final Registry<Layer> ACTIVATIONS = new Registry<>(
            "an activation", Layer.class, Layers.class.getPackageName() + ".activations").withFunctions("Layers.register")
            .add("ReLU")
            .add("LeakyReLU")
            .add("Sigmoid")
            .add("Tanh")
            .addRow("Activation", "ELU")
            .addRow("Activation", "SELU")
            .addRow("Activation", "GELU")
            .addRow("Activation", "SiLU", "swish")
            .addRow("Activation", "Softplus")
            .addRow("Activation", "Softsign")
            .addRow("Activation", "HardSigmoid")
            .addRow("Activation", "Exponential")
            .addRow("Activation", "Mish")
            .addRow("Activation", "Linear", "identity")
            .addRow("Activation", "CELU")
            .addRow("Activation", "HardShrink")
            .addRow("Activation", "HardSiLU", "hard_swish")
            .addRow("Activation", "HardTanh")
            .addRow("Activation", "LogSigmoid")
            .addRow("Activation", "SoftShrink")
            .addRow("Activation", "SparsePlus")
            .addRow("Activation", "SparseSigmoid")
            .addRow("Activation", "SquarePlus")
            .addRow("Activation", "TanhShrink")
            .add("Softmax")
            .add("LogSoftmax")
            .add("GLU");

    /**
     * Makes layers, also the {@link #ACTIVATIONS}, from names, texts such as {@code dropout(0.3)} and configs; custom classes are
     * registered here.
     */
    public static final Registry<Layer> REGISTRY = new Registry<>("a layer", Layer.class).withFunctions("Layers.register")
            .add("Input")
            .add("Dense")
            .add("ActivityRegularization")
            .add("Add")
            .add("AlphaDropout")
            .add("Attention")
            .add("Average")
            .add("AveragePooling1D", "avg_pool1d")
            .add("AveragePooling2D", "avg_pool", "avg_pool2d")
            .add("BatchNormalization", "batch_norm")
            .add("Columns")
            .add("Concatenate")
            .add("Conv1D")
            .add("Conv1DTranspose")
            .add("Conv2D", "conv")
            .add("Conv2DTranspose", "conv_transpose")
            .add("Bidirectional")
            .add("Cropping1D")
            .add("Cropping2D")
            .add("DepthwiseConv1D")
            .add("DepthwiseConv2D", "depthwise_conv")
            .add("Dot")
            .add("Dropout")
            .add("Embedding")
            .add("Flatten")
            .add("GaussianDropout")
            .add("GaussianNoise", "noise")
            .add("GRU")
            .add("GlobalAveragePooling1D", "global_avg_pool1d")
            .add("GlobalAveragePooling2D", "global_avg_pool", "global_avg_pool2d")
            .add("GlobalMaxPooling1D", "global_max_pool1d")
            .add("GlobalMaxPooling2D", "global_max_pool", "global_max_pool2d")
            .add("GroupNormalization", "group_norm")
            .add("HorizontalFlip")
            .add("LSTM")
            .add("LayerNormalization", "layer_norm")
            .add("Masking")
            .add("MaxPooling1D", "max_pool1d")
            .add("MaxPooling2D", "max_pool", "max_pool2d")
            .add("Maximum")
            .add("Minimum")
            .add("MultiHeadAttention")
            .add("Multiply")
            .add("Normalization")
            .add("PReLU")
            .add("Permute")
            .add("PositionEmbedding")
            .add("RMSNormalization")
            .add("RepeatVector")
            .add("Rescaling")
            .add("Reshape")
            .add("SeparableConv1D")
            .add("SeparableConv2D", "separable_conv")
            .add("SimpleRNN")
            .add("SpatialDropout1D")
            .add("SpatialDropout2D", "spatial_dropout")
            .add("Subtract")
            .add("TimeDistributed")
            .add("TransformerBlock")
            .add("UnitNormalization")
            .add("UpSampling1D")
            .add("UpSampling2D", "up_sampling")
            .add("Whitening2D", "whitening")
            .add("ZeroPadding1D")
            .add("ZeroPadding2D", "zero_padding")
            .include(ACTIVATIONS);

    /**
     * An activation by a name or a text, such as {@code gelu} or {@code elu(0.5)}.
     *
     * @throws IllegalArgumentException if there is none, listing the names there are, or a setting is wrong
     */
    public static Layer activation(String text) {
        return ACTIVATIONS.of(text);
    }

    // ------------------------------------------------------------------------------------------------ from functions

    /**
     * A layer that is a function of one input, by operations of tensors or by calls of layers and losses; see {@link Lambda}. It
     * needs no gradients. To be saved, and made by name, the function is {@linkplain #register registered}.
     *
     * @param name     the type of the layer: a letter, then letters, digits and {@code _}
     * @param function of a batch, which returns a batch
     */
    public static Lambda lambda(String name, UnaryOperator<Tensor> function) {
        return new Lambda(name, 1, inputs -> function.apply(inputs.get(0)), function);
    }

    /** As {@link #lambda(String, UnaryOperator)}, of two inputs. */
    public static Lambda lambda(String name, BinaryOperator<Tensor> function) {
        return new Lambda(name, 2, inputs -> function.apply(inputs.get(0), inputs.get(1)), function);
    }

    /**
     * As {@link #lambda(String, UnaryOperator)}, of several inputs.
     *
     * @param inputs how many; -1: any number from 1 on
     */
    public static Lambda lambda(String name, int inputs, Function<List<Tensor>, Tensor> function) {
        return new Lambda(name, inputs, function, function);
    }

    /**
     * Registers a function, so that layers of it are made by its name, {@code REGISTRY.of("distance")}, in recipes, and from model
     * files. One of one input is an activation, too. To register the very same function again changes nothing.
     *
     * @throws IllegalArgumentException if the name is none, as of {@link #lambda(String, UnaryOperator)}, or is taken
     */
    public static void register(String name, UnaryOperator<Tensor> function) {
        ACTIVATIONS.register(() -> lambda(name, function));
    }

    /** As {@link #register(String, UnaryOperator)}, of two inputs. */
    public static void register(String name, BinaryOperator<Tensor> function) {
        REGISTRY.register(() -> lambda(name, function));
    }

    /** As {@link #register(String, UnaryOperator)}, of several inputs; -1: any number. */
    public static void register(String name, int inputs, Function<List<Tensor>, Tensor> function) {
        REGISTRY.register(() -> lambda(name, inputs, function));
    }

    private Layers() {}
}
