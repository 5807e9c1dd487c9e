package beras.bench.endtoend;

import java.awt.Color;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Pictures of all the summaries of a data set in a folder. */
final class TrainingPlots {

    private static final int WIDTH = 1400;
    private static final int HEIGHT = 480;
    private static final int LABEL_ANGLE = 30;
    private static final String SECONDS = "0.00";
    private static final String MEGABYTES = "0";

    /** Draws {@code training.png}, the steady epochs, and {@code cold.png}, the time to 97 % and the memory. */
    static void draw(Path results, DataSet data) throws IOException {
        System.setProperty("java.awt.headless", "true");
        List<CSVRecord> rows = rows(results, data);
        save(results.resolve("training" + data.suffix() + ".png"),
                chart(rows, Measure.STEADY_EPOCH.title(data), SECONDS,
                        "Seconds for an epoch of 60,000 " + data.images() + ", once warm"));
        save(results.resolve("cold" + data.suffix() + ".png"),
                chart(rows, Measure.COLD.title(data), SECONDS, "Seconds from the start of the process to " + data.goodPercent()
                        + " % on the test " + data.images()),
                chart(rows, Measure.PEAK_MEMORY.title(data), MEGABYTES, "Peak memory of the process in MB"));
    }

    private static List<CSVRecord> rows(Path results, DataSet data) throws IOException {
        Set<Path> sorted = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(results, ResultFiles.summaries(data))) {
            files.forEach(sorted::add);
        }
        CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setCommentMarker('#').get();
        List<CSVRecord> rows = new ArrayList<>();
        for (Path file : sorted) {
            try (Reader reader = Files.newBufferedReader(file); CSVParser csv = format.parse(reader)) {
                csv.forEach(rows::add);
            }
        }
        return rows;
    }

    private static CategoryChart chart(List<CSVRecord> rows, String measure, String numbers, String title) {
        Map<String, Map<String, Double>> bars = new TreeMap<>(); // each library's JDKs side by side
        Set<String> groups = new LinkedHashSet<>();
        boolean oneMachine = rows.stream().map(row -> row.get("machine")).distinct().count() == 1;
        for (CSVRecord row : rows) {
            if (row.get("measure").equals(measure) && !row.get("median").isEmpty()) {
                String series = series(row) + (oneMachine ? "" : ", " + row.get("machine"));
                String group = row.get("hidden") + "x" + row.get("batch") + ", " + row.get("threads") + " thr.";
                groups.add(group);
                // A rival is measured again with each JDK that BERAS is measured on; its best session counts.
                bars.computeIfAbsent(series, any -> new LinkedHashMap<>())
                        .merge(group, Double.valueOf(row.get("median")), Math::min);
            }
        }
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).title(title)
                .xAxisTitle("hidden units x batch size, number of threads").build();
        chart.getStyler().setLabelsVisible(true).setLabelsPosition(0.5).setLabelsRotation(90).setYAxisDecimalPattern(numbers)
                .setXAxisLabelRotation(LABEL_ANGLE).setChartBackgroundColor(Color.WHITE).setLegendPosition(LegendPosition.OutsideE)
                .setLegendLayout(LegendLayout.Vertical).setLegendBorderColor(Color.WHITE);
        bars.forEach((series, values) -> chart.addSeries(series, List.copyOf(groups),
                groups.stream().map(values::get).toList()));
        return chart;
    }

    private static String series(CSVRecord row) {
        String jdk = row.get("library").startsWith("beras") ? ", JDK " + Runtime.Version.parse(row.get("jdk")).feature() : "";
        return row.get("library") + " " + row.get("version") + jdk;
    }

    /** Leaves out charts without bars, which XChart cannot draw: few epochs may not reach 97 %. */
    private static void save(Path file, CategoryChart... charts) throws IOException {
        List<CategoryChart> drawn = Stream.of(charts).filter(chart -> !chart.getSeriesMap().isEmpty()).toList();
        if (!drawn.isEmpty()) {
            BitmapEncoder.saveBitmap(drawn, drawn.size(), 1, file.toString(), BitmapFormat.PNG);
        }
    }

    private TrainingPlots() {}
}
