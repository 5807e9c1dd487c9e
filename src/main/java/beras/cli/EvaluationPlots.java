package beras.cli;

import beras.metrics.BinaryCurve;
import beras.metrics.BinaryCurve.Point;
import beras.metrics.ClassificationReport;
import beras.metrics.ClassificationReport.Bin;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of how good a model is, each a PNG file in one folder. */
final class EvaluationPlots {

    private static final String CONFUSION = "confusion.png";
    private static final String ROC = "roc.png";
    private static final String PR = "pr.png";
    private static final String CALIBRATION = "calibration.png";
    private static final String PREDICTED = "predicted.png";
    private static final String RESIDUALS = "residuals.png";

    private static final int SIDE = 700;
    /** More curves could not be told apart. */
    private static final int MOST_CURVES = 10;
    /** A curve of more points looks the same. */
    private static final int MOST_POINTS = 1000;
    /** More dots hide each other. */
    private static final int MOST_DOTS = 5000;
    private static final int LONGEST_LABEL = 20;
    private static final int DECIMALS = 3;
    private static final Color DOT = new Color(31, 119, 180, 90);
    private static final BasicStroke DASHES = new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {5, 5}, 0);

    private final PlotFolder folder;

    EvaluationPlots(PlotFolder folder) {
        this.folder = folder;
    }

    /** All files that are drawn, of classes or of amounts. */
    static List<String> files(boolean classes) {
        return classes ? List.of(CONFUSION, ROC, PR, CALIBRATION) : List.of(PREDICTED, RESIDUALS);
    }

    // ----------------------------------------------------------------------------------------------------- classes

    /** Draws which class is taken for which, the curves, and how far probabilities can be trusted if that is what scores are. */
    void draw(ClassificationReport report) throws IOException {
        folder.save(CONFUSION, confusion(report));
        List<String> names = names(report);
        String which = names.size() <= MOST_CURVES ? "" : " of the " + MOST_CURVES + " most frequent";
        XYChart roc = chart("ROC" + which, "false positive rate", "recall (true positive rate)");
        addLine(roc, "chance", 0, 0, 1, 1);
        XYChart pr = chart("Precision and recall" + which, "recall", "precision");
        if (names.size() == 2) {
            double share = (double) report.scores(report.positive()).support() / report.examples();
            addLine(pr, "chance", 0, share, 1, share);
        }
        for (int index : shown(report)) {
            BinaryCurve curve = report.curve(index);
            List<Point> points = thinned(curve.points(), MOST_POINTS);
            if (curve.positives() > 0 && curve.negatives() > 0) {
                addCurve(roc, name(names.get(index), "ROC-AUC", curve.rocAuc()), points, Point::fallOut, Point::recall);
            }
            if (curve.positives() > 0) { // where none is called positive there is no precision
                addCurve(pr, name(names.get(index), "PR-AUC", curve.averagePrecision()), points.subList(1, points.size()),
                        Point::recall, Point::precision);
            }
        }
        folder.save(ROC, roc);
        folder.save(PR, pr);
        if (!report.calibration().isEmpty()) {
            folder.save(CALIBRATION, calibration(report));
        }
    }

    private static HeatMapChart confusion(ClassificationReport report) {
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
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setRangeColors(new Color[] {new Color(247, 251, 255), new Color(107, 174, 214)});
        boolean few = counts.length <= ClassReport.MOST_SHOWN;
        chart.getStyler().setShowValue(few).setAxisTicksVisible(few);
        chart.getStyler().setHeatMapValueDecimalPattern("0");
        chart.getStyler().setMin(0);
        chart.getStyler().setMax(Math.max(1, Arrays.stream(counts).flatMapToDouble(Arrays::stream).max().orElse(1)));
        return chart;
    }

    private static XYChart calibration(ClassificationReport report) {
        boolean two = report.labels().size() == 2;
        XYChart chart = chart("Calibration, expected error " + Text.decimals(report.calibrationError(), DECIMALS),
                two ? "probability of " + label(report, report.positive()) : "probability of the predicted class",
                two ? "share of " + label(report, report.positive()) : "share of right predictions");
        addLine(chart, "perfect", 0, 0, 1, 1);
        List<Bin> bins = report.calibration().stream().filter(bin -> bin.count() > 0).toList();
        XYSeries series = chart.addSeries("model, in bins of a tenth", bins.stream().mapToDouble(Bin::probability).toArray(),
                bins.stream().mapToDouble(Bin::share).toArray());
        series.setMarker(SeriesMarkers.CIRCLE);
        return chart;
    }

    /** The classes whose curves are drawn: the positive one, or the most frequent. */
    private static List<Integer> shown(ClassificationReport report) {
        return report.labels().size() == 2 ? List.of(report.positive()) : IntStream.range(0, report.labels().size()).boxed()
                .sorted(Comparator.comparingLong(c -> -report.scores(c).support())).limit(MOST_CURVES).sorted().toList();
    }

    private static String label(ClassificationReport report, int index) {
        return Text.cut(report.labels().get(index), LONGEST_LABEL);
    }

    /** The labels, with a number where cut ones would be the same: charts need names that differ. */
    private static List<String> names(ClassificationReport report) {
        Set<String> names = new LinkedHashSet<>();
        for (int c = 0; c < report.labels().size(); c++) {
            String name = label(report, c);
            while (!names.add(name)) {
                name += " (" + c + ")";
            }
        }
        return List.copyOf(names);
    }

    private static String name(String label, String what, double number) {
        return label + ", " + what + " " + Text.decimals(number, DECIMALS);
    }

    // ----------------------------------------------------------------------------------------------------- amounts

    /** Draws what is predicted against what is true, and the errors. */
    void draw(String target, double[] predicted, double[] actual) throws IOException {
        int count = Math.min(MOST_DOTS, predicted.length);
        double[] guesses = new double[count];
        double[] truth = new double[count];
        double[] errors = new double[count];
        for (int i = 0; i < count; i++) {
            int row = (int) ((long) i * predicted.length / count);
            guesses[i] = predicted[row];
            truth[i] = actual[row];
            errors[i] = predicted[row] - actual[row];
        }
        String name = Text.cut(target, LONGEST_LABEL);
        double least = Math.min(Arrays.stream(guesses).min().orElse(0), Arrays.stream(truth).min().orElse(0));
        double most = Math.max(Arrays.stream(guesses).max().orElse(0), Arrays.stream(truth).max().orElse(0));
        folder.save(PREDICTED, dots("Predicted against true", "true " + name, "predicted " + name, truth, guesses,
                new double[] {least, least, most, most}));
        folder.save(RESIDUALS, dots("Residuals", "predicted " + name, "predicted less true", guesses, errors,
                new double[] {Arrays.stream(guesses).min().orElse(0), 0, Arrays.stream(guesses).max().orElse(0), 0}));
    }

    private static XYChart dots(String title, String xTitle, String yTitle, double[] x, double[] y, double[] line) {
        XYChart chart = new XYChartBuilder().width(SIDE).height(SIDE).title(title).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setLegendVisible(false).setMarkerSize(5);
        XYSeries series = chart.addSeries("rows", x, y);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(DOT);
        addLine(chart, "no error", line);
        return chart;
    }

    // ------------------------------------------------------------------------------------------------------- charts

    /** Both axes from 0 to 1. */
    private static XYChart chart(String title, String xTitle, String yTitle) {
        XYChart chart = new XYChartBuilder().width(SIDE).height(SIDE).title(title).xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setLegendPosition(LegendPosition.OutsideS);
        return chart;
    }

    /** A dashed line between two points: x and y of each. */
    private static void addLine(XYChart chart, String name, double... ends) {
        XYSeries line = chart.addSeries(name, new double[] {ends[0], ends[2]}, new double[] {ends[1], ends[3]});
        line.setMarker(SeriesMarkers.NONE).setLineColor(Color.GRAY).setLineStyle(DASHES);
    }

    private static void addCurve(XYChart chart, String name, List<Point> points, ToDoubleFunction<Point> x,
            ToDoubleFunction<Point> y) {
        XYSeries series = chart.addSeries(name, points.stream().mapToDouble(x).toArray(), points.stream().mapToDouble(y).toArray());
        series.setMarker(SeriesMarkers.NONE);
    }

    /** At most so many of them, at equal distances, the first and the last always. */
    private static <T> List<T> thinned(List<T> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        return IntStream.range(0, most).mapToObj(i -> all.get((int) ((long) i * (all.size() - 1) / (most - 1)))).toList();
    }
}
