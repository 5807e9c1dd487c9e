package beras.cli;

import beras.data.ClassWeights;
import beras.data.DataException;
import beras.data.Splits;
import beras.data.Table;
import beras.data.TableColumn.Type;
import beras.data.TableOptions;
import beras.data.TableSchema;
import beras.data.TableSchema.Remark;
import beras.data.TableTarget;
import beras.data.TableTarget.Task;
import beras.files.FileStamp;
import beras.losses.MeanAbsoluteError;
import beras.metrics.CategoricalAccuracy;
import beras.metrics.LossMetric;
import beras.metrics.Metric;
import beras.metrics.RootMeanSquaredError;
import beras.models.Sequential;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code train} on a table. */
final class TableTrainer extends Trainer {

    private static final int MOST_REMARKS = 20;

    TableTrainer(Console console, CommandSpec spec, TrainOptions options) {
        super(console, spec, options);
    }

    @Override
    Integer run() throws Exception {
        options.fill(TrainDefaults.TABLE_VALIDATION_SPLIT);
        Recipe recipe = new Recipe(spec, options);
        requireAbsent("--augment", options.augment, "images");
        if (options.shuffleBuffer != null) {
            Usage.check(spec, "--shuffle-buffer", () -> TableRows.requireBuffer(options.shuffleBuffer));
        }
        TableOptions tableOptions = tableOptions();
        requireTarget();
        requirePlaces();
        FileStamp stamp = stamp();
        LongPredicate validation = Splits.validationRows(options.validationSplit, options.seed);
        long[] count = new long[1];
        Background<TableSchema> learning = Background.start("beras-data", () ->
                TableSchema.infer(options.data, options.target, tableOptions.rows(row -> {
                    count[0] = row + 1;
                    return !validation.test(row);
                })));
        start();
        TableSchema schema = learning.get();
        console.err().println(describe(schema.target()));
        printRemarks(schema.remarks());
        return train(recipe, schema, validation, count[0], stamp);
    }

    /** What the table is like before the first pass over it. */
    private FileStamp stamp() throws IOException {
        if (!Files.exists(options.data)) {
            throw new DataException(options.data + ": there is no such file. Check the name; it is looked for at "
                    + options.data.toAbsolutePath());
        }
        FileStamp stamp = FileStamp.of(options.data);
        if (!stamp.isPlainFile()) {
            throw new DataException(options.data + ": a table to train on is read several times, which a pipe or device cannot"
                    + " be. Save it to a file first");
        }
        return stamp;
    }

    private TableOptions tableOptions() {
        TableOptions tableOptions = new TableOptions();
        if (options.task != null) {
            tableOptions = tableOptions.task(Usage.check(spec, "--task", () -> word(Task.class, "a task", options.task)));
        }
        if (options.types != null) {
            Map<String, Type> types = new LinkedHashMap<>();
            Usage.check(spec, "--types", () -> {
                Pairs.parse(options.types).forEach((column, type) -> types.put(column, word(Type.class, "a type", type)));
                if (types.containsKey(options.target)) {
                    throw new IllegalArgumentException("the target has a task, not a type. Received a type for: "
                            + options.target);
                }
                return types;
            });
            tableOptions = tableOptions.types(types);
        }
        return tableOptions;
    }

    private static <E extends Enum<E>> E word(Class<E> words, String what, String text) {
        for (E word : words.getEnumConstants()) {
            if (word.name().equalsIgnoreCase(text)) {
                return word;
            }
        }
        throw new IllegalArgumentException(what + " is " + Arrays.stream(words.getEnumConstants())
                .map(word -> word.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(" or ")) + ". Received: " + text);
    }

