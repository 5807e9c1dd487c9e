package beras.cli.runs;

import beras.cli.models.Predictions;
import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.cli.training.RunCommands;
import beras.cli.training.RunPlaces;
import beras.files.WholeFile;
import beras.report.Answers;
import beras.report.Comparison;
import beras.report.Comparison.Agreement;
import beras.report.RunReports.HeldOutData;
import beras.runs.Json;
import beras.runs.RunFolder;
import beras.runs.RunReader;
import beras.runs.RunRecord;
import beras.saving.ModelFormatException;
import beras.saving.SavedModel;
import beras.saving.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compare}: trainings side by side. */
@Command(name = "compare", sortOptions = false,
        description = {"Lays trainings side by side: the numbers of the weights that each kept, what they took, and the settings"
                + " that differ. --out draws their curves over each other, too, in a page that needs nothing but itself.",
            "* marks the best of a column, where it was measured on examples that were not trained on, and all runs are of the"
                + " same data and hold out the same examples."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar compare runs/first runs/second",
            "  java --add-modules jdk.incubator.vector -jar beras.jar compare runs/* --out comparison.html"})
public final class CompareCommand implements Callable<Integer> {

    /** Longer names and values make lines that no terminal shows. */
    private static final int LONGEST = 60;

    @Parameters(paramLabel = "RUN", arity = "2..*", description = "Folders that train --run has made, 2 to " + Comparison.MOST
            + ".")
    private List<Path> runs;

    @Option(names = "--out", paramLabel = "FILE.html", description = "Write the comparison into this file, with curves.")
    private Path out;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Option(names = "--examples", description = "Read the data once more, and list which held-out examples one model gets right"
            + " and another wrong; with --out, show their images.")
    private boolean examples;

