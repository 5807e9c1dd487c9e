package beras.cli;

import beras.data.DataException;
import beras.data.DigitPicture;
import beras.data.Images;
import beras.data.Mnist;
import beras.data.TableDataset;
import beras.data.TableSchema;
import beras.data.TableTarget;
import beras.feed.Batches;
import beras.files.WholeFile;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.losses.MeanAbsoluteError;
import beras.losses.MeanSquaredError;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.LossMetric;
import beras.metrics.R2Score;
import beras.metrics.RootMeanSquaredError;
import beras.models.Model;
import beras.saving.SavedModel;
import beras.tensor.Tensor;
import beras.training.Evaluation;
import beras.training.Measure;
import beras.training.Objective;
import beras.training.Recipe;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
                    + " gzip; - is a table from standard input. Default for images: " + TrainDefaults.DATA + ".")
    private Path data;

    @Mixin
    private final TableFileOptions table = new TableFileOptions();

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
        TableSchema schema = Predictions.schema(saved, file).orElse(null);
        if (schema == null) {
            table.requireAbsent(spec);
            evaluateImages(saved, data == null ? Path.of(TrainDefaults.DATA) : data);
        } else {
            evaluateTable(saved, schema);
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
        evaluateClasses(saved, Batches.of(test, Predictions.BATCH), ImageData.labels(test.classes()), folder, null);
        if (pictures != null) {
            Tensor outputs = Predictions.outputs(model, test);
            byte[] png = seed == null ? DigitPicture.first(test, outputs) : DigitPicture.random(test, outputs, seed);
            WholeFile.write(pictures, force, out -> out.write(png));
            console.err().println("The picture is in " + pictures);
        }
    }

    /**
     * @param source of the batches
     * @param schema null for images
     */
    private void evaluateClasses(SavedModel saved, Batches batches, List<String> labels, Path source,
            TableSchema schema) throws IOException {
        Loss loss = loss(saved);
        saved.model().compile(new Objective(loss).metrics(new CategoricalAccuracy()));
        Evaluation evaluation = saved.model().evaluate(batches, Measure.CONFUSION);
        requireFinite(saved, evaluation.values(), source, schema);
        ClassReport report = new ClassReport(labels, evaluation.confusion().orElseThrow());
        if (json) {
            Map<String, Object> fields = fields(evaluation.values(), evaluation.examples());
            report.addTo(fields);
            JsonLines.print(console.out(), fields);
        } else {
            boolean images = schema == null;
            console.out().println((images ? "Test loss (" : "Loss (") + RecipeOptions.name(loss) + ") "
                    + Text.decimals(evaluation.loss(), 4) + (images ? ", test accuracy " : ", accuracy ")
                    + Text.decimals(evaluation.get("accuracy"), 4) + " on "
                    + Text.count(evaluation.examples(), images ? "image" : "row"));
            report.print(console.out());
        }
    }

    /**
     * Numbers that are not finite come of data that are nothing like those trained on, as the weights are finite.
     *
     * @param source of the data
     * @param schema null for images
     * @throws DataException naming the row, if the model gives something that is not finite for one
     */
    private void requireFinite(SavedModel saved, Map<String, Double> measured, Path source, TableSchema schema)
            throws IOException {
        for (Map.Entry<String, Double> number : measured.entrySet()) {
            if (!Double.isFinite(number.getValue())) {
                if (schema != null) {
                    new RowPredictions(saved.model(), schema, console, false, false)
                            .write(table.again(spec, source), Writer.nullWriter());
                }
                throw new Failure(Exit.BAD_DATA, source + ": expected data like those that " + file
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

    /** The loss that the model was trained with; cross-entropy if that is not known. */
    private static Loss loss(SavedModel saved) {
        return saved.recipe().filter(Recipe::hasLoss).map(recipe -> recipe.objective(saved.model().outputShape()).loss())
                .orElseGet(() -> Losses.of(TrainDefaults.LOSS));
    }

    // -------------------------------------------------------------------------------------------------- tables

    private void evaluateTable(SavedModel saved, TableSchema schema) throws IOException {
        if (pictures != null) {
            throw Usage.invalid(spec, "--pictures", "it is for images, and " + file + " is a model of a table. Leave it out");
        }
        TableTarget target = schema.target();
        if (data == null) {
            throw Usage.invalid(spec, "--data", "it must name a table with the column " + target.name()
                    + ", which the model predicts. Received: nothing");
        }
        Batches rows = new TableDataset(table.again(spec, data), schema, any -> true)
                .atEnd(reader -> RowPredictions.describe(reader, schema, console, ""))
                .batch(Predictions.BATCH).prefetch(2);
        if (target.task() == TableTarget.Task.CLASSIFICATION) {
            evaluateClasses(saved, rows, target.labels(), data, schema);
        } else {
            evaluateAmounts(saved, rows, schema);
        }
    }

    private void evaluateAmounts(SavedModel saved, Batches rows, TableSchema schema) throws IOException {
        TableTarget target = schema.target();
        double unit = target.unit();
        Loss loss = loss(saved);
        saved.model().compile(new Objective(loss).metrics(
                new InUnits(new LossMetric(new MeanSquaredError()), "mse", unit * unit),
                new InUnits(new LossMetric(new MeanAbsoluteError()), "mae", unit),
                new InUnits(new RootMeanSquaredError(), "rmse", unit), new R2Score().named("r2")));
        Evaluation evaluation = saved.model().evaluate(rows);
        Map<String, Double> measured = new LinkedHashMap<>(evaluation.values());
        requireFinite(saved, measured, data, schema);
        if (json) {
            JsonLines.print(console.out(), fields(measured, evaluation.examples()));
        } else {
            StringBuilder line = new StringBuilder("Loss (" + RecipeOptions.name(loss) + ") "
                    + Text.decimals(measured.remove("loss"), 4) + "; in units of " + target.name() + ": ");
            measured.forEach((name, value) -> line.append(name).append(' ').append(Text.decimals(value, 4)).append(", "));
            console.out().println(line.substring(0, line.length() - 2) + " on " + Text.count(evaluation.examples(), "row"));
        }
    }
}
