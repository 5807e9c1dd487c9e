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
import java.math.BigDecimal;
import java.math.RoundingMode;
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

    static final int MARGIN = 14;
    static final int TITLE = 28;
    /** From one image to the next, and of an image. */
    static final int CELL = 100;
    private static final int SIDE = 92;
    private static final int LINE = 16;
    private static final int ROW = TITLE + SIDE + 3 * LINE + MARGIN;
    private static final int PER_ROW = 10;

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
     * @param outputs the outputs of a model for each image, {@code (count, classes)}, or {@code (count, 1)} for two classes
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
        BufferedImage picture = new BufferedImage(PER_ROW * CELL + 2 * MARGIN, 2 * ROW, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
            graphics.setColor(Color.BLACK);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
            for (boolean right : new boolean[] {true, false}) {
                int top = right ? 0 : ROW;
                graphics.drawString((right ? "Right" : "Wrong") + ": true class, predicted class, confidence", MARGIN, top + 20);
                List<Integer> kind = all.stream().filter(i -> (images.label(i) == prediction(i).labelIndex()) == right).toList();
                List<Integer> chosen = order.apply(kind);
                for (int column = 0; column < Math.min(PER_ROW, chosen.size()); column++) {
                    draw(graphics, chosen.get(column), MARGIN + column * CELL, top + TITLE);
                }
            }
        } finally {
            graphics.dispose();
        }
        return Png.of(picture);
    }

    private Prediction prediction(int i) {
        return preprocessor.decode(outputs.data(), outputs.offset() + i * outputs.dim(1));
    }

    private void draw(Graphics2D graphics, int i, int left, int top) {
        int longest = Math.max(images.height(), images.width());
        graphics.drawImage(shown(i), left, top, Math.max(1, SIDE * images.width() / longest), Math.max(1, SIDE * images.height() / longest),
                null);
        Prediction prediction = prediction(i);
        // A confidence below 1 is rounded down, as 1 would mean that the model has no doubt.
        boolean isShare = prediction.hasProbabilities();
        String score = BigDecimal.valueOf(prediction.score()).setScale(3, isShare ? RoundingMode.DOWN : RoundingMode.HALF_UP).toPlainString();
        List<String> lines = List.of(preprocessor.labels().get(images.label(i)), preprocessor.labels().get(prediction.labelIndex()),
                (isShare ? "conf. " : "score ") + score);
        for (int line = 0; line < lines.size(); line++) {
            graphics.drawString(fitting(lines.get(line), graphics.getFontMetrics()), left, top + SIDE + (line + 1) * LINE);
        }
    }

    /** As much of a text as there is place for. */
    private static String fitting(String text, FontMetrics metrics) {
        String fitting = text;
        for (int most = text.length() - 1; most > 0 && metrics.stringWidth(fitting) > CELL - 4; most--) {
            fitting = text.substring(0, most) + "\u2026";
        }
        return fitting;
    }

    /** An image; ink on light paper, so that its edges show on white. */
    private BufferedImage shown(int i) {
        byte[] pixels = images.pixels(i);
        boolean isInk = preprocessor.form().showsInk();
        BufferedImage image = new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_INT_RGB);
        for (int at = 0; at < images.height() * images.width(); at++) {
            for (int band = 0; band < Picture.RGB; band++) {
                int level = pixels[at * images.channels() + Math.min(band, images.channels() - 1)] & 0xff;
                image.getRaster().setSample(at % images.width(), at / images.width(), band, isInk ? 240 - 240 * level / 255 : level);
            }
        }
        return image;
    }
}
