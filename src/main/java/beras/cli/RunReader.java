package beras.cli;

import beras.files.FileFailure;
import beras.report.EpochNumbers;
import beras.report.RunRecord;
import beras.saving.SavedModel;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The folder of a training, as reports show it. How it ended is in {@code summary.json}; of a training that was killed, and of
 * older versions, there is none, and its model tells what it knows.
 */
final class RunReader {

    /** How a training ends when nothing went wrong. */
    private static final Set<String> WELL = Set.of("finished", "stopped");

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
        JsonObject config = json(folder.config());
        Map<String, String> options = texts(config);
        EpochNumbers epochs = epochs();
        List<List<String>> columns = csv(folder.columns());
        if (!Files.exists(folder.summary())) {
            String outcome = "How this training ended was not kept: it was killed, still goes on, or was made by an older version."
                    + " There are numbers of " + Text.count(epochs.count(), "epoch")
                    + "; those of the last one stand here, whichever weights the model has.";
            Map<String, Double> last = epochs.count() == 0 ? Map.of() : epochs.at(epochs.epochs()[epochs.count() - 1]);
            Map<String, String> provenance = saved == null ? Map.of() : RunSummary.provenance(saved);
            Map<String, String> facts = saved == null ? Map.of() : RunSummary.facts(saved);
            Map<String, String> recipe = saved == null ? Map.of() : RunSummary.recipe(saved);
            return new RunRecord(name, outcome, false, epochs, OptionalInt.empty(), last, Map.of(), facts, recipe, options,
                    provenance, RunSummary.command(settings(config), provenance, folder), columns);
        }
        JsonObject summary = json(folder.summary());
        try {
            JsonElement kept = summary.get(RunSummary.KEPT);
            boolean well = WELL.contains(summary.get(RunSummary.ENDING).getAsString());
            return new RunRecord(name, summary.get(RunSummary.OUTCOME).getAsString(), well, epochs,
                    kept.isJsonNull() ? OptionalInt.empty() : OptionalInt.of(kept.getAsInt()),
                    numbers(summary.getAsJsonObject(RunSummary.VALUES)), numbers(summary.getAsJsonObject(RunSummary.PHASES)),
                    texts(summary.getAsJsonObject(RunSummary.FACTS)), texts(summary.getAsJsonObject(RunSummary.RECIPE)), options,
                    texts(summary.getAsJsonObject(RunSummary.PROVENANCE)), summary.get(RunSummary.COMMAND).getAsString(),
                    columns);
        } catch (RuntimeException e) { // of gson, for whatever is not as it should be
            throw notWritten(folder.summary(), "an object that lacks some of it, or has something else in its place");
        }
    }

    /**
     * The files in the folder that may hold the model of this run, the most likely one first. One elsewhere is not looked for: its
     * name would come from a file, which anybody may have written.
     */
    List<Path> models() throws IOException {
        String said = read(null).facts().get(RunRecord.MODEL);
        Stream<Path> files = said != null ? Stream.of(inFolder(said), folder.model(), folder.last())
                : isFinished() ? Stream.of(folder.model(), folder.last()) : Stream.of(folder.last());
        return files.distinct().filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
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

    /** Whether the model is of the training that began last here, which writes its options first. */
    private boolean isFinished() throws IOException {
        return Files.exists(folder.model()) && Files.exists(folder.config())
                && Files.getLastModifiedTime(folder.model()).compareTo(Files.getLastModifiedTime(folder.config())) >= 0;
    }

    // ------------------------------------------------------------------------------------------------------- files

    private static Failure notWritten(Path file, String received) {
        return new Failure(Exit.BAD_DATA, file + ": expected what train has written. Received: " + received);
    }

    private static JsonObject json(Path file) throws IOException {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException | CharacterCodingException e) {
            throw notWritten(file, FileFailure.ofJson(e));
        }
    }

    /** As they were given: flags are no texts that say true. */
    private static Map<String, Object> settings(JsonObject config) {
        Map<String, Object> settings = new LinkedHashMap<>(texts(config));
        settings.replaceAll((key, text) -> {
            JsonElement value = config.get(key);
            return value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean() ? (Object) value.getAsBoolean() : text;
        });
        return settings;
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
}
