package beras.report;

import beras.evaluation.BinaryCurve;
import beras.evaluation.BinaryCurve.Point;
import beras.evaluation.ClassificationReport;
import beras.evaluation.ClassificationReport.Bin;
import beras.files.Excerpt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Plots of how good a model is. */
public final class EvaluationCharts {

    /** More classes make a matrix that nobody can read. */
    public static final int MOST_CLASSES = 25;

    /** More curves could not be distinguished; of more classes the worst are drawn, which are those to look at. */
    private static final int MOST_CURVES = 5;
    /** The sides of the corner that is drawn if all curves bend within half of it. */
    private static final double[] CORNERS = {0.02, 0.05, 0.1, 0.2, 0.5};
    /** Points of a curve that are nearer than this share of an axis look the same. */
    private static final double RESOLUTION = 200;
    private static final int MOST_DOTS = 3000;
    private static final int MOST_MARKS = 15;
    private static final int LONGEST_LABEL = 20;

    // ----------------------------------------------------------------------------------------------------- classes

    /** How often each class is taken for each. */
    public static Svg confusion(ClassificationReport report) {
        return new Confusion(report).draw();
    }

    private record Curve(String label, BinaryCurve curve) {}

    /**
     * The curves of the classes that occur: of two labels that of the positive one, of many the worst.
     *
     * @param roc                recall by false positive rate, of classes that occur beside others
     * @param precisionAndRecall precision by recall
     */
    public record Curves(Svg roc, Svg precisionAndRecall) {}

    /** What thresholds on the scores of classes give. */
    public static Curves curves(ClassificationReport report) {
        List<String> names = Labels.distinct(report.labels(), LONGEST_LABEL);
        List<Curve> all = new ArrayList<>();
        for (int index = 0; index < names.size(); index++) {
            if (names.size() != 2 || index == report.positive()) {
                BinaryCurve curve = report.curve(index);
                if (curve.positives() > 0) {
                    all.add(new Curve(names.get(index), curve));
                }
            }
        }
        List<Curve> besideOthers = all.stream().filter(curve -> curve.curve.negatives() > 0).toList();
        return new Curves(
                draw("ROC", report, besideOthers, BinaryCurve::auc, "AUC", report.auc(), Point::fallOut, 0, "false positive rate",
                        Point::recall, "recall (true positive rate)"),
                draw("Precision and recall", report, all, BinaryCurve::averagePrecision, "average precision",
                        report.averagePrecision(), Point::recall, 1, "recall", Point::precision, "precision"));
    }

    private record Shown(String name, List<Point> points) {}

    /**
     * Draws curves from 0 to 1, or the corner in which all of them have their bend.
     *
     * @param goodX where that corner is: at 0 or 1 of the horizontal axis, and at the top
     */
    private static Svg draw(String title, ClassificationReport report, List<Curve> all, ToDoubleFunction<BinaryCurve> area,
            String areaName, double mean, ToDoubleFunction<Point> x, int goodX, String xName, ToDoubleFunction<Point> y,
            String yName) {
        Map<Curve, Double> areas = new HashMap<>();
        all.forEach(curve -> areas.put(curve, area.applyAsDouble(curve.curve)));
        List<Shown> shown = all.stream().sorted(Comparator.comparingDouble(areas::get)).limit(MOST_CURVES)
                .map(curve -> new Shown(curve.label + ", " + areaName + " " + Labels.number(areas.get(curve)),
                        curve.curve.points())).toList();
        double bend = shown.stream().mapToDouble(curve -> curve.points.stream()
                .mapToDouble(point -> Math.max(Math.abs(x.applyAsDouble(point) - goodX), 1 - y.applyAsDouble(point)))
                .filter(Double::isFinite).min().orElse(1)).max().orElse(1);
        double side = Arrays.stream(CORNERS).filter(corner -> corner >= 2 * bend).findFirst().orElse(1);
        String which = (all.size() > MOST_CURVES ? " of the " + MOST_CURVES + " worst of " + all.size() + " classes" : "")
                + (side < 1 ? ": the corner where they bend" : "");
        double fromX = goodX == 0 ? 0 : 1 - side;
        AxesPlot plot = new AxesPlot(title + which, Axis.linear(xName).within(fromX, fromX + side),
                Axis.linear(yName).within(1 - side, 1)).square();
        if (side == 1 && goodX == 0) {
            plot.help("chance", 0, 0, 1, 1);
        } else if (side == 1 && report.labels().size() == 2) {
            double share = (double) report.scores(report.positive()).support() / report.examples();
            plot.help("chance", 0, share, 1, share);
        }
        for (int look = 0; look < shown.size(); look++) {
            List<double[]> points = within(shown.get(look).points, x, fromX, y, side);
            plot.curve(shown.get(look).name, look, points.stream().mapToDouble(point -> point[0]).toArray(),
                    points.stream().mapToDouble(point -> point[1]).toArray());
        }
        return plot.draw(title + ": " + areaName + " " + Labels.number(mean)
                + (report.labels().size() > 2 ? ", mean over the classes" : ""));
    }

