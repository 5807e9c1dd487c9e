package beras.report;

import beras.data.drawing.Png;
import beras.data.image.ImagePreprocessor;
import beras.feed.Preprocessor;
import beras.files.Excerpt;
import beras.models.Model;
import beras.prediction.Prediction;
import beras.report.RunReports.HeldOutData;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which class a model takes each of the held-out examples for, and what they look like if they are images. */
public final class Answers {

    /** Grey images are shown as ink on light paper, as MNIST's digits were written. */
    private static final int PAPER = 240;
    private static final int LONGEST_LABEL = 40;

    private final String words;
    private final Optional<HeldOut> examples; // empty: they are not kept
    private final List<String> labels;
    private final Optional<ImagePreprocessor> images;
    private final int[] truth;
    private final int[] predicted;
    private final double[] score;

    /**
     * Of what a model gives.
     *
     * @param labels of the classes, two at least
     * @param images what the inputs are, if they are images
     */
    Answers(HeldOut held, List<String> labels, Optional<ImagePreprocessor> images) {
        this.words = held.words();
        this.examples = Optional.of(held);
        this.labels = List.copyOf(labels);
        this.images = images;
        this.truth = new int[held.count()];
        this.predicted = new int[held.count()];
        this.score = new double[held.count()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = Prediction.ofLabels(labels, row(held.targets(), i)).labelIndex();
            Prediction prediction = Prediction.ofLabels(labels, row(held.outputs(), i));
            predicted[i] = prediction.labelIndex();
            score[i] = prediction.score();
        }
    }

    private Answers(Answers other) {
        words = other.words;
        examples = Optional.empty();
        labels = other.labels;
        images = Optional.empty();
        truth = other.truth;
        predicted = other.predicted;
        score = other.score;
    }

    /** The same answers without the examples, which take most of the memory: there are no images and no probabilities. */
    public Answers withoutExamples() {
        return new Answers(this);
    }

    /**
     * Of a model and what was held out from its training; empty if there are no classes, or no examples.
     *
     * @throws IllegalArgumentException if the model gives something that is not finite
     */
    public static Optional<Answers> of(SavedModel saved, HeldOutData data) {
        if (data.labels().isEmpty()) {
            return Optional.empty();
        }
        Model model = saved.probabilities();
        return data.batches().map(batches -> new Answers(HeldOut.of(data.what(), batches, model), data.labels(),
                images(saved.preprocessor())));
    }

    static Optional<ImagePreprocessor> images(Optional<Preprocessor> preprocessor) {
        return preprocessor.filter(ImagePreprocessor.class::isInstance).map(ImagePreprocessor.class::cast);
    }

    /** One number for each label; a single one is of the second of two. */
    private float[] row(Tensor numbers, int example) {
        int from = numbers.offset() + example * numbers.dim(1);
        float[] row = Arrays.copyOfRange(numbers.data(), from, from + numbers.dim(1));
        return row.length == 1 && labels.size() == 2 ? new float[] {1 - row[0], row[0]} : row;
    }

    int count() {
        return truth.length;
    }

    /** Which examples these are, as {@link HeldOut#words}. */
    String words() {
        return words;
    }

    boolean areImages() {
        return images.isPresent();
    }

    int truth(int example) {
        return truth[example];
    }

    int predicted(int example) {
        return predicted[example];
    }

    /** Of the class that is predicted. */
    double score(int example) {
        return score[example];
    }

    boolean isRight(int example) {
        return truth[example] == predicted[example];
    }

    /** A label, cut if it is long. */
    String label(int index) {
        return Excerpt.within(labels.get(index), LONGEST_LABEL);
    }

    /** The label of an example; if the model is wrong, also the one it is taken for: {@code 3, taken for 8}. */
    String describe(int example) {
        return label(truth[example]) + (isRight(example) ? "" : ", taken for " + label(predicted[example]));
    }

    /** The probability of a class, if the model gives such. */
    double probability(int example, int of) {
        return row(examples.orElseThrow().outputs(), example)[of];
    }

    /** Whether these are of the same examples, judged by their labels. */
    boolean areOfThoseOf(Answers other) {
        return labels.equals(other.labels) && words.equals(other.words) && Arrays.equals(truth, other.truth);
    }

    /** An example as an image: ink is dark on paper, others are as they are; of more channels than three the first is shown. */
    byte[] png(int example) {
        ImagePreprocessor image = images.orElseThrow();
        int channels = image.channels();
        int parts = channels == 3 ? 3 : 1;
        boolean ink = channels == 1 && image.form().showsInk();
        Tensor inputs = examples.orElseThrow().inputs();
        int from = inputs.offset() + example * inputs.dim(1);
        byte[] samples = new byte[image.width() * image.height() * parts];
        for (int at = 0; at < samples.length; at++) {
            float share = Math.max(0, Math.min(1, inputs.data()[from + at / parts * channels + at % parts]));
            samples[at] = (byte) Math.round(ink ? PAPER - PAPER * share : 255 * share);
        }
        return Png.of(samples, image.width(), image.height(), parts);
    }
}
