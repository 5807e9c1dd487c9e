package beras.cli;

import beras.data.Images;
import beras.data.Mnist;
import beras.metrics.CategoricalAccuracy;
import beras.models.Model;
import beras.optimizers.SGD;
import beras.saving.SavedModel;
import beras.saving.WholeFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good a model is, in numbers and in a picture. */
@Command(name = "evaluate", sortOptions = false, showDefaultValues = true,
        description = {"Reports loss and accuracy of a model on the test images.",
            "The picture shows ten digits it got right and ten it got wrong."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar evaluate --model model.beras",
            "  java --add-modules jdk.incubator.vector -jar beras.jar evaluate --model model.beras --pictures digits.png"})
final class EvaluateCommand implements Callable<Integer> {

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "A model that `train` has saved.")
    private Path file;

    @Option(names = "--data", paramLabel = "FOLDER", defaultValue = TrainDefaults.DATA,
            description = "Folder with the four IDX files, plain or gzip.")
    private Path data;

    @Option(names = "--pictures", paramLabel = "FILE.png", description = "Draw a picture into this file.")
    private Path pictures;

    @Option(names = "--force", description = "Replace that file if it exists.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (pictures != null) {
            Usage.requirePlace(spec, "--pictures", pictures, force);
        }
        console.backend(); // refuses wrong system properties
        SavedModel saved = Predictions.load(file);
        Model model = saved.model();
        Images test = Mnist.load(data).test();
        Predictions.requireFit(model, file, test, data);
        if (!model.outputShape().is(test.classes())) {
            throw new Failure(Exit.BAD_DATA, data + " has " + test.classes() + " classes. Received: the model "
                    + file + " with " + model.outputShape().size() + " outputs");
        }
        if (test.count() == 0) {
            throw new Failure(Exit.BAD_DATA, data + ": at least one test image is needed. Received: none");
        }
        LossChoice loss = loss(saved);
        model.compile(new SGD(1), loss.make(), new CategoricalAccuracy()); // only measures: no step is made
        Map<String, Double> measured = model.evaluate(test, Predictions.BATCH);
        if (json) {
            Map<String, Object> fields = new LinkedHashMap<>(measured);
            fields.put("examples", test.count());
            fields.put("model", file.toString());
            JsonLines.print(console.out(), fields);
        } else {
            console.out().println("Test loss (" + loss + ") " + Text.decimals(measured.get("loss"), 4) + ", test accuracy "
                    + Text.decimals(measured.get("accuracy"), 4) + " on " + Text.count(test.count(), "image"));
        }
        if (pictures != null) {
            byte[] png = DigitPicture.png(test, Predictions.classes(model, test));
            WholeFile.write(pictures, force, out -> out.write(png));
            console.err().println("The picture is in " + pictures);
        }
        return Exit.DONE;
    }

    /** The loss that the model was trained with. */
    private LossChoice loss(SavedModel saved) {
        try {
            return LossChoice.of(saved.provenance().getOrDefault("loss", TrainDefaults.LOSS));
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, file + ": " + e.getMessage());
        }
    }
}