    /** The points of a curve, those outside at the edge, without those that look the same as the one before. */
    private static List<double[]> within(List<Point> points, ToDoubleFunction<Point> x, double fromX, ToDoubleFunction<Point> y,
            double side) {
        List<double[]> all = new ArrayList<>();
        for (Point point : points) {
            double atX = Math.max(fromX, Math.min(fromX + side, x.applyAsDouble(point)));
            double atY = Math.max(1 - side, Math.min(1, y.applyAsDouble(point)));
            double[] last = all.isEmpty() ? null : all.get(all.size() - 1);
            boolean isNew = last == null || Math.abs(last[0] - atX) + Math.abs(last[1] - atY) > side / RESOLUTION;
            if (Double.isFinite(atX) && Double.isFinite(atY) && isNew) { // where none is called positive there is no precision
                all.add(new double[] {atX, atY});
            }
        }
        return all;
    }

    /** How far probabilities are from shares; of scores that are none there is no such plot. */
    public static Svg calibration(ClassificationReport report) {
        boolean two = report.labels().size() == 2;
        String positive = Excerpt.within(report.labels().get(report.positive()), LONGEST_LABEL);
        AxesPlot plot = new AxesPlot("Calibration, expected error " + Labels.number(report.calibrationError()),
                Axis.linear(two ? "probability of " + positive : "probability of the predicted class").within(0, 1),
                Axis.linear(two ? "share of " + positive : "share of right predictions").within(0, 1)).square();
        plot.help("perfect", 0, 0, 1, 1);
        List<Bin> bins = report.calibration().stream().filter(bin -> bin.count() > 0).toList();
        plot.line("model, in bins of a tenth", 0, bins.stream().mapToDouble(Bin::probability).toArray(),
                bins.stream().mapToDouble(Bin::share).toArray(), bin -> ", " + bins.get(bin).count() + " examples");
        return plot.draw("Calibration: how often predictions are right by how sure the model is; expected error "
                + Labels.number(report.calibrationError()));
    }

    // ----------------------------------------------------------------------------------------------------- numbers

    /** What is predicted by what is true; of more than 3000 examples as many, at equal distances. */
    public static Svg predicted(String target, double[] predicted, double[] actual) {
        String name = Excerpt.within(target, LONGEST_LABEL);
        AxesPlot plot = new AxesPlot("Predicted against true", Axis.linear("true " + name), Axis.linear("predicted " + name))
                .square();
        addDots(plot, actual, predicted, predicted, actual);
        double from = Math.max(min(predicted), min(actual));
        double to = Math.min(max(predicted), max(actual));
        if (from < to) { // else the line is outside of the axes
            plot.help("no error", from, from, to, to);
        }
        return plot.draw("Predicted against true: the nearer to the line, the better");
    }

    /** The errors by what is predicted; of more than 3000 examples as many, at equal distances. */
    public static Svg residuals(String target, double[] predicted, double[] actual) {
        double[] errors = IntStream.range(0, predicted.length).mapToDouble(i -> predicted[i] - actual[i]).toArray();
        String name = Excerpt.within(target, LONGEST_LABEL);
        AxesPlot plot = new AxesPlot("Residuals", Axis.linear("predicted " + name), Axis.linear("predicted less true")).square();
        addDots(plot, predicted, errors, predicted, actual);
        return plot.help("no error", min(predicted), 0, max(predicted), 0)
                .draw("Residuals by what is predicted: the nearer to the line, the better");
    }

    private static double min(double[] numbers) {
        return Arrays.stream(numbers).min().orElse(0);
    }

    private static double max(double[] numbers) {
        return Arrays.stream(numbers).max().orElse(0);
    }

    /** Many dots, of which those of the largest errors say at the pointer what they are. */
    private static void addDots(AxesPlot plot, double[] x, double[] y, double[] predicted, double[] actual) {
        int[] all = IntStream.range(0, x.length).toArray();
        int[] shown = AxesPlot.thinned(all, MOST_DOTS);
        plot.dots(AxesPlot.pick(x, shown), AxesPlot.pick(y, shown));
        IntStream.of(all).boxed().sorted(Comparator.comparingDouble(i -> -Math.abs(predicted[i] - actual[i]))).limit(MOST_MARKS)
                .forEach(i -> plot.mark(0, x[i], y[i], "predicted " + Labels.number(predicted[i]) + "\ntrue "
                        + Labels.number(actual[i])));
        plot.legend("largest errors", 0);
    }

    private EvaluationCharts() {}
}
