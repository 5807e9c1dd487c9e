package beras.report;

import beras.data.table.TableTarget;
import beras.evaluation.ClassificationReport;
import beras.files.Excerpt;
import beras.tables.PartialDependence;
import beras.tables.PartialDependence.Point;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Plots of what a model predicts by value of a column. */
public final class DependenceCharts {

    /** More labels could not be distinguished. */
    private static final int MOST_LABELS = 10;
    private static final int LONGEST = 20;

    private final TableTarget target;

    private DependenceCharts(TableTarget target) {
        this.target = target;
    }

    /**
     * Draws one column: a line over its numbers, or a row for each category.
     *
     * @param dependence with at least one point
     */
    public static Svg of(PartialDependence dependence, TableTarget target) {
        String title = "Predicted " + cut(target.name()) + " by " + cut(dependence.column()) + ", all else as it is";
        DependenceCharts charts = new DependenceCharts(target);
        return dependence.isNumeric() ? charts.lines(dependence, title) : charts.rows(dependence, title);
    }

    private Svg lines(PartialDependence dependence, String title) {
        AxesPlot plot = new AxesPlot(title, Axis.linear(cut(dependence.column())), measured());
        double[] x = dependence.points().stream().mapToDouble(point -> point.number().getAsDouble()).toArray();
        for (int output : shown()) {
            plot.line(name(dependence, output), output, x, dependence.points().stream()
                    .mapToDouble(point -> point.means().get(output)).toArray());
        }
        return plot.draw("");
    }

    private Svg rows(PartialDependence dependence, String title) {
        List<String> values = Labels.distinct(dependence.points().stream().map(Point::value).toList(), LONGEST);
        AxesPlot plot = AxesPlot.ofRows(title, measured(), values);
        for (int output : shown()) {
            String name = name(dependence, output);
            for (int row = 0; row < values.size(); row++) {
                double mean = dependence.points().get(row).means().get(output);
                plot.mark(output, mean, row, values.get(row) + "\n" + name + " " + Labels.number(mean));
            }
            if (!target.labels().isEmpty()) {
                plot.legend(name, output);
            }
        }
        return plot.draw(title);
    }

    private Axis measured() {
        return target.labels().isEmpty() ? Axis.linear("mean " + cut(target.name()))
                : Axis.linear("mean probability").within(0, 1);
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

    private static String name(PartialDependence dependence, int output) {
        return cut(dependence.outputs().get(output));
    }

    private static String cut(String text) {
        return Excerpt.within(text, LONGEST);
    }
}
