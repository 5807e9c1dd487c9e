package beras.data.image;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.layers.Conv2DTranspose;
import beras.layers.Convolution;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.Permute;
import beras.layers.SeparableConvolution;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Views;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a model of images looks for, and why it says what it says of one image, as numbers and as PNG files.
 *
 * <pre>{@code
 * ImageExplanation explanation = new ImageExplanation(model, ImagePreprocessor.ofNumbers(28, 28, 10));
 * Files.write(Path.of("saliency.png"), explanation.drawSaliency(images.slice(0, 1).inputs()));
 * }</pre>
 *
 * <p>Numbers are drawn from blue (negative) over white (0) to red (positive), all of a section by one measure, which it names.
 */
public final class ImageExplanation {

    /** More filters would be a picture that nobody looks at. */
    static final int MAX_FILTERS = 128;
    /** Of each layer. */
    static final int MAX_MAPS = 64;

    private static final int TILE = 84;
    private static final int LARGE_TILE = 320;

    private final Model model;
    private final Model net; // the model, or what looks at its views
    private final ImagePreprocessor preprocessor;
    private final int height;
    private final int width;
    private final int channels;

    /**
     * What a model says of an image, and which pixels speak for it.
     *
     * @param prediction the most likely label
     * @param gradient   of the log-odds of that label, {@code log(p / (1 - p))}, to the pixels, in the shape of the model's input
     *                   without a batch: above 0 where a brighter pixel speaks for the label, below 0 where it speaks against it.
     *                   Of a model that does not end in a softmax or sigmoid it is the gradient of the output itself
     */
    public record Saliency(Prediction prediction, Tensor gradient) {}

    /**
     * Of a model with one input, an image, and one output.
     *
     * @param model   takes the pixels of an image row by row, or {@code (height, width)} or {@code (height, width, channels)}
     * @param preprocessor of its pixels and its outputs
     * @throws IllegalArgumentException if the shapes do not fit each other
     */
    public ImageExplanation(Model model, ImagePreprocessor preprocessor) {
        this.model = model;
        this.net = model instanceof Views views ? views.net() : model;
        this.preprocessor = preprocessor;
        this.height = preprocessor.height();
        this.width = preprocessor.width();
        boolean single = model.inputShapes().size() == 1 && model.outputShapes().equals(List.of(preprocessor.outputShape()));
        Shape input = model.inputShapes().get(0);
        int size = preprocessor.inputShape().size();
        this.channels = input.rank() == 3 && input.size() != size ? input.dim(2) : preprocessor.channels();
        if (!single || input.size() != size && !input.equals(Shape.of(height, width, channels))) {
            throw new IllegalArgumentException("Expected a model of images of " + Images.sides(height, width, preprocessor.channels())
                    + " with outputs of shape " + preprocessor.outputShape() + ". Received: inputs of shapes " + model.inputShapes()
                    + " and outputs of shapes " + model.outputShapes());
        }
    }

    // ------------------------------------------------------------------------------------------------- filters

    /**
     * Draws the kernels of the first convolution, in colours if images have such, else for several channels a picture for each;
     * of a model whose first layer with weights is {@link Dense}, the weights of each unit, at the places of their pixels. Of
     * many the first {@value #MAX_FILTERS} pictures.
     *
     * @return a PNG file
     * @throws IllegalArgumentException if the model has neither, or a weight is not finite
     */
    public byte[] drawFilters() {
        for (Node node : net.nodes()) {
            Layer layer = node.layer();
            if (isOnImages(node) && !(layer instanceof Conv2DTranspose)) {
                Tensor kernel = layer.weights().get(0);
                return drawFilters(layer, "filter", kernel, kernel.dim(0), kernel.dim(1), kernel.dim(2));
            }
            if (layer instanceof Dense dense && seesPixels(node)) {
                return drawFilters(layer, "unit", dense.w(), height, width, channels);
            }
        }
        throw new IllegalArgumentException("Filters are drawn of a model that begins with a convolution of images or a Dense layer"
                + " that takes all pixels. Received: " + net.layersByName().keySet());
    }

