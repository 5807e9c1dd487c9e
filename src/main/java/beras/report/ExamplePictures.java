package beras.report;

import beras.evaluation.ClassificationReport;
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
 * Images of a report, as the model sees them: for each cell of the confusion matrix some, which open when the cell is chosen, the
 * mistakes that the model was most sure of, and what it was right about but least sure.
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
    /** Those of all cells take at most so many bytes, each cell in turn. */
    private static final int MOST_BYTES = 60_000;

    private final Answers answers;
    private final ClassificationReport report;
    private final Map<String, List<Integer>> cells = new LinkedHashMap<>(); // all of each, the ones to look at first
    private final Set<Integer> doubtful = new HashSet<>();
    private final Map<Integer, byte[]> files = new HashMap<>();
    private final Map<String, List<Integer>> shown = new LinkedHashMap<>();

    /** @param answers for images */
    ExamplePictures(Answers answers, ClassificationReport report) {
        this.answers = answers;
        this.report = report;
        for (int i = 0; i < answers.count(); i++) {
            cells.computeIfAbsent(id(answers.truth(i), answers.predicted(i)), cell -> new ArrayList<>()).add(i);
        }
        cells.values().forEach(cell -> cell.sort(toLookAtFirst()));
        if (report.hasProbabilities()) {
            findDoubtful();
        }
        choose();
    }

    /** Mistakes that the model is sure of, and what it is right about but not sure. */
    private Comparator<Integer> toLookAtFirst() {
        return Comparator.comparingDouble(i -> answers.isRight(i) ? answers.score(i) : -answers.score(i));
    }

    private void findDoubtful() {
        double[] sums = new double[report.labels().size()];
        int[] counts = new int[sums.length];
        for (int i = 0; i < answers.count(); i++) {
            sums[answers.truth(i)] += answers.probability(i, answers.truth(i));
            counts[answers.truth(i)]++;
        }
        for (int i = 0; i < answers.count(); i++) {
            int taken = answers.predicted(i);
            if (!answers.isRight(i) && counts[taken] > 0 && answers.score(i) >= sums[taken] / counts[taken]) {
                doubtful.add(i);
            }
        }
    }

    /** Takes pictures of all cells in turn, mistakes first, until there is no more room. */
    private void choose() {
        List<String> order = new ArrayList<>();
        for (boolean isRight : new boolean[] {false, true}) {
            cells.forEach((id, examples) -> {
                if (answers.isRight(examples.get(0)) == isRight) {
                    order.add(id);
                }
            });
        }
        long bytes = 0;
        for (int turn = 0; turn < MOST_OF_A_MISTAKE && bytes < MOST_BYTES; turn++) {
            for (String id : order) {
                List<Integer> cell = cells.get(id);
                boolean isRight = answers.isRight(cell.get(0));
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
        Comparator<List<Integer>> byCell = Comparator.comparingInt(examples -> answers.truth(examples.get(0)));
        byCell = byCell.thenComparingInt(examples -> answers.predicted(examples.get(0)));
        shown.values().stream().sorted(byCell).forEach(examples -> {
            int first = examples.get(0);
            String id = id(answers.truth(first), answers.predicted(first));
            boolean isRight = answers.isRight(first);
            html.open("section", "class", "cell", "id", id).open("p").text(answers.label(answers.truth(first)) + ", taken for "
                    + answers.label(answers.predicted(first)) + ": "
                    + some(examples.size(), cells.get(id).size(), isRight ? "the least confident" : "the most confident") + " ")
                    .add("a", "Close", "href", "#" + CONFUSION).close("p");
            write(html, examples, false);
            html.close("section");
        });
        List<Integer> mistakes = all().filter(i -> !answers.isRight(i)).sorted(toLookAtFirst()).toList();
        List<Integer> right = all().filter(answers::isRight).sorted(toLookAtFirst()).toList();
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
            String words = answers.describe(i);
            html.open("li").picture(png(i), "image", "Image of " + words);
            if (withClasses) {
                html.add("span", words);
            }
            html.add("span", Labels.number(answers.score(i)));
            if (withClasses && doubtful.contains(i)) {
                html.add("span", "label right?", "class", "doubt");
            }
            html.close("li");
        }
        html.close("ul");
    }

    private byte[] png(int example) {
        return files.computeIfAbsent(example, answers::png);
    }
}
