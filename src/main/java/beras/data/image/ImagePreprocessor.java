package beras.data.image;

import beras.config.Config;
import beras.data.DataException;
import beras.feed.Preprocessor;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.layers.Node;
import beras.models.Model;
import beras.prediction.Encoding;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Images in memory as a model takes them that was trained on {@link Images} of one size, and the label that it predicts.
 *
 * <p>An image is a {@code byte[]} of its pixels, 0 to 255, row by row, the channels of a pixel side by side; or a {@link Picture}
 * of any size, which is made into such. A model of two labels may have one output, which is the probability of the second.
 */
public final class ImagePreprocessor implements Preprocessor {

    private static final List<String> DIGITS = numbers(10);

    private final int height;
    private final int width;
    private final int channels;
    private final Optional<PictureForm> form; // empty: that of grey images, which is looked for when a picture comes
    private final List<String> labels;
    private final int outputs;

    /**
     * Pictures get the form {@link PictureForm#ofGrey} if images are grey, else {@link PictureForm#SCALED}.
     *
     * @param height   rows of an image
     * @param width    columns of an image
     * @param channels of a pixel: 1 for grey, 3 for red, green and blue
     * @param labels   of the classes, such as the ten digits
     * @param outputs  of the model: as many as labels, or one for two labels
     * @throws IllegalArgumentException if a side or the number of outputs is not as described
     */
    public ImagePreprocessor(int height, int width, int channels, List<String> labels, int outputs) {
        this(height, width, channels, channels == 1 ? Optional.empty() : Optional.of(PictureForm.SCALED), labels, outputs);
    }

    /**
     * With a form of pictures.
     *
     * @param height   rows of an image
     * @param width    columns of an image
     * @param channels of a pixel: 1 for grey, 3 for red, green and blue
     * @param form     converts pictures
     * @param labels   of the classes
     * @param outputs  of the model: as many as labels, or one for two labels
     * @throws IllegalArgumentException if a side or the number of outputs is not as described
     */
    public ImagePreprocessor(int height, int width, int channels, PictureForm form, List<String> labels, int outputs) {
        this(height, width, channels, Optional.of(form), labels, outputs);
    }

    private ImagePreprocessor(int height, int width, int channels, Optional<PictureForm> form, List<String> labels, int outputs) {
        Images.requireSides(height, width, channels);
        if (labels.isEmpty() || outputs != labels.size() && !(outputs == 1 && labels.size() == 2)) {
            throw new IllegalArgumentException("A model of images needs an output for each label, or one for two labels."
                    + " Received: " + outputs + " outputs and " + labels.size() + " labels");
        }
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.form = form;
        this.labels = List.copyOf(labels);
        this.outputs = outputs;
    }

    /** A preprocessor of grey images with labels that are numbers from 0 on: as many as outputs, and two for one output. */
    public static ImagePreprocessor ofNumbers(int height, int width, int outputs) {
        return ofNumbers(height, width, 1, outputs);
    }

    /** A preprocessor of any images, with labels that are numbers. */
    public static ImagePreprocessor ofNumbers(int height, int width, int channels, int outputs) {
        return new ImagePreprocessor(height, width, channels, numbers(outputs), outputs);
    }

