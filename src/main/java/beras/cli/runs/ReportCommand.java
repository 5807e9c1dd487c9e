package beras.cli.runs;

import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.training.RunCommands;
import beras.cli.training.RunPlaces;
import beras.report.RunReports;
import beras.report.RunReports.HeldOutData;
import beras.runs.RunFolder;
import beras.saving.SavedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: makes the reports of trainings again. */
@Command(name = "report", sortOptions = false,
        description = {"Makes report.html in the folder of a training again, and prints where it is: numbers by epoch, what the"
                + " model is good at, where the time went, recipe, provenance, and the command that repeats it. The page needs"
                + " nothing but itself.",
            "`train --run` makes it by itself. Here the data are read once more, from the folder in which training was begun; if"
                + " they are not there, or are others, the report says so and has the rest. So does it of a model that was saved"
                + " outside of the folder, unless --model names it."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar report runs/digits",
            "  java --add-modules jdk.incubator.vector -jar beras.jar report runs/*"})
public final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders that train --run has made.")
    private List<Path> runs;

    @Option(names = "--model", paramLabel = "FILE", description = "The model of the training, if it was saved outside of its"
            + " folder; for one RUN.")
    private Path modelFile;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    public ReportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        console.backend(); // refuses wrong system properties
        if (modelFile != null && runs.size() > 1) {
            throw Usage.invalid(spec, "--model", "it is the model of one training. Received: " + runs.size() + " runs");
        }
        List<RunFolder> folders = new ArrayList<>();
        for (Path run : runs) {
            RunFolder folder = new RunFolder(run);
            RunPlaces.requireTraining(folder);
            folders.add(folder);
        }
        for (RunFolder folder : folders) {
            List<String> remarks = new ArrayList<>();
            RunParts parts = new RunParts(folder, Optional.ofNullable(modelFile), "name it with --model");
            Optional<SavedModel> saved = parts.model(remarks);
            Optional<HeldOutData> data = saved.isEmpty() ? Optional.empty() : parts.data(saved.get(), remarks);
            RunReports.write(folder, RunCommands.INSTANCE, saved, data, remarks);
            remarks.forEach(remark -> console.err().println(folder + ": " + remark));
            console.out().println(folder.report());
        }
        return Exit.DONE;
    }
}
