package beras.cli.models;

import beras.cli.data.ColumnTable;
import beras.cli.options.BaseCommand;
import beras.cli.options.TableTypes;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Result;
import beras.cli.terminal.Text;
import beras.config.Config;
import beras.config.ConfigText;
import beras.data.image.ImagePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Range;
import beras.data.text.TextPreprocessor;
import beras.files.Excerpt;
import beras.layers.Layer;
import beras.layers.Node;
import beras.models.Model;
import beras.runs.Json;
import beras.saving.FormatSupport;
import beras.saving.ModelFile;
import beras.saving.PortableFormat.Imported;
import beras.saving.SavedModel;
import beras.sources.ImageOptions;
import beras.tensor.Shape;
import beras.tensor.Variable;
import beras.training.Logs;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code info}: the contents of a model file. */
@Command(name = "info", header = "Shows what is in a model file.", sortOptions = false,
        description = {"Shows what is in a model file: layers and weights, what is predicted from what, the columns of its table,"
                + " how it was trained on which data, and the numbers of each epoch if they were kept."},
        footer = {"", "Examples:",
            "  beras info model.beras",
            "  beras info model.beras --json"})
public final class InfoCommand extends BaseCommand {

    /** The share of images held out if none are. */
    private static final String NOTHING = Double.toString(0);
    private static final int MOST_LABELS = 20;
    private static final int MOST_EPOCHS = 20;
    private static final MathContext DIGITS = new MathContext(5);

    @Mixin
    private final ModelArgument modelFile = new ModelArgument();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private final Result result = new Result();

    @Override
    public Integer call() throws Exception {
        Imported read = Predictions.read(modelFile.path);
        SavedModel saved = read.saved();
        read.report().lost().forEach(lost -> console.err().println(modelFile.path + ": " + lost));
        TableSchema schema = Predictions.schema(saved, modelFile.path).orElse(null);
        List<Logs> history = Failure.blaming(modelFile.path + ": the state of its training is damaged",
                () -> saved.trainingState().map(TrainingState::history).orElse(List.of()));
        Model model = saved.model();
        String hash = ModelFile.weightsSha256(model);
        long bytes = Files.size(modelFile.path);
        result.put("model", modelFile.path.toString(), "bytes", bytes, "weights_sha256", hash, "weights", count(model.weights()),
                "trainable", count(model.weights().stream().filter(Variable::trainable).toList()),
                "multiply_adds", model.multiplyAdds(model.inputShapes()), "inputs", model.inputShapes().stream().map(InfoCommand::list).toList(),
                "outputs", model.outputShapes().stream().map(InfoCommand::list).toList(), "layers", layers(model));
        result.section().row(modelFile.path + ": " + Text.count(bytes, "byte") + ", weights of SHA-256 " + hash);
        if (schema != null) {
            result.put("target", fields(schema.target()), "rows", schema.rows(), "features", schema.width(), "columns",
                    ColumnTable.of(schema).fields());
            result.row("Predicts " + described(schema.target()) + " from a row of a table, learnt from " + Text.count(schema.rows(), "row"));
        } else if (saved.preprocessor().orElse(null) instanceof TextPreprocessor text) {
            String unit = TableTypes.word(text.vocabulary().unit());
            result.put("tokens", unit, "vocabulary", text.vocabulary().size(), "context", text.inputShape().dim(0))
                    .row("Continues a text by " + text.vocabulary().size() + " different tokens, " + unit + ", of which it sees "
                            + text.inputShape().dim(0));
        } else if (saved.preprocessor().isPresent()) {
            String preprocessor = ConfigText.print(saved.preprocessor().get().config());
            result.put("preprocessor", preprocessor).row("Predicts by " + preprocessor);
        }
        saved.conformalScores().ifPresent(scores -> result.put("held_out_scores", scores.count())
                .row("Gives intervals or sets (--interval) by the errors on " + Text.count(scores.count(), "held-out row")));
        addCalibration(saved);
        result.section().lines(model.summary().lines().toList());
        if (schema != null) {
            result.section().lines(ColumnTable.of(schema).lines(console.terminal().width()));
        }
        saved.recipe().ifPresent(recipe -> add("recipe", "Recipe", described(recipe)));
        add("provenance", "Origin", saved.provenance());
        if (!history.isEmpty()) {
            result.put("history", history.stream().map(Logs::values).toList());
            addHistory(history);
        }
        result.print(console, json);
        return Exit.DONE;
    }

    private void addCalibration(SavedModel saved) {
        saved.calibration().ifPresentOrElse(fitted -> {
            result.put("temperature", fitted.temperature(), "calibrated_on", fitted.examples()).row("Probabilities have the " + fitted);
            fitted.bound().ifPresent(bound -> result.put("bound", bound, "outliers", fitted.outliers(), "outliers_below",
                    fitted.outliersBelow()));
        }, () -> {
            if (saved.preprocessor().orElse(null) instanceof ImagePreprocessor) {
                boolean heldOut = !saved.provenance().getOrDefault(ImageOptions.VALIDATION_ORIGIN, NOTHING).equals(NOTHING);
                result.row(heldOut ? "Probabilities have no temperature, which training fits at its end: the model that it saves"
                        + " then has one, those kept on the way do not"
                        : "Probabilities have no temperature, which training fits to images that --validation-split holds out");
            }
        });
    }

