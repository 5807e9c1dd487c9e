package beras.cli.models;

import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.evaluation.BinaryCurve;
import beras.evaluation.BinaryCurve.Criterion;
import beras.evaluation.BinaryCurve.Point;
import beras.evaluation.ClassificationReport;
import beras.evaluation.ClassificationReport.Scores;
import beras.evaluation.ConfusionMatrix;
import beras.report.EvaluationCharts;
import beras.runs.Json;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How well a model separates classes, as tables for people and as fields for programs. */
public final class ClassReport {

    /** More classes make a matrix that no terminal shows. */
    private static final int MOST_SHOWN = EvaluationCharts.MOST_CLASSES;
    private static final int WIDEST = 20;
    private static final String NUMBER = "  r9";
    private static final int DECIMALS = 4;
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
    public ClassReport(ClassificationReport report, boolean trained) {
        this.report = report;
        this.labels = report.labels();
        this.matrix = report.confusion();
        this.trained = trained;
    }

    /** Prints the matrix, unless it is too wide, a line for each class, and what there is one number of. */
    public void print(PrintStream out) {
        List<String> shown = labels.stream().map(ClassReport::shown).toList();
        if (labels.size() <= MOST_SHOWN) {
            printMatrix(out, shown);
        }
        TextTable table = new TextTable("l", NUMBER).add("class", "precision", "recall", "f1", "support");
        for (int c = 0; c < labels.size(); c++) {
            addScores(table, shown.get(c), report.scores(c));
        }
        addScores(table, "macro mean", report.macro());
        addScores(table, "weighted mean", report.weighted());
        out.println();
        table.print(out);
        printMeasures(out);
    }

    private static String shown(String label) {
        return Text.cut(label, WIDEST);
    }

    private void printMatrix(PrintStream out, List<String> shown) {
        List<List<String>> counts = Arrays.stream(matrix.counts()).map(row -> Arrays.stream(row)
                .mapToObj(count -> Long.toString((long) count)).toList()).toList();
        int width = Stream.concat(shown.stream(), counts.stream().flatMap(List::stream)).mapToInt(String::length).max().orElse(0);
        TextTable table = new TextTable("l", "  r" + width).add(row("", shown));
        for (int c = 0; c < counts.size(); c++) {
            table.add(row(shown.get(c), counts.get(c)));
        }
        out.println();
        out.println("Confusion matrix: a row for each true class, a column for each predicted one");
        table.print(out);
    }

