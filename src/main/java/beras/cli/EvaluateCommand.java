package beras.cli;

import beras.data.DataException;
import beras.data.DigitPicture;
import beras.data.Images;
import beras.data.Mnist;
import beras.data.TableDataset;
import beras.data.TableTarget;
import beras.feed.Batches;
import beras.files.WholeFile;
import beras.losses.Loss;
import beras.losses.MeanAbsoluteError;
import beras.losses.MeanSquaredError;
import beras.metrics.ConfusionMatrix;
import beras.metrics.LossMetric;
import beras.metrics.R2Score;
import beras.metrics.RootMeanSquaredError;
import beras.models.Model;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.training.Objective;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code evaluate}: how good a model is, in numbers and in a picture. */
@Command(name = "evaluate", sortOptions = false, showDefaultValues = true,
        description = {"Reports loss and accuracy of a model on the test images or on the rows of a table, which class it takes"
                + " for which, and precision, recall and F1 of each; for a regression the errors in units of the table, and"
                + " R2.",
            "The picture shows ten digits it got right and ten it got wrong."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar evaluate --model model.beras",
            "  java --add-modules jdk.incubator.vector -jar beras.jar evaluate --model model.beras --pictures digits.png",
            "  java --add-modules jdk.incubator.vector -jar beras.jar evaluate --model model.beras --data houses.csv --json"})
