package beras.cli.models;

import beras.cli.options.BaseCommand;
import beras.cli.options.OptionRules;
import beras.cli.options.TableFileOptions;
import beras.cli.options.Usage;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.data.table.TableFile;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.report.Charts;
import beras.runs.Json;
import beras.saving.SavedModel;
import beras.tables.PartialDependence;
import beras.tables.PermutationImportance;
import beras.tables.RowExplainer;
import beras.tables.RowExplanation;
import beras.tables.TableDefaults;
import beras.tables.TableExplanation;
import beras.tables.TableModel;
import beras.tables.TableOrigin;
import beras.tables.TableRemarks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code explain}: which columns a model uses, and how. */
@Command(name = "explain", header = "Shows which columns of a table a model needs.", sortOptions = false, showDefaultValues = true,
        description = {"Shows how much a model of a table needs each column: by how much a measure gets worse if the values of"
                + " the column are shuffled among the rows. Columns that are left out are not listed.",
            "Columns with the same information share their importance. Take rows that the model was not trained on: on others it also"
                + " shows what was memorized.",
            "--row prints for one row what the value of each column adds to the prediction: the shares add up to it.",
            "--plots draws what is predicted on average by value of the " + ExplainCommand.MOST_PLOTS + " most important columns."},
        footer = {"", "Examples:",
            "  beras explain model.beras --data test.csv",
            "  beras explain model.beras --data test.csv --measure r2",
            "  beras explain model.beras --data test.csv --plots plots",
            "  beras explain model.beras --data test.csv --row 3"})
public final class ExplainCommand extends BaseCommand {

    private static final String BACKGROUND = "--background";
    private static final String LABEL = "--label";
    private static final int WIDEST_NAME = 30;
    private static final int WIDEST_VALUE = 24;
    private static final int BAR = 30;
    private static final int DIGITS = 4;
    /** So many columns are drawn at most. */
    static final int MOST_PLOTS = 6;

    @Mixin
    private final ModelArgument modelFile = new ModelArgument();

    @Option(names = "--data", paramLabel = "TABLE", required = true, description = "A table that has the target, plain or gzip.")
    private Path data;

    @Mixin
    private final TableFileOptions table = new TableFileOptions();

    @Option(names = "--row", paramLabel = "N", description = "Explain the prediction of this row of --data, counted from 1 as"
            + " `predict` does. It need not have the target.")
    private Long row;

    @OptionRules.Needs("--row")
    @Option(names = BACKGROUND, paramLabel = "TABLE", description = "With --row, the rows that it is compared with, such as"
            + " those that were trained on. Default: those of --data.")
    private Path background;

    @OptionRules.Needs("--row")
    @Option(names = LABEL, paramLabel = "LABEL", description = "With --row, the label whose probability is explained. Default:"
            + " the predicted one.")
    private String label;

    @OptionRules.Excludes("--row")
    @Option(names = "--measure", paramLabel = "NAME",
            description = "What gets worse, one of the numbers of evaluate --json, such as"
            + " accuracy, auc, mae. Default: log_loss for labels, rmse for numbers.")
    private String measure;

    @OptionRules.Sets(TableExplanation.Options.class)
    @OptionRules.Excludes("--row")
    @Option(names = "--repeats", paramLabel = "N", description = "How often each column is shuffled.")
    private int repeats = TableExplanation.Options.REPEATS;

    @OptionRules.Sets(value = TableExplanation.Options.class, as = "most")
    @Option(names = "--most-rows", paramLabel = "N", description = "For larger tables, a random sample of so many rows."
            + " Default: " + TableExplanation.Options.MOST_ROWS + ", or fewer if their features take more than 64 MB; with --row "
            + RowExplainer.MOST_ROWS + ", or fewer if there are very many columns.")
    Integer most;

    @OptionRules.Sets(TableExplanation.Options.class)
    @Option(names = "--seed", paramLabel = "N", description = "Decides how values are shuffled and which rows are chosen.")
    private long seed = TableDefaults.SEED;

    @OptionRules.Excludes("--row")
    @Option(names = "--plots", paramLabel = "FOLDER", description = "Draw dependence1.svg and so on into this folder.")
    private Path plots;