    @Option(names = "--json", description = "Print one JSON object a run, then one of what differs, then one of --examples.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    public CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (runs.size() > Comparison.MOST) {
            throw new ParameterException(spec.commandLine(), "At most " + Comparison.MOST + " runs can be compared. Received: "
                    + runs.size());
        }
        if (out != null) {
            Usage.requirePlace(spec, "--out", out, force);
        }
        List<RunRecord> records = new ArrayList<>();
        for (Path run : runs) {
            RunFolder folder = new RunFolder(run);
            RunPlaces.requireTraining(folder);
            records.add(record(new RunReader(folder, run.toString(), RunCommands.INSTANCE), folder));
        }
        Comparison comparison = new Comparison(records);
        List<Optional<Answers>> answers = examples ? answers() : List.of();
        if (json) {
            printJson(records, comparison, answers);
        } else {
            printResults(comparison);
            printDifferences(comparison);
            if (examples) {
                printAgreements(records, comparison.agreements(answers));
            }
        }
        if (out != null) {
            byte[] page = comparison.html(Version.get(), answers);
            WholeFile.write(out, force, file -> file.write(page));
            console.err().println("The comparison is in " + out);
        }
        return Exit.DONE;
    }

    /** A run of an older version, or one that was killed, has its recipe in its model alone. */
    private RunRecord record(RunReader reader, RunFolder folder) throws IOException {
        if (!Files.exists(folder.summary())) {
            for (Path model : reader.models()) {
                try {
                    return reader.read(Optional.of(Predictions.load(model)));
                } catch (ModelFormatException e) {
                    console.err().println(folder + ": the model cannot be read: " + e.getMessage());
                }
            }
        }
        return reader.read();
    }

    /** What each model says of the examples that were held out from its training, as far as they can be had. */
    private List<Optional<Answers>> answers() throws Exception {
        console.backend(); // refuses wrong system properties
        List<Optional<Answers>> answers = new ArrayList<>();
        for (Path run : runs) {
            RunParts parts = new RunParts(new RunFolder(run), Optional.empty(), "copy it there");
            List<String> remarks = new ArrayList<>();
            Optional<SavedModel> saved = parts.model(remarks);
            Optional<HeldOutData> data = saved.flatMap(model -> parts.data(model, remarks));
            try {
                Optional<Answers> all = data.flatMap(held -> Answers.of(saved.get(), held));
                answers.add(answers.isEmpty() ? all : all.map(Answers::withoutExamples)); // the images of the first run are shown
                if (data.isPresent() && all.isEmpty()) {
                    remarks.add(data.get().labels().isEmpty() ? "The model predicts a number, which is neither right nor wrong."
                            : "No examples were held out from training, so there are none to compare.");
                }
            } catch (IllegalArgumentException e) {
                answers.add(Optional.empty());
                remarks.add(e.getMessage());
            }
            remarks.forEach(remark -> console.err().println(run + ": " + remark));
        }
        return answers;
    }

    // -------------------------------------------------------------------------------------------------- for people

    private void printResults(Comparison comparison) {
        TextTable table = new TextTable("r2", "  l", "  r").add(numbered("", comparison.header()));
        List<List<String>> results = comparison.results();
        for (int run = 0; run < results.size(); run++) {
            table.add(numbered(Integer.toString(run + 1), results.get(run)));
        }
        table.print(console.out());
        comparison.warnings().forEach(console.out()::println);
    }

    private void printAgreements(List<RunRecord> records, List<Optional<Agreement>> agreements) {
        console.out().println("");
        if (agreements.stream().allMatch(Optional::isEmpty)) {
            console.out().println("No other run held out the same examples as the first one, with a model that can be asked");
            return;
        }
        console.out().println("Held-out examples that are right in the first run and another:");
        TextTable table = new TextTable("r2", "  l", "  r").add("", "run", "both", "only first", "only this", "none");
        for (int run = 1; run < agreements.size(); run++) {
            String number = Integer.toString(run + 1);
            String name = Text.cut(records.get(run).name(), LONGEST);
            agreements.get(run).ifPresent(counts -> table.add(number, name, Integer.toString(counts.both()),
                    Integer.toString(counts.first()), Integer.toString(counts.other()), Integer.toString(counts.none())));
        }
        table.print(console.out());
    }

    private static List<String> numbered(String number, List<String> row) {
        List<String> cells = new ArrayList<>(row);
        cells.set(0, Text.cut(row.get(0), LONGEST));
        cells.add(0, number);
        return cells;
    }

    /** A line for each setting: its values, each with the numbers of the runs that have it. */
    private void printDifferences(Comparison comparison) {
        Map<String, List<String>> differences = comparison.differences();
        console.out().println("");
        console.out().println(differences.isEmpty() ? "Nothing differs in recipes, options, data and machine"
                : "What differs, with the numbers of the runs:");
        TextTable table = new TextTable("l", "  l");
        differences.forEach((setting, values) -> {
            Map<String, StringJoiner> numbers = new LinkedHashMap<>();
            for (int run = 0; run < values.size(); run++) {
                String number = Integer.toString(run + 1);
                numbers.computeIfAbsent(values.get(run), value -> new StringJoiner(", ", " (", ")")).add(number);
            }
            StringJoiner line = new StringJoiner("; ");
            numbers.forEach((value, which) -> line.add(Text.cut(value, LONGEST) + which));
            table.add(setting, line.toString());
        });
        table.print(console.out());
    }

    // ------------------------------------------------------------------------------------------------ for programs

    private void printJson(List<RunRecord> records, Comparison comparison, List<Optional<Answers>> answers) throws IOException {
        for (RunRecord run : records) {
            Map<String, Object> fields = Json.object("run", run.name(), "outcome", run.outcome(), "epochs", run.epochs().count(),
                    "kept_epoch", run.kept().isPresent() ? run.kept().getAsInt() : null);
            fields.putAll(run.values());
            fields.putAll(Json.object("phases", run.phases(), "facts", run.facts()));
            console.printJson(fields);
        }
        console.printJson(Map.of("differences", comparison.differences()));
        if (examples) {
            console.printJson(Map.of("examples", comparison.agreements(answers).stream().map(agreed -> agreed.orElse(null))
                    .toList()));
        }
    }
}