final class EvaluateCommand implements Callable<Integer> {

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "A model that `train` has saved.")
    private Path file;

    @Option(names = "--data", paramLabel = "FOLDER|TABLE",
            description = "Folder with the four IDX files, or a table that has the target, for a model of a table. All plain or"
                    + " gzip. Default for images: " + TrainDefaults.DATA + ".")
    private Path data;

    @Option(names = "--pictures", paramLabel = "FILE.png", description = "Images: draw a picture into this file.")
    private Path pictures;

    @Option(names = "--pictures-seed", paramLabel = "N",
            description = "Draws digits that this number chooses at random; by default the first.")
    private Long seed;

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
        TableModel table = TableModel.of(saved, file);
        if (table == null) {
            evaluateImages(saved, data == null ? Path.of(TrainDefaults.DATA) : data);
        } else {
            evaluateTable(saved, table);
        }
        return Exit.DONE;
    }

    // -------------------------------------------------------------------------------------------------- images

    private void evaluateImages(SavedModel saved, Path folder) throws IOException {
        Model model = saved.model();
        Images test = Mnist.load(folder).test();
        Predictions.requireFit(model, file, test, folder);
        if (!model.outputShape().is(test.classes())) {
            throw new Failure(Exit.BAD_DATA, folder + " has " + test.classes() + " classes. Received: the model "
                    + file + " with " + model.outputShape().size() + " outputs");
        }
        if (test.count() == 0) {
            throw new Failure(Exit.BAD_DATA, folder + ": at least one test image is needed. Received: none");
        }
        evaluateClasses(saved, Batches.of(test, Predictions.BATCH), ImageTrainer.labels(test.classes()), true);
        if (pictures != null) {
            Tensor outputs = Predictions.outputs(model, test);
            byte[] png = seed == null ? DigitPicture.first(test, outputs) : DigitPicture.random(test, outputs, seed);
            WholeFile.write(pictures, force, out -> out.write(png));
            console.err().println("The picture is in " + pictures);
        }
    }

    private void evaluateClasses(SavedModel saved, Batches batches, List<String> labels, boolean images) throws IOException {
        ConfusionAccuracy accuracy = new ConfusionAccuracy(labels.size());
        saved.model().compile(new Objective(loss(saved)).metrics(accuracy));
        Map<String, Double> measured = saved.model().evaluate(batches).values();
        requireFinite(measured, images ? null : table(saved));
        ConfusionMatrix matrix = accuracy.matrix();
        long examples = (long) IntStream.range(0, labels.size()).mapToDouble(matrix::support).sum();
        ClassReport report = new ClassReport(labels, matrix);
        if (json) {
            Map<String, Object> fields = fields(measured, examples);
            report.addTo(fields);
            JsonLines.print(console.out(), fields);
        } else {
            console.out().println((images ? "Test loss (" : "Loss (") + lossName(saved) + ") "
                    + Text.decimals(measured.get("loss"), 4) + (images ? ", test accuracy " : ", accuracy ")
                    + Text.decimals(measured.get("accuracy"), 4) + " on " + Text.count(examples, images ? "image" : "row"));
            report.print(console.out());
        }
    }

    private TableModel table(SavedModel saved) {
        return TableModel.of(saved, file);
    }

    /**
     * Numbers that are not finite come of data that are nothing like those trained on, as the weights are finite.
     *
     * @param table null for images
     * @throws DataException naming the row, if the model gives something that is not finite for one
     */
    private void requireFinite(Map<String, Double> measured, TableModel table) throws IOException {
        for (Map.Entry<String, Double> number : measured.entrySet()) {
            if (!Double.isFinite(number.getValue())) {
                if (table != null) {
                    new RowPredictions(table, console, false, false).write(data, Writer.nullWriter());
                }
                throw new Failure(Exit.BAD_DATA, (table == null ? file : data) + ": expected data like those that " + file
                        + " was trained on. Received: " + number.getKey() + " " + number.getValue()
                        + ", which comes of numbers that are too large");
            }
        }
    }

    private Map<String, Object> fields(Map<String, Double> measured, long examples) {
        Map<String, Object> fields = new LinkedHashMap<>(measured);
        fields.put("examples", examples);
        fields.put("model", file.toString());
        return fields;
    }

    /** The loss that the model was trained with. */
    private Loss loss(SavedModel saved) {
        try {
            String smoothing = saved.provenance().getOrDefault("label_smoothing", "0");
            return lossName(saved).make(Pairs.number("label_smoothing", smoothing));
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, file + ": " + e.getMessage());
        }
    }

    private LossChoice lossName(SavedModel saved) {
        try {
            return LossChoice.of(saved.provenance().getOrDefault("loss", TrainDefaults.LOSS));
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, file + ": " + e.getMessage());
        }
    }

    // -------------------------------------------------------------------------------------------------- tables

    private void evaluateTable(SavedModel saved, TableModel table) throws IOException {
        if (pictures != null) {
            throw Usage.invalid(spec, "--pictures", "it is for images, and " + file + " is a model of a table. Leave it out");
        }
        TableTarget target = table.schema().target();
        if (data == null) {
            throw Usage.invalid(spec, "--data", "it must name a table with the column " + target.name()
                    + ", which the model predicts. Received: nothing");
        }
        Batches rows = new TableDataset(data, table.schema(), any -> true).batch(Predictions.BATCH).prefetch(2);
        if (target.task() == TableTarget.Task.CLASSIFICATION) {
            evaluateClasses(saved, rows, target.labels(), false);
        } else {
            evaluateAmounts(saved, rows, target);
        }
    }

    private void evaluateAmounts(SavedModel saved, Batches rows, TableTarget target) throws IOException {
        double unit = target.unit();
        saved.model().compile(new Objective(loss(saved)).metrics(
                new InUnits(new LossMetric(new MeanSquaredError()), "mse", unit * unit),
                new InUnits(new LossMetric(new MeanAbsoluteError()), "mae", unit),
                new InUnits(new RootMeanSquaredError(), "rmse", unit), new R2Score().named("r2"), new ExampleCount()));
        Map<String, Double> measured = new LinkedHashMap<>(saved.model().evaluate(rows).values());
        long examples = measured.remove(ExampleCount.NAME).longValue();
        requireFinite(measured, table(saved));
        if (json) {
            JsonLines.print(console.out(), fields(measured, examples));
        } else {
            StringBuilder line = new StringBuilder("Loss (" + lossName(saved) + ") " + Text.decimals(measured.remove("loss"), 4)
                    + "; in units of " + target.name() + ": ");
            measured.forEach((name, value) -> line.append(name).append(' ').append(Text.decimals(value, 4)).append(", "));
            console.out().println(line.substring(0, line.length() - 2) + " on " + Text.count(examples, "row"));
        }
    }
}
