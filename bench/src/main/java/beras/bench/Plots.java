package beras.bench;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bar charts of rows. */
final class Plots {

    private static final int WIDTH = 1400;
    private static final int HEIGHT = 600;
    private static final int LABEL_ANGLE = 30;
    /** The height of the axis, as a multiple of the highest bar or line. */
    private static final double HEADROOM = 1.05;
    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    /**
     * GFLOP/s of every library at every size: a chart for each number of threads, one below the other.
     *
     * @throws IllegalArgumentException if no row is of a matrix product
     */
    static BufferedImage gemm(List<Row> rows) {
        Map<Integer, List<Row>> byThreads = some(rows, row -> row.benchmark().equals("gemm")).stream()
                .collect(Collectors.groupingBy(Row::threads, TreeMap::new, Collectors.toList()));
        List<CategoryChart> charts = new ArrayList<>();
        byThreads.forEach((threads, gemm) -> {
            CategoryChart chart = chart("Matrix product on " + Setting.threads(threads), "GFLOP/s", gemm);
            addBars(chart, gemm, Row::backend, Row::shape, Row::score);
            rows.stream().filter(row -> row.benchmark().equals("fmaPeak") && row.threads() == threads).forEach(peak ->
                    addLine(chart, peak.score(), "the fma peak, " + Row.number(peak.score()) + " GFLOP/s"));
            charts.add(chart);
        });
        return below(charts);
    }

    /**
     * How many times as fast as the scalar kernel each other one is.
     *
     * @throws IllegalArgumentException if no row is compared with scalar
     */
    static BufferedImage speedup(List<Row> rows) {
        List<Row> compared = some(rows, row -> !Double.isNaN(row.overScalar()) && !row.backend().startsWith("scalar"));
        CategoryChart chart = chart("Speed of kernels over that of BERAS's scalar ones on 1 thread", "times", compared);
        addBars(chart, compared, row -> row.backend() + ", " + Setting.threads(row.threads()),
                row -> row.benchmark() + " " + row.shape(), Row::overScalar);
        addLine(chart, 1, "scalar speed");
        return below(List.of(chart));
    }

    private static List<Row> some(List<Row> rows, Predicate<Row> which) {
        List<Row> some = rows.stream().filter(which).toList();
        if (some.isEmpty()) {
            throw new IllegalArgumentException("nothing to draw");
        }
        return some;
    }

    /** An empty chart; below it stands where its numbers are from. */
    private static CategoryChart chart(String title, String unit, List<Row> rows) {
        Row any = rows.get(0);
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title).yAxisTitle(unit)
                .xAxisTitle("Higher is better. Mean of " + any.forks() + " JVMs, JDK " + any.jdk() + ", machine " + any.machine())
                .build();
        // Slanted labels end at the middle of their bars.
        chart.getStyler().setXAxisLabelAlignment(TextAlignment.Right).setXAxisLabelAlignmentVertical(TextAlignment.Right);
        chart.getStyler().setAxisTickLabelsFont(PLAIN).setXAxisLabelRotation(LABEL_ANGLE).setYAxisMin(0.0)
                .setAnnotationLineColor(Color.DARK_GRAY).setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideS).setLegendLayout(LegendLayout.Horizontal);
        return chart;
    }

    /** A bar for each row: bars of one series in one colour, bars of one place side by side. */
    private static void addBars(CategoryChart chart, List<Row> rows, Function<Row, String> series, Function<Row, String> place,
            Function<Row, Double> height) {
        List<String> places = rows.stream().map(place).distinct().toList();
        Map<String, Map<String, Double>> bars = new LinkedHashMap<>();
        rows.forEach(row -> bars.computeIfAbsent(series.apply(row), name -> new HashMap<>())
                .put(place.apply(row), height.apply(row)));
        bars.forEach((name, heights) -> chart.addSeries(name, places, places.stream().map(heights::get).toList()));
        chart.getStyler().setYAxisMax(HEADROOM * rows.stream().mapToDouble(height::apply).max().orElseThrow());
    }

    /** A line across, named in the title. Not a series, which would take the place of bars. */
    private static void addLine(CategoryChart chart, double height, String name) {
        chart.addAnnotation(new AnnotationLine(height, false, false));
        chart.setTitle(chart.getTitle() + ". The line is " + name);
        chart.getStyler().setYAxisMax(Math.max(chart.getStyler().getYAxisMax(), HEADROOM * height));
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
