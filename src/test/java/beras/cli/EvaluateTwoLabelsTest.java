package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thresholds and pictures: {@code evaluate} and {@code predict} with a model of two labels, and with others. */
@Tag("cli")
class EvaluateTwoLabelsTest {

    private static final Set<String> CURVES = Set.of("calibration.svg", "confusion.svg", "pr.svg", "roc.svg");

    @TempDir
    private Path folder;
    private Path rows;
    private Path model;

    @BeforeEach
    void train() throws IOException {
        rows = TinyTable.write(folder.resolve("rows.csv"), TinyTable.COLUMNS + ",odd", TinyTable.ROWS,
                row -> TinyTable.cells(row) + "," + (row % 3 == 0 ? "yes" : "no"));
        model = folder.resolve("m.beras");
        train(rows, "odd");
    }

    private void train(Path data, String target) {
        assertExit(Exit.DONE, run("train", "--data", data, "--target", target, "--out", model, "--epochs", 2, "--force"));
    }

    private JsonObject evaluate(Object... more) {
        return run("evaluate", "--json", model, "--data", rows, more).objects().get(0);
    }

    private long saysYes(Object... more) {
        Result result = run("predict", model, "--data", rows, more);
        assertExit(Exit.DONE, result);
        return result.out().lines().filter(line -> line.endsWith(",yes")).count();
    }

    @Test
    void theRarerLabelIsPositiveUnlessToldOtherwise() {
        JsonObject measured = evaluate();
        assertEquals("yes", measured.get("positive").getAsString());
        assertEquals("no", measured.get("baseline").getAsString());
        JsonObject no = evaluate("--positive", "no");
        assertEquals("no", no.get("positive").getAsString());
        assertEquals(measured.get("auc").getAsDouble(), no.get("auc").getAsDouble(), 1e-3);
        assertTrue(no.get("average_precision").getAsDouble() > measured.get("average_precision").getAsDouble());
    }

    /** {@code evaluate} and {@code predict} use the same threshold, and none in the table beats the best one. */
    @Test
    void aThresholdMeansTheSameToBothCommands() {
        JsonObject measured = evaluate();
        JsonObject best = measured.getAsJsonObject("best_f1");
        measured.getAsJsonArray("thresholds").forEach(point ->
                assertTrue(point.getAsJsonObject().get("f1").getAsDouble() <= best.get("f1").getAsDouble(), point::toString));
        double threshold = best.get("threshold").getAsDouble();
        JsonObject there = evaluate("--threshold", threshold);
        assertEquals(threshold, there.get("threshold").getAsDouble());
        assertEquals(best.get("f1"), there.getAsJsonArray("f1").get(1));
        assertEquals(best.get("accuracy"), there.get("accuracy"));
        long yes = saysYes("--threshold", threshold);
        assertEquals(best.get("predicted_positive").getAsDouble(), yes / (double) TinyTable.ROWS, 1e-12);
        assertTrue(yes > saysYes(), "few rows are more likely yes than no");
        double highest = (float) run("predict", "--probabilities", "--format", "jsonl", model, "--data", rows).objects().stream()
                .mapToDouble(row -> row.getAsJsonObject("probabilities").get("yes").getAsDouble()).max().orElseThrow();
        assertEquals(0, saysYes("--threshold", highest), "a probability must be above the threshold");
        assertEquals(0, evaluate("--threshold", highest).getAsJsonArray("recall").get(1).getAsDouble());
        assertTrue(saysYes("--threshold", Math.nextDown(highest)) > 0);
        assertEquals(0, saysYes("--threshold", 1));
        assertEquals(TinyTable.ROWS, saysYes("--threshold", 0));
        assertEquals(TinyTable.ROWS, saysYes("--threshold", 1, "--positive", "no"));
    }

    @Test
    void theTextHasATableOfThresholds() {
        Result text = run("evaluate", model, "--data", rows, "--threshold", 0.25);
        assertExit(Exit.DONE, text);
        assertTrue(text.out().matches("(?s).* on 400 rows \\(95 % range [0-9. to]+, always no: 0\\.6650\\), at threshold 0\\.25\\R.*"), text::out);
        assertTrue(text.out().contains("Where yes is predicted above a threshold"), text::out);
        assertTrue(text.out().matches("(?s).* best balanced accuracy here\\R.* best accuracy here\\R\\RChoose a threshold on validation rows, .*"),
                text::out);
    }

