package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.Commands.Result;
import beras.cli.terminal.Exit;
import beras.data.image.PictureFiles;
import beras.data.table.Workbooks;
import beras.saving.ModelBytes;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.Version;
import beras.saving.numpy.NumpyFile;
import beras.tables.TinyTable;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run recorded in a model file is repeated, and compared bit by bit. */
@Tag("cli")
class VerifyCommandTest {

    private static final String SMALL = "--layers dense(12),relu,dropout(0.2),dense(10,softmax) --batch-size 64 --epochs 3";

    @TempDir
    private static Path shared;
    private static Path digits;
    private static Path trained; // a model of them

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() throws IOException {
        digits = TinyDigits.write(shared.resolve("digits"));
        trained = shared.resolve("trained.beras");
        assertExit(Exit.DONE, run(train(digits, trained, SMALL)));
    }

    private static Object[] train(Path data, Path out, Object... more) {
        return Stream.of("train", "--data", data, "--out", out,
                Stream.of(more).map(part -> part instanceof String options ? options.split(" ") : part).toArray()).toArray();
    }

    /** The parts that are never compared. */
    private static final String EVER = "times, the version of BERAS, names of files and folders, and how training was begun and ended";

    private static void assertSame(String what, Path model, Object... more) {
        assertSameBut(EVER, what, model, more);
    }

    private static void assertSameBut(String notCompared, String what, Path model, Object... more) {
        Result result = run("verify", model, more);
        assertExit(Exit.DONE, result);
        assertEquals(model + ": Same bits: " + what + ". Not compared: " + notCompared + "\n", result.out());
    }

    private static void assertOther(String difference, Result result) {
        assertExit(Exit.FAILED, result);
        assertTrue(result.out().contains(": Other bits: ") && result.out().contains(difference),
                () -> "expected \"" + difference + "\" in " + result);
    }

    /** A changed copy of the model, with a right checksum. */
    private Path changed(String name, UnaryOperator<SavedModel> change) throws IOException {
        Path file = folder.resolve(name);
        ModelFile.save(change.apply(ModelFile.load(trained)), file);
        return file;
    }

    // ---------------------------------------------------------------------------------------------------- the same

    @Test
    void imagesAreTheSameOnAnyNumberOfThreadsAndNothingIsWritten() throws IOException {
        Path copy = Files.copy(trained, folder.resolve("copy.beras"));
        for (int threads : new int[] {1, 2}) {
            assertSame("3 epochs and 4 weights", copy, "--data", digits, "--threads", threads);
        }
        assertSame("3 epochs and 4 weights", copy); // the data are where they were
        try (var files = Files.list(folder)) {
            assertEquals(List.of(copy), files.toList());
        }
    }

    @Test
    void traceIsPrinted() throws IOException {
        List<String> lines = run("verify", trained, "--trace").out().lines().toList();
        assertEquals("arithmetic " + Version.ARITHMETIC, lines.get(0));
        assertEquals("weights_sha256 " + hash(trained), lines.get(lines.size() - 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--augment --validation-split 0.2 --early-stopping 1", "--ema --optimizer sgd(0.1,momentum=0.9)",
        "--validation-split 0.2 --reduce-lr 1 --test-every-epoch", "--outliers 0.3", "--lr-schedule cosine --ensemble 2",
        "--class-weight balanced --clip-norm 0.5"})
    void soAreThoseOfManyOptions(String options) {
        Path model = folder.resolve("m.beras");
        assertExit(Exit.DONE, run(train(digits, model, SMALL, options)));
        JsonObject result = run("verify", model, "--json").objects().get(0);
        assertTrue(result.get("same").getAsBoolean(), result::toString);
        assertTrue(result.get("epochs").getAsInt() > 0 && result.get("weights").getAsInt() >= 4, result::toString);
    }

    @Test
    void soAreTablesOfSeveralNetsOfRowsElsewhere() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        Path model = folder.resolve("kinds.beras");
        assertExit(Exit.DONE, run(train(table, model, "--target kind --epochs 4 --layers 8:relu")));
        Path moved = Files.move(table, folder.resolve("moved.csv"));
        assertSame("4 epochs and 40 weights", model, "--data", moved);
        assertRefused(Exit.BAD_DATA, "Received: nothing at " + table, run("verify", model));
        Path prices = TinyTable.prices(folder.resolve("prices.csv"));
        Path held = Files.copy(prices, folder.resolve("held.csv"));
        assertExit(Exit.DONE, run(train(prices, folder.resolve("p.beras"), "--target price --epochs 3 --ensemble 1"
                + " --validation-data",
                held)));
        assertSame("3 epochs and 6 weights", folder.resolve("p.beras"));
        Path elsewhere = Files.move(held, folder.resolve("elsewhere.csv"));
        assertSame("3 epochs and 6 weights", folder.resolve("p.beras"), "--validation-data", elsewhere);
    }

