package beras.data.image;

import beras.prediction.Prediction;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A picture of ten images whose class was predicted right, and under them ten whose class was not, each with its label, the prediction
 * and the confidence in it ({@code visualize_predictions} of the assignment). A row with fewer than ten stays shorter.
 *
 * <pre>{@code
 * Files.write(Path.of("digits.png"), PredictionPicture.random(images, model.predict(images.inputs()), 7));
 * }</pre>
 */
public final class PredictionPicture {

    private static final int PER_ROW = 10;
    private static final int SIDE = 92;

    private final Images images;
    private final ImagePreprocessor preprocessor;
    private final Tensor outputs;

    private PredictionPicture(Images images, Tensor outputs, ImagePreprocessor preprocessor) {
        if (!images.labelled() || outputs.rank() != 2 || outputs.dim(0) != images.count()) {
            throw new IllegalArgumentException("A picture needs images with labels, and outputs (" + images.count()
                    + ", classes) for them. Received: " + (images.labelled() ? "" : "images without labels and ")
                    + "outputs of shape " + outputs.shape());
        }
        this.images = images;
        this.preprocessor = preprocessor;
        this.outputs = outputs.contiguous();
    }

    /**
     * Draws the first ten of each kind, of all classes {@linkplain #inTurn in turn}.
     *
     * @param images  with labels
     * @param outputs what a model gives for each image, {@code (count, classes)}, or {@code (count, 1)} for two classes
     * @return a PNG file
     * @throws IllegalArgumentException if the images have no labels, the shapes do not fit, or an output is not finite
     */
    public static byte[] first(Images images, Tensor outputs) {
        return first(images, outputs, numbers(images, outputs));
    }

    /**
     * As {@link #first(Images, Tensor)}, with the labels' names. Ink is dark, see {@link PictureForm#showsInk};
     * other images look as they are.
     *
     * @throws IllegalArgumentException as {@link #first(Images, Tensor)}
     */
    public static byte[] first(Images images, Tensor outputs, ImagePreprocessor preprocessor) {
        List<Integer> all = IntStream.range(0, images.count()).boxed().toList();
        return new PredictionPicture(images, outputs, preprocessor).png(order -> inTurn(order, images::label), all);
    }

    /**
     * The same examples in another order: the first of each class, then the second of each class and so on, for the first of a
     * folder are all of one class.
     *
     * @param label gives the class of an example
     */
    public static List<Integer> inTurn(List<Integer> examples, IntUnaryOperator label) {
        Map<Integer, Integer> seen = new HashMap<>(); // of each class
        Map<Integer, List<Integer>> rounds = new TreeMap<>();
        for (int example : examples) {
            int round = seen.merge(label.applyAsInt(example), 1, Integer::sum);
            rounds.computeIfAbsent(round, any -> new ArrayList<>()).add(example);
        }
        return rounds.values().stream().flatMap(round -> round.stream().sorted(Comparator.comparingInt(label::applyAsInt)))
                .toList();
    }

    /**
     * Draws ten of each kind that the seed chooses at random.
     *
     * @throws IllegalArgumentException as {@link #first}
     */
    public static byte[] random(Images images, Tensor outputs, long seed) {
        List<Integer> order = Arrays.stream(new Rng(seed, "picture", 0).permutation(images.count())).boxed().toList();
        return new PredictionPicture(images, outputs, numbers(images, outputs)).png(chosen -> chosen, order);
    }

    private static ImagePreprocessor numbers(Images images, Tensor outputs) {
        return ImagePreprocessor.ofNumbers(images.height(), images.width(), images.channels(), outputs.rank() < 2 ? 1 : outputs.dim(1));
    }

    private byte[] png(UnaryOperator<List<Integer>> order, List<Integer> all) {
        TileSheet sheet = new TileSheet();
        for (boolean right : new boolean[] {true, false}) {
            List<Integer> kind = all.stream().filter(i -> (images.label(i) == prediction(i).labelIndex()) == right).toList();
            List<TileSheet.Tile> tiles = order.apply(kind).stream().limit(PER_ROW).map(this::tile).toList();
            if (!tiles.isEmpty()) {
                sheet.add((right ? "Right" : "Wrong") + ": what it is, and what is predicted, how surely", SIDE, tiles);
            }
        }
        return sheet.png();
    }

    private Prediction prediction(int i) {
        return preprocessor.decode(outputs.data(), outputs.offset() + i * outputs.dim(1));
    }

    /** An image with its label and prediction; ink on light paper, so that its edges show on white. */
    private TileSheet.Tile tile(int i) {
        float[] pixels = images.slice(i, i + 1).inputs().toArray();
        for (int at = 0; preprocessor.form().showsInk() && at < pixels.length; at++) {
            pixels[at] = 1 - pixels[at];
        }
        Prediction prediction = prediction(i);
        String caption = preprocessor.labels().get(images.label(i)) + "\n" + preprocessor.labels().get(prediction.labelIndex()) + "\n"
                + Confidence.text(prediction);
        return new TileSheet.Tile(caption, TileSheet.seen(pixels, images.height(), images.width(), images.channels()));
    }
}
