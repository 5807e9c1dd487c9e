package beras.cli;

import beras.config.Config;
import beras.files.FileFailure;
import beras.report.EpochNumbers;
import beras.report.RunRecord;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Variable;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The folder of a training, as reports show it. How it ended is in {@code summary.json}; of a training that was killed, and of older
 * versions, there is none, and its model tells what it knows.
 */
final class RunReader {

    // The names of summary.json.
    static final String ENDING = "ending";
    static final String OUTCOME = "outcome";
    static final String KEPT = "kept_epoch";
    static final String VALUES = "values";
    static final String PHASES = "phases";
    static final String FACTS = "facts";
    static final String RECIPE = "recipe";
    static final String PROVENANCE = "provenance";
    static final String COMMAND = "command";

    /** How a training ends when nothing went wrong. */
    private static final Set<String> WELL = Set.of("finished", "stopped");

    /** Of the provenance, as options have a place of their own. */
    private static final String OPTIONS = "options";

    private final RunFolder folder;
    private final String name;

    /**
     * @param name that the reader knows the run by
     */
    RunReader(RunFolder folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /**
     * Reads all.
     *
     * @param saved the model, which tells what the folder does not; null: there is none
     * @throws Failure if a file is not what a training has written there
     */
    RunRecord read(SavedModel saved) throws IOException {
        Map<String, String> options = texts(json(folder.config()));
        EpochNumbers epochs = epochs();
        List<List<String>> columns = csv(folder.columns());
        if (!Files.exists(folder.summary())) {
            String outcome = "How this training ended was not kept: it was killed, still goes on, or was made by an older version. There"
                    + " are numbers of " + Text.count(epochs.count(), "epoch") + "; those of the last one stand here, whichever weights"
                    + " the model has.";
            Map<String, Double> last = epochs.count() == 0 ? Map.of() : epochs.at(epochs.epochs()[epochs.count() - 1]);
            Map<String, String> provenance = saved == null ? Map.of() : provenance(saved);
            return new RunRecord(name, outcome, false, epochs, OptionalInt.empty(), last, Map.of(), saved == null ? Map.of() : facts(saved),
                    saved == null ? Map.of() : recipe(saved), options, provenance, command(options, provenance, folder), columns);
        }
        JsonObject summary = json(folder.summary());
        try {
            JsonElement kept = summary.get(KEPT);
            return new RunRecord(name, summary.get(OUTCOME).getAsString(), WELL.contains(summary.get(ENDING).getAsString()), epochs,
                    kept.isJsonNull() ? OptionalInt.empty() : OptionalInt.of(kept.getAsInt()), numbers(summary.getAsJsonObject(VALUES)),
                    numbers(summary.getAsJsonObject(PHASES)), texts(summary.getAsJsonObject(FACTS)),
                    texts(summary.getAsJsonObject(RECIPE)), options, texts(summary.getAsJsonObject(PROVENANCE)),
                    summary.get(COMMAND).getAsString(), columns);
        } catch (RuntimeException e) { // of gson, for whatever is not as it should be
            throw notWritten(folder.summary(), "an object that lacks some of it, or has something else in its place");
        }
    }

    /** The files that may hold the model of this run, the most likely one first. */
    List<Path> models() throws IOException {
        String said = read(null).facts().get(RunRecord.MODEL);
        return Stream.of(said == null ? folder.model() : Path.of(said), folder.model(), folder.last()).distinct()
                .filter(Files::isRegularFile).toList();
    }

    // ------------------------------------------------------------------------------------------------------- files

    private static Failure notWritten(Path file, String received) {
        return new Failure(Exit.BAD_DATA, file + ": expected what train has written. Received: " + received);
    }

    private static JsonObject json(Path file) throws IOException {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException | CharacterCodingException e) {
            throw notWritten(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("something else"));
        }
    }

    private static Map<String, String> texts(JsonObject object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.asMap().forEach((key, value) -> texts.put(key, value.isJsonPrimitive() ? value.getAsString() : value.toString()));
        return texts;
    }

    private static Map<String, Double> numbers(JsonObject object) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        object.asMap().forEach((key, value) -> numbers.put(key, value.isJsonNull() ? Double.NaN : value.getAsDouble()));
        return numbers;
    }

    private EpochNumbers epochs() throws IOException {
        List<List<String>> lines = csv(folder.log());
        try {
            return lines.size() < 2 ? EpochNumbers.NONE : EpochNumbers.of(lines.get(0), lines.subList(1, lines.size()));
        } catch (IllegalArgumentException e) {
            throw notWritten(folder.log(), e.getMessage());
        }
    }

    /** The lines of a file; none if it is not there. */
    private static List<List<String>> csv(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (CSVParser parser = CSVParser.parse(Files.readString(file), CSVFormat.DEFAULT)) {
            return parser.stream().map(CSVRecord::toList).toList();
        } catch (CharacterCodingException e) {
            throw notWritten(file, "bytes that are no UTF-8");
        } catch (IOException e) {
            throw notWritten(file, FileFailure.reason(e));
        }
    }

    // ------------------------------------------------------------------------------------------- what a model tells

    static Map<String, String> provenance(SavedModel saved) {
        Map<String, String> provenance = new LinkedHashMap<>(saved.provenance());
        provenance.remove(OPTIONS);
        return provenance;
    }

    static Map<String, String> recipe(SavedModel saved) {
        Map<String, String> settings = new LinkedHashMap<>();
        saved.recipe().ifPresent(recipe -> recipe.config().values().forEach((setting, value) -> flatten(setting, value, settings)));
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
        options.forEach((option, value) -> command.append(Boolean.parseBoolean(value.toString()) ? " --" + option
                : argument(option, value.toString())));
        Optional.ofNullable(provenance.get(TrainOptions.INIT)).ifPresent(file -> command.append(argument(TrainOptions.INIT, file)));
        return Text.command(command + argument("run", folder + "-again"));
    }

    /** What looks like an option itself needs an equals sign before it. */
    private static String argument(String option, String value) {
        return " --" + option + (value.startsWith("-") && value.length() > 1 ? "=" : " ") + Text.quote(value);
    }
}
