package beras.report;

import beras.files.Excerpt;
import beras.metrics.BinaryCurve;
import beras.metrics.BinaryCurve.Point;
import beras.metrics.ClassificationReport;
import beras.metrics.ClassificationReport.Bin;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of how good a model is. */
public final class EvaluationCharts {

    /** More classes make a matrix that nobody can read. */
    public static final int MOST_CLASSES = 25;

    private static final int SIDE = 560;
    /** More curves could not be told apart. */
    private static final int MOST_CURVES = 10;
    /** A curve of more points looks the same. */
    private static final int MOST_POINTS = 1000;
    /** More dots hide each other. */
    private static final int MOST_DOTS = 5000;
    private static final int DOT_SIZE = 5;
    private static final int DOT_ALPHA = 90;
    private static final int LONGEST_LABEL = 20;

    // ----------------------------------------------------------------------------------------------------- classes

    /** How often each class is taken for each. */
    public static HeatMapChart confusion(ClassificationReport report) {
        double[][] counts = report.confusion().counts();
        List<String> labels = names(report);
        List<String> upwards = new ArrayList<>(labels);
        Collections.reverse(upwards);
        List<Number[]> cells = new ArrayList<>();
        for (int x = 0; x < counts.length; x++) {
            for (int y = 0; y < counts.length; y++) {
                cells.add(new Number[] {x, y, counts[counts.length - 1 - y][x]});
            }
        }
        HeatMapChart chart = new HeatMapChartBuilder().width(SIDE).height(SIDE).title("Confusion: how often each was taken for each")
                .xAxisTitle("predicted").yAxisTitle("true").build();
        chart.addSeries("count", labels, upwards, cells);
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setRangeColors(new Color[] {new Color(247, 251, 255), new Color(107, 174, 214)});
        boolean few = counts.length <= MOST_CLASSES;
        chart.getStyler().setShowValue(few).setAxisTicksVisible(few);
        chart.getStyler().setHeatMapValueDecimalPattern("0");
        chart.getStyler().setMin(0);
        chart.getStyler().setMax(Math.max(1, Arrays.stream(counts).flatMapToDouble(Arrays::stream).max().orElse(1)));
        return chart;
    }

    /** The ROC curves of the classes that occur beside others: of two labels that of the positive one. */
    public static XYChart roc(ClassificationReport report) {
        List<Integer> shown = shown(report);
        XYChart chart = shares("ROC" + which(report), "false positive rate", "recall (true positive rate)", shown.size());
        addLine(chart, "chance", 0, 0, 1, 1);
        List<String> names = names(report);
        for (int index : shown) {
            BinaryCurve curve = report.curve(index);
            if (curve.positives() > 0 && curve.negatives() > 0) {
                addCurve(chart, shown.indexOf(index), names.get(index) + ", AUC " + Labels.number(curve.auc()),
                        thinned(curve.points()),
                        Point::fallOut, Point::recall);
            }
        }
        return chart;
    }

    /** Precision by recall of the classes that occur. */
    public static XYChart precisionAndRecall(ClassificationReport report) {
        List<Integer> shown = shown(report);
        XYChart chart = shares("Precision and recall" + which(report), "recall", "precision", shown.size());
        if (report.labels().size() == 2) {
            double share = (double) report.scores(report.positive()).support() / report.examples();
            addLine(chart, "chance", 0, share, 1, share);
        }
        List<String> names = names(report);
        for (int index : shown) {
            BinaryCurve curve = report.curve(index);
            if (curve.positives() > 0) { // where none is called positive there is no precision
                List<Point> points = thinned(curve.points());
                addCurve(chart, shown.indexOf(index), names.get(index) + ", average precision "
                        + Labels.number(curve.averagePrecision()),
                        points.subList(1, points.size()), Point::recall, Point::precision);
            }
        }
        return chart;
    }

    /** How far probabilities are from shares; of scores that are none there is no such plot. */
    public static XYChart calibration(ClassificationReport report) {
        boolean two = report.labels().size() == 2;
        String positive = Excerpt.within(report.labels().get(report.positive()), LONGEST_LABEL);
        XYChart chart = shares("Calibration, expected error " + Labels.number(report.calibrationError()),
                two ? "probability of " + positive : "probability of the predicted class",
                two ? "share of " + positive : "share of right predictions", 1);
        addLine(chart, "perfect", 0, 0, 1, 1);
        List<Bin> bins = report.calibration().stream().filter(bin -> bin.count() > 0).toList();
        XYSeries series = chart.addSeries("model, in bins of a tenth", bins.stream().mapToDouble(Bin::probability).toArray(),
                bins.stream().mapToDouble(Bin::share).toArray());
        ChartStyle.line(series, 0);
        return chart;
    }

