package beras.data.image;

import beras.data.drawing.Png;
import beras.prediction.Prediction;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
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
    private static final int CELL_WIDTH = 140;
    private static final int SIDE = 112;
    private static final int TITLE_HEIGHT = 28;
    private static final int LINE_HEIGHT = 18;
    private static final int ROW_HEIGHT = TITLE_HEIGHT + SIDE + 2 * LINE_HEIGHT + 10;
    private static final int MARGIN = 14;

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
        System.setProperty("java.awt.headless", "true"); // no window system is needed, so none is looked for
        int width = PER_ROW * CELL_WIDTH + 2 * MARGIN;
        BufferedImage picture = new BufferedImage(width, 2 * ROW_HEIGHT,
                images.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
            graphics.setColor(Color.BLACK);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            row(graphics, 0, "Right", chosen(order, all, true));
            row(graphics, ROW_HEIGHT, "Wrong", chosen(order, all, false));
        } finally {
            graphics.dispose();
        }
        return Png.of(picture);
    }

    private int[] chosen(UnaryOperator<List<Integer>> order, List<Integer> all, boolean right) {
        List<Integer> kind = all.stream().filter(i -> (images.label(i) == predicted(i)) == right).toList();
        return order.apply(kind).stream().mapToInt(i -> i).limit(PER_ROW).toArray();
    }

    private int predicted(int i) {
        return preprocessor.decode(outputs.data(), outputs.offset() + i * outputs.dim(1)).labelIndex();
    }

    private void row(Graphics2D graphics, int top, String title, int[] chosen) {
        graphics.drawString(hasShortLabels() ? title : title + ": what it is, and what is predicted, how surely",
                MARGIN, top + 20);
        for (int column = 0; column < chosen.length; column++) {
            int i = chosen[column];
            int left = MARGIN + column * CELL_WIDTH;
            int longest = Math.max(images.height(), images.width());
            int wide = Math.max(1, SIDE * images.width() / longest);
            int high = Math.max(1, SIDE * images.height() / longest);
            graphics.drawImage(shown(i), left + (CELL_WIDTH - wide) / 2, top + TITLE_HEIGHT + (SIDE - high) / 2, wide, high,
                    null);
            Prediction prediction = preprocessor.decode(outputs.data(), outputs.offset() + i * outputs.dim(1));
            if (hasShortLabels()) {
                caption(graphics, "true " + label(images.label(i)) + ", predicted " + label(predicted(i)), left, top, 1);
                caption(graphics, Confidence.text(prediction), left, top, 2);
            } else {
                caption(graphics, fitting(graphics, "true ", label(images.label(i)), ""), left, top, 1);
                caption(graphics, fitting(graphics, "", label(predicted(i)), " " + Confidence.number(prediction)), left, top, 2);
            }
        }
    }

    private String label(int index) {
        return preprocessor.labels().get(index);
    }

    private boolean hasShortLabels() {
        return preprocessor.labels().stream().allMatch(label -> label.length() <= 2);
    }

    /** A caption with as much of a label as there is place for. */
    private static String fitting(Graphics2D graphics, String before, String label, String behind) {
        String text = before + label + behind;
        for (int most = label.length() - 1; most > 0 && graphics.getFontMetrics().stringWidth(text) > CELL_WIDTH; most--) {
            text = before + label.substring(0, most) + "\u2026" + behind;
        }
        return text;
    }

    private static void caption(Graphics2D graphics, String caption, int left, int top, int line) {
        FontMetrics metrics = graphics.getFontMetrics();
        graphics.drawString(caption, left + (CELL_WIDTH - metrics.stringWidth(caption)) / 2,
                top + TITLE_HEIGHT + SIDE + line * LINE_HEIGHT);
    }

    /** An image; ink on light paper, so that its edges show on white. */
    private BufferedImage shown(int i) {
        byte[] pixels = images.pixels(i);
        boolean isInk = preprocessor.form().showsInk();
        BufferedImage image = new BufferedImage(images.width(), images.height(),
                images.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        int bands = image.getRaster().getNumBands();
        for (int at = 0; at < images.height() * images.width(); at++) {
            for (int band = 0; band < bands; band++) {
                int level = pixels[at * images.channels() + Math.min(band, images.channels() - 1)] & 0xff;
                image.getRaster().setSample(at % images.width(), at / images.width(), band, isInk ? 240 - 240 * level / 255
                        : level);
            }
        }
        return image;
    }
}