    /** @param kernel its last axis are the filters, and the one before the channels of a pixel */
    private byte[] drawFilters(Layer layer, String word, Tensor kernel, int rows, int columns, int depth) {
        float[] weights = kernel.toArray();
        int filters = weights.length / (rows * columns * depth);
        float scale = TileSheet.scale(weights);
        boolean isColour = depth == 3 && preprocessor.channels() == 3;
        int pictures = isColour ? filters : filters * depth;
        List<TileSheet.Tile> tiles = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_FILTERS, pictures); i++) {
            int filter = isColour ? i : i / depth;
            int channel = isColour ? 0 : i % depth;
            int from = channel * filters + filter;
            String caption = isColour || depth == 1 ? Integer.toString(filter) : filter + ", channel " + channel;
            tiles.add(new TileSheet.Tile(caption, isColour
                    ? TileSheet.coloured(weights, from, depth * filters, filters, rows, columns, scale)
                    : TileSheet.signed(weights, from, depth * filters, rows, columns, scale)));
        }
        TileSheet sheet = new TileSheet();
        sheet.add(names(List.of(layer)) + ": " + filters + " " + word + "s of " + rows + " x " + columns
                + (depth == 1 || isColour ? "" : ", each of " + depth + " channels") + some(tiles.size(), pictures)
                + (isColour ? ". Each shows the colours that it adds; what is darker than grey it takes away"
                        : ". Bright pixels add where it is red, and take away where it is blue"),
                -scale, isColour ? Float.NaN : scale, TILE, isColour ? 1 : depth, tiles);
        return sheet.png();
    }

    private static String some(int shown, int all) {
        return shown < all ? " (the first " + shown + " of " + all + " pictures)" : "";
    }

    /** Whether all pixels of the image come to a layer in their order, perhaps each of them changed. */
    private boolean seesPixels(Node node) {
        Node before = node;
        do {
            before = before.inputs().size() == 1 ? before.inputs().get(0) : null;
            if (before == null || before.shape().size() != net.inputShape().size() || before.layer() instanceof Permute
                    || before.layer() instanceof Model) {
                return false;
            }
        } while (!(before.layer() instanceof Input));
        return node.inputs().get(0).shape().rank() == 1;
    }

    private static boolean isOnImages(Node node) {
        return (node.layer() instanceof Convolution<?> || node.layer() instanceof SeparableConvolution<?>) && node.shape().rank() == 3;
    }

    /** The names of layers as {@link Model#summary} has them. */
    private String names(List<Layer> layers) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, Layer> entry : net.layersByName().entrySet()) {
            if (layers.contains(entry.getValue())) {
                names.add(entry.getKey());
            }
        }
        return String.join(", ", names);
    }

    // -------------------------------------------------------------------------------------------- feature maps

    /**
     * Draws what each convolution makes of an image, with the layers behind it that keep its shape, such as a normalization and
     * an activation. Of many channels the first {@value #MAX_MAPS} of each.
     *
     * @param image one, {@code (1, ...)} in the shape of the model's input
     * @return a PNG file
     * @throws IllegalArgumentException if the model has no convolution of images, the image is of another shape, or a result is
     *     not finite
     */
    public byte[] drawFeatureMaps(Tensor image) {
        requireImage(image);
        TileSheet sheet = new TileSheet();
        sheet.add("The image", 0, Float.NaN, TILE, 1, List.of(seen(image, "")));
        boolean none = true;
        for (Node node : net.nodes()) {
            if (isOnImages(node)) {
                addMaps(sheet, node, image);
                none = false;
            }
        }
        if (none) {
            throw new IllegalArgumentException("Feature maps are drawn of a model with convolutions of images. Received: "
                    + net.layersByName().keySet());
        }
        return sheet.png();
    }

    private void addMaps(TileSheet sheet, Node convolution, Tensor image) {
        List<Layer> layers = new ArrayList<>(List.of(convolution.layer()));
        Node last = convolution;
        for (Node next = follower(last); next != null; next = follower(last)) {
            layers.add(next.layer());
            last = next;
        }
        float[] values = new Functional(net.inputNodes(), List.of(last)).predict(image).toArray();
        int maps = last.shape().dim(2);
        float scale = TileSheet.scale(values);
        List<TileSheet.Tile> tiles = new ArrayList<>();
        for (int i = 0; i < Math.min(MAX_MAPS, maps); i++) {
            tiles.add(new TileSheet.Tile(Integer.toString(i),
                    TileSheet.signed(values, i, maps, last.shape().dim(0), last.shape().dim(1), scale)));
        }
        sheet.add(names(layers) + ": " + maps + " maps of " + last.shape().dim(0) + " x " + last.shape().dim(1)
                + some(tiles.size(), maps), hasNegative(values) ? -scale : 0, scale, TILE, 1, tiles);
    }

    private static boolean hasNegative(float[] values) {
        for (float value : values) {
            if (value < 0) {
                return true;
            }
        }
        return false;
    }

    /** The only use of what a node gives, if that is by a layer that keeps the shape and does not look around; or null. */
    private Node follower(Node node) {
        Node only = null;
        for (Node other : net.nodes()) {
            if (other.inputs().contains(node)) {
                if (only != null) {
                    return null;
                }
                only = other;
            }
        }
        boolean keeps = only != null && only.inputs().size() == 1 && only.shape().equals(node.shape()) && !isOnImages(only)
                && !(only.layer() instanceof Model);
        return keeps ? only : null;
    }

    // ------------------------------------------------------------------------------------------------ saliency

    /**
     * What the model says of an image, and which pixels speak for it.
     *
     * <p>The log-odds are computed from what the last softmax or sigmoid is given, so that the gradient does not vanish where the
     * model is sure.
     *
     * @param image one, {@code (1, ...)} in the shape of the model's input
     * @throws IllegalArgumentException if the image is of another shape, or an output is not finite
     */
    public Saliency saliency(Tensor image) {
        requireImage(image);
        GradientTape tape = new GradientTape(new Workspace(), false);
        Tensor output;
        try (tape) {
            output = net.call(image);
        }
        Prediction prediction = preprocessor.decode((net == model ? output : model.predict(image)).toArray(), 0);
        Call last = tape.producer(output);
        boolean shares = last != null && (last.diffable() instanceof Softmax || last.diffable() instanceof LogSoftmax);
        boolean odds = shares || last != null && last.diffable() instanceof Sigmoid;
        Tensor target = odds ? last.input(0) : output;
        Tensor upstream = weights(target, prediction.labelIndex(), shares);
        Tensor gradient = tape.gradient(target, List.of(image), upstream).get(0);
        return new Saliency(prediction, gradient == null ? Tensor.zeros(model.inputShape())
                : gradient.copy().reshape(model.inputShape().toArray()));
    }

    /** The gradient of a label's log-odds to the numbers that they are made of. */
    private static Tensor weights(Tensor target, int label, boolean shares) {
        Tensor weights = Tensor.zeros(target.shape());
        if (target.size() == 1) {
            weights.data()[0] = label == 1 ? 1 : -1; // the only output is for the second of two labels
            return weights;
        }
        if (shares) { // log-odds are the logit minus the log-sum-exp of the others, whose gradient is their softmax
            float[] logits = target.toArray();
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.length; i++) {
                largest = i == label ? largest : Math.max(largest, logits[i]);
            }
            double sum = 0;
            for (int i = 0; i < logits.length; i++) {
                sum += i == label ? 0 : StrictMath.exp(logits[i] - largest);
            }
            for (int i = 0; i < logits.length; i++) {
                weights.data()[i] = (float) (-StrictMath.exp(logits[i] - largest) / sum);
            }
        }
        weights.data()[label] = 1;
        return weights;
    }

    /**
     * Draws an image beside its {@link #saliency}, and beside the product of both: which pixels spoke for the label, red, and
     * which against it, blue. In the saliency red is where a brighter pixel would speak for the label. Of several channels the
     * sum is shown.
     *
     * @return a PNG file
     * @throws IllegalArgumentException as {@link #saliency}, or if the gradient is not finite
     */
    public byte[] drawSaliency(Tensor image) {
        Saliency saliency = saliency(image);
        return draw(image, saliency, saliency.prediction());
    }

    /**
     * As {@link #drawSaliency(Tensor)}.
     *
     * @param prediction what is said of the image, such as with a calibrated confidence
     */
    public byte[] drawSaliency(Tensor image, Prediction prediction) {
        return draw(image, saliency(image), prediction);
    }

    private byte[] draw(Tensor image, Saliency saliency, Prediction prediction) {
        float[] gradient = saliency.gradient().toArray();
        float[] pixels = image.toArray();
        float[] slopes = new float[height * width];
        float[] products = new float[height * width];
        for (int i = 0; i < gradient.length; i++) {
            slopes[i / channels] += gradient[i];
            products[i / channels] += gradient[i] * pixels[i];
        }
        float scale = TileSheet.scale(slopes);
        String label = prediction.label();
        TileSheet sheet = new TileSheet();
        sheet.add("Taken for " + (prediction.isRejected() ? preprocessor.rejection() + ", closest " : "") + label + ", "
                + Confidence.text(prediction) + ". In the middle the gradient to each"
                + " pixel: where it is red, to make the pixel brighter speaks for " + label + "; where it is blue, against"
                + " it. At the right the gradient times the pixel, on a scale of its own: which pixels spoke for it and which"
                + " against it", -scale, scale, LARGE_TILE, 1, List.of(seen(image, "the image"),
                new TileSheet.Tile("saliency: the gradient", TileSheet.signed(slopes, 0, 1, height, width, scale)),
                new TileSheet.Tile("contributions: the gradient times the pixel",
                        TileSheet.signed(products, 0, 1, height, width, TileSheet.scale(products)))));
        return sheet.png();
    }

    private TileSheet.Tile seen(Tensor image, String caption) {
        BufferedImage picture = TileSheet.seen(image.toArray(), height, width, channels);
        return new TileSheet.Tile(caption, picture);
    }

    private void requireImage(Tensor image) {
        if (!image.shape().equals(model.inputShape().prepend(1))) {
            throw new IllegalArgumentException("Expected one image of shape " + model.inputShape().prepend(1) + ". Received: "
                    + image.shape());
        }
    }
}
