package beras.runs;

import beras.data.DataException;
import beras.saving.SavedModel;
import beras.tables.TableOrigin;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a training run or a tuning was begun, as its file records. A file may come from anybody: its options decide what is
 * computed, and its output places are shown to the user who resumes it, but no file decides where output is written.
 *
 * @param file    that records it
 * @param options that were given, by name
 * @param places  where it wrote outside of its folder, by option
 * @param hashes  of the data, and of the weights that it began with, by their names in the provenance
 */
public record RunOrigin(Path file, Map<String, String> options, Map<String, String> places, Map<String, String> hashes) {

    /** In the provenance of a model: the file whose weights it began with. */
    public static final String INIT = "init";
    /** In the provenance of a model: the SHA-256 of these weights. */
    public static final String INIT_HASH = INIT + "_sha256";

    /** In the provenance of a model: its options, as JSON. */
    public static final String OPTIONS = "options";
    /** In the provenance of a model: its places, as JSON. */
    public static final String PLACES = "places";

    private static final List<String> HASHES = List.of(TableOrigin.DATA_HASH, TableOrigin.VALIDATION_HASH, INIT_HASH);
    /** Options that may change when a training run is resumed: data may be moved, as their hash is recorded, and epochs added. */
    private static final List<String> MAY_CHANGE = List.of("data", "validation-data", "epochs");

    /**
     * From options and places, with the hashes of a provenance.
     *
     * @param provenance of a model
     */
    public static RunOrigin of(Path file, Map<String, String> options, Map<String, String> places,
            Map<String, String> provenance) {
        Map<String, String> hashes = new LinkedHashMap<>(provenance);
        hashes.keySet().retainAll(HASHES);
        return new RunOrigin(file, options, places, hashes);
    }

    /**
     * The origin recorded in the provenance of a model.
     *
     * @throws DataException if it is not in the form that {@link #put} writes
     */
    public static RunOrigin of(Path file, SavedModel saved) throws DataException {
        Map<String, String> provenance = saved.provenance();
        return of(file, texts(file, provenance.get(OPTIONS)), texts(file, provenance.get(PLACES)), provenance);
    }

    private static Map<String, String> texts(Path file, String json) throws DataException {
        return Json.parse(file, "options as the JSON of an object", json == null ? "{}" : json, RunOrigin::texts);
    }

    /** The values of an object; Gson throws if one is an object, an array or null. */
    static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.asMap().forEach((name, value) -> texts.put(name, value.getAsString()));
        return texts;
    }

    /**
     * Puts options and places into a provenance, from which {@link #of(Path, SavedModel)} reads them.
     *
     * @param options booleans, numbers and texts
     */
    public static void put(Map<String, ?> options, Map<String, String> places, Map<String, String> provenance)
            throws IOException {
        provenance.put(OPTIONS, Json.text(options));
        if (!places.isEmpty()) {
            provenance.put(PLACES, Json.text(places));
        }
    }

    /** Whether a model records how its training was begun. */
    public static boolean isIn(SavedModel saved) {
        return saved.provenance().containsKey(OPTIONS);
    }

    /** Whether a model is of this training or tuning: the same options and data give the same weights. */
    public boolean isOf(SavedModel model) {
        RunOrigin other;
        try {
            other = of(file, model);
        } catch (DataException e) {
            return false;
        }
        return isIn(model) && hashes.containsKey(TableOrigin.DATA_HASH) && other.hashes.equals(hashes)
                && fixed(other.options).equals(fixed(options));
    }

    private static Map<String, String> fixed(Map<String, String> options) {
        Map<String, String> fixed = new LinkedHashMap<>(options);
        fixed.keySet().removeAll(MAY_CHANGE);
        return fixed;
    }
}
