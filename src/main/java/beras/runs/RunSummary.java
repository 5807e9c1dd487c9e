package beras.runs;

import beras.compute.Compute;
import beras.data.DataException;
import beras.models.TestEvaluation;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.saving.Version;
import beras.tensor.Variable;
import beras.training.Logs;
import beras.training.Outcome;
import beras.training.Training;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code summary.json} of a run: its ending, its results, and all that repeating it takes. */
public final class RunSummary {

    static final String ENDING = "ending";
    static final String OUTCOME = "outcome";
    static final String KEPT = "kept_epoch";
    static final String VALUES = "values";
    static final String SECONDS = "seconds";
    static final String WEIGHTS = "weights_crc32";
    static final String FACTS = "facts";
    static final String RECIPE = "recipe";
    static final String PROVENANCE = "provenance";
    static final String COMMAND = "command";

    /**
     * Writes it.
     *
     * @param outcome in a sentence
     * @param epoch   whose weights the model has, from 1; empty if they are of none
     * @param values  of these weights; none if they were not measured
     * @param model   with its recipe and provenance
     * @param file    of the model; empty if none was kept
     * @param command that repeats the training
     */
    public static void write(RunFolder folder, Outcome.Kind kind, String outcome, OptionalInt epoch, Map<String, Double> values,
            SavedModel model, Optional<Path> file, String command) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        if (file.isPresent()) {
            facts.putAll(facts(model));
            facts.put(RunRecord.MODEL, file.get().toString());
            facts.put(RunRecord.BYTES, Long.toString(Files.size(file.get())));
        }
        facts.put("version", Version.get());
        facts.put("Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        facts.put("kernels", Compute.describe());
        facts.put("threads", Integer.toString(Compute.threads()));
        facts.put(RunRecord.ENDED, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        Json.write(folder.summary(), true, Json.object(ENDING, kind.name().toLowerCase(Locale.ROOT), OUTCOME, outcome,
                KEPT, epoch.isPresent() ? epoch.getAsInt() : null, VALUES, values, SECONDS, seconds(model), WEIGHTS,
                checksums(model), FACTS, facts, RECIPE, recipe(model), PROVENANCE, provenance(model), COMMAND, command));
    }

    /**
     * The metrics of a model on its test, else its validation examples, if the summary of the folder belongs to exactly these
     * weights; else empty.
     *
     * @throws DataException if the summary is not in the form that a training run writes
     */
    public static Map<String, Double> measured(RunFolder folder, SavedModel model) throws IOException {
        if (!Files.isRegularFile(folder.summary(), LinkOption.NOFOLLOW_LINKS)) {
            return Map.of();
        }
        return Json.read(folder.summary(), RunReader.WRITTEN, all -> {
            Map<String, Double> measured = new LinkedHashMap<>();
            JsonElement hash = Json.value(all, FACTS).getAsJsonObject().get(RunRecord.HASH);
            if (hash != null && hash.getAsString().equals(ModelFile.weightsSha256(model.model()))) {
                Json.value(all, VALUES).getAsJsonObject().asMap().forEach((name, value) -> measured.put(name, Json.number(value)));
            }
            String kind = measured.keySet().stream().anyMatch(name -> name.startsWith(TestEvaluation.TEST)) ? TestEvaluation.TEST
                    : Training.VALIDATION;
            measured.keySet().removeIf(name -> !name.startsWith(kind));
            return measured;
        });
    }

    // --------------------------------------------------------------------------- what a model says without a summary

    /** The provenance without the options, which a run keeps in a separate file. */
    public static Map<String, String> provenance(SavedModel saved) {
        Map<String, String> provenance = new LinkedHashMap<>(saved.provenance());
        provenance.keySet().removeAll(List.of(RunOrigin.OPTIONS, RunOrigin.PLACES)); // options are in a separate file
        return provenance;
    }

    static Map<String, String> recipe(SavedModel saved) {
        return saved.recipe().map(recipe -> recipe.config().settings()).orElse(Map.of());
    }

    /** How long training took in each epoch; none of a model without the state of its training. */
    private static List<Double> seconds(SavedModel saved) {
        return saved.trainingState().map(state -> state.history().stream().map(Logs::seconds).toList()).orElse(List.of());
    }

    /** The checksums of the weights after each epoch; none of a model without the state of its training. */
    private static List<String> checksums(SavedModel saved) {
        return saved.trainingState().map(state -> state.history().stream().flatMap(logs -> logs.weights().stream()).toList()).orElse(List.of());
    }

    static Map<String, String> facts(SavedModel saved) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(RunRecord.WEIGHTS, Long.toString(saved.model().weights().stream().mapToLong(Variable::size).sum()));
        facts.put(RunRecord.HASH, ModelFile.weightsSha256(saved.model()));
        return facts;
    }

    private RunSummary() {}
}
