package beras.runs;

import beras.data.DataException;
import beras.files.WholeFile;
import beras.tables.TrialResult;
import beras.tables.TrialSettings;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The state from which a tuning can be resumed.
 *
 * @param options  that were given
 * @param places   where it writes outside of its folder, by option
 * @param data     the fingerprint of the data
 * @param finished whether nothing is left to do
 * @param results  of the trials so far
 */
public record TuneState(Map<String, String> options, Map<String, String> places, Map<String, String> data, boolean finished,
        List<TrialResult> results) {

    public TuneState {
        results = List.copyOf(results);
    }

    /**
     * Reads a state.
     *
     * @throws DataException if there is something else in the file
     */
    public static TuneState read(Path file) throws IOException {
        return Json.read(file, "what tune has written", TuneState::of);
    }

    /** Saves this state. */
    public void write(Path file, boolean overwrite) throws IOException {
        Json.write(file, overwrite, this);
    }

    /** Reads the form that {@link #write} writes; Gson throws on any other. */
    private static TuneState of(JsonObject fields) {
        List<TrialResult> results = new ArrayList<>();
        for (JsonElement element : Json.value(fields, "results").getAsJsonArray()) {
            JsonObject each = element.getAsJsonObject();
            results.add(new TrialResult(Json.value(each, "trial").getAsInt(), Json.value(each, "epochs").getAsInt(),
                    Json.number(Json.value(each, "value")), Json.value(each, "best_epoch").getAsInt()));
        }
        return new TuneState(texts(fields, "options"), texts(fields, "places"), texts(fields, "data"),
                Json.value(fields, "finished").getAsBoolean(), results);
    }

    private static Map<String, String> texts(JsonObject fields, String name) {
        return RunOrigin.texts(Json.value(fields, name).getAsJsonObject());
    }

    /**
     * Writes all trials, a line each.
     *
     * @param rungs  the numbers of epochs after which trials are compared
     * @param number the name of the compared metric
     */
    public static void writeTrials(Path file, List<TrialSettings> trials, List<Integer> rungs, String number, List<TrialResult> results,
            boolean overwrite) throws IOException {
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
        WholeFile.write(file, overwrite, out -> Csv.write(out, rows));
    }

    private static TrialResult find(List<TrialResult> results, int trial, int epochs) {
        return results.stream().filter(result -> result.trial() == trial && result.epochs() == epochs).findFirst().orElse(null);
    }
}
