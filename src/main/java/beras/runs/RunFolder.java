package beras.runs;

import beras.config.SettingException;
import beras.data.DataException;
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
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The folder of a run: a training run, a cross-validation or a tuning. A training run leaves its options there, the columns of
 * its table, its metrics by epoch, events for TensorBoard, the model, the best so far, the state from which it can be resumed,
 * how it ended, and a report of all that; a tuning the best settings so far as options, its trials, and its state.
 *
 * <p>One process or thread writes to a folder at a time, from {@link #open} or {@link #create} until {@link #close}. Files of other
 * programs in the folder stay as they are.
 */
public final class RunFolder implements AutoCloseable {

    /** Who writes to the folder holds this. */
    private static final String LOCK = ".beras.lock";
    private static final Pattern FOLD = Pattern.compile("fold-[0-9]+\\.beras");

    /** The kind of a run. */
    public enum Kind {
        /** There is no such folder. */
        NONE,
        /** One training run, which may not have saved its state yet. */
        TRAINING,
        /** A cross-validation. */
        CROSS_VALIDATION,
        /** A tuning. */
        TUNING,
        /** Neither of these. */
        OTHER
    }

    static final String CONFIG = "config.json";
    /** The name of the model, unless it is saved elsewhere. */
    public static final String MODEL = "model.beras";

    private static final String LOG = "log.csv";
    private static final String COLUMNS = "columns.csv";
    private static final String SUMMARY = "summary.json";
    private static final String REPORT = "report.html";

    private final Path folder;
    private LockFile lock; // null: not held

    /** The folder at this path, which need not exist yet. */
    public RunFolder(Path folder) {
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    /** The state of the training when it was last saved. */
    public Path last() {
        return folder.resolve("last.beras");
    }

    /** The model after the epoch that was the best so far. */
    public Path best() {
        return folder.resolve("best.beras");
    }

    /** The model, unless it is saved elsewhere. */
    public Path model() {
        return folder.resolve(MODEL);
    }

    /** The options that were given. */
    public Path config() {
        return folder.resolve(CONFIG);
    }

    /** The numbers of each epoch. */
    public Path log() {
        return folder.resolve(LOG);
    }

    /** The columns of a table, with the type of each. */
    public Path columns() {
        return folder.resolve(COLUMNS);
    }

    /** How the training run ended, and its cost. */
    public Path summary() {
        return folder.resolve(SUMMARY);
    }

    /** The page that shows all of this. */
    public Path report() {
        return folder.resolve(REPORT);
    }

    /** The state from which a tuning is resumed. */
    public Path state() {
        return folder.resolve("tuning.json");
    }

    /** All trials of a tuning, a line each. */
    public Path trials() {
        return folder.resolve("trials.csv");
    }

    /** The folder itself. */
    public Path path() {
        return folder;
    }

    /** Its path. */
    @Override
    public String toString() {
        return folder.toString();
    }

    /** All files that runs of any kind write here besides models of their results, and events. */
    public List<Path> files() {
        return List.of(best(), last(), log(), config(), columns(), summary(), report(), state(), trials());
    }

    /** The kind of the run in the folder. */
    public Kind kind() {
        if (!Files.isDirectory(folder)) {
            return Kind.NONE;
        }
        return Files.exists(state()) ? Kind.TUNING : Files.exists(fold(1)) ? Kind.CROSS_VALIDATION
                : Files.exists(last()) || Files.exists(config()) ? Kind.TRAINING : Kind.OTHER;
    }

    // --------------------------------------------------------------------------------------------------- one writer

    /**
     * Locks the folder, which exists, until this is closed, and removes the drafts of killed processes.
     *
     * @throws FileSystemException if another process or thread writes to it
     * @throws DataException as {@link #requireOwnFiles}
     */
    public void open() throws IOException {
        requireOwnFiles();
        if (lock == null) {
            lock = LockFile.tryLock(folder.resolve(LOCK)).orElseThrow(() -> new FileSystemException(folder.toString(), null,
                    "another command is writing to this folder. Wait until it ends, or choose another folder"));
        }
        WholeFile.removeDrafts(folder);
    }

    /** Lets others write to the folder. */
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    /**
     * Rejects a folder in which a file of a run is a link, a pipe or the like: the folder may come from anybody, and files read
     * and written by these names must be in it.
     *
     * @throws DataException if there is one, naming it
     */
    public void requireOwnFiles() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                boolean isFile = Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                        || Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                if (!isFile && isOwn(entry)) {
                    throw new DataException(entry + ": expected a file that a training writes. Received: "
                            + (Files.isSymbolicLink(entry) ? "a link" : "a pipe, socket or device")
                            + ", which may lead out of this folder. Remove it");
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** Whether a training run, a cross-validation or a tuning writes a file or folder of this name. */
    private boolean isOwn(Path entry) {
        return ownFiles().contains(entry) || eventFolders().contains(entry)
                || FOLD.matcher(entry.getFileName().toString()).matches();
    }

    /** The possible files of an earlier training run, cross-validation or tuning, except for folds and events. */
    private List<Path> ownFiles() {
        List<Path> own = new ArrayList<>(files());
        own.add(model());
        return own;
    }

    private List<Path> eventFolders() {
        return List.of(folder.resolve("train"), folder.resolve("validation"));
    }

    /**
     * Checks before long work that the folder can be created, is empty, or has contents that may be replaced; in the last two
     * cases it is locked from then on.
     *
     * @param replace whether the contents of the folder may be replaced
     * @param read    files that are read meanwhile, which must not be among the replaced ones
     * @throws SettingException of {@code run}, if one of these is, the folder cannot be created, is something else than a folder, or
     *     has contents that may not be replaced
     * @throws FileSystemException as {@link #open}
     */
    public void requirePlace(boolean replace, List<Path> read) throws IOException {
        Path place = WholeFile.place(folder);
        for (Path file : read) {
            if (place.equals(WholeFile.place(file).getParent()) && isOwn(folder.resolve(file.getFileName()))) {
                throw taken(file + " lies there, and would be replaced. Take another folder");
            }
        }
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw taken(folder + " exists and is no folder. Take another name");
            }
            if (!replace && !isEmpty()) {
                throw taken(folder + " is not empty. Take another name, `force` to replace what is in it, or `resume` to resume what was"
                        + " begun there");
            }
        }
        Path above = folder.toAbsolutePath();
        while (!Files.exists(above)) {
            above = above.getParent();
        }
        if (!Files.isDirectory(above) || !Files.isWritable(above)) {
            throw taken(above + " is no folder that may be written to");
        }
        if (Files.exists(folder)) {
            open();
        }
    }

    private static SettingException taken(String problem) {
        return new SettingException("run", problem);
    }

    /** Ignores drafts that a killed process may have left. */
    private boolean isEmpty() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder,
                entry -> !entry.getFileName().toString().equals(LOCK))) {
            return !entries.iterator().hasNext();
        }
    }

    /**
     * Creates the folder for this writer alone.
     *
     * @param replace whether files of an earlier training run, cross-validation or tuning are removed, as none of them belongs
     *     to this run
     */
    public void create(boolean replace) throws IOException {
        Files.createDirectories(folder);
        open();
        if (replace) {
            Files.deleteIfExists(last()); // first: without it, nobody resumes a half-removed run
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
     * Creates the folder, with the options in it.
     *
     * @param columns of the table that is trained on, below their header; empty for other data
     * @param replace as of {@link #create}
     * @return the callbacks that write the metrics of each epoch into it
     */
    public List<Callback> begin(Map<String, ?> settings, List<List<String>> columns, boolean replace) throws IOException {
        beginFolds(settings, replace);
        if (!columns.isEmpty()) {
            WholeFile.write(columns(), replace, out -> Csv.write(out, columns));
        }
        return List.of(new CSVLogger(log()).overwrite(replace), new TensorBoard(folder));
    }

    /** Creates the folder, with the options in it, for the models of a cross-validation. */
    public void beginFolds(Map<String, ?> settings, boolean replace) throws IOException {
        create(replace);
        Json.write(config(), replace, settings);
    }

    /** The model of a fold, counted from 1. */
    public Path fold(int number) {
        return folder.resolve("fold-" + number + ".beras");
    }

    /**
     * Writes the options again, which may have more epochs.
     *
     * @param made the epochs so far
     * @return the callbacks that write the metrics of further epochs into the folder
     */
    public List<Callback> resume(Map<String, ?> settings, List<Logs> made) throws IOException {
        Json.write(config(), true, settings);
        Files.deleteIfExists(summary()); // how it ends is open again
        Files.deleteIfExists(report());
        return List.of(new CSVLogger(log()).overwrite(true).startWith(made), new TensorBoard(folder));
    }

    /** TensorBoard would show the events of an earlier run along with the new ones. Events of other programs stay. */
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
