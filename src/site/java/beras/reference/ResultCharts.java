package beras.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The charts of the pages, as SVG files for light and dark, from the files of results and the rules of the architecture. They are as wide
 * as a phone shows without shrinking their text.
 */
public final class ResultCharts {

    private static final Path RESULTS = Path.of("results");
    private static final String SPEED_SETTINGS = "512,256,1,";
    private static final Map<String, String> SPEED_PANELS = new LinkedHashMap<>();
    private static final Map<String, String> NAMES = Map.of("beras", "BERAS", "numpy", "NumPy", "pytorch", "PyTorch",
            "tensorflow", "TensorFlow Java");
    private static final List<String> MODELS = List.of("beras", "hgb", "xgboost", "forest", "mlp", "linear");
    private static final int WIDTH = 480;
    private static final int LABELS = 150;
    private static final int ROW = 30;
    /** Pixels of a score of 1. */
    private static final int POINT = 1900;

    static {
        SPEED_PANELS.put("steady epoch", "One epoch, seconds");
        SPEED_PANELS.put("cold to 97 %", "From process start to 97 % accuracy, seconds");
    }

    private record Bar(String library, String version, double median, double min, double max) {}

    private final StringBuilder svg = new StringBuilder();

    private ResultCharts() {}

    /** The texts of the files, by their names. */
    public static Map<String, String> of(Map<String, Set<String>> mayUse) throws IOException {
        Map<String, String> files = new TreeMap<>();
        files.put("speed.svg", new ResultCharts().speed());
        files.put("tables.svg", new ResultCharts().tables());
        files.put("pages-read.svg", new ResultCharts().pagesRead());
        files.put("same-bits.svg", new ResultCharts().sameBits());
        files.put("packages.svg", new ResultCharts().packages(mayUse));
        return files;
    }

    // -------------------------------------------------------------------------------------------------- training

    /** Training times of four libraries as bars, with minimum and maximum. */
    private String speed() throws IOException {
        int y = 0;
        for (Map.Entry<String, String> panel : SPEED_PANELS.entrySet()) {
            List<Bar> bars = bars(panel.getKey());
            bars(y, panel.getValue(), bars);
            y += 40 + bars.size() * ROW;
        }
        note(0, y + 8, "MNIST, 784-512-10, batch 256, Adam, float32, one thread of an AMD EPYC (Zen 4).");
        note(0, y + 24, "Bars: medians; lines: minimum to maximum.");
        return file(y + 32, "Training times of BERAS, NumPy, PyTorch and TensorFlow");
    }

