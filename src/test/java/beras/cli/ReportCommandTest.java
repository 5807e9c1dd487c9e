package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.tables.TinyTable;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reports of training runs, and runs side by side. */
@Tag("cli")
class ReportCommandTest {

    private static final String HOSTILE = "<script>alert(1)</script>";

    @TempDir
    Path folder;
    private Path first;

    @BeforeEach
    void prepare() {
        first = folder.resolve("first");
    }

    private Path digits() throws IOException {
        return TinyDigits.write(folder.resolve("digits"));
    }

    private Path kinds() throws IOException {
        return TinyTable.kinds(folder.resolve("kinds.csv"));
    }

    private static String report(Path run) throws IOException {
        return Files.readString(run.resolve("report.html"));
    }

    private static void assertHas(String page, String... parts) {
        for (String part : parts) {
            assertTrue(page.contains(part), () -> "no \"" + part + "\" in " + page.replaceAll("base64,[^\"]*", "..."));
        }
    }

    private static JsonObject summary(Path run) throws IOException {
        return JsonParser.parseString(Files.readString(run.resolve("summary.json"))).getAsJsonObject();
    }

    /** The command of a report, as a shell would take it apart. */
    private static Object[] repeating(Path run) throws IOException {
        String command = summary(run).get("command").getAsString();
        String start = "java --add-modules jdk.incubator.vector -jar beras.jar ";
        assertTrue(command.startsWith(start), command);
        List<Object> words = new ArrayList<>();
        Matcher word = Pattern.compile("(?:'[^']*'|\\\\'|[^ '])+").matcher(command.substring(start.length()));
        while (word.find()) {
            words.add(word.group().replace("'\\''", "\0").replace("'", "").replace('\0', '\''));
        }
        return words.toArray();
    }

    // ------------------------------------------------------------------------------------------------ when they end

    @Test
    void imagesHaveAReport() throws IOException {
        Result trained = run("train", "--data", digits(), "--epochs", 2, "--run", first);
        assertExit(Exit.DONE, trained);
        assertTrue(Pattern.compile("The report is in " + Pattern.quote(first.resolve("report.html").toString())
                + ", made in [0-9.]+ s\n$")
                .matcher(trained.err()).find(), trained::toString);
        String page = report(first);
        assertHas(page, "<h1>first</h1>", "All 2 epochs were made.", "Measured on 100 test examples", "Confusion matrix",
                "<h3>Surest mistakes</h3>", "<h3>Least sure of the right ones</h3>", "Calibration", "data_sha256", "optimizer.learningRate",
                "dense_1 (Dense)", "Reproduce", "train --data " + folder.resolve("digits") + " --epochs 2 --run " + first
                + "-again");
        assertFalse(page.contains("<h2>Columns") || page.contains("--resume") || page.contains("class=\"warning\""), page);
    }

    @Test
    void namesOfTablesAreTexts() throws IOException {
        Path table = TinyTable.write(folder.resolve("a & b's <i>.csv"), "size," + HOSTILE + ",kind", 200,
                row -> row % 10 + "," + row % 7 + "," + (row % 10 > 4 ? HOSTILE : "\"quoted \"\"one\"\"\""));
        Path run = folder.resolve("<b>run");
        Result trained = run("train", "--data", table, "--target", "kind", "--run", run, "--epochs", 3, "--types",
                HOSTILE + "=numeric");
        assertExit(Exit.DONE, trained);
        String page = report(run);
        assertFalse(page.contains("<script") || page.contains("<b>run") || page.contains("<i>"), page);
        assertHas(page, "<h1>&lt;b&gt;run</h1>", "&lt;script&gt;alert(1)&lt;/script&gt;", "Permutation importance of the columns",
                "ROC curve: AUC", "Precision and recall: average precision",
                "Columns of the table", "Measured on 200 examples to validate");
        assertExit(Exit.DONE, run("compare", run, run, "--out", folder.resolve("c.html")));
        assertFalse(Files.readString(folder.resolve("c.html")).contains("<b>run"));
        assertExit(Exit.DONE, run(repeating(run)));
        assertEquals(hash(run.resolve("model.beras")), hash(Path.of(run + "-again").resolve("model.beras")));
    }

