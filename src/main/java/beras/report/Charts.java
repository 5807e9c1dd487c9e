package beras.report;

import beras.data.table.TableTarget;
import beras.evaluation.BinaryCurve;
import beras.evaluation.BinaryCurve.Point;
import beras.evaluation.ClassificationReport;
import beras.evaluation.ClassificationReport.Bin;
import beras.files.Excerpt;
import beras.report.Chart.Mark;
import beras.report.Chart.Series;
import beras.report.Judgement.Regression;
import beras.tables.PartialDependence;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The charts of an evaluation and of an explanation. */
public final class Charts {

    /** More classes make a matrix that nobody can read. */
    public static final int MOST_CLASSES = 25;

    /** More curves could not be distinguished; the worst classes are drawn, as they matter most. */
    private static final int MOST_CURVES = 5;
    /** Points of a curve that are nearer than this share of an axis look the same. */
    private static final double RESOLUTION = 200;
    private static final int MOST_DOTS = 3000;
    private static final int MOST_MARKS = 15;
    /** More labels could not be distinguished. */
    private static final int MOST_LABELS = 10;
    private static final int LONGEST = 20;
    private static final int LONGEST_CLASS = 12;
    private static final int ROW = 20;
    private static final int MATRIX_ROW = 34;
    /** More tokens would make a large page. */
    private static final int MOST_TOKENS = 32;
    private static final int TOKEN_ROW = 15;
    private static final char SPACE = '\u2423';
    private static final char LINE_END = '\u21b5';
    private static final double MATRIX = 360;

    private static String cut(String text) {
        return Excerpt.within(text, LONGEST);
    }

    // ----------------------------------------------------------------------------------------------------- classes

    /** All charts of classes by name; of scores that are no probabilities there is no calibration. */
    public static Map<String, Svg> of(ClassificationReport report) {
        Map<String, Svg> charts = new LinkedHashMap<>();
        charts.put("confusion", confusion(report));
        charts.put("roc", roc(report));
        charts.put("pr", precisionAndRecall(report));
        if (!report.calibration().isEmpty()) {
            charts.put("calibration", calibration(report));
        }
        return charts;
    }

    /** All charts of numbers by name; of more than 3000 examples a sample at equal distances. */
    public static Map<String, Svg> of(Regression regression) {
        double[] predicted = regression.predicted();
        double[] actual = regression.actual();
        DoubleSummaryStatistics guesses = Arrays.stream(predicted).summaryStatistics();
        DoubleSummaryStatistics truths = Arrays.stream(actual).summaryStatistics();
        String target = cut(regression.target());
        Chart byTruth = new Chart("Predicted against true", Axis.of("true " + target), Axis.of("predicted " + target));
        double from = Math.max(guesses.getMin(), truths.getMin());
        double to = Math.min(guesses.getMax(), truths.getMax());
        if (from < to) { // else the line is outside of the axes
            byTruth.help("no error", from, from, to, to);
        }
        Chart residuals = new Chart("Residuals", Axis.of("predicted " + target), Axis.of("predicted less true"))
                .help("no error", guesses.getMin(), 0, guesses.getMax(), 0);
        double[] errors = IntStream.range(0, predicted.length).mapToDouble(regression::error).toArray();
        Map<String, Svg> charts = new LinkedHashMap<>();
        charts.put("predicted", dots(byTruth, actual, predicted, regression)
                .draw("Predicted against true: the nearer to the line, the better"));
        charts.put("residuals", dots(residuals, predicted, errors, regression)
                .draw("Residuals by what is predicted: the nearer to the line, the better"));
        return charts;
    }

    /** How often each class is taken for each, with numbers if there is room for them. */
    static Svg confusion(ClassificationReport report) {
        Confusion confusion = new Confusion(report);
        List<String> names = Labels.distinct(report.labels(), LONGEST_CLASS);
        int classes = names.size();
        Chart chart = new Chart("Confusion matrix", Axis.columns("predicted class", names),
                Axis.rows("true class", names, Math.min(MATRIX_ROW, MATRIX / classes)));
        for (int truth = 0; truth < classes; truth++) {
            for (int predicted = 0; predicted < classes; predicted++) {
                double count = confusion.count(truth, predicted);
                int shade = confusion.shade(truth, predicted);
                if (count > 0 || classes <= MOST_CLASSES) {
                    chart.point(Mark.CELL, count == 0 ? "\u00b7" : Labels.number(count), truth == predicted ? shade : -shade, predicted,
                            truth, "true " + report.labels().get(truth) + ", predicted " + report.labels().get(predicted) + ": "
                                    + Labels.number(count) + ", " + Labels.percent(confusion.share(truth, predicted)) + " of the class");
                }
            }
        }
        return chart.draw("Confusion matrix of " + classes + " classes");
    }

