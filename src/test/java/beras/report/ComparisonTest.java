package beras.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.runs.EpochNumbers;
import beras.runs.RunRecord;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs side by side. */
@Tag("cli")
class ComparisonTest {

    private static Map<String, String> map(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static RunRecord run(String name, Map<String, Double> values, Map<String, String> recipe, Map<String, String> options,
            Map<String, String> facts) {
        return run(name, values, recipe, options, facts, Map.of());
    }

    private static RunRecord run(String name, Map<String, Double> values, Map<String, String> recipe, Map<String, String> options,
            Map<String, String> facts, Map<String, String> provenance) {
        EpochNumbers epochs = EpochNumbers.of(List.of("epoch", "loss", "val_accuracy"), List.of(List.of("0", "1", "0.5"),
                List.of("1", "0.5", "NA")));
        return new RunRecord(name, "Done.", true, epochs, OptionalInt.of(2), values, Map.of("first epoch", 2.0, "further epochs",
                1.0), facts,
                recipe, options, provenance, "train", "", List.of());
    }

    private static RunRecord run(String name, double accuracy, double loss, String... recipe) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", accuracy);
        values.put("val_accuracy", accuracy);
        values.put("val_loss", loss);
        return run(name, values, map(recipe), Map.of(), Map.of());
    }

    @Test
    void theBestOfWhatWasNotTrainedOnIsMarked() {
        Comparison comparison = new Comparison(List.of(run("a", 0.5, 2, "loss", "mse"), run("b", 0.75, 1, "loss", "mse")));
        assertEquals(List.of("run", "validation accuracy", "validation loss", "training accuracy", "epochs", "kept", "weights",
                "training s",
                "s per epoch"), comparison.header());
        assertEquals(List.of("a", "0.5", "2", "0.5", "2", "2", "\u2013", "3", "1"), comparison.results().get(0));
        assertEquals(List.of("b", "0.75 *", "1 *", "0.75", "2", "2", "\u2013", "3", "1"), comparison.results().get(1));
    }

    @Test
    void differentLossesAreNotCompared() {
        Comparison comparison = new Comparison(List.of(run("a", 0.5, 2, "loss", "mse"), run("b", 0.5, 1, "loss", "mae")));
        assertTrue(comparison.results().stream().flatMap(List::stream).noneMatch(cell -> cell.endsWith(Comparison.BEST)));
        assertTrue(new String(comparison.html("1", List.of()), StandardCharsets.UTF_8).contains("These runs minimized different losses"));
    }

    @Test
    void onlyWhatDiffersIsListed() {
        Comparison comparison = new Comparison(List.of(
                run("a", 1, 1, "optimizer", "Adam", "optimizer.learningRate", "0.1", "optimizer.beta", "0.9", "seed", "1", "same",
                "x"),
                run("b", 1, 1, "optimizer", "SGD", "optimizer.learningRate", "0.2", "seed", "2", "same", "x"),
                run("c", 1, 1, "optimizer", "SGD", "optimizer.learningRate", "0.2", "seed", "2", "same", "x", "schedule",
                "Cosine")));
        assertEquals(Map.of("optimizer", List.of("Adam", "SGD", "SGD"), "optimizer.learningRate", List.of("0.1", "0.2", "0.2"),
                "seed", List.of("1", "2", "2"), "schedule", List.of("\u2013", "\u2013", "Cosine")), comparison.differences());
    }

    @Test
    void whatIsNotKnownOfARunIsNoDifference() {
        Comparison comparison = new Comparison(List.of(
                run("old", Map.of(), Map.of(), map("epochs", "3", "augment", "shift=2"), map()),
                run("new", Map.of(), map("epochs", "3", "seed", "1"), map("epochs", "4"), map("Java", "17"))));
        assertEquals(Map.of("epochs", List.of("3", "4"), "augment", List.of("shift=2", "\u2013")), comparison.differences());
    }

    @Test
    void thereAreTwoToTwenty() {
        RunRecord one = run("<script>", 1, 1);
        assertThrows(IllegalArgumentException.class, () -> new Comparison(List.of(one)));
        assertThrows(IllegalArgumentException.class, () -> new Comparison(Collections.nCopies(21, one)));
        String page = new String(new Comparison(Collections.nCopies(20, one)).html("1", List.of()), StandardCharsets.UTF_8);
        assertTrue(page.contains("&lt;script&gt; (20) from 1 to 0.5") && !page.contains("<script"), page);
        assertTrue(page.contains("Nothing in the recipes"), page);
    }

    @Test
    void logsAreNumbers() {
        EpochNumbers numbers = EpochNumbers.of(List.of("epoch", "loss", "val_loss", "learning_rate"),
                List.of(List.of("0", "1", "NA", "0.1"), List.of("1", "NaN", "2", "0.1")));
        assertEquals(Map.of("loss", 1.0, "learning_rate", 0.1), numbers.at(1));
        assertEquals(Map.of("val_loss", 2.0, "learning_rate", 0.1), numbers.at(2));
        assertEquals(Map.of(), numbers.at(3));
        assertEquals(List.of("loss"), List.copyOf(numbers.bare()));
        assertThrows(IllegalArgumentException.class, () -> EpochNumbers.of(List.of("epoch", "loss"), List.of(List.of("0"))));
        assertThrows(IllegalArgumentException.class, () -> EpochNumbers.of(List.of("epoch", "loss"), List.of(List.of("0",
                "much"))));
        assertThrows(IllegalArgumentException.class, () -> EpochNumbers.of(List.of("epoch"), List.of(List.of("first"))));
    }
}
