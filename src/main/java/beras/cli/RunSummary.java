package beras.cli;

import beras.compute.Compute;
import beras.config.Config;
import beras.report.RunRecord;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Variable;
import beras.training.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code summary.json} of a run: how its training ended, what came of it, and all that it takes to repeat it. */
final class RunSummary {

    static final String ENDING = "ending";
    static final String OUTCOME = "outcome";
    static final String KEPT = "kept_epoch";
    static final String VALUES = "values";
    static final String PHASES = "phases";
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
     * @param phases  how many seconds were spent on what
     * @param model   with its recipe and provenance
     * @param file    of the model; empty if none was kept
     * @param options that were given
     */
    static void write(RunFolder folder, Outcome.Kind kind, String outcome, OptionalInt epoch, Map<String, Double> values,
            Map<String, Double> phases, SavedModel model, Optional<Path> file, Map<String, ?> options) throws IOException {
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
        Map<String, String> provenance = provenance(model);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put(ENDING, kind.name().toLowerCase(Locale.ROOT));
        summary.put(OUTCOME, outcome);
        summary.put(KEPT, epoch.isPresent() ? epoch.getAsInt() : null);
        summary.put(VALUES, values);
        summary.put(PHASES, phases);
        summary.put(FACTS, facts);
        summary.put(RECIPE, recipe(model));
        summary.put(PROVENANCE, provenance);
        summary.put(COMMAND, command(options, provenance, folder));
        ConfigFile.write(folder.summary(), true, summary);
    }

    // --------------------------------------------------------------------------- what a model tells without a summary

    static Map<String, String> provenance(SavedModel saved) {
        Map<String, String> provenance = new LinkedHashMap<>(saved.provenance());
        provenance.keySet().removeAll(List.of(Recorded.OPTIONS, Recorded.PLACES)); // options have a place of their own
        return provenance;
    }

    static Map<String, String> recipe(SavedModel saved) {
        Map<String, String> settings = new LinkedHashMap<>();
        saved.recipe().ifPresent(recipe -> recipe.config().values().forEach((setting, value) -> flatten(setting, value,
                settings)));
        return settings;
    }

    private static void flatten(String path, Object value, Map<String, String> into) {
        if (value instanceof Config config) {
            into.put(path, config.type());
            config.values().forEach((setting, inner) -> flatten(path + "." + setting, inner, into));
        } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Config) {
            for (int i = 0; i < list.size(); i++) {
                flatten(path + "." + (i + 1), list.get(i), into);
            }
        } else if (value != null && !List.of().equals(value)) {
            into.put(path, String.valueOf(value));
        }
    }

    static Map<String, String> facts(SavedModel saved) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(RunRecord.WEIGHTS, Long.toString(saved.model().weights().stream().mapToLong(Variable::size).sum()));
        facts.put(RunRecord.HASH, ModelFile.weightsSha256(saved.model()));
        return facts;
    }

    /** The command that repeats a training, into a folder beside its own. */
    static String command(Map<String, ?> options, Map<String, String> provenance, RunFolder folder) {
        StringBuilder command = new StringBuilder("train");
        options.forEach((option, value) -> command.append(value instanceof Boolean isOn ? " --" + option + (isOn ? "" : "=false")
                : argument(option, value.toString())));
        Optional.ofNullable(provenance.get(TrainOptions.INIT)).ifPresent(file -> command.append(argument(TrainOptions.INIT,
                file)));
        return Text.command(command + argument("run", folder + "-again"));
    }

    /** What looks like an option itself needs an equals sign before it. */
    private static String argument(String option, String value) {
        return " --" + option + (value.startsWith("-") && value.length() > 1 ? "=" : " ") + Text.quote(value);
    }

    private RunSummary() {}
}
