package beras.sources;

import beras.config.Config;
import beras.config.Names;
import beras.config.SettingException;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network for images by its name, and its default training.
 *
 * @param name      such as {@link #LENET}
 * @param hidden    its layers as text, without the output
 * @param epochs    for a set of images
 * @param optimizer as text; without a rate it has that of {@link Recipe}
 * @param schedule  of the learning rate; empty: it stays
 * @param loss      as text; empty: the default for the targets
 */
public record ImageNet(String name, String hidden, int epochs, String optimizer, Optional<String> schedule,
        Optional<String> loss) {

    /** One hidden layer: the default network. */
    public static final String DENSE = "dense";
    /** LeCun's network of 1998, with relu and maxima. */
    public static final String LENET = "lenet";
    /** Whitened patches and two convolutions with batch normalization. */
    public static final String SMALL_CNN = "small-cnn";
    /** Whitened patches of the whole resolution and five convolutions with batch normalization: the larger and slower one. */
    public static final String LARGE_CNN = "large-cnn";
    /** The layers of {@link #DENSE} before the output. */
    public static final String HIDDEN = "256:relu";
    /** The default number of epochs of a set of images. */
    public static final int EPOCHS = 5;
    /** Examples per step, of a set of images. */
    public static final int BATCH_SIZE = 128;
    /** The optimizer for images. */
    public static final String OPTIMIZER = "adam";

    private static final String QUICK_OPTIMIZER = "adam(0.01)";
    private static final String WHITENING_OF_HALF_THE_SIDES = "whitening:4:relu,strides=2,padding=same,";
    private static final String WHITENING = "whitening:3:relu,padding=same,";
    private static final String SAME = ",padding=same,use_bias=false,";
    /** A convolution that passes its input on at first: it has as many channels. */
    private static final String PASSING = ",padding=same,use_bias=false,kernel_initializer=dirac,";
    /** Maxima come first: a quarter is left to normalize. */
    private static final String POOLED = "max_pool:2,batch_norm,relu,";
    private static final String NORMALIZED = "batch_norm,relu,";
    private static final String END = NORMALIZED + "dropout:0.2";
    private static final List<ImageNet> ALL = List.of(
            new ImageNet(DENSE, HIDDEN, EPOCHS, OPTIMIZER, Optional.empty(), Optional.empty()),
            new ImageNet(LENET, "conv:6x5:relu,padding=same,max_pool:2,conv:16x5:relu,max_pool:2,120:relu,84:relu", 10, OPTIMIZER,
                    Optional.of("cosine"), Optional.empty()),
            quick(SMALL_CNN, WHITENING_OF_HALF_THE_SIDES + "conv:64x3" + SAME + POOLED + "conv:128x3" + SAME + END, 5),
            quick(LARGE_CNN, WHITENING + "conv:32x3" + SAME + POOLED + "conv:64x3" + SAME + NORMALIZED + "conv:128x3" + SAME + POOLED
                    + "conv:128x3" + PASSING + NORMALIZED + "conv:256x3" + SAME + POOLED + "dropout:0.2", 10));

    /** One that learns in few epochs: with rates that rise and fall once, and targets that are smoothed. */
    private static ImageNet quick(String name, String hidden, int epochs) {
        return new ImageNet(name, hidden, epochs, QUICK_OPTIMIZER, Optional.of("one_cycle"),
                Optional.of("cross-entropy(label_smoothing=0.1)"));
    }

    /** @throws SettingException if there is none of this name */
    public static ImageNet of(String name) {
        for (ImageNet net : ALL) {
            if (net.name.equals(name)) {
                return net;
            }
        }
        throw new SettingException("net", "it must be one of " + String.join(", ", names()) + ". Received: " + name
                + Names.didYouMean(name, names()));
    }

    /** The names of all. */
    public static List<String> names() {
        return ALL.stream().map(ImageNet::name).toList();
    }

    /** This network with a constant learning rate. */
    public ImageNet unscheduled() {
        return new ImageNet(name, hidden, epochs, optimizer, Optional.empty(), loss);
    }

    /** Its layers as text, with a softmax over so many classes. */
    public String layers(int classes) {
        return hidden + "," + classes + ":softmax";
    }

    /**
     * The recipe of a net that takes images as rows of pixels: they get their sides back before the first layer that takes them,
     * and a {@link Dense} layer gets rows again. If neither form fits, it gets images, so that the model reports the error.
     */
    public static Recipe fitted(Recipe recipe, Shape row, Shape image) {
        List<Config> fitted = new ArrayList<>();
        Shape shape = row;
        for (Config config : recipe.layerConfigs()) {
            Layer layer = Layers.REGISTRY.of(config);
            if (shape != null && shape.rank() == 3 && layer instanceof Dense) {
                fitted.add(Config.of("Flatten"));
                shape = Shape.of(shape.size());
            }
            Shape next = shape == null ? null : after(layer, shape);
            if (shape != null && next == null && shape.rank() == 1 && image.rank() == 3
                    && shape.size() == image.size()) {
                next = after(layer, image);
                fitted.add(Config.of("Reshape").with("targetShape", List.of(image.dim(0), image.dim(1), image.dim(2))));
            }
            fitted.add(config);
            shape = next;
        }
        return fitted.size() == recipe.layerConfigs().size() ? recipe : recipe.with("layers", fitted);
    }

    /** The output shape of a layer for examples of this shape; null if it rejects them. */
    private static Shape after(Layer layer, Shape shape) {
        try {
            return layer.outputShape(List.of(shape));
        } catch (IllegalArgumentException e) {
            return null; // the model has a better message
        }
    }
}
