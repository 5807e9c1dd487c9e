package beras.report;

import beras.data.drawing.Png;
import beras.data.image.ImagePreprocessor;
import beras.evaluation.ClassificationReport;
import beras.files.Excerpt;
import beras.prediction.Prediction;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Images of a report, as the model receives them: the most confident mistakes, and the least confident correct predictions.
 *
 * <p>A label may be wrong if the model takes the example for another class, and as surely as it usually takes examples of that
 * class for it: its probability is at least the mean over those with that label (confident learning; Northcutt, Jiang and Chuang,
 * 2021).
 */
final class ExamplePictures {

    private static final int MOST_SURE = 20;
    private static final int MOST_UNSURE = 10;

    /** Grey images are shown as ink on light paper, as MNIST's digits were written. */
    private static final int PAPER = 240;
    private static final int LONGEST_LABEL = 40;

    private final HeldOut held;
    private final ClassificationReport report;
    private final ImagePreprocessor image;
    private final int[] truth;
    private final List<Prediction> predictions = new ArrayList<>();
    private final BitSet doubtful;

    /** @param image the meaning of the inputs */
    ExamplePictures(HeldOut held, ClassificationReport report, ImagePreprocessor image) {
        this.held = held;
        this.report = report;
        this.image = image;
        this.truth = new int[held.count()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = held.truth(i, report.labels()).labelIndex();
            predictions.add(held.prediction(i, report.labels()));
        }
        this.doubtful = doubtful();
    }

    private BitSet doubtful() {
        BitSet doubtful = new BitSet();
        double[] sums = new double[report.labels().size()];
        int[] counts = new int[sums.length];
        for (int i = 0; i < truth.length && report.hasProbabilities(); i++) {
            sums[truth[i]] += predictions.get(i).scores().get(report.labels().get(truth[i]));
            counts[truth[i]]++;
        }
        for (int i = 0; i < truth.length && report.hasProbabilities(); i++) {
            int taken = predicted(i);
            if (!isRight(i) && counts[taken] > 0 && score(i) >= sums[taken] / counts[taken]) {
                doubtful.set(i);
            }
        }
        return doubtful;
    }

    // ------------------------------------------------------------------------------------------------------ writing

    void writeTo(Html html) {
        List<Integer> mistakes = sorted(i -> !isRight(i), i -> -score(i));
        List<Integer> right = sorted(this::isRight, this::score);
        html.add("h3", "Surest mistakes").add("p", mistakes.isEmpty() ? "None is wrong." : "The surest of " + mistakes.size()
                + " mistakes, each with its " + scoreWord() + "." + (doubtful.isEmpty() ? ""
                        : " The label of " + doubtful.cardinality() + " may itself be wrong, as the line below them asks: the " + scoreWord()
                        + " is as high as usual for that class. They are worth a look."));
        write(html, mistakes, MOST_SURE);
        html.add("h3", "Least sure of the right ones").add("p", right.isEmpty() ? "None is right." : "The lowest " + scoreWord()
                + "s of " + right.size() + " right ones.");
        write(html, right, MOST_UNSURE);
    }

    private List<Integer> sorted(Predicate<Integer> which, ToDoubleFunction<Integer> lowIsFirst) {
        return IntStream.range(0, truth.length).boxed().filter(which).sorted(Comparator.comparingDouble(lowIsFirst)).toList();
    }

    private String scoreWord() {
        return report.hasProbabilities() ? "confidence" : "score";
    }

    private void write(Html html, List<Integer> examples, int most) {
        html.open("ul", "class", "images");
        for (int i : examples.subList(0, Math.min(most, examples.size()))) {
            String words = describe(i);
            html.open("li").picture(draw(i), "image", "Image of " + words).add("span", words).add("span", Labels.number(score(i)));
            if (doubtful.get(i)) {
                html.add("span", "label right?", "class", "doubt");
            }
            html.close("li");
        }
        html.close("ul");
    }

    // ------------------------------------------------------------------------------------------------------ examples

    private int predicted(int example) {
        return predictions.get(example).labelIndex();
    }

    private double score(int example) {
        return predictions.get(example).score();
    }

    private boolean isRight(int example) {
        return truth[example] == predicted(example);
    }

    private String label(int index) {
        return Excerpt.within(report.labels().get(index), LONGEST_LABEL);
    }

    /** The label of an example; if the model is wrong, also the one it is taken for: {@code 3, taken for 8}. */
    private String describe(int example) {
        return label(truth[example]) + (isRight(example) ? "" : ", taken for " + label(predicted(example)));
    }

    /** An example as an image: ink is dark on paper, others are as they are; of more channels than three the first is shown. */
    private byte[] draw(int example) {
        int channels = image.channels();
        int parts = channels == 3 ? 3 : 1;
        boolean ink = channels == 1 && image.form().showsInk();
        Tensor inputs = held.inputs();
        int from = inputs.offset() + example * inputs.dim(1);
        byte[] samples = new byte[image.width() * image.height() * parts];
        for (int at = 0; at < samples.length; at++) {
            float share = Math.max(0, Math.min(1, inputs.data()[from + at / parts * channels + at % parts]));
            samples[at] = (byte) Math.round(ink ? PAPER - PAPER * share : 255 * share);
        }
        return Png.of(samples, image.width(), image.height(), parts);
    }
}
