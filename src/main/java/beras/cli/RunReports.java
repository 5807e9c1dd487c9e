package beras.cli;

import beras.feed.Batches;
import beras.files.WholeFile;
import beras.models.TrainingData;
import beras.models.TrainingSet;
import beras.report.HeldOut;
import beras.report.Judgement;
import beras.report.RunReport;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the report of a run, when its training ends and later on. */
final class RunReports {

    /**
     * Writes the report into the folder of the run.
     *
     * @param saved   the model; null: there is none
     * @param data    that it was trained on; null: they are not there, and a remark says why
     * @param set     the examples of the data; null as the data
     * @param remarks what is missing in the report
     */
    static void write(RunFolder folder, SavedModel saved, TrainingData data, TrainingSet set, List<String> remarks)
            throws IOException {
        List<String> all = new ArrayList<>(remarks);
        Optional<Judgement> judgement = Optional.empty();
        if (saved != null && data != null) {
            try {
                judgement = judge(saved, data, set, all);
            } catch (IllegalArgumentException e) {
                all.add("The model was not judged on examples that were held out: " + e.getMessage() + ".");
            }
        }
        String name = WholeFile.place(folder.path()).getFileName().toString();
        byte[] page = RunReport.of(new RunReader(folder, name).read(saved), Version.get(),
                Optional.ofNullable(saved).map(there -> there.model().summary()), judgement, all);
        WholeFile.write(folder.report(), true, out -> out.write(page));
    }

    private static Optional<Judgement> judge(SavedModel saved, TrainingData data, TrainingSet set, List<String> remarks) {
        int batch = Predictor.batchSize(data.inputShape());
        Optional<Batches> apart = data.test().isPresent() ? Optional.of(Batches.of(data.test().get(), batch)) : set.validation(batch);
        if (apart.isEmpty()) {
            remarks.add("No examples were held out from training, so there are none to judge the model by.");
            return Optional.empty();
        }
        HeldOut held = HeldOut.of(data.test().isPresent() ? "test examples" : "examples to validate", apart.get(), saved.probabilities());
        return Optional.of(Judgement.of(saved.probabilities(), saved.preprocessor(), data.labels(), held));
    }

    private RunReports() {}
}
