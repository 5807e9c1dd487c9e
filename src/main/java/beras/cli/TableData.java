package beras.cli;

import beras.data.ClassWeights;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.Table;
import beras.data.TableColumn;
import beras.data.TableFile;
import beras.data.TableOptions;
import beras.data.TablePreprocessor;
import beras.data.TableSchema;
import beras.data.TableSchema.Remark;
import beras.data.TableTarget;
import beras.data.TableTarget.Task;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.files.FileStamp;
import beras.files.Sha256;
import beras.losses.MeanAbsoluteError;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.metrics.RootMeanSquaredError;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import picocli.CommandLine.Model.CommandSpec;

/** A table, of which one column is to be predicted. */
final class TableData extends TrainingData {

    private static final int MOST_REMARKS = 20;

    private final CommandSpec spec;
    private final TrainOptions options;
    private TableFile file;
    private final List<String> found = new ArrayList<>(); // how the file is written
    private final TableOptions tableOptions;
    private final double split;
    private final LongPredicate held;
    private final long[] count = new long[1];
    private FileStamp stamp;
    private Background<TableSchema> learning;
    private Background<String> hash;
    private TableSchema schema;
    private Batches training;
    private Batches validation; // null: none
    private String buffer;

    TableData(CommandSpec spec, TrainOptions options) {
        this.spec = spec;
        this.options = options;
        options.requireAbsent(spec, "--augment", options.augment, "images");
        if (options.shuffleBuffer != null) {
            Usage.check(spec, "--shuffle-buffer", () -> TableRows.requireBuffer(options.shuffleBuffer));
        }
        file = options.file.of(spec, options.data);
        tableOptions = tableOptions();
        split = options.validationSplit == null ? TrainDefaults.TABLE_VALIDATION_SPLIT : options.validationSplit;
        held = Splits.validationRows(split, options.seed);
    }

    private TableOptions tableOptions() {
        TableOptions made = new TableOptions().onRemark(found::add);
        if (options.task != null) {
            made = made.task(Usage.check(spec, "--task", () -> TableTypes.valueOf(Task.class, "a task", options.task)));
        }
        if (options.maxCategories != null) {
            TableOptions before = made;
            made = Usage.check(spec, "--max-categories", () -> before.maxCategories(options.maxCategories));
        }
        if (options.types != null) {
            made = made.types(Usage.check(spec, "--types", () -> TableTypes.parse(options.types, options.target)));
        }
        return made;
    }

    // -------------------------------------------------------------------------------------------------- reading

    /** What the table does not decide is checked already. */
    @Override
    void check(Recipe said) {}

    @Override
    void begin() throws IOException {
        if (options.target == null) {
            try (Table table = Table.open(file)) {
                throw Usage.invalid(spec, "--target", options.data + " is a table, so a column to predict must be named,"
                        + " one of " + String.join(", ", table.columns()));
            }
        }
        file = file.rereadable();
        stamp = stamp();
        learning = Background.start("beras-data", () ->
                TableSchema.infer(file, options.target, tableOptions.rows(row -> {
                    count[0]++; // of those that have a target
                    return !held.test(row);
                })));
    }

    /** What the table is like before the first pass over it. */
    private FileStamp stamp() throws IOException {
        if (!Files.exists(file.path())) {
            throw new DataException(options.data + ": there is no such file. Check the name; it is looked for at "
                    + options.data.toAbsolutePath());
        }
        FileStamp made = FileStamp.of(file.path());
        if (!made.isPlainFile()) {
            throw new DataException(options.data + ": a table to train on is read several times, which a pipe or device cannot"
                    + " be. Save it to a file first");
        }
        return made;
    }