    /** Labels for outputs that nobody has named: numbers from 0 on, two for one output. */
    public static List<String> numbers(int outputs) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < Math.max(2, outputs); i++) {
            labels.add(Integer.toString(i));
        }
        return labels;
    }

    /**
     * The assumed preprocessor of a model whose file has none: the sides and channels that a layer gives to the pixels, and
     * numbers for labels.
     *
     * @return empty if no layer does, an axis of the input is open, or there are several inputs or outputs
     */
    public static Optional<ImagePreprocessor> of(Model model) {
        if (model.inputShapes().size() != 1 || model.inputShape().size() == 0 || model.outputShapes().size() != 1
                || model.outputShape().rank() != 1) {
            return Optional.empty();
        }
        for (Node node : model.nodes()) {
            Shape shape = node.shape();
            if (shape.rank() > 1 && shape.rank() <= 3 && shape.size() == model.inputShape().size()) {
                return Optional.of(ofNumbers(shape.dim(0), shape.dim(1), shape.rank() == 3 ? shape.dim(2) : 1,
                        model.outputShape().size()));
            }
        }
        return Optional.empty();
    }

    /**
     * The assumed preprocessor of a model none of whose layers has the sides: images of the size of grey pictures, and numbers
     * for labels.
     *
     * @return empty if the model takes anything but as many pixels in a row, or does not give a row of numbers
     */
    public static Optional<ImagePreprocessor> ofGrey(Model model) {
        Shape image = PictureForm.ofGrey().imageShape().orElse(null);
        boolean fits = image != null && model.inputShapes().equals(List.of(Shape.of(image.size())))
                && model.outputShapes().size() == 1 && model.outputShape().rank() == 1;
        return fits ? Optional.of(ofNumbers(image.dim(0), image.dim(1), image.dim(2), model.outputShape().size())) : Optional.empty();
    }

    /**
     * Creates the preprocessor that {@link #config} describes.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static ImagePreprocessor of(Config config) {
        config.requireOnly("height", "width", "labels", "outputs", "channels", "pictures");
        List<String> labels = new ArrayList<>();
        config.list("labels").forEach(label -> labels.add(String.valueOf(label)));
        return new ImagePreprocessor(config.integer("height"), config.integer("width"),
                config.has("channels") ? config.integer("channels") : 1,
                config.has("pictures") ? Optional.of(PictureForm.of(config.text("pictures"))) : Optional.empty(), labels,
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

    /** Numbers of a pixel: 1 for grey, 3 for red, green and blue. */
    public int channels() {
        return channels;
    }

    /** The form of pictures. */
    public PictureForm form() {
        return form.isPresent() ? form.get() : PictureForm.ofGrey();
    }

    /** The labels of the classes, in the order of the outputs. */
    public List<String> labels() {
        return labels;
    }

    /** The text for an image that shows none of the classes. */
    public String rejection() {
        return labels.equals(DIGITS) ? "no digit" : "no label";
    }

    /** {@code (height * width * channels)}. */
    @Override
    public Shape inputShape() {
        return Shape.of(height * width * channels);
    }

    /**
     * The image made of a picture, as {@link #encode} takes it.
     *
     * @param name the name of the picture in messages
     * @throws DataException if the form does not make images of this size, or does not find its subject in the picture
     */
    public byte[] pixels(Picture picture, String name) throws DataException {
        return PictureForms.pixels(form(), picture, height, width, channels, name);
    }

    /** {@code (outputs)}. */
    @Override
    public Shape outputShape() {
        return Shape.of(outputs);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if it is no {@link Picture} and no {@code byte[]} of {@code height * width * channels}
     *         pixels, or {@link #pixels(Picture, String)} refuses the picture
     */
    @Override
    public void encode(Object image, float[] out, int at) {
        byte[] pixels = image instanceof Picture picture ? pixels(picture) : image instanceof byte[] bytes ? bytes : null;
        if (pixels == null || pixels.length != inputShape().size()) {
            throw new IllegalArgumentException("An image must be a Picture, or a byte[] of "
                    + Images.sides(height, width, channels) + " = " + inputShape().size() + " pixels. Received: "
                    + (pixels != null ? pixels.length + " bytes" : image == null ? "null" : image.getClass().getName()));
        }
        Backend.elements().bytesToUnitRange(pixels, 0, new MatrixView(out, at, 1, pixels.length));
    }

    private byte[] pixels(Picture picture) {
        try {
            return pixels(picture, "A picture");
        } catch (DataException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
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
        return Optional.of(new Encoding(List.of(new Encoding.Pixels("image", height, width, channels)),
                new Encoding.Labels(labels, outputs)));
    }

    @Override
    public Config config() {
        Config config = Config.of(getClass()).with("height", height).with("width", width).with("labels", labels)
                .with("outputs", outputs);
        config = channels == 1 ? config : config.with("channels", channels);
        return form.isEmpty() ? config : config.with("pictures", form.get().name());
    }
}
