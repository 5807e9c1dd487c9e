package beras.runs;

import beras.data.DataException;
import beras.files.WholeFile;
import beras.tables.TrialResult;
import beras.tables.TrialSettings;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The files of a tuning in the {@link RunFolder} of its run, besides its model. */
public final class TuneFolder {

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

    private final Path folder;

    /** Of the folder at this path, which need not exist yet. */
    public TuneFolder(Path folder) {
        this.folder = Objects.requireNonNull(folder, "folder");
    }

    /** What is needed to resume it. */
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
     * What was saved to resume from.
     *
     * @throws DataException if there is something else in the file
     */
    public TuneState read() throws IOException {
        try {
            return TuneState.of(JsonParser.parseString(WholeFile.readString(state())).getAsJsonObject());
        } catch (CharacterCodingException e) {
            throw Json.notWritten(state(), "tune", "bytes that are no UTF-8");
        } catch (RuntimeException e) { // of gson, for whatever is not as it should be
            throw Json.notWritten(state(), "tune", e.getMessage());
        }
    }

    /** Saves what is needed to resume. */
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
     * @param number what is compared
     */
    public void writeTrials(List<TrialSettings> trials, List<Integer> rungs, String number, List<TrialResult> results, boolean overwrite)
            throws IOException {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            List<Object> header = new ArrayList<>(List.of("trial", "learning_rate", "layers", "dropout", "weight_decay",
                    "batch_size"));
            rungs.forEach(epochs -> header.add(number + "_" + epochs));
            header.addAll(List.of("best_epoch", "diverged"));
            printer.printRecord(header);
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
                row.add(bestEpoch);
                row.add(diverged);
                printer.printRecord(row);
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        WholeFile.write(trials(), overwrite, out -> out.write(bytes));
    }

    private static TrialResult find(List<TrialResult> results, int trial, int epochs) {
        for (TrialResult result : results) {
            if (result.trial() == trial && result.epochs() == epochs) {
                return result;
            }
        }
        return null;
    }
}
