package beras.report;

import beras.data.table.TableTarget;
import beras.files.Excerpt;
import beras.metrics.ClassificationReport;
import beras.tables.PartialDependence;
import beras.tables.PartialDependence.Point;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;

/** Plots of what a model predicts by value of a column. */
public final class DependenceCharts {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 500;
    /** More labels could not be told apart. */
    private static final int MOST_LABELS = 10;
    private static final int LONGEST = 20;
    private static final int LABEL_ANGLE = 45;

    private final TableTarget target;

    private DependenceCharts(TableTarget target) {
        this.target = target;
    }

    /**
     * Draws one column: a line over its numbers, or a bar for each category.
     *
     * @param dependence with at least one point
     */
    public static Chart<?, ?> of(PartialDependence dependence, TableTarget target) {
        String title = "Predicted " + cut(target.name()) + " by " + cut(dependence.column()) + ", all else as it is";
        String y = target.labels().isEmpty() ? "mean " + cut(target.name()) : "mean probability";
        DependenceCharts charts = new DependenceCharts(target);
        return dependence.isNumeric() ? charts.lines(dependence, title, y) : charts.bars(dependence, title, y);
    }

    private XYChart lines(PartialDependence dependence, String title, String y) {
        XYChart chart =
                new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(cut(dependence.column())).yAxisTitle(y)
                .build();
        style(chart.getStyler());
        double[] x = dependence.points().stream().mapToDouble(point -> point.number().getAsDouble()).toArray();
        for (int output : shown()) {
            ChartStyle.line(chart.addSeries(name(dependence, output), x,
                    means(dependence, output).stream().mapToDouble(mean -> mean).toArray()), output);
        }
        return chart;
    }

    private CategoryChart bars(PartialDependence dependence, String title, String y) {
        CategoryChart chart =
                new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(cut(dependence.column()))
                .yAxisTitle(y).build();
        style(chart.getStyler());
        chart.getStyler().setXAxisLabelRotation(LABEL_ANGLE);
        List<String> values = Labels.distinct(dependence.points().stream().map(Point::value).toList(), LONGEST);
        for (int output : shown()) {
            chart.addSeries(name(dependence, output), values, means(dependence, output));
        }
        return chart;
    }

    private void style(AxesChartStyler styler) {
        ChartStyle.apply(styler);
        styler.setLegendVisible(!target.labels().isEmpty());
        if (!target.labels().isEmpty()) {
            styler.setYAxisMin(0.0).setYAxisMax(1.0);
        }
    }

    /** The outputs that are drawn: of two labels the positive one, of more the most frequent. */
    private List<Integer> shown() {
        int count = target.labels().size();
        if (count == 0) {
            return List.of(0);
        }
        return count == 2 ? List.of(ClassificationReport.rarer(target.counts())) : IntStream.range(0, count).boxed()
                .sorted(Comparator.comparingLong(c -> -target.counts().get(c))).limit(MOST_LABELS).sorted().toList();
    }

    /** Two labels may look the same when they are cut, but series need names that differ. */
    private static String name(PartialDependence dependence, int output) {
        return output + 1 + ": " + cut(dependence.outputs().get(output));
    }

    private static List<Double> means(PartialDependence dependence, int output) {
        return dependence.points().stream().map(point -> point.means().get(output)).toList();
    }

    private static String cut(String text) {
        return Excerpt.within(text, LONGEST);
    }
}
