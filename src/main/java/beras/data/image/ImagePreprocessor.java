package beras.data.image;

import beras.config.Config;
import beras.feed.Encoding;
import beras.feed.Prediction;
import beras.feed.Preprocessor;
import beras.kernels.Backend;
import beras.kernels.Block;
import beras.layers.Node;
import beras.models.Model;
import beras.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Images in memory as a model takes them that was trained on {@link Images} of one size, and the label that it predicts.
 *
 * <p>An image is a {@code byte[]} of its pixels, 0 to 255, row by row. A model of two labels may have one output, which is the
 * probability of the second.
 */
public final class ImagePreprocessor implements Preprocessor {

    private final int height;
    private final int width;
    private final List<String> labels;
    private final int outputs;

    /**
     * @param height  rows of an image
     * @param width   columns of an image
     * @param labels  of the classes, such as the ten digits
     * @param outputs of the model: as many as labels, or one for two labels
     * @throws IllegalArgumentException if a side or the number of outputs is not as described
     */
    public ImagePreprocessor(int height, int width, List<String> labels, int outputs) {
        if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("The sides of an image must be at least 1 and its pixels at most "
                    + Integer.MAX_VALUE + ". Received: " + height + " x " + width);
        }
        if (labels.isEmpty() || outputs != labels.size() && !(outputs == 1 && labels.size() == 2)) {
            throw new IllegalArgumentException("A model of images needs an output for each label, or one for two labels."
                    + " Received: " + outputs + " outputs and " + labels.size() + " labels");
        }
        this.height = height;
        this.width = width;
        this.labels = List.copyOf(labels);
        this.outputs = outputs;
    }

    /** With labels that are numbers from 0 on: as many as outputs, and two for one output. */
    public static ImagePreprocessor ofNumbers(int height, int width, int outputs) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < Math.max(2, outputs); i++) {
            labels.add(Integer.toString(i));
        }
        return new ImagePreprocessor(height, width, labels, outputs);
    }

    /**
     * What is taken for granted of a model whose file does not tell: grey pixels of the sides that a layer gives them, or of
     * MNIST's if they are as many, and numbers for labels.
     *
     * @return empty if there is nothing of the kind in the model, or it has several inputs or outputs
     */
    public static Optional<ImagePreprocessor> of(Model model) {
        if (model.inputShapes().size() != 1 || model.outputShapes().size() != 1 || model.outputShape().rank() != 1) {
            return Optional.empty();
        }
        int pixels = model.inputShape().size();
        int outputs = model.outputShape().size();
        for (Node node : model.nodes()) {
            Shape shape = node.shape();
            if (shape.rank() > 1 && shape.rank() <= 3 && shape.dim(0) * shape.dim(1) == pixels) {
                return Optional.of(ofNumbers(shape.dim(0), shape.dim(1), outputs));
            }
        }
        return pixels == DigitForm.SIDE * DigitForm.SIDE ? Optional.of(ofNumbers(DigitForm.SIDE, DigitForm.SIDE, outputs))
                : Optional.empty();
    }

    /**
     * What {@link #config} described.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static ImagePreprocessor of(Config config) {
        config.requireOnly("height", "width", "labels", "outputs");
        List<String> labels = new ArrayList<>();
        config.list("labels").forEach(label -> labels.add(String.valueOf(label)));
        return new ImagePreprocessor(config.integer("height"), config.integer("width"), labels,
                config.has("outputs") ? config.integer("outputs") : labels.size());
    }

    /** Rows of an image. */
    public int height() {
        return height;
    }

    /** Columns of an image. */
    public int width() {
        return width;
    }

    /** Of the classes. */
    public List<String> labels() {
        return labels;
    }

    /** {@code (height * width)}. */
    @Override
    public Shape inputShape() {
        return Shape.of(height * width);
    }

    /** {@code (outputs)}. */
    @Override
    public Shape outputShape() {
        return Shape.of(outputs);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if it is no {@code byte[]} of {@code height * width} pixels
     */
    @Override
    public void encode(Object image, float[] out, int at) {
        if (!(image instanceof byte[] pixels) || pixels.length != height * width) {
            throw new IllegalArgumentException("An image must be a byte[] of " + height + " x " + width + " = " + height * width
                    + " pixels. Received: " + (image instanceof byte[] bytes ? bytes.length + " bytes"
                    : image == null ? "null" : image.getClass().getName()));
        }
        Backend.elements().unitFloats(pixels, 0, new Block(out, at, 1, pixels.length));
    }

    @Override
    public Prediction decode(float[] output, int at) {
        float[] own = new float[labels.size()];
        if (outputs < labels.size()) {
            float second = output[at];
            own[0] = 1 - second;
            own[1] = second;
            return Prediction.ofLabels(labels, own);
        }
        System.arraycopy(output, at, own, 0, outputs);
        return Prediction.ofLabels(labels, own);
    }

    @Override
    public Optional<Encoding> encoding() {
        return Optional.of(new Encoding(List.of(new Encoding.Pixels("image", height, width)),
                new Encoding.Labels(labels, outputs)));
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("height", height).with("width", width).with("labels", labels)
                .with("outputs", outputs);
    }
}
