package beras.runs;

import beras.data.DataException;
import beras.files.WholeFile;
import beras.tables.TrialResult;
import beras.tables.TrialSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The files of a tuning in the {@link RunFolder} of its run, besides its model. */
public final class TuneFolder {

    private final Path folder;

    /** The folder at this path, which need not exist yet. */
    public TuneFolder(Path folder) {
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    /** The state to resume from. */
    public Path state() {
        return folder.resolve("tuning.json");
    }

    /** All trials, a line each. */
    public Path trials() {
        return folder.resolve("trials.csv");
    }

    /** The best settings so far, for {@code train}. */
    public Path config() {
        return folder.resolve(RunFolder.CONFIG);
    }

    /** All files that are written here besides the model. */
    public List<Path> files() {
        return List.of(state(), trials(), config());
    }

    /**
     * Reads the state to resume from.
     *
     * @throws DataException if there is something else in the file
     */
    public TuneState read() throws IOException {
        return Json.read(state(), "what tune has written", TuneState::of);
    }

    /** Saves the state to resume from. */
    public void write(TuneState state, boolean overwrite) throws IOException {
        Json.write(state(), overwrite, state);
    }

    /** Writes the best settings. */
    public void writeConfig(Map<String, ?> settings, boolean overwrite) throws IOException {
        Json.write(config(), overwrite, settings);
    }

    /**
     * Writes all trials.
     *
     * @param rungs  the numbers of epochs after which trials are compared
     * @param number the name of the compared metric
     */
    public void writeTrials(List<TrialSettings> trials, List<Integer> rungs, String number, List<TrialResult> results, boolean overwrite)
            throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        List<Object> header = new ArrayList<>(List.of("trial", "learning_rate", "layers", "dropout", "weight_decay", "batch_size"));
        rungs.forEach(epochs -> header.add(number + "_" + epochs));
        header.addAll(List.of("best_epoch", "diverged"));
        rows.add(header);
        for (int trial = 0; trial < trials.size(); trial++) {
            TrialSettings settings = trials.get(trial);
            List<Object> row = new ArrayList<>(List.of(trial, settings.learningRate(), settings.layers(), settings.dropout(),
                    settings.weightDecay(), settings.batchSize()));
            Object bestEpoch = "";
            boolean diverged = false;
            for (int epochs : rungs) {
                TrialResult result = find(results, trial, epochs);
                row.add(result == null || result.diverged() ? "" : result.value());
                if (result != null) {
                    bestEpoch = result.diverged() ? "" : result.bestEpoch() + 1; // as printed
                    diverged = result.diverged();
                }
            }
            row.addAll(List.of(bestEpoch, diverged));
            rows.add(row);
        }
        WholeFile.write(trials(), overwrite, out -> Csv.write(out, rows));
    }

    private static TrialResult find(List<TrialResult> results, int trial, int epochs) {
        return results.stream().filter(result -> result.trial() == trial && result.epochs() == epochs).findFirst().orElse(null);
    }
}
