package beras.cli;

import beras.data.ClassWeights;
import beras.data.table.Table;
import beras.data.table.TableColumn;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableSchema;
import beras.data.table.TableSplit;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Task;
import beras.feed.Examples;
import beras.feed.Preprocessor;
import beras.files.WholeFile;
import beras.metrics.Metric;
import beras.saving.ModelFile;
import beras.tables.PreparedTable;
import beras.tables.TableDefaults;
import beras.tables.TableRows;
import beras.tables.TableTraining;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;

/** A table, of which one column is to be predicted. */
final class TableData extends TrainingData {

    private final CommandSpec spec;
    private final TrainOptions options;
    private final TableFile file;
    private final TableSplit split;
    private final TableTraining plan;
    private Background<PreparedTable> preparing;
    private Background<Map<String, String>> origin;
    private PreparedTable table;
    private TableSchema schema;
    private TableRows rows;

    TableData(CommandSpec spec, TrainOptions options) {
        this.spec = spec;
        this.options = options;
        DataKind.TABLE.requireOptions(spec);
        file = options.table.file.of(spec, options.data);
        split = split();
        String target = options.table.target == null ? "" : options.table.target;
        TableTraining made = TableTraining.of(file, target).split(split).options(tableOptions());
        if (options.table.validationData != null) {
            made = made.validationData(options.table.file.of(spec, options.table.validationData));
        }
        if (options.table.shuffleBuffer != null) {
            TableTraining before = made;
            made = Usage.check(spec, "--shuffle-buffer", () -> before.shuffleBuffer(options.table.shuffleBuffer));
        }
        plan = made;
    }

    /** How it is trained, but for what the options say of the net. */
    TableTraining plan() {
        return plan;
    }

    /** The table, once it is {@linkplain #load loaded}. */
    PreparedTable table() {
        return table;
    }