    private static String which(ClassificationReport report) {
        return report.labels().size() <= MOST_CURVES ? "" : " of the " + MOST_CURVES + " most frequent";
    }

    /** The classes whose curves are drawn: the positive one, or the most frequent. */
    private static List<Integer> shown(ClassificationReport report) {
        if (report.labels().size() == 2) {
            return List.of(report.positive());
        }
        long[] support = IntStream.range(0, report.labels().size()).mapToLong(c -> report.scores(c).support()).toArray();
        return IntStream.range(0, support.length).boxed().sorted(Comparator.comparingLong(c -> -support[c])).limit(MOST_CURVES)
                .sorted().toList();
    }

    private static List<String> names(ClassificationReport report) {
        return Labels.distinct(report.labels(), LONGEST_LABEL);
    }

    // ----------------------------------------------------------------------------------------------------- amounts

    /** What is predicted by what is true; of more than 5000 examples as many, at equal distances. */
    public static XYChart predicted(String target, double[] predicted, double[] actual) {
        double[] guesses = thinned(predicted);
        double[] truth = thinned(actual);
        double least = Math.min(least(guesses), least(truth));
        double most = Math.max(most(guesses), most(truth));
        String name = Excerpt.within(target, LONGEST_LABEL);
        return dots("Predicted against true", "true " + name, "predicted " + name, truth, guesses, least, least, most, most);
    }

    /** The errors by what is predicted; of more than 5000 examples as many, at equal distances. */
    public static XYChart residuals(String target, double[] predicted, double[] actual) {
        double[] guesses = thinned(predicted);
        double[] errors = thinned(actual);
        for (int i = 0; i < errors.length; i++) {
            errors[i] = guesses[i] - errors[i];
        }
        String name = Excerpt.within(target, LONGEST_LABEL);
        return dots("Residuals", "predicted " + name, "predicted less true", guesses, errors,
                least(guesses), 0, most(guesses), 0);
    }

    private static double least(double[] numbers) {
        return Arrays.stream(numbers).min().orElse(0);
    }

    private static double most(double[] numbers) {
        return Arrays.stream(numbers).max().orElse(0);
    }

    private static double[] thinned(double[] all) {
        int count = Math.min(MOST_DOTS, all.length);
        return IntStream.range(0, count).mapToDouble(i -> all[(int) ((long) i * all.length / count)]).toArray();
    }

    private static XYChart dots(String title, String xTitle, String yTitle, double[] x, double[] y, double... line) {
        XYChart chart = new XYChartBuilder().width(SIDE).height(SIDE).title(title).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setLegendVisible(false).setMarkerSize(DOT_SIZE);
        XYSeries series = chart.addSeries("examples", x, y);
        Color dot = ChartStyle.COLOURS[0];
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(new Color(dot.getRed(), dot.getGreen(), dot.getBlue(), DOT_ALPHA));
        addLine(chart, "no error", line);
        return chart;
    }

    // ------------------------------------------------------------------------------------------------------- charts

    /** Both axes from 0 to 1; so many curves have room in the legend. */
    private static XYChart shares(String title, String xTitle, String yTitle, int curves) {
        int height = SIDE + ChartStyle.LEGEND_LINE * (curves - 1);
        XYChart chart = new XYChartBuilder().width(SIDE).height(height).title(title).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        return chart;
    }

    /** A dashed line between two points: x and y of each. */
    static void addLine(XYChart chart, String name, double... ends) {
        XYSeries line = chart.addSeries(name, new double[] {ends[0], ends[2]}, new double[] {ends[1], ends[3]});
        line.setMarker(SeriesMarkers.NONE).setLineColor(ChartStyle.HELP).setLineStyle(ChartStyle.HELP_LINE);
    }

    private static void addCurve(XYChart chart, int number, String name, List<Point> points, ToDoubleFunction<Point> x,
            ToDoubleFunction<Point> y) {
        XYSeries series = chart.addSeries(name, points.stream().mapToDouble(x).toArray(),
                points.stream().mapToDouble(y).toArray());
        ChartStyle.line(series, number).setMarker(SeriesMarkers.NONE);
    }

    /** Some of them at equal distances, the first and the last always. */
    private static List<Point> thinned(List<Point> all) {
        if (all.size() <= MOST_POINTS) {
            return all;
        }
        return IntStream.range(0, MOST_POINTS)
                .mapToObj(i -> all.get((int) ((long) i * (all.size() - 1) / (MOST_POINTS - 1)))).toList();
    }

    private EvaluationCharts() {}
}