    /**
     * How much each token, in its row, attends to the others: the mean over heads, shaded by its share of the largest of the row.
     *
     * @param weights {@code (1, heads, tokens, tokens)}
     */
    static Svg attention(List<String> tokens, Tensor weights) {
        Tensor means = weights.mean(1);
        List<String> names = tokens.stream().limit(MOST_TOKENS).map(token -> cut(token.replace(' ', SPACE).replace('\n', LINE_END))).toList();
        Chart chart = new Chart("Attention in the last such layer", Axis.columns("attends to", names), Axis.rows("token", names, TOKEN_ROW));
        for (int from = 0; from < names.size(); from++) {
            float largest = means.slice(1, from, from + 1).max().item();
            for (int to = 0; to < names.size(); to++) {
                double weight = means.get(0, from, to);
                int shade = (int) Math.round(Confusion.SHADES * weight / largest);
                if (shade > 0) {
                    chart.point(Mark.CELL, "", shade, to, from, names.get(from) + " attends to " + names.get(to) + ": "
                            + Labels.percent(weight));
                }
            }
        }
        return chart.draw("What each of " + names.size() + " tokens attends to in the last layer of attention");
    }

    /** Recall by false positive rate, of the classes that occur beside others; see {@link #precisionAndRecall}. */
    static Svg roc(ClassificationReport report) {
        return curves("ROC curve", report, BinaryCurve::auc, "AUC", Point::fallOut, "false positive rate", Point::recall,
                "recall (true positive rate)").help("chance", 0, 0, 1, 1).draw("ROC curve: AUC " + mean(report, report.auc()));
    }

    /** Precision by recall of the classes that occur: of two labels of the positive one, of many of the worst. */
    private static Svg precisionAndRecall(ClassificationReport report) {
        Chart chart = curves("Precision and recall", report, BinaryCurve::averagePrecision, "average precision", Point::recall, "recall",
                point -> point.calledPositive() == 0 ? Double.NaN : point.precision(), "precision");
        if (report.labels().size() == 2) {
            double share = (double) report.scores(report.positive()).support() / report.examples();
            chart.help("chance", 0, share, 1, share);
        }
        return chart.draw("Precision and recall: average precision " + mean(report, report.averagePrecision()));
    }

    private static String mean(ClassificationReport report, double value) {
        return Labels.number(value) + (report.labels().size() > 2 ? ", mean over the classes" : "");
    }

    /** @param area NaN for a class without the curve */
    private static Chart curves(String title, ClassificationReport report, ToDoubleFunction<BinaryCurve> area, String areaName,
            ToDoubleFunction<Point> x, String xName, ToDoubleFunction<Point> y, String yName) {
        List<String> names = Labels.distinct(report.labels(), LONGEST);
        int classes = names.size();
        Map<Integer, Double> areas = IntStream.range(0, classes).filter(c -> classes != 2 || c == report.positive()).boxed()
                .collect(Collectors.toMap(c -> c, c -> area.applyAsDouble(report.curve(c))));
        areas.values().removeIf(value -> Double.isNaN(value));
        List<Integer> worst = areas.keySet().stream().sorted(Comparator.<Integer>comparingDouble(areas::get).thenComparing(c -> c))
                .limit(MOST_CURVES).toList();
        Chart chart = new Chart(title + (areas.size() > MOST_CURVES ? " of the " + MOST_CURVES + " worst of " + areas.size() + " classes" : ""),
                Axis.of(xName).within(0, 1), Axis.of(yName).within(0, 1)).square();
        for (int look = 0; look < worst.size(); look++) {
            int worse = worst.get(look);
            List<Point> points = distinct(report.curve(worse).points(), x, y);
            chart.add(new Series(Mark.LINE, names.get(worse) + ", " + areaName + " " + Labels.number(areas.get(worse)), look,
                    points.stream().mapToDouble(x).toArray(), points.stream().mapToDouble(y).toArray()));
        }
        return chart;
    }