    @Option(names = "--force", description = "Replace files that exist.")
    private boolean force;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        console.backend(); // refuses wrong system properties
        SavedModel saved = Predictions.requireNoText(Predictions.load(modelFile.path), modelFile.path);
        TableSchema schema = Predictions.schema(saved, modelFile.path).orElseThrow(() -> new Failure(Exit.BAD_DATA, modelFile.path
                + ": expected a model of a table, saved with what its columns are. Received: one without. Train one on a table;"
                + " the page of serve shows which pixels decide for a model of images"));
        TableExplanation.Options options = options(schema);
        if (row != null) {
            return explainRow(saved, options);
        }
        // Column names may have characters that file names may not.
        List<String> names = IntStream.rangeClosed(1, MOST_PLOTS).mapToObj(place -> "dependence" + place + ".svg").toList();
        PlotFolder folder = plots == null ? null : PlotFolder.open(spec, plots, names, force);
        TableFile rows = table.again(spec, data);
        if (rows.isRereadable() && TableOrigin.of(saved.provenance()).isTrainedOn(rows)) {
            console.err().println(rows + " is the table that the model was trained on, so that this also shows what was memorized");
        }
        TableExplanation explanation = TableModel.of(saved).explain(rows, options);
        PermutationImportance importance = Failure.blaming(data, explanation::importance);
        List<PartialDependence> dependences = folder == null ? List.of() : importance.columns().stream().limit(MOST_PLOTS)
                .map(column -> explanation.dependence(column.name())).toList();
        result(explanation, importance, dependences).put("data", data, "model", modelFile.path).print(console, json);
        for (int place = 0; place < dependences.size(); place++) {
            PartialDependence dependence = dependences.get(place);
            if (dependence.points().isEmpty()) {
                console.err().println("Column " + dependence.column() + " has no numbers or categories in these rows, so it is not"
                        + " drawn");
            } else {
                folder.save(names.get(place), Charts.dependence(dependence, schema.target()));
                console.err().println(plots.resolve(names.get(place)) + " shows the column " + dependence.column());
            }
        }
        return Exit.DONE;
    }

    private Integer explainRow(SavedModel saved, TableExplanation.Options options) throws IOException {
        if (row < 1) {
            throw Usage.invalid(spec, "--row", "rows are counted from 1. Received: " + row);
        }
        TableModel model = TableModel.of(saved);
        TableFile rows = table.again(spec, data);
        RowExplanation explanation = Failure.blaming(data, () -> {
            RowExplainer explainer = RowExplainer.of(model, background == null ? rows : table.of(spec, background), options);
            RowExplainer chosen = label == null ? explainer : Usage.check(spec, LABEL, () -> explainer.label(label));
            if (chosen.rows() == 1) {
                throw new Failure(Exit.BAD_DATA, (background == null ? data : background) + ": expected rows to compare the row with."
                        + " Received: 1 row. Name others, such as those that were trained on, with " + BACKGROUND);
            }
            return chosen.explain(rows, row);
        });
        result(explanation, model.schema().target()).put("data", data, "model", modelFile.path).print(console, json);
        return Exit.DONE;
    }

    private TableExplanation.Options options(TableSchema schema) {
        TableExplanation.Options options = OptionRules.set(spec, new TableExplanation.Options())
                .atEnd(reader -> TableRemarks.of(reader, schema, "").forEach(console.err()::println));
        return measure == null ? options : Usage.check(spec, "--measure",
                () -> options.measure(PermutationImportance.requireMeasure(measure, schema.target())));
    }

    private Result result(TableExplanation explanation, PermutationImportance importance, List<PartialDependence> dependences) {
        List<PermutationImportance.Column> columns = importance.columns();
        double largest = columns.stream().mapToDouble(column -> Math.abs(column.mean())).max().orElse(0);
        int decimals = largest == 0 ? DIGITS : Text.decimalsOf(largest, DIGITS);
        boolean some = explanation.rows() < explanation.allRows();
        Result result = new Result().put("measure", importance.measure(), "value", importance.value(), "columns", columns.stream()
                .map(column -> Json.object("name", column.name(), "mean", column.mean(), "deviation", column.deviation(), "worse",
                        column.worse())).toList());
        if (plots != null) {
            result.put("dependence", dependences.stream().map(ExplainCommand::fields).toList());
        }
        result.put("rows", explanation.rows(), "all_rows", explanation.allRows(), "repeats", repeats, "seed", seed)
                .section("How much worse " + importance.measure() + ", which is " + Text.decimals(importance.value(), decimals)
                        + ", gets if a column is shuffled among the rows: mean and standard deviation of " + Text.count(repeats, "shuffle")
                        + " of " + Text.count(explanation.rows(), "row")
                        + (some ? ", chosen at random from " + explanation.allRows() + " (--most-rows, --seed)" : ""),
                        "l", "  r", " \u00b1 r", "  l");
        for (PermutationImportance.Column column : columns) {
            result.row(Text.cut(column.name(), WIDEST_NAME), Text.decimals(column.mean(), decimals),
                    Text.decimals(column.deviation(), decimals), bar("#", Math.max(0, column.mean()), largest));
        }
        return columns.size() == 1 ? result : result.section()
                .row("Columns with the same information share their importance: each alone looks less important than it is");
    }

    private Result result(RowExplanation explanation, TableTarget target) {
        List<RowExplanation.Share> shares = explanation.shares();
        double largest = Math.abs(shares.get(0).share());
        int decimals = largest == 0 ? DIGITS : Text.decimalsOf(largest, DIGITS);
        Result result = new Result().put("row", row, "prediction", explanation.prediction(), "baseline", explanation.baseline(), "columns",
                shares.stream().map(share -> Json.object("name", share.column(), "value", share.value(), "share", share.share())).toList(),
                "rows", explanation.rows(), "seed", seed);
        explanation.label().ifPresent(name -> result.put("label", name));
        if (background != null) {
            result.put("background", background);
        }
        result.section(explanation.label().map(name -> "The probability of " + target.name() + " " + name).orElse(target.name()) + " of row "
                + row + " is " + Text.decimals(explanation.prediction(), decimals) + ": " + Text.decimals(explanation.baseline(), decimals)
                + ", the mean of " + Text.count(explanation.rows(), "row") + ", and what each column adds", "l", "  l", "  r", "  l");
        for (RowExplanation.Share share : shares) {
            result.row(Text.cut(share.column(), WIDEST_NAME), Text.cut(share.value(), WIDEST_VALUE),
                    (share.share() >= 0 ? "+" : "") + Text.decimals(share.share(), decimals),
                    bar(share.share() < 0 ? "-" : "+", Math.abs(share.share()), largest));
        }
        return result;
    }

    private static String bar(String mark, double size, double largest) {
        return mark.repeat(largest == 0 ? 0 : (int) Math.round(BAR * size / largest));
    }

    private static Map<String, Object> fields(PartialDependence dependence) {
        return Json.object("column", dependence.column(), "outputs", dependence.outputs(), "points",
                dependence.points().stream().map(point -> Json.object("value",
                        point.number().isPresent() ? (Object) point.number().getAsDouble() : point.value(),
                        "means", point.means())).toList());
    }
}
