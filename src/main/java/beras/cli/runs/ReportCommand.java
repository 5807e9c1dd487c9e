package beras.cli.runs;

import beras.cli.models.Predictions;
import beras.cli.options.BaseCommand;
import beras.cli.options.Usage;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.cli.training.DataReport;
import beras.cli.training.RecordedData;
import beras.cli.training.RecordedOptions;
import beras.cli.training.RunCommands;
import beras.cli.training.RunPlaces;
import beras.cli.training.Sources;
import beras.cli.training.TrainOptions;
import beras.files.FileFailure;
import beras.models.TrainingData;
import beras.report.RunReports;
import beras.report.RunReports.HeldOutData;
import beras.runs.RunFolder;
import beras.runs.RunReader;
import beras.runs.RunRecord;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

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
public final class ReportCommand extends BaseCommand {

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders that train --run has made.")
    private List<Path> runs;

    @Option(names = "--model", paramLabel = "FILE", description = "The model of the training, if it was saved outside of its"
            + " folder; for one RUN.")
    private Path modelFile;

    public ReportCommand(Console console) {
        super(console);
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
            Optional<SavedModel> saved = model(folder, remarks);
            Optional<HeldOutData> data = saved.flatMap(model -> data(folder, model, remarks));
            RunReports.write(folder, RunCommands.INSTANCE, saved, data, remarks);
            remarks.forEach(remark -> console.err().println(folder + ": " + remark));
            console.out().println(folder.report());
        }
        return Exit.DONE;
    }

    /** The model that the training has left, or what it saved last. */
    private Optional<SavedModel> model(RunFolder folder, List<String> remarks) throws IOException {
        RunReader reader = new RunReader(folder, folder.toString(), RunCommands.INSTANCE);
        Map<String, String> facts = reader.read().facts();
        String expected = facts.get(RunRecord.HASH);
        for (Path file : modelFile == null ? reader.models() : List.of(modelFile)) {
            try {
                SavedModel saved = Predictions.load(file);
                if (expected == null || expected.equals(ModelFile.weightsSha256(saved.model()))) {
                    return Optional.of(saved);
                }
                remarks.add(file + " is not the model that this training has left, so it is not shown.");
            } catch (IOException | Failure e) {
                remarks.add("The model cannot be read: " + e.getMessage());
            }
        }
        remarks.add("There is no model of this training, so nothing is reported of what it does."
                + (facts.containsKey(RunRecord.MODEL) && modelFile == null ? " It was saved in " + facts.get(RunRecord.MODEL)
                + ": if that is outside of the folder, name it with --model." : ""));
        return Optional.empty();
    }

    /** Data that the training held out; empty, with a remark, if they cannot be had. */
    private static Optional<HeldOutData> data(RunFolder folder, SavedModel saved, List<String> remarks) {
        try {
            RecordedOptions recorded = RecordedOptions.of(folder.config());
            TrainOptions options = recorded.options();
            if (StandardInput.isNamedBy(options.data)) {
                throw new Failure(Exit.BAD_DATA, "they came from standard input");
            }
            RecordedData.require(options.data, options.table.validationData, saved.provenance(), "the data of this training");
            TrainingData data = Sources.of(recorded.spec(), options).read(remark -> { });
            String difference = data.difference(saved.provenance(), saved.preprocessor()).orElse(null);
            if (difference != null) {
                throw new Failure(Exit.BAD_DATA, "they are others now: expected " + difference);
            }
            return Optional.of(DataReport.heldOut(data, data.open(remark -> { }), saved.model()));
        } catch (IOException e) {
            remarks.add(without(FileFailure.message(e)));
        } catch (UncheckedIOException e) {
            remarks.add(without(FileFailure.message(e.getCause())));
        } catch (ParameterException | Failure | IllegalArgumentException e) {
            remarks.add(without(e.getMessage()));
        }
        return Optional.empty();
    }

    private static String without(String reason) {
        return "The data of this training cannot be read, so the model is not judged: " + reason + ".";
    }
}
