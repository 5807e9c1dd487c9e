package beras.cli.runs;

import beras.cli.models.Predictions;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.StandardInput;
import beras.cli.training.DataReport;
import beras.cli.training.RecordedData;
import beras.cli.training.RecordedOptions;
import beras.cli.training.RunCommands;
import beras.cli.training.Sources;
import beras.cli.training.TrainOptions;
import beras.files.FileFailure;
import beras.models.TrainingData;
import beras.report.RunReports.HeldOutData;
import beras.runs.RunFolder;
import beras.runs.RunReader;
import beras.runs.RunRecord;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ParameterException;

/** Reads the model and the held-out data of a training that has ended; of what cannot be had, a remark gives the reason. */
final class RunParts {

    private final RunFolder folder;
    private final Optional<Path> modelFile;
    private final String cure;

    /**
     * @param modelFile if the model was saved outside of the folder
     * @param cure      what to do if it was and is not given
     */
    RunParts(RunFolder folder, Optional<Path> modelFile, String cure) {
        this.folder = folder;
        this.modelFile = modelFile;
        this.cure = cure;
    }

    /** The model that the training has left, or what it saved last. */
    Optional<SavedModel> model(List<String> remarks) throws IOException {
        RunReader reader = new RunReader(folder, folder.toString(), RunCommands.INSTANCE);
        Map<String, String> facts = reader.read().facts();
        String expected = facts.get(RunRecord.HASH);
        for (Path file : modelFile.isEmpty() ? reader.models() : List.of(modelFile.get())) {
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
                + (facts.containsKey(RunRecord.MODEL) && modelFile.isEmpty() ? " It was saved in " + facts.get(RunRecord.MODEL)
                + ": if that is outside of the folder, " + cure + "." : ""));
        return Optional.empty();
    }

    /** Data that the training held out; empty, with a remark, if they cannot be had. */
    Optional<HeldOutData> data(SavedModel saved, List<String> remarks) {
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