    private void requireTarget() throws DataException {
        if (options.target == null) {
            try (Table table = Table.open(options.data)) {
                throw Usage.invalid(spec, "--target", options.data + " is a table, so a column to predict must be named,"
                        + " one of " + String.join(", ", table.columns()));
            }
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
    private void printRemarks(List<Remark> remarks) {
        remarks.stream().sorted(Comparator.comparing(remark -> remark.kind() != Remark.Kind.LEFT_OUT)).limit(MOST_REMARKS)
                .forEach(remark -> console.err().println(remark.text()));
        if (remarks.size() > MOST_REMARKS) {
            console.err().println("And " + Text.count(remarks.size() - MOST_REMARKS, "remark") + " more of this kind");
        }
    }

    private int train(Recipe recipe, TableSchema schema, LongPredicate validation, long count, FileStamp stamp)
            throws IOException {
        if (options.validationSplit > 0 && count == schema.rows()) {
            throw new Failure(Exit.BAD_DATA, options.data + ": at least one row to validate is needed. Received: none of "
                    + count + ". Take a larger --validation-split, or 0 to train on all");
        }
        fill(schema);
        recipe.requireLossFits();
        FitOptions fitOptions = fitOptions(schema.target());
        Sequential model = recipe.compiled(schema.width(), schema.rows(), metrics(schema.target()));
        TableRows rows = new TableRows(options.data, schema, validation, count, options.shuffleBuffer,
                Runtime.getRuntime().maxMemory());
        if (!stamp.holds()) {
            throw new DataException(options.data + ": the table was changed while it was read. Begin again when nobody writes to"
                    + " it");
        }
        console.err().println(rows.describe());
        options.shuffleBuffer = rows.buffer();
        Map<String, String> provenance = provenance(schema.rows());
        provenance.put(TableModel.SCHEMA, schema.toJson());
        Lessons lessons = new Lessons(rows.training(options.batchSize, options.seed), schema.rows(),
                rows.validation(options.batchSize), null);
        return train(model, lessons, fitOptions, provenance);
    }

    /** The defaults that depend on the table. */
    private void fill(TableSchema schema) {
        boolean amount = schema.target().task() == Task.REGRESSION;
        options.task = schema.target().task().name().toLowerCase(Locale.ROOT);
        int batch = schema.rows() > TrainDefaults.TABLE_FEW_ROWS ? TrainDefaults.TABLE_LARGE_BATCH
                : TrainDefaults.TABLE_SMALL_BATCH;
        long steps = (schema.rows() - 1) / (options.batchSize == null ? batch : options.batchSize) + 1;
        long times = Math.max(TrainDefaults.TABLE_LEAST_EPOCHS, Math.min(TrainDefaults.TABLE_MOST_EPOCHS,
                (TrainDefaults.TABLE_STEPS + steps - 1) / steps));
        options.fill(TrainDefaults.TABLE_LAYERS, amount ? TrainDefaults.TABLE_AMOUNT_LOSS : TrainDefaults.LOSS, batch,
                (int) times);
        if (!options.layers.endsInOutput()) {
            options.layers = options.layers.withOutput(schema.targetWidth(), amount ? "linear" : "softmax");
        }
        if (options.layers.outputs() != schema.targetWidth()) {
            throw new Failure(Exit.BAD_DATA, options.data + ": the target " + schema.target().name() + " needs "
                    + Text.count(schema.targetWidth(), "output") + ", so the last layer needs as many units, or an output is"
                    + " added after layers that do not end in softmax, sigmoid or linear. Received: --layers "
                    + options.layers);
        }
        if (amount) {
            if (options.loss == LossChoice.CROSS_ENTROPY) {
                throw Usage.invalid(spec, "--loss", "cross-entropy is for classification, and this is a regression. Take mse,"
                        + " mae or huber");
            }
            requireAbsent("--class-weight", options.classWeight, "classification");
        }
    }

    private FitOptions fitOptions(TableTarget target) {
        return fitOptions(target::labels, () -> ClassWeights.balanced(
                target.counts().stream().mapToLong(Long::longValue).toArray()));
    }

    private static Metric[] metrics(TableTarget target) {
        return target.task() == Task.REGRESSION
                ? new Metric[] {new InUnits(new LossMetric(new MeanAbsoluteError()), "mae", target.unit()),
                    new InUnits(new RootMeanSquaredError(), "rmse", target.unit())}
                : new Metric[] {new CategoricalAccuracy()};
    }

    @Override
    List<String> next(String model) {
        String table = " --data " + Text.quote(options.data);
        return List.of("evaluate " + model + table, "predict " + model + table + " --out predictions.csv");
    }
}
