package beras.runs;

import beras.tables.TrialResult;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is needed to resume a tuning.
 *
 * @param options  that were given
 * @param places   where it writes outside of its folder, by option
 * @param data     what shows whether the data are the same
 * @param finished whether nothing is left to do
 * @param results  of the trials so far
 */
public record TuneState(Map<String, String> options, Map<String, String> places, Map<String, String> data, boolean finished,
        List<TrialResult> results) {

    public TuneState {
        results = List.copyOf(results);
    }

    /**
     * What {@link TuneFolder#write} has written.
     *
     * @throws RuntimeException if it is something else
     */
    static TuneState of(JsonObject fields) {
        List<TrialResult> results = new ArrayList<>();
        for (JsonElement element : fields.getAsJsonArray("results")) {
            JsonObject each = element.getAsJsonObject();
            JsonElement value = each.get("value");
            results.add(new TrialResult(each.get("trial").getAsInt(), each.get("epochs").getAsInt(),
                    value.isJsonNull() ? Double.NaN : value.getAsDouble(), each.get("best_epoch").getAsInt()));
        }
        return new TuneState(RunOrigin.texts(fields.getAsJsonObject("options")), RunOrigin.texts(fields.getAsJsonObject("places")),
                RunOrigin.texts(fields.getAsJsonObject("data")), fields.get("finished").getAsBoolean(), results);
    }
}
