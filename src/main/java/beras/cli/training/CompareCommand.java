package beras.cli.training;

import beras.cli.models.Predictions;
import beras.cli.options.BaseCommand;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.files.WholeFile;
import beras.report.Comparison;
import beras.report.Comparison.Cell;
import beras.runs.RunFolder;
import beras.runs.RunReader;
import beras.runs.RunRecord;
import beras.saving.ModelFormatException;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code compare}: training runs side by side. */
@Command(name = "compare", header = "Compares training runs.", sortOptions = false,
        description = {"Lays training runs side by side: the numbers of the weights that each kept, what they took, and the settings"
                + " that differ. --out draws their curves over each other, too, in a page that needs nothing but itself.",
            "* marks the best of a column, where it was measured on examples that were not trained on, and all runs are of the"
                + " same data and hold out the same examples."},
        footer = {"", "Examples:",
            "  beras compare runs/first runs/second",
            "  beras compare runs/* --out comparison.html"})
public final class CompareCommand extends BaseCommand {

    /** Longer names and values make lines that no terminal shows. */
    private static final int LONGEST = 60;

    @Parameters(paramLabel = "RUN", arity = "2..*", description = "Folders that train --run has made, 2 to " + Comparison.MOST
            + ".")
    private List<Path> runs;

    @Option(names = "--out", paramLabel = "FILE.html", description = "Write the comparison into this file, with curves.")
    private Path out;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object a run, then one of what differs.")
    private boolean json;

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
        if (json) {
            printJson(records, comparison);
        } else {
            print(comparison);
        }
        if (out != null) {
            byte[] page = comparison.html(Version.get());
            WholeFile.write(out, force, file -> file.write(page));
            console.err().println("The comparison is in " + out);
        }
        return Exit.DONE;
    }

    /** A run of an older version, or a killed one, has its recipe only in its model. */
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

    /** The results, and for each setting that differs its values, each with the numbers of the runs that have it. */
    private void print(Comparison comparison) throws IOException {
        List<List<Cell>> results = comparison.results();
        Result result = new Result().section("", "r2", "  l", "  r").row("", results.get(0).stream().map(Cell::name).toList());
        for (int run = 0; run < results.size(); run++) {
            List<String> cells = new ArrayList<>(results.get(run).stream().map(Cell::toString).toList());
            cells.set(0, Text.cut(cells.get(0), LONGEST));
            result.row(Integer.toString(run + 1), cells);
        }
        result.section().lines(comparison.warnings());
        Map<String, List<String>> differences = comparison.differences();
        result.section(differences.isEmpty() ? "Nothing differs in recipes, options, data and machine"
                : "What differs, with the numbers of the runs:", "l", "  l");
        differences.forEach((setting, values) -> {
            Map<String, StringJoiner> numbers = new LinkedHashMap<>();
            for (int run = 0; run < values.size(); run++) {
                numbers.computeIfAbsent(values.get(run), value -> new StringJoiner(", ", " (", ")")).add(Integer.toString(run + 1));
            }
            StringJoiner line = new StringJoiner("; ");
            numbers.forEach((value, which) -> line.add(Text.cut(value, LONGEST) + which));
            result.row(setting, line.toString());
        });
        result.print(console, false);
    }

    private void printJson(List<RunRecord> records, Comparison comparison) throws IOException {
        for (RunRecord run : records) {
            new Result().put("run", run.name(), "outcome", run.outcome(), "epochs", run.epochs().count(),
                    "kept_epoch", run.kept().isPresent() ? run.kept().getAsInt() : null)
                    .putAll(run.values()).put("epoch_seconds", run.seconds(), "facts", run.facts()).print(console, true);
        }
        new Result().put("differences", comparison.differences()).print(console, true);
    }
}
