package beras.cli;

import beras.metrics.BinaryCurve;
import beras.metrics.BinaryCurve.Criterion;
import beras.metrics.BinaryCurve.Point;
import beras.metrics.ClassificationReport;
import beras.metrics.ClassificationReport.Scores;
import beras.metrics.ConfusionMatrix;
import beras.report.EvaluationCharts;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How good a model tells classes apart, as tables for people and as fields for programs. */
final class ClassReport {

    /** More classes make a matrix that no terminal shows. */
    private static final int MOST_SHOWN = EvaluationCharts.MOST_CLASSES;
    private static final int WIDEST = 20;
    private static final int NUMBER_WIDTH = 11;
    private static final int DECIMALS = 4;
    private static final String MACRO = "macro mean";
    private static final String WEIGHTED = "weighted mean";
    /** Thresholds of the table, in tenths from 1. */
    private static final int TENTHS = 9;
    /** What the table shows the best threshold for. */
    private static final List<Criterion> SHOWN = List.of(Criterion.F1, Criterion.BALANCED_ACCURACY);

    private final ClassificationReport report;
    private final List<String> labels;
    private final ConfusionMatrix matrix;
    private final boolean trained;

    /**
     * @param trained whether it is known how often each label occurs in training
     */
    ClassReport(ClassificationReport report, boolean trained) {
        this.report = report;
        this.labels = report.labels();
        this.matrix = report.confusion();
        this.trained = trained;
    }

    /** Prints the matrix, unless it is too wide, a line for each class, and what there is one number of. */
    void print(PrintStream out) {
        List<String> shown = labels.stream().map(ClassReport::shown).toList();
        int width = shown.stream().mapToInt(String::length).max().orElse(0);
        if (labels.size() <= MOST_SHOWN) {
            printMatrix(out, shown, width);
        }
        width = Math.max(width, WEIGHTED.length());
        out.println();
        out.println(Text.left("class", width) + Text.right("precision", NUMBER_WIDTH) + Text.right("recall", NUMBER_WIDTH)
                + Text.right("f1", NUMBER_WIDTH) + Text.right("support", NUMBER_WIDTH));
        for (int c = 0; c < labels.size(); c++) {
            printScores(out, Text.left(shown.get(c), width), report.scores(c));
        }
        printScores(out, Text.left(MACRO, width), report.macro());
        printScores(out, Text.left(WEIGHTED, width), report.weighted());
        printMeasures(out);
    }

    private static String shown(String label) {
        return Text.cut(label, WIDEST);
    }

    private void printMatrix(PrintStream out, List<String> shown, int width) {
        double[][] counts = matrix.counts();
        int cell = Math.max(width, whole(Arrays.stream(counts).flatMapToDouble(Arrays::stream).max().orElse(0)).length()) + 2;
        out.println();
        out.println("Confusion matrix: a row for each true class, a column for each predicted one");
        StringBuilder header = new StringBuilder(" ".repeat(width));
        shown.forEach(label -> header.append(Text.right(label, cell)));
        out.println(header);
        for (int row = 0; row < counts.length; row++) {
            StringBuilder line = new StringBuilder(Text.left(shown.get(row), width));
            for (double count : counts[row]) {
                line.append(Text.right(whole(count), cell));
            }
            out.println(line);
        }
    }

    private static void printScores(PrintStream out, String name, Scores scores) {
        out.println(name + number(scores.precision()) + number(scores.recall()) + number(scores.f1())
                + Text.right(Long.toString(scores.support()), NUMBER_WIDTH));
    }

    private void printMeasures(PrintStream out) {
        String curve = labels.size() > 2 ? "mean over the classes, each against the rest"
                : "of " + shown(labels.get(report.positive()));
        out.println();
        printMeasure(out, "balanced accuracy", report.balancedAccuracy(), "mean recall of the classes");
        printMeasure(out, "baseline accuracy", report.baselineAccuracy(), "of always " + shown(labels.get(report.frequent()))
                + ", the most frequent " + (trained ? "in training" : "one"));
        printMeasure(out, "log loss", report.logLoss(), "");
        printMeasure(out, "Brier score", report.brier(), "");
        printMeasure(out, "ROC-AUC", report.rocAuc(), curve);
        printMeasure(out, "PR-AUC", report.averagePrecision(), curve);
        printMeasure(out, "calibration error", report.calibrationError(), "");
    }

    private static void printMeasure(PrintStream out, String name, double value, String note) {
        if (Double.isFinite(value)) {
            out.println((Text.left(name, "balanced accuracy".length()) + number(value) + "  " + note).stripTrailing());
        }
    }

    private static String number(double number) {
        return Text.right(Text.decimals(number, DECIMALS), NUMBER_WIDTH);
    }