    private void bars(int top, String title, List<Bar> bars) {
        double scale = 270 / bars.stream().mapToDouble(Bar::max).max().orElseThrow();
        add("<text x=\"0\" y=\"%d\" font-weight=\"bold\">%s</text>\n", top + 20, title);
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            boolean isOurs = bar.library.equals("beras");
            int y = top + 34 + i * ROW;
            text(0, y + 15, NAMES.get(bar.library) + (isOurs ? "" : " " + bar.version.replaceFirst("\\+.*", "")));
            add("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"20\"/>\n", isOurs ? "bar ours" : "bar", LABELS, y, bar.median * scale);
            range(LABELS + bar.min * scale, LABELS + bar.max * scale, y + 10);
            add("<text x=\"%.1f\" y=\"%d\">%.2f</text>\n", LABELS + bar.max * scale + 6, y + 15, bar.median);
        }
    }

    private static List<Bar> bars(String measure) throws IOException {
        List<Bar> bars = new ArrayList<>();
        for (String line : Files.readAllLines(RESULTS.resolve("training-summary-jdk17-amd-epyc.csv"))) {
            if (line.startsWith(SPEED_SETTINGS + measure + ",")) {
                String[] cells = line.split(",");
                bars.add(new Bar(cells[5], cells[6], Double.parseDouble(cells[7]), Double.parseDouble(cells[8]),
                        Double.parseDouble(cells[9])));
            }
        }
        bars.sort((a, b) -> Double.compare(a.median, b.median));
        return bars;
    }

    // ---------------------------------------------------------------------------------------------------- tables

    /** The deciding measure of each table against HistGradientBoosting, with its standard error, and seconds on a logarithmic axis. */
    private String tables() throws IOException {
        Map<String, Map<String, double[]>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER); // by table; by measure and model
        for (String line : Files.readAllLines(RESULTS.resolve("tables.csv"))) {
            String[] cells = line.split(",");
            if (!line.startsWith("#") && !cells[0].equals("data")) {
                values.computeIfAbsent(cells[0], none -> new TreeMap<>()).computeIfAbsent(cells[1] + " " + cells[2], none -> new double[5])
                        [Integer.parseInt(cells[3]) - 1] = Double.parseDouble(cells[4]);
            }
        }
        add("<text x=\"0\" y=\"20\" font-weight=\"bold\">Score of BERAS less that of HistGradientBoosting</text>\n");
        int y = 44;
        double zero = LABELS + 60;
        for (Map.Entry<String, Map<String, double[]>> table : values.entrySet()) {
            String measure = List.of("r2", "auc", "accuracy").stream().filter(each -> table.getValue().containsKey(each + " beras")).findFirst()
                    .orElseThrow();
            double[] ours = table.getValue().get(measure + " beras");
            double[] theirs = table.getValue().get(measure + " hgb");
            double mean = IntStream.range(0, ours.length).mapToDouble(i -> ours[i] - theirs[i]).average().orElseThrow();
            double variance = IntStream.range(0, ours.length).mapToDouble(i -> Math.pow(ours[i] - theirs[i] - mean, 2)).sum() / (ours.length - 1);
            double error = Math.sqrt(variance / ours.length);
            text(0, y + 4, table.getKey() + ", " + measure);
            range(zero + POINT * (mean - error), zero + POINT * (mean + error), y);
            add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/>\n", mean > error ? "bar ours" : "bar", zero + POINT * mean, y);
            y += 20;
        }
        add("<path class=\"axis\" d=\"M%.0f 30V%d\"/>\n", zero, y - 10);
        for (double tick : List.of(-0.02, 0.0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12)) {
            add("<text class=\"note mid\" x=\"%.0f\" y=\"%d\">%.2f</text>\n", zero + POINT * tick, y + 6, tick);
        }
        note(0, y + 26, "Dots: means of five splits; lines: standard error. Right of 0: BERAS is ahead.");
        y += 56;
        add("<text x=\"0\" y=\"%d\" font-weight=\"bold\">CPU seconds of training and prediction, logarithmic</text>\n", y);
        for (String model : MODELS) {
            y += 24;
            double[] seconds = values.values().stream().mapToDouble(each -> median(each.get("cpu_seconds " + model))).sorted().toArray();
            text(0, y + 4, model.equals("beras") ? "BERAS" : model);
            range(seconds(seconds[0]), seconds(seconds[seconds.length - 1]), y);
            add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/>\n", model.equals("beras") ? "bar ours" : "bar", seconds(median(seconds)), y);
        }
        for (double tick : List.of(0.01, 0.1, 1.0, 10.0, 100.0)) {
            add("<text class=\"note mid\" x=\"%.0f\" y=\"%d\">%s</text>\n", seconds(tick), y + 24, tick < 1 ? Double.toString(tick) : "" + (int) tick);
        }
        note(0, y + 44, "Dots: median of 18 tables; lines: minimum to maximum.");
        return file(y + 52, "Scores and CPU seconds on 18 tables");
    }

    private static double seconds(double value) {
        return LABELS + 75 * (Math.log10(value) + 2);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    // -------------------------------------------------------------------------------------------- pages of digits

    /** How many pages of each kind were printed at a threshold, and how many digits of these were wrong. */
    private String pagesRead() throws IOException {
        add("<text x=\"0\" y=\"20\" font-weight=\"bold\">Pages printed at --min-confidence 0.7, wrong digits on these</text>\n");
        int y = 34;
        for (String line : Files.readAllLines(RESULTS.resolve("relay.csv"))) {
            String[] cells = line.split(",");
            if (cells[0].equals("test") && !cells[1].startsWith("all")) {
                double share = Double.parseDouble(cells[14]) / Double.parseDouble(cells[2]);
                text(0, y + 15, cells[1]);
                add("<rect class=\"bar\" x=\"90\" y=\"%d\" width=\"270\" height=\"18\" opacity=\".25\"/>\n", y + 1);
                add("<rect class=\"bar ours\" x=\"90\" y=\"%d\" width=\"%.1f\" height=\"18\"/>\n", y + 1, 270 * share);
                text(370, y + 15, String.format(Locale.ROOT, "%.0f %%, %s", 100 * share,
                        cells[15].isEmpty() ? "" : String.format(Locale.ROOT, "%.1f %% wrong", 100 * Double.parseDouble(cells[15]))));
                y += 24;
            }
        }
        note(0, y + 16, "100 pages of each kind, composed of test digits.");
        return file(y + 24, "Pages of digits that were printed, by their kind");
    }

    // ----------------------------------------------------------------------------------------------- configurations

    /** The configurations in which results were compared, and whether all were the same. */
    private String sameBits() throws IOException {
        Map<String, Map<String, Set<String>>> verdicts = new LinkedHashMap<>(); // by configuration, by Java
        Set<String> runtimes = new LinkedHashSet<>();
        for (String line : Files.readAllLines(RESULTS.resolve("setups.csv"))) {
            String[] cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");
            if (!line.startsWith("#") && !cells[0].equals("java")) {
                String java = cells[0].replace("\"", "").replaceFirst(" emulated.*", "");
                runtimes.add(java);
                verdicts.computeIfAbsent(cells[1].replace("\"", ""), none -> new LinkedHashMap<>()).computeIfAbsent(java, none -> new LinkedHashSet<>())
                        .add(cells[3]);
            }
        }
        List<String> columns = List.copyOf(runtimes);
        for (int i = 0; i < columns.size(); i++) {
            add("<text class=\"mid\" x=\"%d\" y=\"20\">%s</text>\n", 189 + i * 82, columns.get(i));
        }
        int y = 30;
        for (Map.Entry<String, Map<String, Set<String>>> setup : verdicts.entrySet()) {
            text(0, y + 15, setup.getKey());
            for (int i = 0; i < columns.size(); i++) {
                Set<String> found = setup.getValue().get(columns.get(i));
                if (found != null) {
                    boolean isSame = found.equals(Set.of("the same"));
                    add("<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"78\" height=\"19\" rx=\"2\"/>\n", isSame ? "same" : "none", 150 + i * 82, y);
                    add("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", isSame ? "mid on" : "mid note", 189 + i * 82, y + 14,
                            isSame ? "same bits" : String.join(", ", found));
                }
            }
            y += 22;
        }
        return file(y + 6, "Configurations in which all results had the same bits");
    }

    // ------------------------------------------------------------------------------------------------ architecture

    /** Packages in rows: each uses only those of rows below it. */
    private String packages(Map<String, Set<String>> mayUse) {
        Map<String, Integer> levels = new LinkedHashMap<>();
        while (levels.size() < mayUse.size()) {
            mayUse.forEach((name, below) -> {
                if (levels.keySet().containsAll(below)) {
                    levels.put(name, below.stream().mapToInt(levels::get).max().orElse(-1) + 1);
                }
            });
        }
        int highest = levels.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
        int y = 10;
        for (int level = highest; level >= 0; level--) {
            int of = level;
            List<String> row = levels.entrySet().stream().filter(each -> each.getValue() == of).map(Map.Entry::getKey).collect(Collectors.toList());
            double width = Math.min(150, (WIDTH - 6.0 * (row.size() - 1)) / row.size());
            double left = (WIDTH - row.size() * width - 6 * (row.size() - 1)) / 2;
            for (int i = 0; i < row.size(); i++) {
                add("<rect class=\"none\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"26\" rx=\"3\"/>\n", left + i * (width + 6), y, width);
                add("<text class=\"mid\" x=\"%.1f\" y=\"%d\">%s</text>\n", left + i * (width + 6) + width / 2, y + 18, row.get(i));
            }
            y += 34;
        }
        note(0, y + 10, "A package uses only packages of the rows below it.");
        return file(y + 18, "Packages of BERAS in layers");
    }

    // -------------------------------------------------------------------------------------------------------- SVG

    private void text(int x, int y, String text) {
        add("<text x=\"%d\" y=\"%d\">%s</text>\n", x, y, text);
    }

    private void note(int x, int y, String text) {
        add("<text class=\"note\" x=\"%d\" y=\"%d\">%s</text>\n", x, y, text);
    }

    private void range(double from, double to, int y) {
        add("<path class=\"range\" d=\"M%.1f %dH%.1f\"/>\n", from, y, to);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    private String file(int height, String words) {
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" font-family="sans-serif" font-size="13" role="img" aria-label="%3$s">
                <style>
                  text { fill: #24292f } .note { fill: #57606a; font-size: 12px } .mid { text-anchor: middle } .bar { fill: #8c959f } .ours { fill: #0969da }
                  .range { stroke: #24292f } .axis { stroke: #8c959f } .same { fill: #1a7f37 } .on { fill: #fff; font-size: 12px }
                  .none { fill: none; stroke: #8c959f }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #e6edf3 } .note { fill: #9198a1 } .bar { fill: #6e7681 } .ours { fill: #4493f8 } .range { stroke: #e6edf3 }
                    .same { fill: #238636 } .on { fill: #fff }
                  }
                </style>
                """, WIDTH, height, words) + svg + "</svg>\n";
    }
}
