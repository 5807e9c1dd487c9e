package beras.runs;

import beras.config.InvalidDataException;
import beras.data.DataException;
import beras.files.FileFailure;
import beras.files.WholeFile;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads the folder of a training run as a {@link RunRecord}. Its ending is in {@code summary.json}; a killed run has none, and
 * the provenance of its model is used.
 */
public final class RunReader {

    /** The endings of a run in which nothing went wrong. */
    private static final Set<String> WELL = Set.of("finished", "stopped");
    /** How one ends that would have continued. */
    private static final Set<String> RESUMABLE = Set.of(RunRecord.INTERRUPTED, "failed");

    static final String WRITTEN = "what train has written";

    private final RunFolder folder;
    private final String name;
    private final Commands commands;

    /** The commands that make runs. */
    public interface Commands {

        /**
         * The command that repeats the training of a folder.
         *
         * @param options that were given: booleans, numbers and texts
         */
        String repeat(RunFolder folder, Map<String, ?> options, Map<String, String> provenance);

        /** The command that resumes the training of a folder. */
        String resume(RunFolder folder);

        /**
         * The command that repeats the training of a model and compares the bits.
         *
         * @param model   as the training named its file
         * @param options that were given, by name
         */
        String verify(String model, Map<String, String> options);
    }

    /**
     * Reads a folder.
     *
     * @param name     the user's name for the run
     * @param commands creates the commands that a run has not recorded
     */
    public RunReader(RunFolder folder, String name, Commands commands) {
        this.folder = Objects.requireNonNull(folder, "folder");
        this.name = Objects.requireNonNull(name, "name");
        this.commands = Objects.requireNonNull(commands, "commands");
    }

    /**
     * Reads all.
     *
     * @throws DataException if a file is not in the form that a training run writes
     */
    public RunRecord read() throws IOException {
        return read(Optional.empty());
    }

    /**
     * As {@link #read()}.
     *
     * @param saved the model, whose records complete the folder
     */
    public RunRecord read(Optional<SavedModel> saved) throws IOException {
        if (!Files.exists(folder.summary())) {
            return unfinished(saved, false);
        }
        Map<String, String> options = Json.texts(config());
        Summary summary = Json.read(folder.summary(), WRITTEN, Summary::of);
        String ending = summary.ending;
        return new RunRecord(name, summary.outcome, WELL.contains(ending), epochs(), summary.kept, summary.values, summary.seconds,
                summary.facts, summary.recipe, options, summary.provenance, summary.command, RESUMABLE.contains(ending) ? resume() : "",
                ending.equals("failed") || ending.equals("diverged") ? "" // their step is not recorded
                        : verify(summary.facts.getOrDefault(RunRecord.MODEL, ""), options), csv(folder.columns()));
    }

    /** The contents of the summary. */
    private record Summary(String ending, String outcome, OptionalInt kept, Map<String, Double> values, List<Double> seconds,
            Map<String, String> facts, Map<String, String> recipe, Map<String, String> provenance, String command) {

        static Summary of(JsonObject all) {
            JsonElement kept = Json.value(all, RunSummary.KEPT);
            Map<String, Double> values = new LinkedHashMap<>();
            Json.value(all, RunSummary.VALUES).getAsJsonObject().asMap().forEach((key, value) -> values.put(key, Json.number(value)));
            return new Summary(Json.value(all, RunSummary.ENDING).getAsString(), Json.value(all, RunSummary.OUTCOME).getAsString(),
                    kept.isJsonNull() ? OptionalInt.empty() : OptionalInt.of(kept.getAsInt()), values,
                    Json.value(all, RunSummary.SECONDS).getAsJsonArray().asList().stream().map(JsonElement::getAsDouble).toList(),
                    texts(all, RunSummary.FACTS), texts(all, RunSummary.RECIPE), texts(all, RunSummary.PROVENANCE),
                    Json.value(all, RunSummary.COMMAND).getAsString());
        }

        private static Map<String, String> texts(JsonObject all, String field) {
            return Json.texts(Json.value(all, field).getAsJsonObject());
        }
    }

