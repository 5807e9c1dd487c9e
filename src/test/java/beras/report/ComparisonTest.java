package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import beras.report.Comparison.Cell;
import beras.runs.EpochNumbers;
import beras.runs.RunRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
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
        return new RunRecord(name, "Done.", true, epochs, OptionalInt.of(2), values, List.of(2.0, 1.0), facts,
                recipe, options, provenance, "train", "", "", List.of());
    }

    private static RunRecord run(String name, double accuracy, double loss, String... recipe) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", accuracy);
        values.put("val_accuracy", accuracy);
        values.put("val_loss", loss);
        return run(name, values, map(recipe), Map.of(), Map.of());
    }

    private static List<String> texts(Comparison comparison, int run) {
        return comparison.results().get(run).stream().map(Cell::toString).toList();
    }

    @Test
    void theBestOfWhatWasNotTrainedOnIsMarked() {
        Comparison comparison = new Comparison(List.of(run("a", 0.5, 2, "loss", "mse"), run("b", 0.75, 1, "loss", "mse")));
        assertEquals(List.of("run", "validation accuracy", "validation loss", "training accuracy", "epochs", "kept", "weights",
                "training s", "s per epoch"), comparison.results().get(0).stream().map(Cell::name).toList());
        assertEquals(List.of("a", "0.5", "2", "0.5", "2", "2", "\u2013", "3", "1.5"), texts(comparison, 0));
        assertEquals(List.of("b", "0.75 *", "1 *", "0.75", "2", "2", "\u2013", "3", "1.5"), texts(comparison, 1));
    }

    @Test
    void differentLossesAreNotCompared() {
        Comparison comparison = new Comparison(List.of(run("a", 0.5, 2, "loss", "mse"), run("b", 0.5, 1, "loss", "mae")));
        assertTrue(comparison.results().stream().flatMap(List::stream).noneMatch(Cell::best));
        assertTrue(page(comparison).contains("These runs minimized different losses"));
    }

    /** The accuracy of other data is no better or worse. */
    @Test
    void numbersOfDifferentDataAreNotCompared() {
        List<RunRecord> runs = new ArrayList<>();
        for (String hash : List.of("aa", "aa", "bb")) {
            runs.add(run(hash, Map.of("val_accuracy", 0.5 + 0.1 * runs.size()), map("loss", "mse", "epochs", "" + runs.size()),
                    Map.of(), Map.of(), map("data_sha256", hash)));
        }
        assertTrue(new Comparison(runs.subList(0, 2)).hasOneData());
        assertEquals("0.6 *", texts(new Comparison(runs.subList(0, 2)), 1).get(1));
        assertTrue(page(new Comparison(runs.subList(0, 2))).contains("0.6 *<small>+0.1</small>"));
        Comparison comparison = new Comparison(runs);
        assertTrue(comparison.results().stream().flatMap(List::stream).noneMatch(Cell::best));
        assertEquals(List.of("These runs are of different data (data_sha256), so their numbers are not compared: none is marked"
                + " as the best."), comparison.warnings());
        String page = page(comparison);
        assertTrue(page.contains("These runs are of different data") && !page.contains("<small>"), page);
    }

    private static String page(Comparison comparison) {
        return new String(comparison.html("1"), StandardCharsets.UTF_8);
    }

    private static RunRecord split(String accuracy, String... provenance) {
        List<String> all = new ArrayList<>(List.of("data_sha256", "aa"));
        all.addAll(List.of(provenance));
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("test_accuracy", Double.valueOf(accuracy));
        values.put("val_accuracy", Double.valueOf(accuracy));
        return run(accuracy, values, map("loss", "mse"), Map.of(), Map.of(), map(all.toArray(String[]::new)));
    }

    private static List<String> marks(Comparison comparison) {
        return texts(comparison, 1).subList(1, 3);
    }

    /** Another seed holds out other examples of the same data. */
    @Test
    void numbersOfDifferentSplitsAreNotCompared() {
        Comparison drawn = new Comparison(List.of(
                split("0.5", "validation_split", "0.15", "test_split", "0.2", "split_seed", "1"),
                split("0.6", "validation_split", "0.15", "test_split", "0.2", "split_seed", "2")));
        assertEquals(List.of("0.6", "0.6"), marks(drawn));
        assertEquals(Stream.of("test", "validation").map(part -> "These runs hold out different examples (split_seed), so their "
                + part + " numbers are not compared: none is marked as the best.").toList(), drawn.warnings());
        Comparison same = new Comparison(List.of(
                split("0.5", "validation_split", "0.15", "test_split", "0.2", "split_seed", "1"),
                split("0.6", "validation_split", "0.15", "test_split", "0.2", "split_seed", "1")));
        assertEquals(List.of("0.6 *", "0.6 *"), marks(same));
        assertEquals(List.of(), same.warnings());
        for (String[] none : new String[][] {{}, {"test_split", "0.0"}}) {
            String[] validated = Stream.concat(Stream.of("validation_split", "0.1"), Stream.of(none)).toArray(String[]::new);
            Comparison given = new Comparison(List.of(split("0.5", validated), split("0.6", none)));
            assertEquals(List.of("0.6 *", "0.6"), marks(given), "the test comes with the data");
        }
    }

    @Test
    void layersAreComparedAsOptions() {
        List<RunRecord> runs = Stream.of("64", "32").map(units -> run(units, Map.of(), map("layers.1", "Dense", "layers.1.units", units),
                map("layers", units + ":relu", "epochs", units), Map.of())).toList();
        assertEquals(Map.of("layers", List.of("64:relu", "32:relu")), new Comparison(runs).differences());
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
        String page = page(new Comparison(Collections.nCopies(20, one)));
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