    private static String whole(double count) {
        return Long.toString((long) count);
    }

    // -------------------------------------------------------------------------------------------------- thresholds

    /** Prints what some thresholds make of the rows; of two labels. */
    void printThresholds(PrintStream out) {
        BinaryCurve curve = report.curve(report.positive());
        out.println();
        out.println("Where " + shown(labels.get(report.positive())) + " is predicted above a threshold (--threshold, --positive):");
        out.println("threshold" + Text.right("precision", NUMBER_WIDTH) + Text.right("recall", NUMBER_WIDTH)
                + Text.right("f1", NUMBER_WIDTH) + Text.right("balanced", NUMBER_WIDTH) + Text.right("predicted", NUMBER_WIDTH));
        for (int tenths = 1; tenths <= TENTHS; tenths++) {
            printPoint(out, curve.at(tenths / 10.0), "");
        }
        for (Criterion criterion : SHOWN) {
            printPoint(out, curve.best(criterion), "  best " + words(criterion) + " here");
        }
    }

    private static void printPoint(PrintStream out, Point point, String note) {
        out.println(Text.left(Double.toString(point.threshold()), "threshold".length()) + number(point.precision())
                + number(point.recall()) + number(point.f1()) + number(point.balancedAccuracy())
                + number(point.calledPositive()) + note);
    }

    private static String words(Criterion criterion) {
        return criterion.toString().replace('_', ' ');
    }

    /** Prints the threshold that is best on these rows, and where it may be used. */
    void printBest(PrintStream out, Criterion criterion) {
        Point best = report.curve(report.positive()).best(criterion);
        out.println();
        out.println("The best " + words(criterion) + " on these rows is " + Text.decimals(best.get(criterion), DECIMALS)
                + ", with --threshold " + best.threshold() + " --positive " + Text.quote(labels.get(report.positive())));
        out.println("Choose it on rows to validate, not to test: on those that it was chosen on it looks better than it is");
    }

    /** The numbers of one threshold, for a JSON object. */
    private static Map<String, Object> fields(Point point) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("threshold", point.threshold());
        fields.put("precision", point.precision());
        fields.put("recall", point.recall());
        fields.put("f1", point.f1());
        fields.put("balanced_accuracy", point.balancedAccuracy());
        fields.put("accuracy", point.accuracy());
        fields.put("predicted_positive", point.calledPositive());
        return fields;
    }

    /** Adds what {@link #printThresholds} prints to a JSON object. */
    void addThresholdsTo(Map<String, Object> fields) {
        BinaryCurve curve = report.curve(report.positive());
        fields.put("positive", labels.get(report.positive()));
        fields.put("thresholds", IntStream.rangeClosed(1, TENTHS).mapToObj(tenths -> fields(curve.at(tenths / 10.0))).toList());
        SHOWN.forEach(criterion -> fields.put("best_" + criterion, fields(curve.best(criterion))));
    }

    /** Adds what {@link #printBest} prints to a JSON object. */
    void addBestTo(Map<String, Object> fields, Criterion criterion) {
        fields.put("optimized", criterion.toString());
        fields.put("best_" + criterion, fields(report.curve(report.positive()).best(criterion)));
    }

    // -------------------------------------------------------------------------------------------------------- JSON

    /** Adds what {@link #print} prints to a JSON object. */
    void addTo(Map<String, Object> fields) {
        fields.putAll(report.values());
        fields.put("baseline", labels.get(report.frequent()));
        fields.put("labels", labels);
        fields.put("confusion", Arrays.stream(matrix.counts())
                .map(row -> Arrays.stream(row).mapToObj(count -> (long) count).toList()).toList());
        fields.put("precision", each(Scores::precision));
        fields.put("recall", each(Scores::recall));
        fields.put("f1", each(Scores::f1));
        fields.put("support", IntStream.range(0, labels.size()).mapToObj(c -> report.scores(c).support()).toList());
        List<Map<String, Object>> bins = new ArrayList<>();
        for (ClassificationReport.Bin bin : report.calibration()) {
            Map<String, Object> numbers = new LinkedHashMap<>();
            numbers.put("from", bin.from());
            numbers.put("to", bin.to());
            numbers.put("count", bin.count());
            numbers.put("probability", bin.probability());
            numbers.put("share", bin.share());
            bins.add(numbers);
        }
        fields.put("calibration", bins);
    }

    private List<Double> each(ToDoubleFunction<Scores> number) {
        List<Double> numbers = new ArrayList<>();
        for (int c = 0; c < labels.size(); c++) {
            numbers.add(number.applyAsDouble(report.scores(c)));
        }
        return numbers;
    }
}
