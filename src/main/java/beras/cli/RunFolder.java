package beras.cli;

import beras.files.WholeFile;
import beras.saving.CSVLogger;
import beras.training.Callback;
import beras.training.TensorBoard;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/**
 * All that a training leaves, in one folder: its options, the columns of its table, its numbers by epoch, events for
 * TensorBoard, the model, the best so far, what it needs to go on, how it ended, and a report of all that.
 */
final class RunFolder {

    static final String CONFIG = "config.json";
    private static final String LOG = "log.csv";
    private static final String COLUMNS = "columns.csv";
    private static final String SUMMARY = "summary.json";
    private static final String REPORT = "report.html";

    private final Path folder;

    RunFolder(Path folder) {
        this.folder = folder;
    }

    /** The state of the training when it was kept last. */
    Path last() {
        return folder.resolve("last.beras");
    }

    /** The model after the epoch that was the best so far. */
    Path best() {
        return folder.resolve("best.beras");
    }

    /** The model, unless it was said to go elsewhere. */
    Path model() {
        return folder.resolve(TrainDefaults.MODEL);
    }

    /** The options that were given. */
    Path config() {
        return folder.resolve(CONFIG);
    }

    /** The numbers of each epoch. */
    Path log() {
        return folder.resolve(LOG);
    }

    /** What the columns of a table were taken for. */
    Path columns() {
        return folder.resolve(COLUMNS);
    }

    /** How the training ended, and what it took. */
    Path summary() {
        return folder.resolve(SUMMARY);
    }

    /** The page that shows all of this. */
    Path report() {
        return folder.resolve(REPORT);
    }

    /** The folder itself. */
    Path path() {
        return folder;
    }

    /** Its path. */
    @Override
    public String toString() {
        return folder.toString();
    }

    /** All files that a training writes here beside its model. */
    List<Path> files() {
        return List.of(best(), last(), log(), config(), columns(), summary(), report());
    }

    /**
     * Checks that this is the folder of a training.
     *
     * @throws Failure if it is not
     */
    void requireTraining() {
        if (!Files.isDirectory(folder)) {
            throw noTraining("no folder");
        }
        TuneFolder tuning = new TuneFolder(folder);
        if (Files.exists(tuning.state())) {
            throw noTraining("that of a tuning, whose trials are in " + tuning.trials());
        }
        if (Files.exists(fold(1))) {
            throw noTraining("that of a cross-validation. Its models are evaluated one by one: "
                    + Text.command("evaluate --model " + Text.quote(fold(1))));
        }
        if (!Files.exists(config())) {
            throw noTraining("one without " + CONFIG);
        }
    }

    private Failure noTraining(String received) {
        return new Failure(Exit.BAD_DATA, folder + ": expected the folder of a training, as train --run makes it. Received: "
                + received);
    }

    /**
     * The file to go on from.
     *
     * @throws Failure if there is none
     */
    Path requireLast() {
        if (!Files.exists(last())) {
            if (Files.exists(new TuneFolder(folder).state())) {
                throw new Failure(Exit.BAD_DATA, folder + ": expected the folder of a training. Received: that of a tuning, which"
                        + " is gone on with by tune --resume " + folder);
            }
            throw new Failure(Exit.BAD_DATA, folder + ": there is nothing to go on from: " + (Files.exists(fold(1))
                    ? "it is of a cross-validation, which is not gone on with. Begin it again, with --force"
                    : Files.exists(config())
                    ? "this training had not yet kept its state in " + last() + ". Begin it again, with --force"
                    : "it has no " + last().getFileName() + ", so it is no folder of --run. Check the name"));
        }
        return last();
    }

    /** Checks before long work that the folder can be made, or is empty, or may be written over. */
    void requirePlace(CommandSpec spec, boolean force) throws IOException {
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw Usage.invalid(spec, "--run", folder + " is there and no folder. Take another name");
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                if (!force && entries.iterator().hasNext()) {
                    throw Usage.invalid(spec, "--run", folder + " is not empty. Take another name, --force to replace what"
                            + " is in it, or --resume " + folder + " to go on with it");
                }
            }
        }
        Path above = folder.toAbsolutePath();
        while (!Files.exists(above)) {
            above = above.getParent();
        }
        if (!Files.isDirectory(above) || !Files.isWritable(above)) {
            throw Usage.invalid(spec, "--run", above + " is no folder that may be written to");
        }
    }

    /** Checks before long work that a model can be written into a file, which may lie in a folder that is made in time. */
    static void requirePlace(CommandSpec spec, String option, Path file, Optional<Path> run, boolean force) throws IOException {
        if (ArrayFiles.isNamedSo(file)) {
            throw Usage.invalid(spec, option, "arrays of NumPy are no model. Take another name, such as " + TrainDefaults.MODEL
                    + ", from which `convert` makes an .npz of weights. Received: " + file);
        }
        Path in = file.toAbsolutePath().getParent();
        boolean inRun = run.isPresent() && in != null && WholeFile.place(in).equals(WholeFile.place(run.get()));
        if (!inRun || Files.exists(run.get())) {
            Usage.requirePlace(spec, option, file, force);
        }
    }

    /**
     * Makes the folder, with the options in it; returns who writes numbers into it as they come.
     *
     * @param columns of the table that is trained on; empty for images
     */
    List<Callback> begin(Map<String, ?> settings, Optional<ColumnTable> columns, boolean force) throws IOException {
        Files.createDirectories(folder);
        ConfigFile.write(config(), force, settings);
        if (force) {
            removeEvents();
            Files.deleteIfExists(last());
            removeFolds();
            Files.deleteIfExists(columns()); // those of another table would be wrong
            Files.deleteIfExists(summary());
            Files.deleteIfExists(report());
        }
        if (columns.isPresent()) {
            columns.get().write(columns(), force);
        }
        return List.of(new CSVLogger(log()).overwrite(force), new TensorBoard(folder));
    }

    /** Makes the folder, with the options in it, for the models of a cross-validation. */
    void beginFolds(Map<String, ?> settings, boolean force) throws IOException {
        Files.createDirectories(folder);
        ConfigFile.write(config(), force, settings);
        if (force) {
            Files.deleteIfExists(last()); // no training of this folder can be gone on with now
            Files.deleteIfExists(summary());
            Files.deleteIfExists(report());
            removeFolds();
        }
    }

    /** Those of an earlier cross-validation, of which there may have been more. */
    private void removeFolds() throws IOException {
        int number = 1;
        while (Files.deleteIfExists(fold(number))) {
            number++;
        }
    }

    /** The model of a fold, counted from 1. */
    Path fold(int number) {
        return folder.resolve("fold-" + number + ".beras");
    }

    /** Writes the options once more, which may say more epochs; returns who goes on to write numbers into the folder. */
    List<Callback> resume(Map<String, ?> settings) throws IOException {
        ConfigFile.write(config(), true, settings);
        Files.deleteIfExists(summary()); // how it ends is open again
        return List.of(new CSVLogger(log()).append(true), new TensorBoard(folder));
    }

    /** TensorBoard would show those of an earlier training along with the new ones. Those of other programs stay. */
    private void removeEvents() throws IOException {
        for (String part : new String[] {"train", "validation"}) {
            Path own = folder.resolve(part);
            if (Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> events = Files.newDirectoryStream(own, "events.out.tfevents.*.beras.*")) {
                    for (Path event : events) {
                        if (Files.isRegularFile(event)) {
                            Files.delete(event);
                        }
                    }
                }
            }
        }
    }
}
