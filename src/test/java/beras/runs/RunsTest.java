package beras.runs;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.SettingException;
import beras.data.DataException;
import beras.files.WatchedFiles;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.runs.RunFolder.Kind;
import beras.runs.RunReader.Commands;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TableOrigin;
import beras.tables.TrialResult;
import beras.training.Outcome;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run as it is kept on disk, without the command line. */
@Tag("cli")
class RunsTest {

    private static final Map<String, Object> OPTIONS = new LinkedHashMap<>(Map.of("seed", 3, "data", "t.csv", "augment", true));

    @TempDir
    Path folder;
    private Path run;

    @BeforeEach
    void prepare() {
        run = folder.resolve("run");
    }

    private static SavedModel model(int seed) {
        return new SavedModel(new Sequential(seed, new Input(2), new Dense(1))).recipe(new Recipe().loss("mse").seed(seed));
    }

    private static SavedModel model(int seed, Map<String, ?> options, String dataHash) throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>(Map.of(TableOrigin.DATA_HASH, dataHash));
        RunOrigin.put(options, Map.of(), provenance);
        return model(seed).provenance(provenance);
    }

    private RunReader reader(RunFolder of) {
        return new RunReader(of, "first", new Commands() {

            @Override
            public String repeat(RunFolder where, Map<String, ?> options, Map<String, String> provenance) {
                return "repeat " + where + " " + options;
            }

            @Override
            public String resume(RunFolder where) {
                return "resume " + where;
            }

            @Override
            public String verify(String model, Map<String, String> options) {
                return "verify " + model + " " + options;
            }
        });
    }

    // ---------------------------------------------------------------------------------------------------- folders

    @Test
    void aFolderTellsWhatItIsOf() throws IOException {
        try (RunFolder of = new RunFolder(run)) {
            assertEquals(Kind.NONE, of.kind());
            of.create(false);
            assertEquals(Kind.OTHER, of.kind());
            Files.writeString(of.fold(1), "");
            assertEquals(Kind.CROSS_VALIDATION, of.kind());
            of.beginFolds(OPTIONS, true);
            assertFalse(Files.exists(of.fold(1)));
            assertEquals(Kind.TRAINING, of.kind());
            new TuneState(Map.of(), Map.of(), Map.of(), false, List.of()).write(of.state(), false);
            assertEquals(Kind.TUNING, of.kind());
        }
    }

    /** How it ends is open again: a run that is stopped a second time has no summary of the first. */
    @Test
    void aRunThatIsResumedHasNeitherSummaryNorReport() throws IOException {
        try (RunFolder of = new RunFolder(run)) {
            of.begin(OPTIONS, List.of(), false);
            Files.writeString(of.summary(), "{}");
            Files.writeString(of.report(), "");
            of.resume(OPTIONS, List.of());
            assertFalse(Files.exists(of.summary()) || Files.exists(of.report()));
        }
    }

    @Test
    void aTuningOfBytesThatAreNoTextIsRefused() throws IOException {
        Files.createDirectory(run);
        Path state = run.resolve("tuning.json");
        Files.write(state, new byte[] {'{', -1, '}'});
        String message = assertThrows(DataException.class, () -> TuneState.read(state)).getMessage();
        assertEquals(state + ": expected what tune has written. Received: bytes that are no UTF-8", message);
    }

    private static void assertTaken(String message, RunFolder of, boolean replace, Path... read) {
        SettingException e = assertThrows(SettingException.class, () -> of.requirePlace(replace, List.of(read)));
        assertTrue(e.setting().equals("run") && e.problem().contains(message), e::getMessage);
    }

    @Test
    void aPlaceThatWouldLoseFilesIsRefused() throws IOException {
        Files.createDirectory(run);
        Path notes = Files.writeString(run.resolve("notes.txt"), "mine");
        Path config = Files.writeString(run.resolve("config.json"), "{}");
        RunFolder of = new RunFolder(run);
        assertTaken(" is not empty", of, false);
        assertTaken(config + " lies there", of, true, notes, config);
        Path link = Files.createSymbolicLink(folder.resolve("link"), run);
        for (Path other : List.of(run.resolve("../run/config.json"), link.resolve("config.json"))) {
            assertTaken(" lies there", of, true, other);
        }
        of.requirePlace(true, List.of(notes));
        FileSystemException held = assertThrows(FileSystemException.class, () -> new RunFolder(run).open());
        assertTrue(held.getReason().startsWith("another command is writing to this folder"), held.getReason());
        of.close();
        assertTaken(" exists and is no folder", new RunFolder(notes), true);
        assertTaken(notes + " is no folder that may be written to", new RunFolder(notes.resolve("below")), true);
        new RunFolder(folder.resolve("not/yet/there")).requirePlace(false, List.of());
        assertFalse(Files.exists(folder.resolve("not")));
    }

    @Test
    void aLinkInAFolderIsRefused() throws IOException {
        Files.createDirectory(run);
        Files.createSymbolicLink(run.resolve("summary.json"), folder.resolve("elsewhere"));
        for (String name : List.of("open", "requireOwnFiles")) {
            Exception e = assertThrows(DataException.class, () -> {
                try (RunFolder of = new RunFolder(run)) {
                    if (name.equals("open")) {
                        of.open();
                    } else {
                        of.requireOwnFiles();
                    }
                }
            });
            assertTrue(e.getMessage().contains("summary.json: expected a file that a training writes. Received: a link"), e.getMessage());
        }
    }

    // ----------------------------------------------------------------------------------------------------- records

    @Test
    void aRunIsReadAsItWasWritten() throws IOException {
        try (RunFolder of = new RunFolder(run)) {
            of.begin(OPTIONS, List.of(List.of("column", "taken_as"), List.of("a, b", "numeric")), false);
            Files.writeString(of.log(), "epoch,loss,val_loss\n0,0.5,0.75\n1,0.25,NA\n");
            SavedModel saved = model(1, OPTIONS, "aa");
            ModelFile.save(saved, of.model());
            RunSummary.write(of, Outcome.Kind.FINISHED, "All 2 epochs were made.", OptionalInt.of(2), Map.of("loss", 0.25,
                    "val_loss", Double.NaN), saved, Optional.of(of.model()), "train again");
            RunRecord record = reader(of).read();
            assertEquals("first", record.name());
            assertTrue(record.well());
            assertEquals("All 2 epochs were made.", record.outcome());
            assertEquals(OptionalInt.of(2), record.kept());
            assertEquals(Map.of("loss", 0.25, "val_loss", Double.NaN), record.values());
            assertEquals(List.of(), record.seconds());
            assertEquals("train again", record.command());
            assertEquals(Map.of("seed", "3", "data", "t.csv", "augment", "true"), record.options());
            assertEquals(Map.of(TableOrigin.DATA_HASH, "aa"), record.provenance());
            assertEquals("MeanSquaredError", record.recipe().get("loss"));
            assertEquals(ModelFile.weightsSha256(saved.model()), record.facts().get(RunRecord.HASH));
            assertEquals("3", record.facts().get(RunRecord.WEIGHTS));
            assertEquals(List.of(List.of("column", "taken_as"), List.of("a, b", "numeric")), record.columns());
            assertEquals(2, record.epochs().count());
            assertEquals(List.of(of.model()), reader(of).models());
        }
    }

    @Test
    void aKilledRunTellsWhatItsModelTells() throws IOException {
        try (RunFolder of = new RunFolder(run)) {
            of.begin(OPTIONS, List.of(), false);
            Files.writeString(of.log(), "epoch,loss\n0,0.5\n");
            ModelFile.save(model(1, OPTIONS, "aa"), of.last());
            RunRecord record = reader(of).read(Optional.of(model(1, OPTIONS, "aa")));
            assertFalse(record.well());
            assertTrue(record.outcome().contains("There are numbers of 1 epoch; "), record.outcome());
            assertEquals(Map.of("loss", 0.5), record.values());
            assertEquals("MeanSquaredError", record.recipe().get("loss"));
            assertTrue(record.command().startsWith("repeat " + run + " {") && record.command().contains("augment=true"),
                    record.command());
            RunRecord running = reader(of).readRunning();
            assertTrue(running.well() && running.outcome().startsWith("Training: 1 epoch so far."), running.outcome());
            assertEquals(Map.of("loss", 0.5), running.values());
            assertEquals(Map.of(), reader(of).read().recipe());
            assertEquals(List.of(of.last()), reader(of).models());
        }
    }

    @Test
    void whatNoTrainingHasWrittenIsRefused() throws IOException {
        try (RunFolder of = new RunFolder(run)) {
            of.begin(OPTIONS, List.of(), false);
            for (String summary : List.of("{", "[]", "{}", "{\"ending\": {}, \"kept_epoch\": \"x\"}")) {
                Files.writeString(of.summary(), summary);
                Exception e = assertThrows(DataException.class, () -> reader(of).read(), summary);
                assertTrue(e.getMessage().startsWith(of.summary() + ": expected what train has written. Received: "), e.getMessage());
            }
            Files.delete(of.summary());
            Files.writeString(of.log(), "epoch,loss\n0,much\n");
            assertThrows(DataException.class, () -> reader(of).read());
        }
    }

    @Test
    void aTuningIsReadAsItWasWritten() throws IOException {
        Path file = Files.createDirectory(run).resolve("tuning.json");
        TuneState state = new TuneState(Map.of("seed", "3"), Map.of("run", "r"), Map.of("data_sha256", "aa"), true,
                List.of(new TrialResult(0, 3, 0.5, 1), new TrialResult(1, 3, Double.NaN, -1)));
        state.write(file, false);
        assertEquals(state, TuneState.read(file));
        assertThrows(FileAlreadyExistsException.class, () -> state.write(file, false));
        for (String wrong : List.of("{}", "{\"options\": {\"seed\": {}}, \"places\": {}, \"data\": {}, \"finished\": true, \"results\": []}")) {
            Files.writeString(file, wrong);
            Exception e = assertThrows(DataException.class, () -> TuneState.read(file));
            assertTrue(e.getMessage().startsWith(file + ": expected what tune has written. Received: "), e.getMessage());
        }
    }

    // ----------------------------------------------------------------------------------------------------- origins

    @Test
    void theOriginOfAModelIsReadAsItWasWritten() throws IOException {
        Map<String, String> provenance = new LinkedHashMap<>(Map.of(TableOrigin.DATA_HASH, "aa", "seed", "3", RunOrigin.INIT_HASH, "bb"));
        RunOrigin.put(OPTIONS, Map.of("run", "r", "out", "m.beras"), provenance);
        RunOrigin origin = RunOrigin.of(run, model(1).provenance(provenance));
        assertEquals(Map.of("seed", "3", "data", "t.csv", "augment", "true"), origin.options());
        assertEquals(Map.of("run", "r", "out", "m.beras"), origin.places());
        assertEquals(Map.of(TableOrigin.DATA_HASH, "aa", RunOrigin.INIT_HASH, "bb"), origin.hashes());
        for (String wrong : List.of("[]", "{", "{\"seed\": {}}", "{\"seed\": null}")) {
            Exception e = assertThrows(DataException.class,
                    () -> RunOrigin.of(run, model(1).provenance(Map.of(RunOrigin.OPTIONS, wrong))), wrong);
            assertTrue(e.getMessage().startsWith(run + ": expected options as the JSON of an object"), e.getMessage());
        }
    }

    /** Data may be moved, and epochs added: all else makes another training. */
    @Test
    void aModelIsOfTheTrainingWithTheSameOptionsAndData() throws IOException {
        RunOrigin origin = RunOrigin.of(run, model(1, OPTIONS, "aa"));
        Map<String, Object> moved = new LinkedHashMap<>(OPTIONS);
        moved.put("data", "elsewhere.csv");
        moved.put("epochs", 99);
        assertTrue(origin.isOf(model(1, moved, "aa")));
        assertFalse(origin.isOf(model(1, moved, "bb")));
        moved.put("seed", 4);
        assertFalse(origin.isOf(model(1, moved, "aa")));
        assertFalse(origin.isOf(model(1)));
        assertFalse(RunOrigin.of(run, model(1)).isOf(model(1)));
        assertFalse(origin.isOf(model(1).provenance(Map.of(RunOrigin.OPTIONS, "["))));
    }

    // ----------------------------------------------------------------------------------------------------- places

    @Test
    void aModelReplacesOneOfItsOwnRunAlone() throws IOException {
        Path out = folder.resolve("m.beras");
        RunOrigin origin = RunOrigin.of(run, model(1, OPTIONS, "aa"));
        ModelPlace free = new ModelPlace(out, false);
        assertTrue(free.find(origin::isOf).isEmpty());
        assertFalse(free.isTaken());
        ModelFile.save(model(1, OPTIONS, "aa"), out);
        assertThrows(FileAlreadyExistsException.class, () -> free.requireWritable(Optional.empty()));

        ModelPlace own = new ModelPlace(out, false);
        assertTrue(own.find(origin::isOf).isPresent());
        assertFalse(own.isTaken());
        own.requireWritable(Optional.empty());
        List<String> log = new ArrayList<>();
        assertEquals(out, own.save(model(2, OPTIONS, "aa"), log::add));
        assertEquals(List.of(), log);

        Path other = folder.resolve("other.beras");
        for (String content : List.of("no model", "")) {
            Files.writeString(other, content);
            ModelPlace taken = new ModelPlace(other, false);
            assertTrue(taken.find(origin::isOf).isEmpty());
            assertTrue(taken.isTaken());
            assertFalse(new ModelPlace(other, true).isTaken());
        }
    }

    /** Else the model of a run would be taken for one of somebody else. */
    @Test
    void aModelThatCannotBeReadIsToldSo() throws IOException {
        Path out = folder.resolve("m.beras");
        RunOrigin origin = RunOrigin.of(run, model(1, OPTIONS, "aa"));
        ModelFile.save(model(1, OPTIONS, "aa"), out);
        ModelPlace place = new ModelPlace(new WatchedFiles(WatchedFiles.failing("read"::equals)).path(out), false);
        FileSystemException e = assertThrows(FileSystemException.class, () -> place.find(origin::isOf));
        assertEquals(out + ": test", e.getMessage());
    }

    @Test
    void aPlaceThatIsTakenMeanwhileCostsNoModel() throws IOException {
        Path out = folder.resolve("m.beras");
        RunOrigin origin = RunOrigin.of(run, model(1, OPTIONS, "aa"));
        ModelFile.save(model(1, OPTIONS, "aa"), out);
        ModelPlace place = new ModelPlace(out, false);
        place.find(origin::isOf);
        Files.writeString(out, "changed by another program");
        List<String> log = new ArrayList<>();
        Path beside = place.save(model(2, OPTIONS, "aa"), log::add);
        assertEquals(folder.resolve("m-1.beras"), beside);
        assertEquals(List.of(out + " was created by another program meanwhile; the model is saved as " + beside + " instead"), log);
        assertEquals("changed by another program", Files.readString(out));
        ModelPlace forced = new ModelPlace(out, true);
        assertEquals(out, forced.save(model(2), log::add));
    }

    @Test
    void aModelThatIsNotFiniteIsNoneOfTheRun() throws IOException {
        Path out = folder.resolve("m.beras");
        SavedModel nan = model(1, OPTIONS, "aa");
        nan.model().weights().get(0).assign(Float.NaN);
        ModelFile.save(nan, out);
        ModelPlace place = new ModelPlace(out, false);
        assertTrue(place.find(any -> true).isEmpty());
        assertTrue(place.isTaken());
    }

    /** The folder of the run is made later. */
    @Test
    void aModelMayLieInAFolderThatIsNotThereYet() throws IOException {
        ModelPlace place = new ModelPlace(run.resolve("m.beras"), false);
        assertThrows(FileSystemException.class, () -> place.requireWritable(Optional.empty()));
        place.requireWritable(Optional.of(new RunFolder(run)));
    }
}
