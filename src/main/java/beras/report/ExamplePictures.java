package beras.report;

import beras.data.drawing.Png;
import beras.data.image.ImagePreprocessor;
import beras.evaluation.ClassificationReport;
import beras.files.Excerpt;
import beras.prediction.Prediction;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images of a report, as the model receives them: some for each cell of the confusion matrix, which open when the cell is
 * chosen, the most confident mistakes, and the least confident correct predictions.
 *
 * <p>A label may be wrong if the model takes the example for another class, and as surely as it usually takes examples of that
 * class for it: its probability is at least the mean over those with that label (confident learning; Northcutt, Jiang and Chuang,
 * 2021).
 */
final class ExamplePictures {

    /** The name of the place where the cells are. */
    static final String CONFUSION = "confusion";

    private static final int MOST_SURE = 20;
    private static final int MOST_UNSURE = 10;
    private static final int MOST_OF_A_MISTAKE = 12;
    private static final int MOST_OF_A_CLASS = 6;
    /** The images of all cells take at most so many bytes, each cell in turn. */
    private static final int MOST_BYTES = 60_000;

    /** Grey images are shown as ink on light paper, as MNIST's digits were written. */
    private static final int PAPER = 240;
    private static final int LONGEST_LABEL = 40;

    private final HeldOut held;
    private final ClassificationReport report;
    private final ImagePreprocessor image;
    private final int[] truth;
    private final List<Prediction> predictions = new ArrayList<>();
    private final Map<String, List<Integer>> cells = new LinkedHashMap<>(); // all of each, the ones to look at first
    private final Set<Integer> doubtful = new HashSet<>();
    private final Map<Integer, byte[]> files = new HashMap<>();
    private final Map<String, List<Integer>> shown = new LinkedHashMap<>();

    /** @param image the meaning of the inputs */
    ExamplePictures(HeldOut held, ClassificationReport report, ImagePreprocessor image) {
        this.held = held;
        this.report = report;
        this.image = image;
        this.truth = new int[held.count()];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = held.truth(i, report.labels()).labelIndex();
            predictions.add(held.prediction(i, report.labels()));
            cells.computeIfAbsent(id(truth[i], predicted(i)), cell -> new ArrayList<>()).add(i);
        }
        cells.values().forEach(cell -> cell.sort(toLookAtFirst()));
        if (report.hasProbabilities()) {
            findDoubtful();
        }
        choose();
    }

    /** Confident mistakes, and correct predictions of little confidence. */
    private Comparator<Integer> toLookAtFirst() {
        return Comparator.comparingDouble(i -> isRight(i) ? score(i) : -score(i));
    }

    private void findDoubtful() {
        double[] sums = new double[report.labels().size()];
        int[] counts = new int[sums.length];
        for (int i = 0; i < truth.length; i++) {
            sums[truth[i]] += predictions.get(i).scores().get(report.labels().get(truth[i]));
            counts[truth[i]]++;
        }
        for (int i = 0; i < truth.length; i++) {
            int taken = predicted(i);
            if (!isRight(i) && counts[taken] > 0 && score(i) >= sums[taken] / counts[taken]) {
                doubtful.add(i);
            }
        }
    }

    /** Takes pictures of all cells in turn, mistakes first, until there is no more room. */
    private void choose() {
        List<String> order = new ArrayList<>();
        for (boolean isRight : new boolean[] {false, true}) {
            cells.forEach((id, examples) -> {
                if (isRight(examples.get(0)) == isRight) {
                    order.add(id);
                }
            });
        }
        long bytes = 0;
        for (int turn = 0; turn < MOST_OF_A_MISTAKE && bytes < MOST_BYTES; turn++) {
            for (String id : order) {
                List<Integer> cell = cells.get(id);
                boolean isRight = isRight(cell.get(0));
                if (turn < Math.min(cell.size(), isRight ? MOST_OF_A_CLASS : MOST_OF_A_MISTAKE) && bytes < MOST_BYTES) {
                    bytes += png(cell.get(turn)).length;
                    shown.computeIfAbsent(id, any -> new ArrayList<>()).add(cell.get(turn));
                }
            }
        }
    }

    /** The place of the pictures of a cell. */
    static String id(int truth, int predicted) {
        return "true" + truth + "-as" + predicted;
    }

    boolean has(int isClass, int takenFor) {
        return shown.containsKey(id(isClass, takenFor));
    }

    // ------------------------------------------------------------------------------------------------------ writing

    void writeTo(Html html) {
        Comparator<List<Integer>> byCell = Comparator.comparingInt(examples -> truth[examples.get(0)]);
        byCell = byCell.thenComparingInt(examples -> predicted(examples.get(0)));
        shown.values().stream().sorted(byCell).forEach(examples -> {
            int first = examples.get(0);
            String id = id(truth[first], predicted(first));
            boolean isRight = isRight(first);
            html.open("section", "class", "cell", "id", id).open("p").text(label(truth[first]) + ", taken for "
                    + label(predicted(first)) + ": "
                    + some(examples.size(), cells.get(id).size(), isRight ? "the least confident" : "the most confident") + " ")
                    .add("a", "Close", "href", "#" + CONFUSION).close("p");
            write(html, examples, false);
            html.close("section");
        });
        List<Integer> mistakes = all().filter(i -> !isRight(i)).sorted(toLookAtFirst()).toList();
        List<Integer> right = all().filter(this::isRight).sorted(toLookAtFirst()).toList();
        html.add("h3", "Surest mistakes").add("p", mistakes.isEmpty() ? "None is wrong." : "Of " + mistakes.size()
                + " mistakes those that the model was most sure of, each with its " + scoreWord() + "." + (doubtful.isEmpty() ? ""
                        : " Of " + doubtful.size() + " the label itself may be wrong, which is asked below them: the model is as"
                        + " sure as it usually is of that class. They are worth a look."));
        write(html, mistakes.subList(0, Math.min(MOST_SURE, mistakes.size())), true);
        html.add("h3", "Least sure of the right ones").add("p", right.isEmpty() ? "None is right." : "Of " + right.size()
                + " that are right those with the lowest " + scoreWord() + ".");
        write(html, right.subList(0, Math.min(MOST_UNSURE, right.size())), true);
    }

    private Stream<Integer> all() {
        return cells.values().stream().flatMap(List::stream);
    }

    private String scoreWord() {
        return report.hasProbabilities() ? "confidence" : "score";
    }

    private static String some(int some, int all, String which) {
        return some == all ? all + (all == 1 ? " image." : " images.") : which + " " + some + " of " + all + " images.";
    }

    /** @param withClasses else all are of the same */
    private void write(Html html, List<Integer> examples, boolean withClasses) {
        html.open("ul", "class", "images");
        for (int i : examples) {
            String words = describe(i);
            html.open("li").picture(png(i), "image", "Image of " + words);
            if (withClasses) {
                html.add("span", words);
            }
            html.add("span", Labels.number(score(i)));
            if (withClasses && doubtful.contains(i)) {
                html.add("span", "label right?", "class", "doubt");
            }
            html.close("li");
        }
        html.close("ul");
    }

    private byte[] png(int example) {
        return files.computeIfAbsent(example, this::draw);
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