    private static List<String> row(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    private static void addScores(TextTable table, String name, Scores scores) {
        table.add(name, number(scores.precision()), number(scores.recall()), number(scores.f1()),
                Long.toString(scores.support()));
    }

    private void printMeasures(PrintStream out) {
        String curve = labels.size() > 2 ? "mean over the classes, each against the rest"
                : "of " + shown(labels.get(report.positive()));
        TextTable table = new TextTable("l" + "balanced accuracy".length(), NUMBER, "  l");
        addMeasure(table, "balanced accuracy", report.balancedAccuracy(), "mean recall of the classes");
        addMeasure(table, "baseline accuracy", report.baselineAccuracy(), "of always " + shown(labels.get(report.frequent()))
                + ", the most frequent " + (trained ? "in training" : "one"));
        addMeasure(table, "log loss", report.logLoss(), "");
        addMeasure(table, "Brier score", report.brier(), "");
        addMeasure(table, "AUC", report.auc(), curve);
        addMeasure(table, "average precision", report.averagePrecision(), curve);
        addMeasure(table, "calibration error", report.calibrationError(), "");
        out.println();
        table.print(out);
    }

    private static void addMeasure(TextTable table, String name, double value, String note) {
        if (Double.isFinite(value)) {
            table.add(name, number(value), note);
        }
    }

    private static String number(double number) {
        return Text.decimals(number, DECIMALS);
    }

    // -------------------------------------------------------------------------------------------------- thresholds

    /** Prints what some thresholds make of the rows; of two labels. */
    public void printThresholds(PrintStream out) {
        BinaryCurve curve = report.curve(report.positive());
        out.println();
        out.println("Where " + shown(labels.get(report.positive())) + " is predicted above a threshold (--threshold, --positive):");
        TextTable table = new TextTable("l9", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, "  l")
                .add("threshold", "precision", "recall", "f1", "balanced", "predicted");
        for (int tenths = 1; tenths <= TENTHS; tenths++) {
            addPoint(table, curve.at(tenths / 10.0), "");
        }
        for (Criterion criterion : SHOWN) {
            addPoint(table, curve.best(criterion), "best " + words(criterion) + " here");
        }
        table.print(out);
    }

    private static void addPoint(TextTable table, Point point, String note) {
        table.add(Double.toString(point.threshold()), number(point.precision()), number(point.recall()), number(point.f1()),
                number(point.balancedAccuracy()), number(point.calledPositive()), note);
    }

    private static String words(Criterion criterion) {
        return criterion.toString().replace('_', ' ');
    }

    /** Prints the threshold that is best on these rows, and where it may be used. */
    public void printBest(PrintStream out, Criterion criterion) {
        Point best = report.curve(report.positive()).best(criterion);
        out.println();
        out.println("The best " + words(criterion) + " on these rows is " + Text.decimals(best.get(criterion), DECIMALS)
                + ", with --threshold " + best.threshold() + " --positive " + Text.quote(labels.get(report.positive())));
        out.println("Choose it on validation rows, not to test: on those that it was chosen on it looks better than it is");
    }

    /** The numbers of one threshold, for a JSON object. */
    private static Map<String, Object> fields(Point point) {
        return Json.object("threshold", point.threshold(), "precision", point.precision(), "recall", point.recall(), "f1", point.f1(),
                "balanced_accuracy", point.balancedAccuracy(), "accuracy", point.accuracy(),
                "predicted_positive", point.calledPositive());
    }

    /** Adds what {@link #printThresholds} prints to a JSON object. */
    public void addThresholdsTo(Map<String, Object> fields) {
        BinaryCurve curve = report.curve(report.positive());
        fields.put("positive", labels.get(report.positive()));
        fields.put("thresholds", IntStream.rangeClosed(1, TENTHS).mapToObj(tenths -> fields(curve.at(tenths / 10.0))).toList());
        SHOWN.forEach(criterion -> fields.put("best_" + criterion, fields(curve.best(criterion))));
    }

    /** Adds what {@link #printBest} prints to a JSON object. */
    public void addBestTo(Map<String, Object> fields, Criterion criterion) {
        fields.put("optimized", criterion.toString());
        fields.put("best_" + criterion, fields(report.curve(report.positive()).best(criterion)));
    }

    // -------------------------------------------------------------------------------------------------------- JSON

    /** Adds what {@link #print} prints to a JSON object. */
    public void addTo(Map<String, Object> fields) {
        fields.putAll(report.values());
        fields.put("baseline", labels.get(report.frequent()));
        fields.put("labels", labels);
        fields.put("confusion", Arrays.stream(matrix.counts())
                .map(row -> Arrays.stream(row).mapToObj(count -> (long) count).toList()).toList());
        fields.put("precision", each(Scores::precision));
        fields.put("recall", each(Scores::recall));
        fields.put("f1", each(Scores::f1));
        fields.put("support", IntStream.range(0, labels.size()).mapToObj(c -> report.scores(c).support()).toList());
        fields.put("calibration", report.calibration());
    }

    private List<Double> each(ToDoubleFunction<Scores> number) {
        List<Double> numbers = new ArrayList<>();
        for (int c = 0; c < labels.size(); c++) {
            numbers.add(number.applyAsDouble(report.scores(c)));
        }
        return numbers;
    }
}
