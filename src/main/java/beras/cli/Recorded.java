package beras.cli;

import beras.files.FileFailure;
import beras.saving.SavedModel;
import beras.tables.TableOrigin;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What the file of a training or a tuning tells of how it was begun. A file may come from anybody: its options decide what is
 * computed, and where it wrote is shown to whoever resumes it, but nothing is written there unless the command line says so.
 *
 * @param file    that tells it
 * @param options that were given
 * @param places  where it wrote outside of its folder, by option
 * @param hashes  of the data, and of the weights that it began with
 */
record Recorded(Path file, Map<String, String> options, Map<String, String> places, Map<String, String> hashes) {

    /** In the provenance of a model. */
    static final String OPTIONS = "options";
    /** In the provenance of a model. */
    static final String PLACES = "places";

    private static final String[] HASHES = {TableOrigin.DATA_HASH, TableOrigin.VALIDATION_HASH, TrainOptions.INIT_HASH};
    /** Options that may change when a training is resumed: data may be moved, as their hash is known, and epochs added. */
    private static final String[] MAY_CHANGE = {"data", "validation-data", "epochs"};

    /**
     * What a model file tells.
     *
     * @throws Failure if it is not what {@code train} writes
     */
    static Recorded of(Path file, SavedModel saved) {
        Map<String, String> provenance = saved.provenance();
        return of(file, texts(file, provenance.get(OPTIONS)), texts(file, provenance.get(PLACES)), provenance);
    }

    static Recorded of(Path file, Map<String, String> options, Map<String, String> places, Map<String, String> provenance) {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (String hash : HASHES) {
            if (provenance.containsKey(hash)) {
                hashes.put(hash, provenance.get(hash));
            }
        }
        return new Recorded(file, options, places, hashes);
    }

    private static Map<String, String> texts(Path file, String json) {
        Map<String, String> texts = new LinkedHashMap<>();
        try {
            JsonParser.parseString(json == null ? "{}" : json).getAsJsonObject().asMap()
                    .forEach((name, value) -> texts.put(name, value.getAsString()));
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            throw new Failure(Exit.BAD_DATA, file + ": expected options as the JSON of an object. Received: " + FileFailure.ofJson(e));
        }
        return texts;
    }

    /**
     * Takes over the options that the command line does not give.
     *
     * @throws Failure if there is one that is never recorded
     */
    void apply(CommandSpec spec) {
        for (String name : options.keySet()) {
            if (!TrainOptions.isRecorded(name)) {
                throw new Failure(Exit.BAD_DATA, file + ": expected options that decide what is computed. Received: \"" + name
                        + "\", which is taken from the command line alone. The file was not written by BERAS, or was changed");
            }
        }
        ConfigFile.apply(file, options, spec);
    }

    /** Refuses to resume without a place that was given at the beginning. */
    void requireGiven(CommandSpec spec, String option, Path given) {
        String place = places.get(option);
        if (given == null && place != null) {
            throw Usage.invalid(spec, "--" + option, file + " was written with --" + option + " " + place + ", and no file decides"
                    + " where to write. Give it again, or another place");
        }
    }

    /** Whether a model is of this training or tuning: the same options and data give the same weights. */
    boolean isOf(SavedModel model) {
        Recorded other;
        try {
            other = of(file, model);
        } catch (Failure e) {
            return false;
        }
        return model.provenance().containsKey(OPTIONS) && hashes.containsKey(TableOrigin.DATA_HASH)
                && other.hashes.equals(hashes) && fixed(other.options).equals(fixed(options));
    }

    private static Map<String, String> fixed(Map<String, String> options) {
        Map<String, String> fixed = new LinkedHashMap<>(options);
        for (String option : MAY_CHANGE) {
            fixed.remove(option);
        }
        return fixed;
    }
}