    @Test
    void refusesWhatMakesNoSense() throws IOException {
        Object[] evaluate = {"evaluate", model, "--data", rows};
        assertRefused(Exit.USAGE, "one of the labels no and yes. Received: maybe", run(evaluate, "--positive", "maybe"));
        assertRefused(Exit.USAGE, "it must be from 0 to 1. Received: 1.5", run(evaluate, "--threshold", 1.5));
        assertRefused(Exit.USAGE, "it must be from 0 to 1. Received: NaN", run(evaluate, "--threshold", "NaN"));
        assertRefused(Exit.USAGE, "Give that, too", run("predict", model, "--data", rows, "--positive", "yes"));
        rows = TinyTable.kinds(folder.resolve("kinds.csv"));
        train(rows, "kind");
        for (Object[] option : new Object[][] {{"--threshold", 0.5}, {"--positive", "big"}}) {
            assertRefused(Exit.USAGE, "one of two labels. Remove it",
                    run(new Object[] {"evaluate", model, "--data", rows}, option));
        }
        assertRefused(Exit.USAGE, "one of two labels. Remove it",
                run("predict", model, "--data", rows, "--threshold", 0.5));
    }

    // ----------------------------------------------------------------------------------------------------- pictures

    private static Set<String> files(Path plots) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(plots)) {
            for (Path file : files.toList()) {
                names.add(file.getFileName().toString());
                String plot = Files.readString(file);
                assertTrue(plot.startsWith("<svg xmlns=") && plot.endsWith("</svg>\n") && plot.contains("<path"), plot);
            }
        }
        return names;
    }

    @Test
    void plotsOfTwoLabels() throws IOException {
        Path plots = folder.resolve("new/plots");
        Object[] command = {"evaluate", model, "--data", rows, "--plots", plots};
        Result result = run(command);
        assertExit(Exit.DONE, result);
        assertTrue(result.err().contains("The plots are in " + plots), result::err);
        assertEquals(CURVES, files(plots));
        byte[] before = Files.readAllBytes(plots.resolve("roc.svg"));
        Files.writeString(plots.resolve("pr.svg"), "mine");
        assertRefused(Exit.USAGE, plots.resolve("confusion.svg") + " exists already", run(command));
        assertEquals("mine", Files.readString(plots.resolve("pr.svg")));
        assertExit(Exit.DONE, run(command, "--force"));
        assertEquals(CURVES, files(plots));
        assertArrayEquals(before, Files.readAllBytes(plots.resolve("roc.svg")), "the same model, the same plot");
        assertRefused(Exit.USAGE, rows + " is there and no folder",
                run("evaluate", model, "--data", rows, "--plots", rows));
    }

    @Test
    void plotsOfOthers() throws IOException {
        rows = TinyTable.write(folder.resolve("many.csv"), TinyTable.COLUMNS + ",place", TinyTable.ROWS,
                row -> TinyTable.cells(row) + ",in a place of a very long name " + (char) ('a' + row % 26));
        train(rows, "place");
        Path places = folder.resolve("places");
        assertExit(Exit.DONE, run("evaluate", model, "--data", rows, "--plots", places));
        assertEquals(CURVES, files(places));
        Path one = folder.resolve("one.csv");
        List<String> lines = Files.readAllLines(rows);
        Files.write(one, lines.subList(0, 2));
        assertExit(Exit.DONE, run("evaluate", model, "--data", one, "--plots", folder.resolve("one")));
        rows = TinyTable.prices(folder.resolve("prices.csv"));
        train(rows, "price");
        Path prices = folder.resolve("prices");
        assertExit(Exit.DONE, run("evaluate", model, "--data", rows, "--plots", prices));
        assertEquals(Set.of("predicted.svg", "residuals.svg"), files(prices));
    }
}