    @Override
    void load(Console console) throws Exception {
        schema = learning.get();
        hash = Background.start("beras-hash", () -> Sha256.of(List.of(file.path())));
        found.forEach(console.err()::println);
        console.err().println(describe(schema.target()));
        printRemarks(schema.remarks(), console);
        if (split > 0 && count[0] == schema.rows()) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one row to validate is needed. Received: none of "
                    + count[0] + ". Take a larger --validation-split, or 0 to train on all");
        }
    }

    private String describe(TableTarget target) {
        String why;
        String what;
        if (target instanceof TableTarget.Labels labels) {
            what = "classification: " + target.name() + " is one of " + labels.labels().size() + " labels";
            why = labels.areNumbers() ? "its values are whole numbers, and these are few"
                    : "its values are text";
        } else {
            what = "regression: " + target.name() + " is an amount";
            why = "its values are numbers, and many or not whole";
        }
        return "Task: " + what + ", as " + (options.task == null ? why + " (--task overrides that)" : "asked");
    }

    /** Columns that are left out come first, so that many columns of missing values do not hide them. */
    private static void printRemarks(List<Remark> remarks, Console console) {
        remarks.stream().sorted(Comparator.comparing(remark -> remark.kind() != Remark.Kind.LEFT_OUT)).limit(MOST_REMARKS)
                .forEach(remark -> console.err().println(remark.text()));
        if (remarks.size() > MOST_REMARKS) {
            console.err().println("And " + Text.count(remarks.size() - MOST_REMARKS, "remark") + " more of this kind");
        }
    }

    private boolean isRegression() {
        return schema.target().task() == Task.REGRESSION;
    }

    @Override
    Recipe complete(Recipe said) {
        boolean few = schema.rows() <= TrainDefaults.TABLE_FEW_ROWS;
        Recipe recipe = options.batchSize != null ? said
                : said.batchSize(few ? TrainDefaults.TABLE_SMALL_BATCH : TrainDefaults.TABLE_LARGE_BATCH);
        if (options.epochs == null) {
            long steps = (schema.rows() - 1) / recipe.batchSize() + 1;
            recipe = recipe.epochs((int) Math.max(TrainDefaults.TABLE_LEAST_EPOCHS,
                    Math.min(TrainDefaults.TABLE_MOST_EPOCHS, (TrainDefaults.TABLE_STEPS + steps - 1) / steps)));
        }
        recipe = recipe.validationSplit(split);
        String layers = options.layers == null ? TrainDefaults.TABLE_LAYERS : options.layers;
        if (options.layers == null || !RecipeOptions.endsInOutput(recipe)) {
            layers += "," + schema.targetWidth() + ":" + (isRegression() ? "linear" : "softmax");
        }
        recipe = recipe.layers(RecipeOptions.layers(options, layers));
        if (isRegression()) {
            options.requireAbsent(spec, "--class-weight", options.classWeight, "classification");
        }
        return RecipeOptions.withLoss(spec, options, recipe, isRegression());
    }

    @Override
    void open(Recipe recipe, Console console) throws IOException {
        TableRows rows = new TableRows(file, schema, held, count[0], options.shuffleBuffer,
                Runtime.getRuntime().maxMemory());
        if (!stamp.holds()) {
            throw new DataException(options.data + ": the table was changed while it was read. Begin again when nobody writes to"
                    + " it");
        }
        for (TableColumn column : schema.columns()) { // what the rows to train on show is said already
            String sentence = rows.unreadable().get(column.name());
            if (sentence != null && column.missing() == 0) {
                console.err().println(sentence);
            }
        }
        console.err().println(rows.describe());
        buffer = rows.buffer();
        training = rows.training(recipe.batchSize(), recipe.seed());
        validation = rows.validation(recipe.batchSize());
    }

    // ---------------------------------------------------------------------------------------------------- facts

    @Override
    Shape inputShape() {
        return Shape.of(schema.width());
    }

    @Override
    Shape targetShape() {
        return Shape.of(schema.targetWidth());
    }

    @Override
    String outputsNeeded() {
        return ": the target " + schema.target().name() + " needs " + Text.count(schema.targetWidth(), "output")
                + ", so the last layer needs as many units, or an output is added after layers that do not end in softmax,"
                + " sigmoid or linear";
    }

    @Override
    long examples() {
        return schema.rows();
    }

    @Override
    Batches training() {
        return training;
    }

    @Override
    Batches validation() {
        return validation;
    }

    @Override
    Examples test() {
        return null;
    }

    @Override
    List<Metric> metrics() {
        double unit = isRegression() ? schema.target().unit() : 0;
        return isRegression() ? List.of(new InUnits(new LossMetric(new MeanAbsoluteError()), "mae", unit),
                new InUnits(new RootMeanSquaredError(), "rmse", unit)) : List.of(new CategoricalAccuracy());
    }

    @Override
    List<String> labels() {
        return isRegression() ? List.of() : schema.target().labels();
    }

    @Override
    float[] balancedWeights() {
        return ClassWeights.balanced(schema.target().counts().stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    Preprocessor preprocessor() {
        return new TablePreprocessor(schema);
    }

    @Override
    Map<String, String> provenance() throws Exception {
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("data", file.toString());
        provenance.put("data_sha256", hash.get());
        provenance.put("examples", Long.toString(examples()));
        provenance.put("target", schema.target().name());
        provenance.put("task", schema.target().task().name().toLowerCase(Locale.ROOT));
        provenance.put("shuffle_buffer", buffer);
        return provenance;
    }

    @Override
    List<String> next(String model) {
        String table = " --data " + Text.quote(options.data) + options.file.said();
        return List.of("evaluate " + model + table, "predict " + model + table + " --out predictions.csv");
    }
}