    private TableSplit split() {
        if (options.table.validationData != null) {
            requireNoSplit("--validation-split", options.validationSplit);
            requireNoSplit("--split", options.table.split);
            requireNoSplit(TableDataOptions.SPLIT_SEED, options.table.splitSeed);
            if (isSame(options.table.validationData, options.data)) {
                throw Usage.invalid(spec, "--validation-data", "it is --data itself, of which all rows are trained on. Name a"
                        + " table of other rows, or remove it, and some rows are held out");
            }
        }
        double share = options.validationSplit == null ? TableDefaults.VALIDATION_SPLIT : options.validationSplit;
        Usage.check(spec, "--validation-split", () -> TableSplit.random(share));
        String how = options.table.split == null ? TableDefaults.SPLIT : options.table.split;
        return Usage.check(spec, "--split", () -> TableSplit.parse(how, share))
                .seed(options.table.splitSeed());
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return WholeFile.place(one).equals(WholeFile.place(other));
        } catch (FileSystemException e) {
            return false; // to open it will say what is wrong
        }
    }

    private void requireNoSplit(String option, Object value) {
        if (value != null) {
            throw Usage.invalid(spec, option, "it cannot be combined with --validation-data, for all rows of --data are trained on"
                    + " then. Remove one of them");
        }
    }

    private TableOptions tableOptions() {
        TableOptions made = new TableOptions();
        Optional<Task> task = options.table.task(spec);
        if (task.isPresent()) {
            made = made.task(task.get());
        }
        if (options.table.maxCategories != null) {
            TableOptions before = made;
            made = Usage.check(spec, "--max-categories", () -> before.maxCategories(options.table.maxCategories));
        }
        if (options.table.types != null) {
            made = made.types(Usage.check(spec, "--types", () -> TableTypes.parse(options.table.types, options.table.target)));
        }
        return made;
    }

    /** The training that the options say, of which each part of a cross-validation is one. */
    TableTraining training(Recipe said) {
        TableTraining training = plan.monitor(options.monitor == null ? "loss" : options.monitor).recipe(table ->
                RecipeOptions.withClassWeights(spec, options, complete(said, table), table.target().labels(),
                        () -> balancedWeights(table)));
        OptionalInt patience = saidPatience();
        return patience.isEmpty() ? training
                : Usage.check(spec, "--early-stopping", () -> training.patience(patience.getAsInt()));
    }

    /** After how many epochs without improvement training is said to end; empty: as the table suggests. */
    private OptionalInt saidPatience() {
        if (options.earlyStopping != null) {
            return OptionalInt.of(options.earlyStopping);
        }
        if (!endsEarly()) {
            return OptionalInt.of(0);
        }
        return options.lrSchedule == null ? OptionalInt.empty() : OptionalInt.of(Integer.MAX_VALUE); // it is not cut short
    }

    @Override
    boolean keepsValidation() {
        return options.table.validationData != null || split.share() > 0;
    }

    /** An average of weights takes the place of the best ones. */
    @Override
    boolean endsEarly() {
        return keepsValidation() && options.ema == null;
    }

    @Override
    int patience(Recipe recipe) {
        return saidPatience().orElseGet(() -> TableDefaults.patience(schema.rows(), recipe.batchSize()));
    }

    // -------------------------------------------------------------------------------------------------- reading

    /** A wrong name is said before a file that is in the way of the model. */
    @Override
    void check(Recipe said) throws IOException {
        if (options.table.target != null && file.isRereadable()) {
            try (Table named = Table.open(file)) {
                named.column(options.table.target, "the target");
            }
        }
    }

    @Override
    void begin() throws IOException {
        requireTarget();
        preparing = Background.start("beras-data", plan::prepare);
    }

    void requireTarget() throws IOException {
        if (options.table.target == null) {
            try (Table named = Table.open(file)) {
                throw Usage.invalid(spec, "--target", options.data + " is a table, so a column to predict must be named,"
                        + " one of " + String.join(", ", named.columns()));
            }
        }
    }

    @Override
    void load(Console console) throws Exception {
        table = preparing.get();
        schema = table.schema();
        origin = Background.startLater("beras-hash", () -> table.provenance(table.sha256()));
        table.remarks().forEach(console.err()::println);
        describe(schema, console);
    }

    /** Says what the columns are taken for. */
    void describe(TableSchema of, Console console) {
        console.err().println(describe(of.target()));
        boolean again = !StandardInput.isNamedBy(options.data);
        String inspect = again ? Text.command("inspect " + Text.quote(options.data) + " --target "
                + Text.quote(options.table.target) + options.table.saidToInspect()) : "inspect";
        ColumnTable.of(of).printShort(console.err(), options.crossValidate != null ? inspect
                : "info --model " + Text.quote(options.out()) + " when it is there" + (again ? ", or now by " + inspect : ""));
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
        return "Task: " + what + ", as " + (options.table.task == null ? why + " (--task overrides that)" : "asked");
    }

    private boolean isRegression() {
        return schema.target().task() == Task.REGRESSION;
    }

    @Override
    Recipe complete(Recipe said) {
        return complete(said, schema);
    }

    private Recipe complete(Recipe said, TableSchema schema) {
        boolean regression = schema.target().task() == Task.REGRESSION;
        Recipe recipe = options.batchSize != null ? said : said.batchSize(TableDefaults.batchSize(schema.rows()));
        recipe = RecipeOptions.withRate(spec, options, recipe, schema.rows());
        if (options.ensemble == null) {
            recipe = recipe.ensemble(TableDefaults.ensemble(schema.rows()));
        }
        if (options.epochs == null) {
            recipe = recipe.epochs(TableDefaults.epochs(schema.rows(), recipe.batchSize()));
        }
        recipe = recipe.validationSplit(options.table.validationData == null ? split.share() : 0);
        String layers = options.layers == null ? TableDefaults.LAYERS : options.layers;
        if (options.layers == null || !RecipeOptions.endsInOutput(recipe)) {
            layers += "," + TableDefaults.output(schema.target());
        }
        recipe = recipe.layers(RecipeOptions.layers(options, layers));
        if (regression && options.classWeight != null) {
            throw Usage.invalid(spec, "--class-weight", "it is for classification. Remove it");
        }
        return RecipeOptions.withLoss(spec, options, recipe, regression);
    }

    @Override
    void open(Console console) throws IOException {
        try {
            rows = table.rows(Optional.ofNullable(options.table.shuffleBuffer));
        } catch (IllegalArgumentException e) { // the heap is too small
            throw new Failure(Exit.FAILED, e.getMessage() + ": --shuffle-buffer");
        }
        for (TableColumn column : schema.columns()) { // what the rows to train on show is said already
            String sentence = rows.unreadable().get(column.name());
            if (sentence != null && column.missing() == 0) {
                console.err().println(sentence);
            }
        }
        console.err().println(describe(rows));
    }

    /** Where the rows are, which are for what, and how they are shuffled. */
    private String describe(TableRows made) {
        String how = options.table.validationData != null ? " (" + options.table.validationData + ")"
                : table.validationRows() > 0 ? " (" + table.parts().how() + ")" : "";
        return Text.count(schema.rows(), "row") + " to train on and " + table.validationRows() + " to validate" + how + ", of "
                + Text.count(schema.width(), "feature") + ", are "
                + (made.inMemory() ? "kept in memory" : "kept in a temporary file") + "; shuffled "
                + (made.buffer().equals("all") ? "as a whole" : "among " + made.buffer() + " at a time");
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
    TableRows set() {
        return rows;
    }

    @Override
    Examples test() {
        return null;
    }

    @Override
    List<Metric> metrics() {
        return table.metrics();
    }

    @Override
    List<String> labels() {
        return isRegression() ? List.of() : schema.target().labels();
    }

    @Override
    double[] balancedWeights() {
        return balancedWeights(schema);
    }

    private static double[] balancedWeights(TableSchema schema) {
        return ClassWeights.balanced(schema.target().counts().stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    Optional<Preprocessor> preprocessor() {
        return Optional.of(table.preprocessor());
    }

    @Override
    Optional<ColumnTable> columns() {
        return Optional.of(ColumnTable.of(schema));
    }

    @Override
    Map<String, String> provenance() throws Exception {
        Map<String, String> provenance = new LinkedHashMap<>(origin.get());
        if (rows != null) {
            provenance.put("shuffle_buffer", rows.buffer());
        }
        return provenance;
    }

    @Override
    List<String> next(String model) {
        if (options.out != null && !ModelFile.keepsPreprocessor(options.out)) {
            return List.of(); // no command can make its inputs
        }
        String data = " --data " + Text.quote(options.data) + options.table.file.said();
        List<String> next = new ArrayList<>();
        if (options.table.validationData != null) {
            next.add("evaluate " + model + " --data " + Text.quote(options.table.validationData) + options.table.file.said());
        } else if (keepsValidation()) {
            next.add("evaluate " + model + data + " --rows validation");
        }
        next.add("predict " + model + data + " --out predictions.csv");
        return next;
    }
}
