package beras.cli.models;

import static beras.cli.terminal.Result.number;

import beras.cli.options.BaseCommand;
import beras.cli.options.DataKind;
import beras.cli.options.FolderOptions;
import beras.cli.options.TableFileOptions;
import beras.cli.options.TableTypes;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.config.Config;
import beras.config.InvalidDataException;
import beras.data.ArrayPreprocessor;
import beras.data.DataException;
import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.PredictionPicture;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.data.table.TargetMeans;
import beras.data.text.TextPreprocessor;
import beras.evaluation.ClassificationReport;
import beras.evaluation.RegressionReport;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.files.WholeFile;
import beras.layers.activations.Softmax;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import beras.report.Charts;
import beras.report.Judgement.Regression;
import beras.report.Labels;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.sources.ArrayFiles;
import beras.sources.ArraySource;
import beras.sources.PictureSource;
import beras.sources.TextNet;
import beras.sources.TextSource;
import beras.tables.Coverage;
import beras.tables.TableModel;
import beras.tables.TableOrigin;
import beras.tables.TablePredictions;
import beras.tables.TableRemarks;
import beras.tensor.Tensor;
import beras.training.Collect;
import beras.training.Evaluation;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code evaluate}: how good a model is, in numbers and in a picture. */
@Command(name = "evaluate", header = "Measures how good a model is.", sortOptions = false, showDefaultValues = true,
        description = {"Reports loss and accuracy of a model on the test images or on the rows of a table, on a text its perplexity; which class it takes"
                + " for which, precision, recall and F1 of each, areas under curves and calibration; of two labels what"
                + " thresholds do; for a regression the errors in units of the table, and R2. Next to them stands what always"
                + " the most frequent label, or the mean, would reach.",
            "What the model gives for all rows, and what is true, is kept in memory: 8 bytes for each row and label.",
            "The picture shows ten images it got right and ten it got wrong, of all classes in turn."},
        footer = {"", "Examples:",
            "  beras evaluate model.beras",
            "  beras evaluate model.beras --pictures digits.png",
            "  beras evaluate model.beras --data houses.csv --json"})
public final class EvaluateCommand extends BaseCommand {

    @Mixin
    private final ModelArgument modelFile = new ModelArgument();

    @Option(names = "--data", paramLabel = "FOLDER|TABLE|FILE",
            description = "Folder with the four IDX files, folder with a folder of pictures for each class (of such a folder"
                    + " that the model was trained on, the pictures that were held out; if there is a folder test, those in"
                    + " it), NumPy's .npz with x_test and y_test or x and y (of the one that"
                    + " the model was trained on the examples that were held out), a text (of the one that the model was trained on"
                    + " the part that was held out), or a table that has the target, for a"
                    + " model of a table. All plain or gzip; - is a table from standard input. Default for images: "
                    + FolderOptions.DATA + ".")
    private Path data;

    @Mixin
    private final TableFileOptions table = new TableFileOptions();