    /** Reads the present contents of a run in progress. */
    public RunRecord readRunning() throws IOException {
        return unfinished(Optional.empty(), true);
    }

    private RunRecord unfinished(Optional<SavedModel> saved, boolean isRunning) throws IOException {
        JsonObject config = config();
        EpochNumbers epochs = epochs();
        int count = epochs.count();
        String made = count + (count == 1 ? " epoch" : " epochs");
        String outcome = isRunning ? "Training: " + made + " so far. The numbers are those of the last one."
                : "How this training ended was not kept: it was killed, is still running, or was made by an older version. There"
                + " are numbers of " + made + "; those of the last one stand here, whichever weights the model has.";
        Map<String, Double> last = count == 0 ? Map.of() : epochs.at(epochs.epochs()[count - 1]);
        Map<String, String> provenance = saved.map(RunSummary::provenance).orElse(Map.of());
        return new RunRecord(name, outcome, isRunning, epochs, OptionalInt.empty(), last, List.of(),
                saved.map(RunSummary::facts).orElse(Map.of()), saved.map(RunSummary::recipe).orElse(Map.of()), Json.texts(config),
                provenance, commands.repeat(folder, settings(config), provenance), "", "",
                csv(folder.columns()));
    }

    private JsonObject config() throws IOException {
        return Json.read(folder.config(), WRITTEN, config -> config);
    }

    private String verify(String model, Map<String, String> options) {
        try {
            return !model.isEmpty() && ModelFile.isOwn(Path.of(model)) ? commands.verify(model, options) : "";
        } catch (IllegalArgumentException e) { // the name is of no model
            return "";
        }
    }

    private String resume() {
        return Files.isRegularFile(folder.last(), LinkOption.NOFOLLOW_LINKS) ? commands.resume(folder) : "";
    }

    /**
     * The files in the folder that may hold the model of this run, the most likely one first. One elsewhere is not looked for:
     * its name would come from a file, which anybody may have written.
     */
    public List<Path> models() throws IOException {
        String said = read().facts().get(RunRecord.MODEL);
        return (said != null ? Stream.of(inFolder(said), folder.model(), folder.last()) : Stream.of(folder.last(), folder.model()))
                .distinct().filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }

    /** The file of the folder that has the name of this one. */
    private Path inFolder(String said) {
        try {
            Path name = Path.of(said).getFileName();
            return name == null ? folder.model() : folder.path().resolve(name);
        } catch (InvalidPathException e) {
            return folder.model();
        }
    }

    // ------------------------------------------------------------------------------------------------------- files

    private static DataException notWritten(Path file, String received) {
        return Json.unexpected(file, WRITTEN, received);
    }

    /** As they were given: flags are booleans, not the text {@code true}. */
    private static Map<String, Object> settings(JsonObject config) {
        Map<String, Object> settings = new LinkedHashMap<>(Json.texts(config));
        settings.replaceAll((key, text) -> {
            JsonElement value = config.get(key);
            return value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean() ? (Object) value.getAsBoolean() : text;
        });
        return settings;
    }

    private EpochNumbers epochs() throws IOException {
        List<List<String>> lines = csv(folder.log());
        try {
            return lines.size() < 2 ? EpochNumbers.NONE : EpochNumbers.of(lines.get(0), lines.subList(1, lines.size()));
        } catch (NumberFormatException | InvalidDataException e) {
            throw notWritten(folder.log(), e.getMessage());
        }
    }

    /** The lines of a file; none if it is not there. */
    private static List<List<String>> csv(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (CSVParser parser = CSVParser.parse(WholeFile.readString(file), CSVFormat.DEFAULT)) {
            return parser.stream().map(CSVRecord::toList).toList();
        } catch (CharacterCodingException e) {
            throw notWritten(file, "bytes that are no UTF-8");
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw notWritten(file, FileFailure.reason(e));
        } catch (UncheckedIOException e) { // of a quote in a wrong place
            throw notWritten(file, FileFailure.reason(e.getCause()));
        }
    }
}
