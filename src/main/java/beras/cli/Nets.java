package beras.cli;

import beras.config.Config;
import beras.config.Names;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.List;

/** Nets for images: those that {@code --net} names, and what any net needs to take images. */
final class Nets {

    static final String DENSE = "dense";
    static final String LENET = "lenet";
    static final String SMALL_CNN = "small-cnn";

    private static final String LENET_LAYERS = "conv:6x5:relu,padding=same,max_pool:2,conv:16x5:relu,max_pool:2,120:relu,84:relu";
    private static final String BLOCK = ",padding=same,use_bias=false,batch_norm,relu,";
    private static final String SMALL_CNN_LAYERS = "conv:32x3" + BLOCK + "max_pool:2,conv:64x3" + BLOCK + "max_pool:2,conv:128x3"
            + BLOCK + "dropout:0.4";

    /** What the help says of them. */
    static final String HELP = DENSE + ", the default; " + LENET + ", LeCun's of 1998 with relu and maxima; " + SMALL_CNN
            + ", three convolutions with batch normalization";

    private static final String COSINE = "cosine";
    private static final List<Net> ALL = List.of(
            new Net(DENSE, TrainDefaults.HIDDEN, TrainDefaults.EPOCHS, null),
            new Net(LENET, LENET_LAYERS, 10, COSINE),
            new Net(SMALL_CNN, SMALL_CNN_LAYERS, 12, COSINE));

    /**
     * A net by name, and how it is trained unless options say otherwise.
     *
     * @param hidden   its layers as text, but for the output
     * @param schedule of the learning rate; null: it stays
     */
    record Net(String name, String hidden, int epochs, String schedule) {

        /** Its layers as text. */
        String layers(int classes) {
            return hidden + "," + classes + ":softmax";
        }
    }

    /** @throws IllegalArgumentException if there is none of this name */
    static Net of(String name) {
        for (Net net : ALL) {
            if (net.name.equals(name)) {
                return net;
            }
        }
        throw new IllegalArgumentException("it must be one of " + String.join(", ", names()) + ". Received: " + name
                + Names.didYouMean(name, names()));
    }

    /** Their names. */
    static List<String> names() {
        return ALL.stream().map(Net::name).toList();
    }

    /**
     * The recipe of a net that takes images as rows of pixels: they get their sides back before the first layer that wants them,
     * and a {@link Dense} layer gets rows again. What fits in neither form gets images, so that the model tells what of
     * them does not fit.
     */
    static Recipe fitted(Recipe recipe, Shape row, Shape image) {
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
        return fitted.size() == recipe.layerConfigs().size() ? recipe : recipe.layers(fitted);
    }

    /** What a layer makes of examples of this shape; null if it does not take them. */
    private static Shape after(Layer layer, Shape shape) {
        try {
            return layer.outputShape(List.of(shape));
        } catch (IllegalArgumentException e) {
            return null; // the model says it better
        }
    }

    private Nets() {}
}
