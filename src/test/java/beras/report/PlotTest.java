package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import beras.evaluation.ClassificationReport;
import beras.evaluation.RegressionReport;
import beras.report.Chart.Mark;
import beras.runs.EpochNumbers;
import beras.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** Plots: what they show, at the pointer too, and that other programs can read their files. */
@Tag("cli")
class PlotTest {

    private static final String HOSTILE = "</title><script>alert('&\"')</script>\u0001";

    private static Document document(Svg plot) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(plot.file()));
    }

    private static List<String> titles(Svg plot) throws Exception {
        var titles = document(plot).getElementsByTagName("title");
        return IntStream.range(0, titles.getLength()).mapToObj(i -> titles.item(i).getTextContent()).toList();
    }

    private static List<String> texts(Svg plot) throws Exception {
        var texts = document(plot).getElementsByTagName("text");
        return IntStream.range(0, texts.getLength()).mapToObj(i -> texts.item(i).getTextContent()).toList();
    }

    private static int count(Svg plot, String part) {
        return plot.body().split(Pattern.quote(part), -1).length - 1;
    }

    // ------------------------------------------------------------------------------------------------------- colours

    private static double luminance(String colour) {
        String hex = colour.length() == 4 ? colour.replaceAll("([0-9a-f])", "$1$1") : colour;
        double sum = 0;
        double[] weights = {0.2126, 0.7152, 0.0722};
        for (int part = 0; part < 3; part++) {
            double value = Integer.parseInt(hex.substring(1 + 2 * part, 3 + 2 * part), 16) / 255.0;
            sum += weights[part] * (value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    /** As the guidelines for accessibility of web content (WCAG 2.1) define it. */
    private static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static List<String> colours(String style, String rule) {
        return Pattern.compile(rule + ":(#[0-9a-f]+)").matcher(style).results().map(found -> found.group(1)).toList();
    }

    @Test
    void linesAndEdgesAreSeenOnPaper() {
        for (String style : Svg.STYLE.split("@media")) { // light and dark
            String paper = colours(style, "back\\{fill").get(0);
            List<String> lines = colours(style, "[.]c[0-9]\\{color");
            assertEquals(Svg.COLOURS, lines.size());
            Stream.concat(lines.stream(), colours(style, "axis.*\\{stroke").stream())
                    .forEach(colour -> assertTrue(contrast(colour, paper) >= 3, colour));
        }
    }

    @Test
    void twentyEightLinesLookDifferent() {
        List<List<String>> looks = new ArrayList<>();
        for (int look = 0; look < 28; look++) {
            List<String> attributes = new ArrayList<>(List.of(Svg.line(look, "M0,0")));
            attributes.add(Svg.colour(look));
            looks.add(attributes);
        }
        assertEquals(28, looks.stream().distinct().count());
    }

    // --------------------------------------------------------------------------------------------------------- files

    @Test
    void noTextIsTakenForMarkup() throws Exception {
        Chart chart = new Chart(HOSTILE, Axis.of(HOSTILE), Axis.rows(HOSTILE, List.of(HOSTILE, HOSTILE), 20))
                .line(HOSTILE, 0, new double[] {1, 2}, new double[] {1, 2}).help(HOSTILE, 1, 1, 2, 2);
        for (Mark mark : Mark.values()) {
            chart.point(mark, HOSTILE, 2, 1, 1, HOSTILE);
        }
        Svg drawn = chart.draw("");
        assertEquals(0, document(drawn).getElementsByTagName("script").getLength());
        String file = new String(drawn.file(), StandardCharsets.UTF_8);
        assertFalse(Pattern.compile("<script|@import|url\\(|\\son\\w+=|href").matcher(file).find(), file);
        assertEquals(1, file.split("http", -1).length - 1, "the name of SVG, which is not asked for");
    }

    @Test
    void aFileIsReadInTheDarkToo() {
        String file = new String(new Chart("t", Axis.of("x"), Axis.of("y")).draw("").file(),
                StandardCharsets.UTF_8);
        assertTrue(file.contains("@media (prefers-color-scheme:dark)") && file.contains("class=\"back\""), file);
        assertFalse(file.contains("var("), "other programs than browsers know no variables");
    }

    // ----------------------------------------------------------------------------------------------------- the pointer

    @Test
    void valuesOfAllLinesAreShownAtThePointer() throws Exception {
        Svg plot = new Chart("loss", Axis.of("epoch").whole(), Axis.of(""))
                .line("training", 0, new double[] {1, 2, 3}, new double[] {0.5, 0.25, Double.NaN})
                .line("validation", 1, new double[] {1, 2, 3}, new double[] {0.6, Double.NaN, 0.99996}).draw("");
        assertEquals(List.of("epoch 1\ntraining 0.5\nvalidation 0.6", "epoch 2\ntraining 0.25", "epoch 3\nvalidation 0.9999"),
                titles(plot));
        assertEquals("loss: training from 0.5 to 0.25; validation from 0.6 to 0.9999", plot.words());
        assertTrue(texts(plot).containsAll(List.of("loss", "epoch", "1", "2", "3", "training", "validation")),
                texts(plot)::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 31, 10_000})
    void aPlotOfAnyNumberOfPointsIsSmall(int points) throws Exception {
        double[] x = IntStream.range(0, points).mapToDouble(i -> i).toArray();
        Svg plot = new Chart("t", Axis.of("x"), Axis.of("y")).line("a", 0, x, x).draw("");
        assertTrue(plot.file().length < 60_000, () -> points + " points take " + plot.file().length);
        assertTrue(titles(plot).size() >= Math.min(points, 100) && titles(plot).size() <= 150);
        assertFalse(plot.body().contains("NaN") || plot.body().contains("Infinity"), plot.body());
    }

    /** The smallest number is so near to 0 that a sixth of it is 0. */
    @ParameterizedTest
    @ValueSource(doubles = {0, Double.MIN_VALUE})
    void equalNumbersHaveAnAxis(double near) {
        Svg plot = new Chart("t", Axis.of("x"), Axis.of("y")).line("a", 0, new double[] {3, 3}, new double[] {0, near})
                .draw("");
        assertFalse(plot.body().contains("NaN") || plot.body().contains("Infinity"), plot.body());
    }

    // ---------------------------------------------------------------------------------------------------------- axes

    private static List<String> texts(List<Axis.Tick> ticks) {
        return ticks.stream().map(Axis.Tick::text).toList();
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 5, 0.0 0.2 0.4 0.6 0.8 1.0", "0.986, 0.994, 4, 0.986 0.988 0.990 0.992 0.994", "1, 8, 6, 2 4 6 8",
            "-3, 3, 3, -2 0 2", "0, 5e7, 2, 0 5E+7|0 50000000", "0.001, 0.0011, 2, 0.00100 0.00105 0.00110"})
    void numbersAlongAnAxisAreRound(double least, double most, int count, String expected) {
        String ticks = String.join(" ", texts(Axis.of("").within(least, most).ticks(count)));
        assertTrue(List.of(expected.split("\\|")).contains(ticks), ticks);
    }

    @Test
    void epochsAreWhole() {
        assertEquals(List.of("1", "2"), texts(Axis.of("").whole().within(1, 2).ticks(6)));
    }

    // -------------------------------------------------------------------------------------------------------- curves

    private static EpochNumbers numbers(double[] training, double[] validation) {
        Map<String, double[]> values = new LinkedHashMap<>();
        values.put("loss", training);
        values.put("val_loss", validation);
        return new EpochNumbers(IntStream.rangeClosed(1, training.length).toArray(), values);
    }

    /** The ring is where the best is: at the second of the places of the pointer. */
    @Test
    void theBestEpochHasARing() {
        Svg plot = CurveCharts.ofParts("loss", numbers(new double[] {3, 2, 1}, new double[] {3, 1.5, 2}),
                OptionalInt.of(3)).orElseThrow();
        assertEquals(2, count(plot, "class=\"best\""), "of validation, and in the legend");
        String ring = plot.body().replaceAll("(?s).*?class=\"best\" cx=\"([0-9.]+)\".*", "$1");
        String second = plot.body().replaceAll("(?s).*<title>epoch 2\n[^<]*</title>\n<rect[^>]*>\n<path d=\"M([0-9.]+),.*", "$1");
        assertEquals(second, ring);
        assertTrue(plot.words().endsWith("; weights kept, epoch 3"), plot.words());
    }

    // -------------------------------------------------------------------------------------------------------- numbers

    private static Svg prices(String chart, double[] predicted, double[] actual) {
        return Charts.of(new Judgement.Regression("price", predicted, actual, RegressionReport.of(predicted, actual))).get(chart);
    }

    @Test
    void theLineOfNoErrorIsWithinTheAxes() throws Exception {
        double[] actual = {0, 1, 4};
        Svg plot = prices("predicted", new double[] {1, 2, 3}, actual);
        assertTrue(texts(plot).containsAll(List.of("no error", "largest errors", "true price", "predicted price")),
                texts(plot)::toString);
        assertEquals(List.of("predicted 1\ntrue 0", "predicted 2\ntrue 1", "predicted 3\ntrue 4"), titles(plot));
        Svg apart = prices("predicted", new double[] {11, 12, 13}, actual);
        assertFalse(texts(apart).contains("no error"), texts(apart)::toString);
    }

    @Test
    void residualsArePredictedLessTrue() throws Exception {
        Svg plot = prices("residuals", new double[] {1, 2, 3}, new double[] {0, 2, 5});
        assertEquals(List.of("predicted 3\ntrue 5", "predicted 1\ntrue 0", "predicted 2\ntrue 2"), titles(plot));
        assertTrue(texts(plot).containsAll(List.of("-2.0", "0.0", "2.0")), texts(plot)::toString);
    }

    // -------------------------------------------------------------------------------------------------------- classes

    /** So many rows of each pair of a true and a predicted class. */
    private static ClassificationReport report(int[][] counts) {
        List<float[]> scores = new ArrayList<>();
        List<Integer> truth = new ArrayList<>();
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts.length; column++) {
                for (int i = 0; i < counts[row][column]; i++) {
                    float[] score = new float[counts.length];
                    Arrays.fill(score, 0.1f / (counts.length - 1));
                    score[column] = 0.9f;
                    scores.add(score);
                    truth.add(row);
                }
            }
        }
        Tensor targets = Tensor.generate(i -> truth.get(i / counts.length) == i % counts.length ? 1 : 0, truth.size(),
                counts.length);
        List<String> labels = IntStream.range(0, counts.length).mapToObj(c -> "c" + c).toList();
        return ClassificationReport.of(labels, Tensor.of(scores.toArray(float[][]::new)), targets);
    }

    /** One mistake among a thousand is told from none, and from the most frequent one. */
    @Test
    void smallCountsAreSeenBesideLargeOnes() throws Exception {
        ClassificationReport report = report(new int[][] {{1000, 0, 1}, {50, 950, 0}, {0, 0, 900}});
        Confusion confusion = new Confusion(report);
        assertEquals(0, confusion.shade(0, 1));
        assertTrue(confusion.shade(0, 2) >= 1 && confusion.shade(0, 2) < confusion.shade(1, 0));
        assertEquals(Confusion.SHADES, confusion.shade(1, 0));
        Svg plot = Charts.confusion(report);
        assertTrue(titles(plot).contains("true c1, predicted c0: 50, 5 % of the class"), titles(plot)::toString);
        assertTrue(texts(plot).containsAll(List.of("1000", "50", "1", "\u00b7")), texts(plot)::toString);
        int[][] many = new int[40][40];
        many[7][9] = 3;
        assertEquals(List.of("true c7, predicted c9: 3, 100 % of the class"), titles(Charts.confusion(report(many))),
                "of many classes there is no room for numbers");
    }

    @Test
    void ofManyClassesTheWorstAreDrawn() throws Exception {
        int[][] counts = new int[10][10];
        for (int c = 0; c < 10; c++) {
            counts[c][c] = 100;
            counts[c][(c + 1) % 10] = c == 3 ? 2 : 0;
        }
        Svg roc = Charts.roc(report(counts));
        assertTrue(String.join(" ", texts(roc)).startsWith("ROC curve of the 5 worst of 10 classes "), texts(roc)::toString);
        assertTrue(titles(roc).get(0).startsWith("false positive rate 0\nc3, AUC 0.9"), titles(roc)::toString);
        assertEquals(5, count(roc, "class=\"series"));
        assertTrue(texts(roc).contains("chance"), texts(roc)::toString);
        Svg precision = Charts.of(report(new int[][] {{6, 4}, {4, 6}})).get("pr");
        assertTrue(titles(precision).get(0).equals("recall 0.6\nc1, average precision 0.56 0.6"), titles(precision)::toString);
    }
}