    /** For one network, and for several that each hold out other rows: each row has the cells and the target of its line. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theWorstRowsAreThoseOfTheirLines(int nets) throws IOException {
        Path table = TinyTable.write(folder.resolve("t.csv"), "a,b,kind", 200,
                row -> row + "," + row % 7 + "," + ((row % 9 > 4) == (row % 13 > 1) ? "x" : "y"));
        assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--run", first, "--epochs", 3,
                "--ensemble", nets));
        String worst = report(first).split("Worst rows")[1].split("</table>")[0];
        List<String> header = Pattern.compile("scope=\"col\">([^<]*)").matcher(worst).results()
                .map(found -> found.group(1)).toList();
        List<List<String>> rows = Pattern.compile("(?s)<tr><th scope=\"row\">(.*?)</tr>").matcher(worst).results()
                .map(row -> Arrays.stream(row.group(1).split("</t[hd]>\\s*"))
                        .map(cell -> cell.replaceAll("<[^>]*>", "")).toList()).toList();
        assertEquals(10, rows.size());
        assertNotEquals(rows.get(0).get(1), rows.get(0).get(2), "the worst row is a mistake");
        List<String> lines = Files.readAllLines(table);
        for (List<String> row : rows) {
            assertEquals(lines.get(Integer.parseInt(row.get(0)) - 1),
                    row.get(header.indexOf("a")) + "," + row.get(header.indexOf("b")) + "," + row.get(1));
        }
    }

    @Test
    void theCommandRepeatsTheTraining() throws IOException {
        Path init = folder.resolve("it's init.beras");
        assertExit(Exit.DONE, run("train", "--data", digits(), "--epochs", 1, "--out", init));
        assertExit(Exit.DONE, run("train", "--data", folder.resolve("digits"), "--epochs", 1, "--augment", "shift=1", "--seed",
                -3, "--init",
                init, "--run", first));
        assertExit(Exit.DONE, run("train", "--resume", first, "--epochs", 2));
        assertExit(Exit.DONE, run(repeating(first)));
        assertEquals(hash(first.resolve("model.beras")), hash(folder.resolve("first-again").resolve("model.beras")));
    }

    @Test
    void aTrainingThatDivergesHasAReport() throws IOException {
        Result result = run("train", "--data", digits(), "--layers", "10:linear", "--loss", "mse", "--learning-rate", "1e30",
                "--run", first);
        assertExit(Exit.DIVERGED, result);
        assertHas(report(first), "Diverged: ", "No model was kept, so none is judged.", "optimizer.learningRate");
        assertExit(Exit.DONE, run("compare", first, first));
    }

    @Test
    void aTrainingThatGoesOnRenewsItsReport() throws IOException {
        assertExit(Exit.DONE, run("train", "--data", digits(), "--epochs", 1, "--run", first));
        assertHas(report(first), "The one epoch was made.");
        assertExit(Exit.DONE, run("train", "--resume", first, "--epochs", 3));
        assertHas(report(first), "All 3 epochs were made.", "Here 1 were trained at first and more later");
    }

    @Test
    void aReportMayBeLeftOut() throws IOException {
        assertRefused(Exit.USAGE, "--no-report': it needs --run. Add that, or remove it", run("train", "--data", digits(),
                "--no-report"));
        assertExit(Exit.DONE, run("train", "--data", folder.resolve("digits"), "--epochs", 1, "--run", first, "--no-report"));
        assertFalse(Files.exists(first.resolve("report.html")));
        assertExit(Exit.DONE, run("train", "--resume", first, "--epochs", 2));
        assertFalse(Files.exists(first.resolve("report.html")));
        assertExit(Exit.DONE, run("train", "--config", first.resolve("config.json"), "--run", folder.resolve("second")));
        assertTrue(Files.exists(folder.resolve("second/report.html")));
    }

    @Test
    void aReportThatFailsCostsNothingElse() throws IOException {
        Path inTheWay = first.resolve("report.html");
        Result result = runWhile(() -> {
            Files.delete(inTheWay);
            Files.createDirectory(inTheWay);
        }, "train", "--data", digits(), "--epochs", 2, "--run", first);
        assertExit(Exit.DONE, result);
        assertTrue(result.err().contains("The report of " + first + " could not be made, which changes nothing else: " + inTheWay
                + ": there is something else than a file at this place"), result::toString);
        assertTrue(Files.exists(first.resolve("model.beras")) && Files.exists(first.resolve("summary.json")));
    }

    @Test
    void whatIsNoRunIsRefused() throws IOException {
        Files.createDirectory(first);
        assertRefused(Exit.BAD_DATA, first
                + ": expected the folder of a training run, as train --run makes it. Received: one without config.json",
                run("compare", first, first));
        assertRefused(Exit.BAD_DATA, "Received: no folder", run("compare", folder.resolve("none"), first));
        Files.writeString(first.resolve("config.json"), "{}");
        Files.writeString(first.resolve("tuning.json"), "{}");
        assertRefused(Exit.BAD_DATA, "Received: that of a tuning, whose trials are in " + first.resolve("trials.csv"),
                run("compare", first, first));
        Path folds = folder.resolve("folds");
        assertExit(Exit.DONE, run("train", "--data", kinds(), "--target", "kind", "--epochs", 1, "--cross-validate", 2, "--run",
                folds));
        assertRefused(Exit.BAD_DATA, "Received: that of a cross-validation", run("compare", folds, folds));
    }

    // ------------------------------------------------------------------------------------------------ side by side

    @Test
    void runsOfOneKindAndOfOthersAreCompared() throws IOException {
        Path second = folder.resolve("second");
        Path images = folder.resolve("images");
        assertExit(Exit.DONE, run("train", "--data", kinds(), "--target", "kind", "--epochs", 2, "--run", first));
        assertExit(Exit.DONE, run("train", "--data", folder.resolve("kinds.csv"), "--target", "kind", "--epochs", 4, "--seed", 2,
                "--run",
                second));
        assertExit(Exit.DONE, run("train", "--data", digits(), "--epochs", 1, "--run", images));
        Path out = folder.resolve("c.html");
        Result two = run("compare", first, second, "--out", out);
        assertExit(Exit.DONE, two);
        List<String> lines = two.out().lines().toList();
        assertTrue(lines.get(0).matches(" +run +validation loss  validation accuracy  training loss .*s per epoch"), two.out());
        assertTrue(lines.get(1).startsWith(" 1  " + first + " ") && lines.get(2).startsWith(" 2  " + second + " "), two.out());
        assertTrue(two.out().contains("\nseed    1 (1); 2 (2)\n") && two.out().contains("\nepochs  2 (1); 4 (2)\n"), two.out());
        assertEquals(7, lines.size(), two.out());
        assertHas(Files.readString(out), "Differences", "Validation loss by epoch", "Training accuracy by epoch");
        assertRefused(Exit.USAGE, out + " exists already", run("compare", first, second, "--out", out));
        Result three = run("compare", first, second, images, "--out", out, "--force");
        assertExit(Exit.DONE, three);
        List<JsonObject> objects = run("compare", "--json", first, images).objects();
        assertEquals(3, objects.size());
        assertEquals(2, objects.get(0).get("epochs").getAsInt());
        assertTrue(objects.get(1).has("test_accuracy"));
        assertEquals("2", objects.get(2).getAsJsonObject("differences").getAsJsonArray("epochs").get(0).getAsString());
        assertTrue(three.out().contains("These runs are of different data (data_sha256)")
                && !Pattern.compile("[0-9] \\*").matcher(three.out()).find(), three.out());
        Files.delete(images.resolve("summary.json")); // as a process leaves it that was killed
        Result killed = run("compare", first, images);
        assertTrue(killed.out().contains("0.002 (2)"), killed::toString);
    }

    @Test
    void oneRunOrTooManyAreRefused() {
        assertRefused(Exit.USAGE, "positional parameter at index 0..* (RUN) requires at least 2 values", run("compare", first));
        List<Object> many = new ArrayList<>(List.of("compare"));
        for (int i = 0; i < 21; i++) {
            many.add(first);
        }
        assertRefused(Exit.USAGE, "At most 20 runs can be compared. Received: 21", run(many.toArray()));
    }
}