    @Test
    void soArePicturesAndArrays() throws IOException {
        Path pictures = PictureFiles.redAndBlue(folder.resolve("colours"), 12);
        Path model = folder.resolve("colours.beras");
        assertExit(Exit.DONE, run(train(pictures, model, "--layers conv:4x3:relu,max_pool:4,2:softmax --epochs 2 --size 12x10")));
        assertSame("2 epochs and 4 weights", model);
        Path arrays = folder.resolve("arrays.npz");
        Tensor x = Tensor.generate(new Rng(1, "arrays", 0)::normal, 60, 4);
        Path array = folder.resolve("array.npy");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> each : Map.of("x", x, "y", Tensor.generate(i -> x.get(i, 1) * 2, 60)).entrySet()) {
            NumpyFile.replace(each.getValue(), array);
            entries.put(each.getKey() + ".npy", Files.readAllBytes(array));
        }
        Files.write(arrays, Workbooks.zipOf(entries));
        assertExit(Exit.DONE, run(train(arrays, folder.resolve("a.beras"), "--epochs 2")));
        assertSame("2 epochs and 8 weights", folder.resolve("a.beras"));
    }

    @Test
    void soIsOneThatWasResumedForMoreEpochsOrIsKeptOnTheWay() throws IOException {
        Path run = folder.resolve("run");
        Path within = folder.resolve("within.beras");
        Object[] begin = {"train", "--data", digits, "--run", run, "--layers", "12:relu,10:softmax", "--epochs", 2,
                "--batch-size", 64,
            "--checkpoint-every", 4, "--validation-split", 0.2};
        assertExit(Exit.DONE, runWhile(() -> Files.copy(run.resolve("last.beras"), within), begin));
        String ofRun = EVER.replace("times", "times, what was known to ModelCheckpoint");
        String during = ", temperature and scores of held-out rows, as a file kept during training has none";
        assertSameBut(ofRun + during, "4 weights", within);
        assertSameBut(ofRun, "2 epochs and 4 weights", run.resolve("model.beras"));
        assertSameBut(ofRun + during, "2 epochs and 4 weights", run.resolve("last.beras"));
        assertSameBut(EVER.replace("times, ", "") + during, "4 weights", run.resolve("best.beras"));
        assertExit(Exit.DONE, run("train", "--resume", run, "--epochs", 4));
        assertSameBut(ofRun, "4 epochs and 4 weights", run.resolve("model.beras"));
        assertSameBut(EVER.replace("times", "what was made after epoch 3"), "3 epochs", run.resolve("model.beras"),
                "--epochs", 3);
        assertRefused(Exit.USAGE, "Give the model of the run, " + run.resolve("model.beras"), run("verify", run));
        String report = Files.readString(run.resolve("report.html"));
        assertTrue(report.contains("verify " + run.resolve("model.beras") + " --data " + digits + "</code>"), report);
        JsonObject summary = JsonParser.parseString(Files.readString(run.resolve("summary.json"))).getAsJsonObject();
        assertEquals(4, summary.getAsJsonArray("weights_crc32").size());
    }

    /** The place is where the file was written, which only a run that is repeated so far reaches. */
    @Test
    void soAreTheFirstEpochsOfOneThatWasInterrupted() throws IOException {
        Path interrupted = changed("interrupted.beras", saved -> saying(saved, "interrupted", "epoch 3, batch 1"));
        assertSameBut(EVER.replace("times", "what was made after epoch 2"), "2 epochs", interrupted, "--epochs", 2);
        assertSame("3 epochs and 4 weights", interrupted);
    }

    @Test
    void soIsOneThatBeganWithWeightsOfAnother() throws IOException {
        Path model = folder.resolve("more.beras");
        Path first = Files.copy(trained, folder.resolve("first.beras"));
        assertExit(Exit.DONE, run(train(digits, model, SMALL, "--init", first)));
        assertSame("3 epochs and 4 weights", model);
        Path moved = Files.move(first, folder.resolve("moved.beras"));
        assertRefused(Exit.BAD_DATA, "its training began with the weights of another model, of the SHA-256 ",
                run("verify", model));
        assertRefused(Exit.BAD_DATA, ", which has not these weights. Give the file with --init", run("verify", model, "--init", model));
        assertSame("3 epochs and 4 weights", model, "--init", moved);
        assertRefused(Exit.USAGE, "did not begin with the weights of another model", run("verify", trained, "--init", moved));
    }

    // ------------------------------------------------------------------------------------------------------ others

    @Test
    void aBitOfTheDataIsOtherData() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        Path model = folder.resolve("kinds.beras");
        assertExit(Exit.DONE, run(train(table, model, "--target kind --epochs 1 --ensemble 1")));
        byte[] bytes = Files.readAllBytes(table);
        bytes[bytes.length - 2] ^= 1;
        Files.write(table, bytes);
        assertRefused(Exit.BAD_DATA, table + ": expected the data that " + model + " was trained on, as named there or by --data."
                + " Received: other data, by their SHA-256", run("verify", model));
    }

    /** Which are hashed only while they are read. */
    @Test
    void soAreOtherRowsOfStandardInput() throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        Path model = folder.resolve("kinds.beras");
        assertExit(Exit.DONE, runOn(table, train(Path.of("-"), model, "--target kind --epochs 1 --ensemble 1")));
        assertEquals(model + ": Same bits: 1 epoch and 6 weights. Not compared: " + EVER + "\n", runOn(table, "verify", model).out());
        byte[] bytes = Files.readAllBytes(table);
        bytes[bytes.length - 2] ^= 1;
        Files.write(table, bytes);
        assertRefused(Exit.BAD_DATA, "expected the data that " + model + " was trained on, of data sha256 ", runOn(table, "verify", model));
    }

    @Test
    void aSettingOfTheRecipeIsNamedBeforeAnyWork() throws IOException {
        Path seed = changed("seed.beras", saved -> saved.recipe(saved.recipe().orElseThrow().seed(2)));
        Result result = run("verify", seed);
        assertOther("the recipe's seed: expected 2 as in the file. Received: 1", result);
        assertFalse(result.err().contains("Epoch"), result::toString);
        Path layers = changed("layers.beras", saved -> saved.recipe(saved.recipe().orElseThrow()
                .layers("dense(12),relu,dropout(" + Math.nextUp(0.2) + "),dense(10,softmax)")));
        assertOther("the recipe's layers.3.rate: expected 0.2", run("verify", layers));
    }

    @Test
    void anotherVersionIsTold() throws IOException {
        byte[] bytes = Files.readAllBytes(trained);
        String provenance = ModelBytes.parts(bytes).get("beras.provenance").replace("\"beras\":\"" + Version.get() + "\"",
                "\"beras\":\"0.0.7\"");
        Path older = Files.write(folder.resolve("older.beras"), ModelBytes.withPart(bytes, "beras.provenance", provenance));
        Result result = run("verify", older, "--epochs", 1);
        assertExit(Exit.DONE, result);
        assertTrue(result.err().startsWith(older + " was written by BERAS 0.0.7, and this is " + Version.get()),
                result::toString);
        Path other = Files.write(folder.resolve("other.beras"), ModelBytes.withPart(Files.readAllBytes(older), "beras.recipe",
                ModelBytes.parts(bytes).get("beras.recipe").replace("\"seed\":1", "\"seed\":3")));
        assertOther("the recipe's seed", run("verify", other));
        assertTrue(run("verify", other).out().endsWith(". It was written by BERAS 0.0.7, which may be why\n"));
    }

    /** Each with its checksum made right; other tables and pictures are written by the same code. */
    @ParameterizedTest
    @ValueSource(strings = {"--target price --ensemble 1 --layers 4:relu --epochs 2", SMALL + " --validation-split 0.2 --early-stopping 2"})
    void eachChangeOfAFileIsFoundOrNamed(String options) throws IOException {
        Path data = options.startsWith("--target") ? TinyTable.prices(folder.resolve("prices.csv")) : digits;
        Path run = folder.resolve("run");
        assertExit(Exit.DONE, run("train", "--data", data, "--run", run, "--no-report", options.split(" ")));
        Path file = run.resolve("model.beras");
        byte[] asRead = ModelFile.toBytes(ModelFile.load(file));
        List<String> passed = new ArrayList<>();
        Map<String, byte[]> changes = ModelBytes.changes(Files.readAllBytes(file));
        int seen = 0;
        for (Map.Entry<String, byte[]> change : changes.entrySet()) {
            Path changed = Files.write(folder.resolve("changed.beras"), change.getValue());
            Result result = run("verify", changed, "--data", data);
            boolean isNamed = change.getKey().matches("beras[.]training([.]history[.][0-9])?[.]seconds.*" // times
                    + "|beras[.]provenance[.](beras|data|places)( |[.]|$).*|beras[.]provenance[.]options[.].*"
                    + "|beras[.]training[.]callbacks( left out|[.][0-9][.](type|best|more)).*"); // of ModelCheckpoint
            if (result.exit() != Exit.DONE) {
                seen++;
            } else if (!isNamed && !Arrays.equals(asRead, ModelFile.toBytes(ModelFile.load(changed)))) { // else it changes nothing
                passed.add(change.getKey());
            }
        }
        assertEquals(List.of(), passed);
        assertTrue(seen > 250, seen + " of " + changes.size());
    }

    // ------------------------------------------------------------------------------------------ what cannot be repeated

    @Test
    void whatWasNotTrainedHereIsRefusedBeforeAnyWork() throws IOException {
        String received = "Received: one that does not, such as a model of another program";
        Path keras = folder.resolve("m.keras");
        assertExit(Exit.DONE, run("convert", trained, "--out", keras));
        Path imported = folder.resolve("imported.beras");
        assertExit(Exit.DONE, run("convert", keras, "--out", imported));
        Path library = folder.resolve("library.beras");
        ModelFile.save(ModelFile.load(trained).model(), library);
        Path tuned = folder.resolve("tuned.beras");
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        assertExit(Exit.DONE, run("tune", "--data", table, "--target", "kind", "--trials", 2, "--epochs", 2, "--least-epochs", 1,
                "--out", tuned));
        for (Path model : List.of(imported, library, tuned)) {
            assertRefused(Exit.BAD_DATA, received, run("verify", model));
        }
        Path failed = changed("failed.beras", saved -> saying(saved, "failed", "no space left"));
        assertRefused(Exit.BAD_DATA, "Received: one whose training failed", run("verify", failed));
        assertRefused(Exit.BAD_DATA, "there is no such file", run("verify", folder.resolve("none.beras")));
        assertRefused(Exit.USAGE, "option '--epochs': ", run("verify", trained, "--epochs", 0));
    }

    @Test
    void optionsThatDoNotFitTheFileAreErrorsOfUsage() throws IOException {
        assertRefused(Exit.USAGE, "option '--validation-data': " + trained + " was not validated on another table. Remove it",
                run("verify", trained, "--validation-data", trained));
        Result threads = run("verify", trained, "--threads", 0);
        assertExit(Exit.USAGE, threads);
        assertTrue(threads.err().contains("option '--threads': The number of threads must be from 1 "), threads::toString);
        Path second = changed("second.beras", saved -> saying(new SavedModel(saved.model()).recipe(saved.recipe().orElseThrow())
                .provenance(saved.provenance()), "epoch", "2"));
        assertRefused(Exit.USAGE, "option '--epochs': A file that keeps no numbers of its epochs is compared when all 2 are"
                + " repeated. Received: 1", run("verify", second, "--epochs", 1));
    }

    /** Which would not end if it were read. */
    @Test
    void nothingIsReadThatTheFileNamesWithoutItsHash() throws IOException {
        Path data = changed("data.beras", saved -> saying(saying(saved, "data_sha256", null), "options",
                "{\"data\":\"/dev/zero\",\"target\":\"x\"}"));
        assertRefused(Exit.BAD_DATA, "Received: one that does not", run("verify", data));
        Path init = changed("init.beras", saved -> saying(saying(saved, "init", "/dev/zero"), "init_sha256", "0"));
        assertRefused(Exit.BAD_DATA, "of the SHA-256 0. Received: /dev/zero, which has not these weights. Give the file with --init",
                run("verify", init));
    }

    @Test
    void optionsThatNoTrainingCanHaveAreRefused() throws IOException {
        for (String option : new String[] {"\"layers\":\"12:relou\"", "\"out\":\"x.beras\"", "\"layer\":1"}) {
            Path file = changed(option.replaceAll("\\W", "") + ".beras", saved -> saying(saved, "options",
                    "{" + option + ",\"data\":\"" + digits + "\"}"));
            assertRefused(Exit.BAD_DATA, file + ": ", run("verify", file));
        }
    }
}
