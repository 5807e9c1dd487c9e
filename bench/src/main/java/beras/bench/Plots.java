package beras.bench;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Bar charts of rows. */
final class Plots {

    private static final int WIDTH = 1400;
    private static final int HEIGHT = 520;

    /** GFLOP/s of every library at every size: a chart for each number of threads, one below the other. */
    static BufferedImage gemm(List<Row> rows) {
        List<CategoryChart> charts = new ArrayList<>();
        rows.stream().map(Row::threads).distinct().forEach(threads -> {
            List<Row> gemm = select(rows, row -> row.benchmark().equals("gemm") && row.threads() == threads);
            if (gemm.isEmpty()) {
                return;
            }
            CategoryChart chart = chart("Matrix product on " + threads(threads) + " (higher is better)", "GFLOP/s", gemm);
            List<String> shapes = gemm.stream().map(Row::shape).distinct().toList();
            addBars(chart, shapes, gemm, Row::backend, Row::shape, Row::score);
            select(rows, row -> row.benchmark().equals("fmaPeak") && row.threads() == threads).forEach(peak ->
                    addLine(chart, "fma peak: " + Row.number(peak.score()) + " GFLOP/s", shapes, peak.score()));
            charts.add(chart);
        });
        return below(charts);
    }

    /** How often each kernel is as fast as the scalar one. */
    static BufferedImage speedup(List<Row> rows) {
        List<Row> compared = select(rows, row -> !Double.isNaN(row.overScalar()));
        CategoryChart chart = chart("Times as fast as BERAS's scalar kernels on 1 thread (higher is better)", "times", compared);
        Function<Row, String> work = row -> row.benchmark() + " " + row.shape();
        List<String> works = compared.stream().map(work).distinct().toList();
        addBars(chart, works, select(compared, row -> !row.backend().startsWith("scalar")),
                row -> row.backend() + ", " + threads(row.threads()), work, Row::overScalar);
        addLine(chart, "scalar", works, 1);
        return below(List.of(chart));
    }

    private static List<Row> select(List<Row> rows, Predicate<Row> which) {
        return rows.stream().filter(which).toList();
    }

    private static String threads(int n) {
        return n == 1 ? "1 thread" : n + " threads";
    }

    /** An empty chart; below it stands where its numbers are from. */
    private static CategoryChart chart(String title, String unit, List<Row> rows) {
        Row any = rows.get(0);
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).yAxisTitle(unit)
                .xAxisTitle("JDK " + any.jdk() + " on " + any.machine() + "; mean of " + any.forks() + " forks").build();
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal);
        return chart;
    }

    private static void addBars(CategoryChart chart, List<String> places, List<Row> rows, Function<Row, String> series,
            Function<Row, String> place, Function<Row, Double> height) {
        Map<String, Map<String, Double>> bars = new LinkedHashMap<>();
        rows.forEach(row -> bars.computeIfAbsent(series.apply(row), name -> new LinkedHashMap<>())
                .put(place.apply(row), height.apply(row)));
        bars.forEach((name, heights) -> chart.addSeries(name, places, places.stream().map(heights::get).toList()));
    }

    private static void addLine(CategoryChart chart, String name, List<String> places, double height) {
        chart.addSeries(name, places, Collections.nCopies(places.size(), height))
                .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Line).setMarker(SeriesMarkers.NONE)
                .setLineColor(Color.DARK_GRAY);
    }

    private static BufferedImage below(List<CategoryChart> charts) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT * charts.size(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < charts.size(); i++) {
            graphics.drawImage(BitmapEncoder.getBufferedImage(charts.get(i)), 0, i * HEIGHT, null);
        }
        graphics.dispose();
        return image;
    }

    private Plots() {}
}
