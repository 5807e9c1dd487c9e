package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Model;
import beras.models.Sequential;
import beras.runs.EpochNumbers;
import beras.runs.RunRecord;
import beras.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports of trainings of which little, much or nothing is known. */
@Tag("cli")
class RunReportTest {

    private static RunRecord record(EpochNumbers epochs, OptionalInt kept) {
        return new RunRecord("run", "Done.", true, epochs, kept, Map.of(), List.of(), Map.of(), Map.of(), Map.of(), Map.of(), "",
                "", "", List.of());
    }

    private static String page(RunRecord record, Judgement judgement) {
        return new String(RunReport.of(record, "1", Optional.empty(), Optional.ofNullable(judgement), Map.of(), Optional.empty(), List.of()),
                StandardCharsets.UTF_8);
    }

    /** How many plots a page has, each with what it shows in words. */
    private static int plots(String page) {
        return (int) Pattern.compile("<svg class=\"chart\" viewBox=\"[0-9 ]+\" role=\"img\" aria-label=\"[^\"]+\">").matcher(page)
                .results().count();
    }

    @Test
    void aTrainingOfWhichNothingIsKnownHasAPage() {
        String page = page(record(EpochNumbers.NONE, OptionalInt.empty()), null);
        assertEquals(0, plots(page));
        assertTrue(page.contains("<h1>run</h1>") && !page.contains("Training curves") && !page.contains("Reproduce"), page);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 12, 13, 31, 5000})
    void anyNumberOfEpochsIsDrawn(int count) {
        Map<String, double[]> values = new LinkedHashMap<>();
        values.put("loss", IntStream.range(0, count).mapToDouble(i -> 1.0 / (i + 1)).toArray());
        values.put("val_loss", IntStream.range(0, count).mapToDouble(i -> i % 3 == 0 ? Double.NaN : 0).toArray());
        values.put("none", IntStream.range(0, count).mapToDouble(i -> Double.NaN).toArray());
        values.put("learning_rate", IntStream.range(0, count).mapToDouble(i -> 1e-3).toArray());
        String page = page(record(new EpochNumbers(IntStream.rangeClosed(1, count).toArray(), values), OptionalInt.of(1)), null);
        assertEquals(1, plots(page)); // there is nothing to draw of the others
        assertTrue(page.contains("The learning rate was 0.001 in all epochs."));
        assertTrue(page.contains(count == 1 ? "training 1\"" : "training from 1 to "), page);
        assertTrue(page.length() < 300_000, () -> count + " epochs make a page of " + page.length());
    }

    @Test
    void aRateThatChangesIsDrawn() {
        Map<String, double[]> values = Map.of("learning_rate", new double[] {0.1, 0.01});
        assertEquals(1, plots(page(record(new EpochNumbers(new int[] {1, 2}, values), OptionalInt.empty()), null)));
    }

    /** A model that takes each class for itself, but for the first, which it takes for the second. */
    private static Judgement ofClasses(int classes, int examples) {
        Sequential model = new Sequential(1, new Input(classes), new Dense(classes, "softmax"));
        model.weights().get(0).assign(Tensor.generate(i -> {
            int from = i / classes;
            return i % classes == (from == 0 ? 1 : from) ? 9 : 0;
        }, classes, classes));
        Tensor truth = Tensor.generate(i -> i / classes % classes == i % classes ? 1 : 0, examples, classes);
        List<String> labels = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            labels.add("<class>" + c);
        }
        HeldOut held = HeldOut.of("rows", Batches.of(Examples.of(truth, truth), 100), model);
        return Judgement.of(model, Optional.empty(), labels, held);
    }

    @Test
    void manyClassesAreTheMostConfusedPairs() {
        String page = page(record(EpochNumbers.NONE, OptionalInt.empty()), ofClasses(300, 600));
        assertTrue(page.contains("The 1 most frequent of 1 confusions among 300 classes"), page);
        assertTrue(page.contains("&lt;class&gt;0</th>\n<td class=\"text\" data-name=\"predicted\">&lt;class&gt;1</td>\n"
                + "<td class=\"number\" data-name=\"count\">2</td>"), page);
        assertTrue(page.contains("The 50 classes of least F1 among 300"), page);
        assertFalse(page.contains("Confusion matrix") || page.contains("<class>"));
        assertEquals(3, plots(page));
        assertTrue(page.length() < 800_000, () -> "a page of " + page.length());
    }

    @Test
    void fewClassesAreAMatrix() {
        String page = page(record(EpochNumbers.NONE, OptionalInt.empty()), ofClasses(3, 30));
        assertEquals(3, plots(page));
        assertTrue(page.indexOf("<strong>66.6 % right</strong>\n 20 of 30"
                + " rows that it was not trained on; 95 % interval 48.8 % to 80.7 %")
                < page.indexOf("<h2>Errors"), page);
        assertTrue(page.contains("<title>Baseline, always &lt;class&gt;0: 33.3 %</title>"), page);
        assertTrue(page.contains("<td class=\"right0\" title=\"0 % of &lt;class&gt;0\">\u00b7</td>\n"
                + "<td class=\"wrong10\" title=\"100 % of &lt;class&gt;0\">10</td>"), page);
        assertTrue(page.contains("<td class=\"right10\" title=\"100 % of &lt;class&gt;1\">10</td>"), page);
        String rare = page(record(EpochNumbers.NONE, OptionalInt.empty()), ofClasses(4, 2)); // two classes do not occur
        assertTrue(rare.contains("<td class=\"right0\" title=\"0 % of &lt;class&gt;0\">\u00b7</td>\n"
                + "<td class=\"wrong10\" title=\"100 % of &lt;class&gt;0\">1</td>"), rare);
    }

    @Test
    void valuesHaveTheirErrors() {
        Model model = new Sequential(1, new Input(1), new Dense(2, "linear"));
        Tensor inputs = Tensor.generate(i -> i, 5, 1);
        HeldOut held = HeldOut.of("rows", Batches.of(Examples.of(inputs, Tensor.zeros(5, 2)), 2), model);
        String page = page(record(EpochNumbers.NONE, OptionalInt.empty()), Judgement.of(model, Optional.empty(), List.of(),
                held));
        assertTrue(page.contains("Measured on 5 rows, in units of y")
                && page.contains(" is the mean absolute error of y on 5 rows"), page);
        assertEquals(2, plots(page));
    }
}
