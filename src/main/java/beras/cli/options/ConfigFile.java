package beras.cli.options;

import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.config.Names;
import beras.files.FileFailure;
import beras.runs.RunOrigin;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Options of {@code train} in a file: a JSON object whose names are options without dashes. Options of a list may be an array,
 * those of names with values an object.
 */
public final class ConfigFile {

    /** Options that no file sets: none decides where something is written, nor that a file is replaced. */
    static final Set<String> COMMAND_LINE_ONLY = Set.of("config", "force", "help", "resume", "out", "run");

    /** Options that a resumed run does not repeat. */
    private static final Set<String> NOT_RECORDED = Set.of("threads", "json", "log-every", RunOrigin.INIT);

    /** Values that take the place of options that are not given. */
    private record Values(Path file, Map<String, String> values, ParseResult said) implements IDefaultValueProvider {

        @Override
        public String defaultValue(ArgSpec argument) {
            // An option that is given must have no other default: to picocli, a flag turns its default around.
            return argument instanceof OptionSpec option && !said.hasMatchedOption(option)
                    ? values.get(Usage.name(option)) : null;
        }
    }

    /** Reads the command line once more, with the options of the file where it gives none. */
    public static void apply(Path file, CommandSpec spec) throws IOException {
        apply(file, read(file, spec), spec);
    }

    /** As {@link #apply(Path, CommandSpec)}, with the options of a resumed training run or search; refuses those never recorded. */
    public static void apply(RunOrigin origin, CommandSpec spec) {
        for (String name : origin.options().keySet()) {
            if (!isRecorded(name)) {
                throw new Failure(Exit.BAD_DATA, origin.file() + ": expected options that decide what is computed. Received: \""
                        + name + "\", which is taken from the command line alone. The file was not written by BERAS, or was"
                        + " changed");
            }
        }
        apply(origin.file(), origin.options(), spec);
    }

    private static void apply(Path file, Map<String, String> values, CommandSpec spec) {
        values.keySet().forEach(name -> requireKnown(file, name, spec));
        CommandLine line = spec.commandLine();
        line.setInterpolateVariables(false); // a file could read the environment
        ParseResult said = line.getParseResult();
        line.setDefaultValueProvider(new Values(file, values, said));
        try {
            line.parseArgs(said.expandedArgs().toArray(String[]::new));
        } catch (ParameterException e) {
            throw new ParameterException(line, file + ": " + e.getMessage(), e);
        }
    }

    /** The file that gave the option of this name; empty if it was given on the command line, or not at all. */
    static Optional<Path> giverOf(CommandSpec spec, String name) {
        CommandLine line = spec.commandLine();
        OptionSpec option = spec.findOption("--" + name);
        return line.getDefaultValueProvider() instanceof Values given && option != null && given.defaultValue(option) != null
                ? Optional.of(given.file) : Optional.empty();
    }

    private static Map<String, String> read(Path file, CommandSpec spec) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonReader json = new JsonReader(Files.newBufferedReader(file))) {
            json.setStrictness(Strictness.STRICT);
            json.beginObject();
            while (json.hasNext()) {
                String name = json.nextName();
                requireKnown(file, name, spec); // before its value, which may be of any form
                if (values.put(name, value(json)) != null) {
                    throw new ParameterException(spec.commandLine(), file + ": \"" + name + "\" is there twice");
                }
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new IllegalStateException("something comes after the object");
            }
        } catch (NoSuchFileException e) {
            throw new Failure(Exit.BAD_DATA, file + ": there is no such file. Check the name");
        } catch (FileSystemException e) {
            throw new Failure(Exit.BAD_DATA, FileFailure.message(e));
        } catch (IllegalStateException | IOException e) {
            throw new Failure(Exit.BAD_DATA, file + ": expected a JSON object of options, such as {\"epochs\": 5}. Received: "
                    + FileFailure.ofJson(e));
        }
        return values;
    }

    private static String value(JsonReader json) throws IOException {
        boolean isObject = json.peek() == JsonToken.BEGIN_OBJECT;
        if (!isObject && json.peek() != JsonToken.BEGIN_ARRAY) {
            return scalar(json);
        }
        List<String> parts = new ArrayList<>();
        if (isObject) {
            json.beginObject();
        } else {
            json.beginArray();
        }
        while (json.hasNext()) {
            parts.add((isObject ? "\"" + json.nextName().replace("\"", "\"\"") + "\"=" : "") + scalar(json));
        }
        if (isObject) {
            json.endObject();
        } else {
            json.endArray();
        }
        return String.join(",", parts);
    }

    private static String scalar(JsonReader json) throws IOException {
        return switch (json.peek()) {
            case STRING, NUMBER -> json.nextString();
            case BOOLEAN -> Boolean.toString(json.nextBoolean());
            default -> throw new IllegalStateException(json.peek() + " at " + json.getPath()
                    + ", which must be a text, a number, true or false");
        };
    }

    private static void requireKnown(Path file, String name, CommandSpec spec) {
        if (COMMAND_LINE_ONLY.contains(name)) {
            throw new ParameterException(spec.commandLine(), file + ": \"" + name + "\" is not taken from a file"
                    + (spec.findOption("--" + name) == null ? "" : ". Give --" + name + " on the command line"));
        }
        List<String> known = spec.options().stream().map(Usage::name).filter(option -> !COMMAND_LINE_ONLY.contains(option)).toList();
        if (!known.contains(name)) {
            throw new ParameterException(spec.commandLine(), file + ": there is no option \"" + name + "\", only "
                    + String.join(", ", known) + Names.didYouMean(name, known));
        }
    }

    private ConfigFile() {}

    /** The given options, also of a config file, that are recorded for resuming the run. */
    public static Map<String, Object> given(CommandSpec spec) {
        Map<String, Object> given = new LinkedHashMap<>();
        for (OptionSpec option : spec.options()) {
            String name = Usage.name(option);
            if (Usage.isGiven(spec, option) && isRecorded(name) && option.getValue() != null) {
                Object value = option.getValue();
                given.put(name, value instanceof Number || value instanceof Boolean ? value : value.toString());
            }
        }
        return given;
    }

    /** Whether an option is recorded for when the run is resumed. */
    private static boolean isRecorded(String name) {
        return !COMMAND_LINE_ONLY.contains(name) && !NOT_RECORDED.contains(name);
    }
}
