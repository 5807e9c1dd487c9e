package beras.runs;

import beras.tables.TrialResult;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
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

    /** Reads the form that {@link TuneFolder#write} writes; Gson throws on any other. */
    static TuneState of(JsonObject fields) {
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
}
