package beras.cli;

import beras.files.LockFile;
import beras.files.WholeFile;
import beras.saving.CSVLogger;
import beras.saving.TensorBoard;
import beras.training.Callback;
import beras.training.Logs;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;

/**
 * All that a training leaves, in one folder: its options, the columns of its table, its numbers by epoch, events for
 * TensorBoard, the model, the best so far, what it needs to go on, how it ended, and a report of all that.
 */
final class RunFolder implements AutoCloseable {

    /** Who writes to the folder holds this. */
    private static final String LOCK = ".beras.lock";
    private static final Pattern FOLD = Pattern.compile("fold-[0-9]+\\.beras");

    static final String CONFIG = "config.json";
    private static final String LOG = "log.csv";
    private static final String COLUMNS = "columns.csv";
    private static final String SUMMARY = "summary.json";
    private static final String REPORT = "report.html";

    private final Path folder;
    private LockFile lock; // null: not held

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
    void requireTraining() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw noTraining("no folder");
        }
        requireOwnFiles();
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
     * The file to resume from.
     *
     * @throws Failure if there is none
     */
    Path requireLast() {
        if (!Files.exists(last())) {
            if (Files.exists(new TuneFolder(folder).state())) {
                throw new Failure(Exit.BAD_DATA, folder + ": expected the folder of a training. Received: that of a tuning, which"
                        + " is resumed by tune --resume " + folder);
            }
            throw new Failure(Exit.BAD_DATA, folder + ": there is nothing to resume from: " + (Files.exists(fold(1))
                    ? "it is of a cross-validation, which cannot be resumed. Begin it again, with --force"
                    : Files.exists(config())
                    ? "this training had not yet saved its state in " + last() + ". Begin it again, with --force"
                    : "it has no " + last().getFileName() + ", so it is no folder of --run. Check the name"));
        }
        return last();
    }

    // --------------------------------------------------------------------------------------------------- one writer

    /**
     * Makes sure that nobody else writes to the folder, which exists, until this is closed; and removes what a killed process left
     * there.
     *
     * @throws Failure if another process or thread writes to it, or if it holds links or the like
     */
    void open() throws IOException {
        requireOwnFiles();
        if (lock == null) {
            lock = LockFile.tryLock(folder.resolve(LOCK)).orElseThrow(() -> new Failure(Exit.FAILED, folder
                    + ": another command is writing to this folder. Wait until it ends, or choose another folder"));
        }
        WholeFile.removeDrafts(folder);
    }

    /** Lets others write to the folder. */
    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    /**
     * Refuses a folder in which a file of a run is a link, or a pipe: it may come from anybody, and what is read and written by
     * these names must be in it.
     */
    private void requireOwnFiles() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                boolean isFile = Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                        || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                if (!isFile && isOwn(entry)) {
                    throw new Failure(Exit.BAD_DATA, entry + ": expected a file that a training writes. Received: "
                            + (Files.isSymbolicLink(entry) ? "a link" : "a pipe, socket or device")
                            + ", which may lead out of this folder. Remove it");
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Whether a training, a cross-validation or a tuning writes a file or folder of this name. */
    private boolean isOwn(Path entry) {
        return ownFiles().contains(entry) || eventFolders().contains(entry)
                || FOLD.matcher(entry.getFileName().toString()).matches();
    }

    /** What may be there of an earlier training, cross-validation or tuning, but for folds and events. */
    private List<Path> ownFiles() {
        List<Path> own = new ArrayList<>(files());
        own.add(model());
        own.addAll(new TuneFolder(folder).files());
        return own;
    }

    private List<Path> eventFolders() {
        return List.of(folder.resolve("train"), folder.resolve("validation"));
    }

    /**
     * Checks before long work that the folder can be created, or is empty, or may be written over.
     *
     * @param read what the same command reads
     */
    void requirePlace(CommandSpec spec, boolean force, List<Path> read) throws IOException {
        Path place = WholeFile.place(folder);
        for (Path file : read) {
            if (place.equals(WholeFile.place(file).getParent()) && isOwn(folder.resolve(file.getFileName()))) {
                throw Usage.invalid(spec, "--run", file + " lies there, and would be replaced. Take another folder");
            }
        }
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw Usage.invalid(spec, "--run", folder + " exists and is no folder. Take another name");
            }
            if (!force && !isEmpty()) {
                throw Usage.invalid(spec, "--run", folder + " is not empty. Take another name, or --force to replace what is in"
                        + " it" + (Files.exists(last()) ? "; `train --resume " + folder + "` resumes the training there"
                        : Files.exists(new TuneFolder(folder).state()) ? "; `tune --resume " + folder + "` resumes the tuning"
                            + " there" : ""));
            }
            open();
        }
        Path above = folder.toAbsolutePath();
        while (!Files.exists(above)) {
            above = above.getParent();
        }
        if (!Files.isDirectory(above) || !Files.isWritable(above)) {
            throw Usage.invalid(spec, "--run", above + " is no folder that may be written to");
        }
    }

    /** But for what a killed process may have left. */
    private boolean isEmpty() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder,
                entry -> !entry.getFileName().toString().equals(LOCK))) {
            return !entries.iterator().hasNext();
        }
    }

    /** Checks before long work that a model can be written into a file, which may lie in a folder that is made in time. */
    static void requirePlace(CommandSpec spec, String option, Path file, Optional<Path> run, boolean force) throws IOException {
        Path in = file.toAbsolutePath().getParent();
        boolean inRun = run.isPresent() && in != null && WholeFile.place(in).equals(WholeFile.place(run.get()));
        if (!inRun || Files.exists(run.get())) {
            Usage.requirePlace(spec, option, file, force);
        }
    }

    /**
     * Creates the folder for this writer alone.
     *
     * @param force whether what an earlier training, cross-validation or tuning left there is removed, as none of it is of this
     *              one
     */
    void create(boolean force) throws IOException {
        Files.createDirectories(folder);
        open();
        if (force) {
            Files.deleteIfExists(last()); // first: without it, nobody resumes what is half removed
            for (Path own : ownFiles()) {
                Files.deleteIfExists(own);
            }
            removeEvents();
            try (DirectoryStream<Path> folds = Files.newDirectoryStream(folder, entry ->
                    FOLD.matcher(entry.getFileName().toString()).matches())) {
                for (Path fold : folds) {
                    Files.delete(fold);
                }
            }
        }
    }

    /**
     * Creates the folder, with the options in it; returns who writes numbers into it as they come.
     *
     * @param columns of the table that is trained on; empty for images
     */
    List<Callback> begin(Map<String, ?> settings, Optional<ColumnTable> columns, boolean force) throws IOException {
        create(force);
        ConfigFile.write(config(), force, settings);
        if (columns.isPresent()) {
            columns.get().write(columns(), force);
        }
        return List.of(new CSVLogger(log()).overwrite(force), new TensorBoard(folder));
    }

    /** Creates the folder, with the options in it, for the models of a cross-validation. */
    void beginFolds(Map<String, ?> settings, boolean force) throws IOException {
        create(force);
        ConfigFile.write(config(), force, settings);
    }

    /** The model of a fold, counted from 1. */
    Path fold(int number) {
        return folder.resolve("fold-" + number + ".beras");
    }

    /**
     * Writes the options once more, which may have more epochs; returns who writes further numbers into the folder.
     *
     * @param made the epochs so far
     */
    List<Callback> resume(Map<String, ?> settings, List<Logs> made) throws IOException {
        ConfigFile.write(config(), true, settings);
        Files.deleteIfExists(summary()); // how it ends is open again
        Files.deleteIfExists(report());
        return List.of(new CSVLogger(log()).overwrite(true).startWith(made), new TensorBoard(folder));
    }

    /** Whether it is told how the training ended. */
    boolean isConcluded(boolean withReport) {
        return Files.exists(summary()) && (!withReport || Files.exists(report()));
    }

    /** TensorBoard would show those of an earlier training along with the new ones. Those of other programs stay. */
    private void removeEvents() throws IOException {
        for (Path own : eventFolders()) {
            if (Files.isDirectory(own, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> events = Files.newDirectoryStream(own, "events.out.tfevents.*.beras.*")) {
                    for (Path event : events) {
                        if (Files.isRegularFile(event)) {
                            Files.delete(event);
                        }
                    }
                }
                try {
                    Files.delete(own);
                } catch (DirectoryNotEmptyException e) {
                    // Others have something there.
                }
            }
        }
    }
}
