package beras.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The chart of the README: training times of four libraries as bars, with minimum and maximum, from a file of results. */
public final class SpeedChart {

    private static final Path FILE = Path.of("results/training-summary-jdk17-amd-epyc.csv");
    private static final String SETTINGS = "512,256,1,";
    private static final List<String> MEASURES = List.of("steady epoch", "cold to 97 %");
    private static final List<String> TITLES = List.of("One epoch, seconds", "From process start to 97 % accuracy, seconds");
    private static final Map<String, String> NAMES = Map.of("beras", "BERAS", "numpy", "NumPy", "pytorch", "PyTorch",
            "tensorflow", "TensorFlow Java");
    private static final int PANEL = 400;
    private static final int LABELS = 150;
    private static final int BARS = 180;
    private static final int ROW = 30;

    private record Bar(String library, String version, double median, double min, double max) {}

    /** The text of the SVG file. */
    public static String of() throws IOException {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d 190" font-family="sans-serif" font-size="13">
                <style>
                  text { fill: #24292f } .note { fill: #57606a; font-size: 12px } .bar { fill: #8c959f } .ours { fill: #0969da }
                  .range { stroke: #24292f }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #e6edf3 } .note { fill: #9198a1 } .bar { fill: #6e7681 } .ours { fill: #4493f8 } .range { stroke: #e6edf3 }
                  }
                </style>
                """, 2 * PANEL));
        for (int i = 0; i < MEASURES.size(); i++) {
            panel(svg, i * PANEL, TITLES.get(i), bars(MEASURES.get(i)));
        }
        svg.append("<text class=\"note\" x=\"0\" y=\"178\">MNIST, 784-512-10, batch 256, Adam, float32, one thread of an AMD EPYC (Zen 4). ")
                .append("Bars: medians; lines: minimum to maximum.</text>\n</svg>\n");
        return svg.toString();
    }

    private static void panel(StringBuilder svg, int left, String title, List<Bar> bars) {
        double most = bars.stream().mapToDouble(Bar::max).max().orElseThrow();
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"20\" font-weight=\"bold\">%s</text>\n", left, title));
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            int y = 34 + i * ROW;
            double scale = BARS / most;
            svg.append(String.format(Locale.ROOT, """
                    <text x="%d" y="%d">%s %s</text>
                    <rect class="%s" x="%d" y="%d" width="%.1f" height="20"/>
                    <path class="range" d="M%.1f %dH%.1f"/>
                    <text x="%.1f" y="%d">%.2f</text>
                    """, left, y + 15, NAMES.get(bar.library), bar.library.equals("beras") ? "" : bar.version.replaceFirst("\\+.*", ""),
                    bar.library.equals("beras") ? "bar ours" : "bar", left + LABELS, y, bar.median * scale,
                    left + LABELS + bar.min * scale, y + 10, left + LABELS + bar.max * scale,
                    left + LABELS + bar.max * scale + 6, y + 15, bar.median));
        }
    }

    private static List<Bar> bars(String measure) throws IOException {
        List<Bar> bars = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            if (line.startsWith(SETTINGS + measure + ",")) {
                String[] cells = line.split(",");
                bars.add(new Bar(cells[5], cells[6], Double.parseDouble(cells[7]), Double.parseDouble(cells[8]),
                        Double.parseDouble(cells[9])));
            }
        }
        bars.sort((a, b) -> Double.compare(a.median, b.median));
        return bars;
    }

    private SpeedChart() {}
}
