package beras.report;

import beras.runs.EpochNumbers;
import beras.runs.EpochNumbers.Part;
import beras.training.Training;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of numbers by epoch. */
final class CurveCharts {

    /** Where all distances are equal, XChart labels the points themselves, however many: this makes one differ, unseen. */
    private static final double NUDGE = 0.01;
    private static final int MOST_LABELS = 12;
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    /** Of more epochs so many points are drawn, at equal distances, the first and the last always. */
    private static final int MOST_POINTS = 1000;
    /** More markers run into each other. */
    private static final int MOST_MARKERS = 30;

    /** A number of the training, the validation and the test, as far as there is one; empty of none. */
    static XYChart ofParts(String bare, EpochNumbers numbers, OptionalInt kept) {
        XYChart chart = chart(bare.replace('_', ' ') + " by epoch", bare.replace('_', ' '));
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Part part : Part.values()) {
            double[] values = numbers.values().get(part.of(bare));
            if (values != null && add(chart, part.ordinal(), part.words(), numbers.epochs(), values)) {
                least = Math.min(least, Arrays.stream(values).filter(Double::isFinite).min().orElse(least));
                most = Math.max(most, Arrays.stream(values).filter(Double::isFinite).max().orElse(most));
            }
        }
        if (kept.isPresent() && numbers.count() > 1 && least < most) {
            int epoch = kept.getAsInt();
            EvaluationCharts.addLine(chart, "weights kept, epoch " + epoch, epoch, least, epoch, most);
        }
        fit(chart, numbers.count());
        return chart;
    }

    /** The learning rate of the last step of each epoch. */
    static XYChart rate(EpochNumbers numbers) {
        XYChart chart = chart("learning rate by epoch", "learning rate");
        add(chart, 0, "at the end of the epoch", numbers.epochs(), numbers.values().get(Training.LEARNING_RATE));
        fit(chart, numbers.count());
        return chart;
    }

    /** A number of several runs; those that have none are left out. */
    static XYChart ofRuns(String name, List<String> runs, List<EpochNumbers> numbers) {
        XYChart chart = chart(Part.words(name) + " by epoch", Part.words(name), HEIGHT + ChartStyle.LEGEND_LINE * runs.size());
        chart.getStyler().setLegendLayout(LegendLayout.Vertical);
        int longest = 0;
        for (int run = 0; run < runs.size(); run++) {
            double[] values = numbers.get(run).values().get(name);
            if (values != null && add(chart, run, runs.get(run), numbers.get(run).epochs(), values)) {
                longest = Math.max(longest, numbers.get(run).count());
            }
        }
        fit(chart, longest);
        return chart;
    }

    private static XYChart chart(String title, String y) {
        XYChart chart = chart(title, y, HEIGHT);
        chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
        return chart;
    }

    private static XYChart chart(String title, String y, int height) {
        XYChart chart = new XYChartBuilder().width(WIDTH).height(height).title(title).xAxisTitle("epoch").yAxisTitle(y).build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setXAxisDecimalPattern("0").setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setyAxisTickLabelsFormattingFunction(Labels::number);
        return chart;
    }

    /** Adds a line of the look of a number; returns whether there is any point of it. */
    private static boolean add(XYChart chart, int number, String name, int[] epochs, double[] values) {
        int[] finite = IntStream.range(0, values.length).filter(i -> Double.isFinite(values[i])).toArray();
        if (finite.length == 0) {
            return false;
        }
        int count = Math.min(MOST_POINTS, finite.length);
        int[] shown = IntStream.range(0, count)
                .map(i -> finite[(int) ((long) i * (finite.length - 1) / Math.max(1, count - 1))]).toArray();
        double[] x = Arrays.stream(shown).mapToDouble(i -> epochs[i]).toArray();
        if (count > MOST_LABELS) {
            x[0] += NUDGE;
        }
        XYSeries series = chart.addSeries(name, x, Arrays.stream(shown).mapToDouble(i -> values[i]).toArray());
        ChartStyle.line(series, number);
        if (count > MOST_MARKERS) {
            series.setMarker(SeriesMarkers.NONE);
        }
        return true;
    }

    /** An axis of one epoch has no length by itself. */
    private static void fit(XYChart chart, int epochs) {
        if (epochs == 1) {
            chart.getStyler().setXAxisMin(0.0).setXAxisMax(2.0);
        }
    }

    /** What a plot of lines shows, for those who do not see it: {@code loss by epoch: training from 0.4 to 0.1; ...}. */
    static String words(XYChart chart) {
        StringBuilder words = new StringBuilder(chart.getTitle()).append(": ");
        String separator = "";
        for (XYSeries series : chart.getSeriesMap().values()) {
            double[] values = series.getYData();
            boolean help = ChartStyle.HELP.equals(series.getLineColor());
            words.append(separator).append(series.getName());
            if (!help) {
                words.append(values.length == 1 ? " " : " from ").append(Labels.number(values[0]));
                words.append(values.length == 1 ? "" : " to " + Labels.number(values[values.length - 1]));
            }
            separator = "; ";
        }
        return words.toString();
    }

    private CurveCharts() {}
}
