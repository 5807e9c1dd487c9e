package beras.cli.models;

import static beras.cli.terminal.Result.number;

import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.evaluation.BinaryCurve;
import beras.evaluation.BinaryCurve.Criterion;
import beras.evaluation.BinaryCurve.Point;
import beras.evaluation.ClassificationReport;
import beras.evaluation.ClassificationReport.Scores;
import beras.report.Charts;
import beras.report.Labels;
import beras.runs.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How well a model separates classes, as sections of a result. */
public record ClassReport(ClassificationReport report, Result result) {

    private static final int WIDEST = 20;
    private static final String NUMBER = "  r9";
    /** Thresholds of the table, in tenths from 1. */
    private static final int TENTHS = 9;
    /** The values that have a row; the accuracy is in the first line. */
    private static final List<String> MEASURES = List.of("balanced_accuracy", "baseline_accuracy", "log_loss", "brier_score", "auc",
            "average_precision", "calibration_error");

    private String shown(int label) {
        return Text.cut(report.labels().get(label), WIDEST);
    }

    private <T> List<T> each(Function<Scores, T> number) {
        return IntStream.range(0, report.labels().size()).mapToObj(report::scores).map(number).toList();
    }

    /**
     * Adds the matrix, unless it is too wide, a line for each class, and the overall metrics.
     *
     * @param trained whether the frequency of each label in training is available
     */
    public void add(boolean trained) {
        List<List<Long>> counts = Arrays.stream(report.confusion().counts())
                .map(row -> Arrays.stream(row).mapToObj(count -> (long) count).toList()).toList();
        result.putAll(report.values()).put("baseline", report.labels().get(report.frequent()), "labels", report.labels(), "confusion", counts, "precision",
                each(Scores::precision), "recall", each(Scores::recall), "f1", each(Scores::f1), "support", each(Scores::support),
                "calibration", report.calibration());
        List<String> names = IntStream.range(0, report.labels().size()).mapToObj(this::shown).toList();
        if (report.labels().size() <= Charts.MOST_CLASSES) {
            int width = Stream.concat(names.stream(), counts.stream().flatMap(List::stream)).mapToInt(cell -> cell.toString().length()).max()
                    .orElse(0);
            result.section("Confusion matrix: a row for each true class, a column for each predicted one", "l", "  r" + width).row("", names);
            for (int c = 0; c < counts.size(); c++) {
                result.row(names.get(c), counts.get(c).stream().map(Object::toString).toList());
            }
        }
        result.section("", "l", NUMBER).row("class", "precision", "recall", "f1", "support");
        for (int c = 0; c < report.labels().size(); c++) {
            addScores(names.get(c), report.scores(c));
        }
        addScores("macro mean", report.macro());
        addScores("weighted mean", report.weighted());
        result.section("", "l", NUMBER, "  l");
        for (String measure : MEASURES) {
            double value = report.values().get(measure);
            if (Double.isFinite(value)) {
                result.row(Labels.measure(measure), number(value), note(measure, trained));
            }
        }
    }

    private void addScores(String name, Scores scores) {
        result.row(name, number(scores.precision()), number(scores.recall()), number(scores.f1()), Long.toString(scores.support()));
    }

    private String note(String measure, boolean trained) {
        return switch (measure) {
            case "balanced_accuracy" -> "mean recall of the classes";
            case "baseline_accuracy" -> "of always " + shown(report.frequent()) + ", the most frequent " + (trained ? "in training" : "one");
            case "auc", "average_precision" -> report.labels().size() > 2 ? "mean over the classes, each against the rest"
                    : "of " + shown(report.positive());
            default -> "";
        };
    }

    // -------------------------------------------------------------------------------------------------- thresholds

    /** Adds the metrics at some thresholds; for two labels. */
    public void addThresholds() {
        BinaryCurve curve = report.curve(report.positive());
        List<Point> points = IntStream.rangeClosed(1, TENTHS).mapToObj(tenths -> curve.at(tenths / 10.0)).toList();
        result.put("positive", report.labels().get(report.positive()), "thresholds", points.stream().map(ClassReport::fields).toList());
        result.section("Where " + shown(report.positive()) + " is predicted above a threshold (--threshold, --positive):",
                "l9", NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, "  l")
                .row("threshold", "precision", "recall", "f1", "balanced", "predicted");
        points.forEach(point -> addPoint(point, ""));
        for (Criterion criterion : Criterion.values()) {
            Point best = curve.best(criterion);
            result.put("best_" + criterion, fields(best));
            addPoint(best, "best " + Labels.measure(criterion.toString()) + " here");
        }
        result.section().row("Choose a threshold on validation rows, not to test: on those that it was chosen on it looks better than it is");
    }

    private void addPoint(Point point, String note) {
        result.row(Double.toString(point.threshold()), number(point.precision()), number(point.recall()), number(point.f1()),
                number(point.balancedAccuracy()), number(point.calledPositive()), note);
    }

    private static Map<String, Object> fields(Point point) {
        return Json.object("threshold", point.threshold(), "precision", point.precision(), "recall", point.recall(), "f1", point.f1(),
                "balanced_accuracy", point.balancedAccuracy(), "accuracy", point.accuracy(),
                "predicted_positive", point.calledPositive());
    }
}