    @DataKind.For(DataKind.TABLE)
    @Option(names = "--rows", paramLabel = "WHICH", defaultValue = "all", description = "Tables: all rows, or those of the table that"
            + " the model was trained on that were then for training or validation: all, training or validation.")
    private String rows;

    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES})
    @Option(names = "--pictures", paramLabel = "FILE.png", description = "Images: draw a picture into this file.")
    private Path pictures;

    @DataKind.For({DataKind.PICTURES, DataKind.IMAGES})
    @Option(names = FolderOptions.SKIP_BROKEN, description = "Images: of a folder of pictures " + FolderOptions.SKIPS)
    private boolean skipBroken;

    @Option(names = "--force", description = "Replace that file, or those of --plots, if they exist.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private final ThresholdOptions threshold = new ThresholdOptions();

    @Mixin
    private final IntervalOption interval = new IntervalOption();

    @DataKind.For({DataKind.TABLE, DataKind.ARRAYS, DataKind.PICTURES, DataKind.IMAGES})
    @Option(names = "--plots", paramLabel = "FOLDER", description = "Tables, arrays and images: draw confusion.svg, roc.svg,"
            + " pr.svg and calibration.svg into"
            + " this folder; of a regression predicted.svg and residuals.svg.")
    private Path plots;

    /** Rows of a table by their use in training. */
    public enum Rows { ALL, TRAINING, VALIDATION }

    private static final int AHEAD = 2;
    private static final List<String> CLASS_PLOTS = List.of("confusion.svg", "roc.svg", "pr.svg", "calibration.svg");
    private static final List<String> NUMBER_PLOTS = List.of("predicted.svg", "residuals.svg");

    private Rows which;
    private PlotFolder drawn; // null: nothing is drawn
    private Optional<ConformalSets> sets = Optional.empty(); // whose coverage is measured

    @Override
    public Integer call() throws Exception {
        if (pictures != null) {
            Usage.requireDrawing("--pictures");
            Usage.requirePlace(spec, "--pictures", pictures, force);
            Usage.requireApart(spec, "--pictures", pictures, List.of(modelFile.path));
        }
        which = Usage.check(spec, "--rows", () -> TableTypes.valueOf(Rows.class, "it", rows));
        console.backend(); // refuses wrong system properties
        SavedModel saved = Predictions.load(modelFile.path);
        Preprocessor meaning = saved.preprocessor().orElse(null);
        TableSchema schema = Predictions.schema(saved, modelFile.path).orElse(null);
        if (meaning instanceof TextPreprocessor text) {
            DataKind.TEXT.requireOptions(spec);
            evaluateText(saved, text);
        } else if (meaning instanceof ArrayPreprocessor arrays) {
            DataKind.ARRAYS.requireOptions(spec);
            evaluateArrays(saved, arrays);
        } else if (schema != null) {
            evaluateTable(saved, schema);
        } else {
            requireNoTable(saved);
            DataKind.IMAGES.requireOptions(spec);
            data = data == null ? Path.of(FolderOptions.DATA) : data;
            evaluateImages(saved);
        }
        return Exit.DONE;
    }

    /** Some formats have no place for the columns of a table, which then cannot be made inputs. */
    private void requireNoTable(SavedModel saved) {
        if (data != null && saved.preprocessor().isEmpty() && Files.isRegularFile(data) && !ArrayFiles.isNamedSo(data)) {
            throw new Failure(Exit.BAD_DATA, data + ": expected a folder of images or an .npz, for " + modelFile.path + " does not record"
                    + " how the columns of a table become inputs. Received: a file of another kind. A model of a table that is kept"
                    + " as .beras or .onnx does");
        }
    }

    // -------------------------------------------------------------------------------------------------- images

    private void evaluateImages(SavedModel saved) throws IOException {
        Model model = saved.model();
        ImagePreprocessor meaning = Predictions.meaning(saved, modelFile.path);
        Images test = ArrayFiles.isNamedSo(data) ? ArrayFiles.tested(data, model.outputShape().size())
                : PictureSource.isOne(data)
                        ? PictureSource.tested(data, meaning, saved.preprocessor().isPresent(), saved.provenance(), skipBroken,
                                console.progress())
                        : ImageSets.load(data).test();
        Predictions.requireFit(model, modelFile.path, test, data);
        if (!model.outputShape().is(test.classes())) {
            throw new Failure(Exit.BAD_DATA, data + " has " + test.classes() + " classes. Received: the model "
                    + modelFile.path + " with " + model.outputShape().size() + " outputs");
        }
        if (test.count() == 0) {
            throw new Failure(Exit.BAD_DATA, data + ": at least one test image is needed. Received: none");
        }
        Predictions.sayScaling(saved, modelFile.path, console);
        Examples shaped = Examples.of(test.inputs().reshape(model.inputShape().prepend(test.count()).toArray()), test.oneHot());
        Tensor outputs = measure(saved, Batches.of(model.inputShape().equals(test.inputShape()) ? test : shaped,
                Predictor.batchSize(model.inputShape())), meaning.labels(), null);
        if (pictures != null) {
            byte[] png = PredictionPicture.first(test, outputs, meaning);
            WholeFile.write(pictures, force, out -> out.write(png));
            console.err().println("The picture is in " + pictures);
        }
    }

    /**
     * Evaluates the model on examples, and prints the metrics.
     *
     * @param labels of the classes; empty: a number is predicted
     * @param schema null for images and arrays
     * @return the outputs, for labels their scores: probabilities if the outputs are logits
     */
    private Tensor measure(SavedModel saved, Batches batches, List<String> labels, TableSchema schema) throws IOException {
        ClassificationReport.Options options = schema == null ? new ClassificationReport.Options() : threshold.options(spec, schema.target());
        if (plots != null) {
            drawn = PlotFolder.open(spec, plots, labels.isEmpty() ? NUMBER_PLOTS : CLASS_PLOTS, force);
        }
        Optional<Loss> loss = loss(saved);
        // Without a loss any will do: it is not shown.
        Evaluation evaluation = new Trainer(saved.model(), List.of(new Objective(loss.orElseGet(MeanSquaredError::new))))
                .evaluate(batches, Collect.PREDICTIONS, Collect.TARGETS);
        requireFinite(saved, evaluation.values(), schema);
        Tensor given = evaluation.predictions().get(0);
        Tensor truth = evaluation.targets().get(0);
        Result result = new Result();
        String unit = schema != null ? "row" : saved.preprocessor().orElse(null) instanceof ArrayPreprocessor ? "example" : "image";
        if (labels.isEmpty()) {
            addValues(result, loss, evaluation, unit, Regression.of(saved.preprocessor(), given, truth));
        } else {
            given = saved.probabilities(given).contiguous();
            addClasses(result, saved, loss, evaluation, ClassificationReport.of(labels, given, truth, options), given, unit);
        }
        if (sets.isPresent()) {
            Coverage measured = Coverage.of(sets.get(), schema.target(), given, truth);
            result.put("interval", measured.promised(), "coverage", measured.share(), labels.isEmpty() ? "mean_width" : "mean_set_size",
                    measured.meanSize());
            result.section().row((labels.isEmpty() ? "Intervals" : "Sets") + " of --interval " + measured.promised() + " cover "
                    + number(measured.share()) + " of the rows; mean " + (labels.isEmpty() ? "width " + number(measured.meanSize())
                            : "size " + Text.decimals(measured.meanSize(), 2)));
        }
        result.put("examples", evaluation.examples(), "model", modelFile.path.toString()).print(console, json);
        if (drawn != null) {
            console.err().println("The plots are in " + plots);
        }
        return given;
    }

    private void addClasses(Result result, SavedModel saved, Optional<Loss> loss, Evaluation evaluation, ClassificationReport report,
            Tensor scores, String unit) throws IOException {
        requireProbabilities(saved, report, scores);
        double answered = saved.lossOfAnswers().isPresent() && report.hasProbabilities() ? report.logLoss() : evaluation.loss();
        boolean images = !unit.equals("row");
        String what = images ? "test " : "";
        long examples = evaluation.examples();
        loss.ifPresent(known -> result.put("loss", answered));
        result.section().row(Labels.sentence(loss.map(known -> what + loss(known, answered) + ", ").orElse("") + what + "accuracy "
                + number(report.accuracy()) + " on " + Text.count(examples, unit)
                + Text.range(report.accuracy(), examples, report.labels().get(report.frequent()), report.baselineAccuracy())
                + threshold.threshold().map(value -> ", at threshold " + value).orElse("")));
        ClassReport classes = new ClassReport(report, result);
        classes.add(!images);
        threshold.threshold().ifPresent(value -> result.put("threshold", value));
        if (!images && report.labels().size() == 2 && report.hasProbabilities()) {
            classes.addThresholds();
        }
        if (drawn != null) {
            drawn.save(Charts.of(report));
        }
    }

    private void addValues(Result result, Optional<Loss> loss, Evaluation evaluation, String unit,
            Regression regression) throws IOException {
        RegressionReport report = regression.report();
        loss.ifPresent(known -> result.put("loss", evaluation.loss()));
        result.putAll(report.values()).section()
                .row(Labels.sentence(loss.map(known -> loss(known, evaluation.loss()) + "; ").orElse("") + "in units of " + regression.target()
                        + ": mse " + number(report.mse()) + ", mae " + number(report.mae()) + ", rmse " + number(report.rmse()) + ", r2 "
                        + number(report.r2()) + " on " + Text.count(evaluation.examples(), unit)))
                .row("Half of the absolute errors are below " + number(report.medianAbsoluteError()) + ", all up to "
                        + number(report.maxError()))
                .row("Baseline, always the mean of the training, " + number(report.trainingMean()) + ": mae "
                        + number(report.baselineMae()) + ", r2 " + number(report.baselineR2()));
        if (drawn != null) {
            drawn.save(Charts.of(regression));
        }
    }

    /** Refuses options about probabilities where the scores are none; without such options that is reported. */
    private void requireProbabilities(SavedModel saved, ClassificationReport report, Tensor scores) {
        ScoreCheck check = new ScoreCheck(modelFile.path, saved, threshold.threshold().map(any -> "--threshold"), console);
        int width = report.labels().size();
        IntStream.range(0, report.hasProbabilities() ? 0 : scores.dim(0)).map(row -> scores.offset() + row * width)
                .mapToObj(at -> Prediction.ofLabels(report.labels(), Arrays.copyOfRange(scores.data(), at, at + width)))
                .filter(prediction -> !prediction.hasProbabilities()).findFirst().ifPresent(check::look);
    }

    private static String loss(Loss loss, double value) {
        return "loss (" + Recipe.name(loss) + ") " + number(value);
    }

    /**
     * Outputs that are not finite come from data far from the training data, as the weights are finite.
     *
     * @param schema null for images
     * @throws DataException if an output is not finite; the message names the row
     */
    private void requireFinite(SavedModel saved, Map<String, Double> measured, TableSchema schema) throws IOException {
        for (Map.Entry<String, Double> number : measured.entrySet()) {
            if (!Double.isFinite(number.getValue())) {
                if (schema != null) {
                    try (TablePredictions predictions = TableModel.of(saved).predict(table.again(spec, data))) {
                        while (!predictions.next().isEmpty()) {
                            // The first row with such a number is rejected.
                        }
                    }
                }
                throw new Failure(Exit.BAD_DATA, data + ": expected data like those that " + modelFile.path
                        + " was trained on. Received: " + number.getKey() + " " + number.getValue()
                        + ", which comes of numbers that are too large");
            }
        }
    }

    /** The loss that the model was trained with, if recorded; against one-hot targets, as those of images and tables are. */
    private static Optional<Loss> loss(SavedModel saved) {
        return saved.loss().map(loss -> loss instanceof SparseCategoricalCrossEntropy ofLabels ? ofLabels.ofOneHot() : loss);
    }

    // --------------------------------------------------------------------------------------------------- texts

    private void evaluateText(SavedModel saved, TextPreprocessor meaning) throws IOException {
        if (data == null) {
            throw Usage.invalid(spec, "--data", "it must name a text, which the model continues. Received: nothing");
        }
        Examples windows = TextSource.tested(data, meaning, saved.provenance(), console.err()::println);
        Loss loss = saved.loss().orElseGet(() -> new SparseCategoricalCrossEntropy()
                .fromLogits(!(saved.model().last() instanceof Softmax)));
        Metric measure = Metrics.of(Config.of("perplexity"), loss, saved.model().outputShape());
        Evaluation evaluation = new Trainer(saved.model(), List.of(new Objective(loss).metrics(measure)))
                .evaluate(Batches.of(windows, TextNet.BATCH_SIZE));
        requireFinite(saved, evaluation.values(), null);
        double perplexity = evaluation.values().get("perplexity");
        long tokens = (long) windows.count() * meaning.inputShape().dim(0);
        new Result().put("loss", evaluation.loss(), "perplexity", perplexity, "tokens", tokens, "model", modelFile.path.toString()).section()
                .row(Labels.sentence(loss(loss, evaluation.loss()) + ", perplexity " + number(perplexity) + " on " + Text.count(tokens, "token")))
                .print(console, json);
    }

    // -------------------------------------------------------------------------------------------------- arrays

    private void evaluateArrays(SavedModel saved, ArrayPreprocessor meaning) throws IOException {
        if (data == null || !ArrayFiles.isNamedSo(data) || ArrayFiles.isArray(data)) {
            throw Usage.invalid(spec, "--data", "it must name an .npz with x_test and y_test or x and y, as the model takes arrays."
                    + " Received: " + (data == null ? "nothing" : data));
        }
        Examples examples = ArraySource.tested(data, meaning, saved.provenance(), console.err()::println);
        measure(saved, Batches.of(examples, Predictor.batchSize(meaning.inputShape())), meaning.labels(), null);
    }

    // -------------------------------------------------------------------------------------------------- tables

    private void evaluateTable(SavedModel saved, TableSchema schema) throws IOException {
        DataKind.TABLE.requireOptions(spec);
        TableTarget target = schema.target();
        if (data == null) {
            throw Usage.invalid(spec, "--data", "it must name a table with the column " + target.name()
                    + ", which the model predicts. Received: nothing");
        }
        sets = interval.sets(spec, saved, modelFile.path);
        if (sets.isPresent() && which == Rows.VALIDATION) {
            console.err().println("The errors on these very rows decide the intervals and sets: other rows show which coverage they have");
        }
        Batches rows = rows(saved, schema);
        schema.sampleWeight().ifPresent(weight -> console.err().println("Each row counts once here, whatever its weight in column \""
                + weight.name() + "\""));
        measure(saved, rows, target.labels(), schema);
    }

    private Batches rows(SavedModel saved, TableSchema schema) throws IOException {
        int size = Predictor.batchSize(saved.model().inputShape());
        List<LongPredicate> chosen = chosen(saved, schema);
        if (chosen.size() == 1) {
            return new TableDataset(table.again(spec, data), schema, chosen.get(0))
                    .atEnd(reader -> TableRemarks.of(reader, schema, "").forEach(console.err()::println)).batch(size).prefetch(AHEAD);
        }
        console.err().println(TargetMeans.areIn(schema)
                ? "The first of the " + chosen.size() + " networks is evaluated on the rows that it held out in training: from"
                        + " those of the others the means of the target were learnt"
                : "Each of the " + chosen.size() + " networks is evaluated on the rows that it held out in training");
        List<Batches> each = new ArrayList<>();
        for (LongPredicate ofNet : chosen) { // training has remarked on these rows
            each.add(new TableDataset(table.again(spec, data), schema, ofNet).batch(size));
        }
        return Batches.ofNets(each).prefetch(AHEAD);
    }

    /** The requested rows, perhaps others for each network; warns if the model was trained on them. */
    private List<LongPredicate> chosen(SavedModel saved, TableSchema schema) throws IOException {
        TableFile tested = table.again(spec, data).missing(schema.missing());
        if (!tested.isRereadable()) {
            return List.of(any -> true); // opening it will report the error
        }
        TableOrigin origin = TableOrigin.of(saved.provenance());
        boolean same = origin.isTrainedOn(tested);
        if (which == Rows.ALL) {
            if (same) {
                console.err().println(tested + " is the table that the model was trained on, so that these numbers are better than"
                        + " those of new rows" + (origin.keptRowsApart() ? ". --rows validation takes the rows that were held out"
                        : ""));
            } else if (origin.isValidatedOn(tested)) {
                console.err().println(tested + " is the table by which the best epoch of the model was chosen, so that these numbers"
                        + " may be a little better than those of new rows");
            }
            return List.of(any -> true);
        }
        table.requireNoMarks(spec, "with --rows it would change which rows were for what. The model keeps the marks that it was"
                + " trained with");
        if (!same) {
            throw new Failure(Exit.BAD_DATA, data + ": expected the table that " + modelFile.path + " was trained on, as --rows " + rows
                    + " needs. Received: another one, by its SHA-256. Leave out --rows");
        }
        return Failure.blaming(modelFile.path, ". Leave out --rows", () -> {
            int nets = saved.model().nets().size();
            List<LongPredicate> chosen = which == Rows.TRAINING ? List.of(origin.trainingRows(tested, nets))
                    : origin.validationRows(tested, schema, nets);
            if (which == Rows.VALIDATION && !origin.keptRowsApart()) {
                throw new InvalidDataException("No rows were held out");
            }
            return chosen;
        });
    }
}