    /** The points of a curve without visual duplicates; where nothing is called positive there is no precision. */
    private static List<Point> distinct(List<Point> points, ToDoubleFunction<Point> x, ToDoubleFunction<Point> y) {
        List<Point> all = new ArrayList<>();
        for (Point point : points) {
            Point last = all.isEmpty() ? null : all.get(all.size() - 1);
            if (Double.isFinite(y.applyAsDouble(point)) && (last == null || Math.abs(x.applyAsDouble(last) - x.applyAsDouble(point))
                    + Math.abs(y.applyAsDouble(last) - y.applyAsDouble(point)) > 1 / RESOLUTION)) {
                all.add(point);
            }
        }
        return all;
    }

    /** How far probabilities are from shares; of scores that are none there is no such chart. */
    private static Svg calibration(ClassificationReport report) {
        boolean two = report.labels().size() == 2;
        String positive = cut(report.labels().get(report.positive()));
        String error = "expected error " + Labels.number(report.calibrationError());
        List<Bin> bins = report.calibration().stream().filter(bin -> bin.count() > 0).toList();
        return new Chart("Calibration",
                Axis.of(two ? "probability of " + positive : "probability of the predicted class").within(0, 1),
                Axis.of(two ? "share of " + positive : "share of right predictions").within(0, 1)).square().help("perfect", 0, 0, 1, 1)
                .line("model, in bins of a tenth; " + error, 0, bins.stream().mapToDouble(Bin::probability).toArray(),
                        bins.stream().mapToDouble(Bin::share).toArray(), bin -> ", " + bins.get(bin).count() + " examples")
                .draw("Calibration: how often predictions are right by how sure the model is; " + error);
    }

    /** Many dots; the ones with the largest errors have tooltips. */
    private static Chart dots(Chart chart, double[] x, double[] y, Regression regression) {
        int[] shown = Chart.thinned(IntStream.range(0, x.length).toArray(), MOST_DOTS);
        int[] worst = regression.worst(MOST_MARKS).stream().mapToInt(i -> i).toArray();
        return chart.square().add(new Series(Mark.DOTS, "", 0, Chart.pick(x, shown), Chart.pick(y, shown)))
                .add(new Series(Mark.POINT, "largest errors", 0, Chart.pick(x, worst), Chart.pick(y, worst),
                        i -> "predicted " + Labels.number(regression.predicted()[worst[i]]) + "\ntrue "
                                + Labels.number(regression.actual()[worst[i]])));
    }

    // -------------------------------------------------------------------------------------------------- dependence

    /**
     * The prediction by the value of a column: a line over its numbers, or a row for each category.
     *
     * @param dependence with at least one point
     */
    public static Svg dependence(PartialDependence dependence, TableTarget target) {
        String title = "Predicted " + cut(target.name()) + " by " + cut(dependence.column()) + ", all else as it is";
        boolean labels = !target.labels().isEmpty();
        Axis measured = labels ? Axis.of("mean probability").within(0, 1) : Axis.of("mean " + cut(target.name()));
        List<PartialDependence.Point> points = dependence.points();
        boolean numbers = dependence.isNumeric();
        List<String> values = Labels.distinct(points.stream().map(PartialDependence.Point::value).toList(), LONGEST);
        double[] x = IntStream.range(0, points.size()).mapToDouble(i -> numbers ? points.get(i).number().getAsDouble() : i).toArray();
        Chart chart = numbers ? new Chart(title, Axis.of(cut(dependence.column())), measured)
                : new Chart(title, measured, Axis.rows("", values, ROW));
        for (int output : shown(target)) {
            String name = cut(dependence.outputs().get(output));
            double[] means = points.stream().mapToDouble(point -> point.means().get(output)).toArray();
            if (numbers) {
                chart.line(name, output, x, means);
            } else {
                chart.add(new Series(Mark.POINT, labels ? name : "", output, means, x,
                        i -> values.get(i) + "\n" + name + " " + Labels.number(means[i])));
            }
        }
        return chart.draw(numbers ? "" : title);
    }

    /** The outputs that are drawn: of two labels the positive one, of more the most frequent. */
    private static List<Integer> shown(TableTarget target) {
        int count = target.labels().size();
        return count == 0 ? List.of(0) : count == 2 ? List.of(ClassificationReport.rarer(target.counts())) : IntStream.range(0, count)
                .boxed().sorted(Comparator.comparingLong(c -> -target.counts().get(c))).limit(MOST_LABELS).sorted().toList();
    }

    private Charts() {}
}