    private void add(String field, String title, Map<String, String> values) {
        result.put(field, values);
        if (!values.isEmpty()) {
            result.section(title, "  l");
            values.forEach(result::row);
        }
    }

    /** The recipe without the layers, which the model has. */
    private static Map<String, String> described(Recipe recipe) {
        Map<String, String> settings = new LinkedHashMap<>();
        recipe.config().values().forEach((name, value) -> {
            if (!name.equals("layers") && !List.of().equals(value)) {
                settings.put(name, value instanceof Config config ? ConfigText.print(config) : String.valueOf(value));
            }
        });
        return settings;
    }

    private static String described(TableTarget target) {
        if (target instanceof TableTarget.Regression regression) {
            return target.name() + ", a number of mean " + rounded(regression.mean()) + " and standard deviation "
                    + rounded(regression.deviation())
                    + (regression.range() == Range.ALL ? "" : ", at least 0, of the distribution "
                    + TableTypes.word(regression.distribution()));
        }
        List<String> labels = IntStream.range(0, target.labels().size())
                .mapToObj(i -> target.labels().get(i) + " (" + target.counts().get(i) + ")").toList();
        return target.name() + ", one of " + labels.size() + " labels: " + Excerpt.list(labels, MOST_LABELS);
    }

    /** The epochs, or as many of them at equal distances; the last always. */
    private void addHistory(List<Logs> history) {
        int shown = Math.min(MOST_EPOCHS, history.size());
        int[] epochs = IntStream.rangeClosed(1, shown).map(i -> (int) ((long) i * history.size() / shown)).toArray();
        List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>(List.of("epoch"))));
        Arrays.stream(epochs).forEach(epoch -> rows.add(new ArrayList<>(List.of(Integer.toString(epoch)))));
        Set<String> names = new LinkedHashSet<>();
        history.forEach(logs -> names.addAll(logs.names()));
        for (String name : names) {
            double[] values = Arrays.stream(epochs)
                    .mapToDouble(epoch -> history.get(epoch - 1).values().getOrDefault(name, Double.NaN)).toArray();
            int decimals = decimals(values);
            rows.get(0).add(name);
            for (int row = 0; row < shown; row++) {
                rows.get(row + 1).add(Text.decimals(values[row], decimals));
            }
        }
        result.section("Training, " + Text.count(history.size(), "epoch")
                + (shown < history.size() ? ", of which " + shown + " are shown (--json has all)" : ""), "  r");
        rows.forEach(result::row);
    }

    /** As many as show the digits of the largest number, but no zeros alone. */
    private static int decimals(double[] values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).map(Math::abs).toArray();
        int needed = Arrays.stream(finite).mapToInt(value -> exact(value).scale()).max().orElse(0);
        return Math.max(0, Math.min(needed, Text.decimalsOf(Arrays.stream(finite).max().orElse(0), DIGITS.getPrecision())));
    }

    private static BigDecimal exact(double value) {
        return new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    }

    private static String rounded(double value) {
        return exact(value).toPlainString();
    }

    private static Map<String, Object> fields(TableTarget target) {
        String task = TableTypes.word(target.task());
        return target instanceof TableTarget.Regression regression
                ? Json.object("name", target.name(), "task", task, "mean", regression.mean(), "deviation", regression.deviation(),
                        "range", TableTypes.word(regression.range()), "distribution", TableTypes.word(regression.distribution()))
                : Json.object("name", target.name(), "task", task, "labels", target.labels(), "counts", target.counts());
    }

    /** Models among them are included. */
    private static List<Map<String, Object>> layers(Model model) {
        Map<Layer, String> names = FormatSupport.layerNames(model);
        List<Map<String, Object>> layers = new ArrayList<>();
        for (Node node : model.nodes()) {
            Map<String, Object> fields = Json.object("name", names.get(node.layer()),
                    "type", node.layer().typeName(), "output", list(node.shape()),
                    "weights", count(node.layer().weights()),
                    "multiply_adds", node.layer().multiplyAdds(node.inputs().stream().map(Node::shape).toList()),
                    "after", node.inputs().stream().map(input -> names.get(input.layer())).toList());
            if (node.layer() instanceof Model inner) {
                fields.put("layers", layers(inner));
            }
            layers.add(fields);
        }
        return layers;
    }

    private static List<Integer> list(Shape shape) {
        return Arrays.stream(shape.toArray()).boxed().toList();
    }

    private static long count(List<Variable> weights) {
        return weights.stream().mapToLong(Variable::size).sum();
    }
}
