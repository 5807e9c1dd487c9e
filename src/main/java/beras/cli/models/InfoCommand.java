package beras.cli.models;

import beras.cli.data.ColumnTable;
import beras.cli.options.TableTypes;
import beras.cli.terminal.Console;
import beras.cli.terminal.Exit;
import beras.cli.terminal.Failure;
import beras.cli.terminal.Text;
import beras.cli.terminal.TextTable;
import beras.config.Config;
import beras.config.ConfigText;
import beras.data.image.ImagePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.data.table.TableTarget.Range;
import beras.feed.Preprocessor;
import beras.layers.Layer;
import beras.layers.Node;
import beras.models.Model;
import beras.runs.Json;
import beras.saving.ModelFile;
import beras.saving.PortableFormat.Imported;
import beras.saving.SavedModel;
import beras.sources.ImageOptions;
import beras.tensor.Shape;
import beras.tensor.Variable;
import beras.training.Logs;
import beras.training.Recipe;
import beras.training.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code info}: what a model file holds. */
@Command(name = "info", sortOptions = false,
        description = {"Shows what is in a model file: layers and weights, what is predicted from what, the columns of its table,"
                + " how it was trained on which data, and the numbers of each epoch if they were kept."},
        footer = {"", "Examples:",
            "  java --add-modules jdk.incubator.vector -jar beras.jar info --model model.beras",
            "  java --add-modules jdk.incubator.vector -jar beras.jar info --model model.beras --json"})
public final class InfoCommand implements Callable<Integer> {

    /** The share of images held out if none are. */
    private static final String NOTHING = Double.toString(0);
    private static final int MOST_LABELS = 20;
    private static final int MOST_EPOCHS = 20;
    private static final MathContext DIGITS = new MathContext(5);

    @Option(names = "--model", paramLabel = "FILE", required = true,
            description = "A model, in any format that `convert` knows.")
    private Path file;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private final NetOptions net = new NetOptions();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private final Console console;
    private SavedModel saved;
    private TableSchema schema; // null: no model of a table
    private List<Logs> history;

    public InfoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Imported read = net.read(spec, file);
        saved = read.saved();
        read.report().lost().forEach(lost -> console.err().println(file + ": " + lost));
        schema = Predictions.schema(saved, file).orElse(null);
        try {
            history = saved.trainingState().map(TrainingState::history).orElse(List.of());
        } catch (IllegalArgumentException e) {
            throw new Failure(Exit.BAD_DATA, file + ": the state of its training is damaged: " + e.getMessage());
        }
        if (json) {
            console.printJson(fields());
        } else {
            print(console.out());
        }
        return Exit.DONE;
    }

    /** What the recipe says except for the layers, which the model has. */
    private static Map<String, String> described(Recipe recipe) {
        Map<String, String> settings = new LinkedHashMap<>();
        recipe.config().values().forEach((name, value) -> {
            if (!name.equals("layers") && !List.of().equals(value)) {
                settings.put(name, value instanceof Config config ? ConfigText.print(config) : String.valueOf(value));
            }
        });
        return settings;
    }

    // ---------------------------------------------------------------------------------------------------- for people

    private void print(PrintStream out) throws IOException {
        Model model = saved.model();
        out.println(file + ": " + Text.count(Files.size(file), "byte") + ", weights of SHA-256 "
                + ModelFile.weightsSha256(model));
        if (schema != null) {
            out.println("Predicts " + described(schema.target()) + " from a row of a table, learnt from "
                    + Text.count(schema.rows(), "row"));
        } else if (saved.preprocessor().isPresent()) {
            out.println("Predicts by " + ConfigText.print(saved.preprocessor().get().config()));
        }
        saved.conformalScores().ifPresent(scores -> out.println("Gives intervals or sets (--interval) by the errors on "
                + Text.count(scores.count(), "held-out row")));
        saved.calibration().ifPresentOrElse(fitted -> out.println("Probabilities have the " + fitted), () -> {
            if (saved.preprocessor().orElse(null) instanceof ImagePreprocessor) {
                boolean heldOut = !saved.provenance().getOrDefault(ImageOptions.VALIDATION_ORIGIN, NOTHING).equals(NOTHING);
                out.println(heldOut ? "Probabilities have no temperature, which training fits at its end: the model that it saves"
                        + " then has one, those kept on the way do not"
                        : "Probabilities have no temperature, which training fits to images that --validation-split holds out");
            }
        });
        out.println();
        model.summary().lines().forEach(out::println);
        if (schema != null) {
            out.println();
            ColumnTable.of(schema).print(out);
        }
        saved.recipe().ifPresent(recipe -> print("Recipe", described(recipe), out));
        print("Origin", saved.provenance(), out);
        if (!history.isEmpty()) {
            printHistory(out);
        }
    }

    private static String described(TableTarget target) {
        if (target instanceof TableTarget.Regression regression) {
            return target.name() + ", a number of mean " + rounded(regression.mean()) + " and standard deviation "
                    + rounded(regression.deviation())
                    + (regression.range() == Range.ALL ? "" : ", at least 0, of the distribution "
                    + TableTypes.word(regression.distribution()));
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < Math.min(MOST_LABELS, target.labels().size()); i++) {
            labels.add(target.labels().get(i) + " (" + target.counts().get(i) + ")");
        }
        int more = target.labels().size() - labels.size();
        return target.name() + ", one of " + target.labels().size() + " labels: " + String.join(", ", labels)
                + (more == 0 ? "" : " and " + more + " more");
    }

    private static void print(String title, Map<String, String> values, PrintStream out) {
        if (values.isEmpty()) {
            return;
        }
        out.println();
        out.println(title);
        TextTable table = new TextTable("  l");
        values.forEach(table::add);
        table.print(out);
    }

    /** The epochs, or as many of them at equal distances; the last always. */
    private void printHistory(PrintStream out) {
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
        out.println();
        out.println("Training, " + Text.count(history.size(), "epoch")
                + (shown < history.size() ? ", of which " + shown + " are shown (--json has all)" : ""));
        TextTable table = new TextTable("  r");
        rows.forEach(table::add);
        table.print(out);
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

    // -------------------------------------------------------------------------------------------------- for programs

    private Map<String, Object> fields() throws IOException {
        Model model = saved.model();
        Map<String, Object> fields = Json.object("model", file.toString(), "bytes", Files.size(file),
                "weights_sha256", ModelFile.weightsSha256(model), "weights", count(model.weights()),
                "trainable", count(model.weights().stream().filter(Variable::trainable).toList()),
                "multiply_adds", model.multiplyAdds(model.inputShapes()),
                "inputs", model.inputShapes().stream().map(InfoCommand::list).toList(),
                "outputs", model.outputShapes().stream().map(InfoCommand::list).toList(), "layers", layers(model));
        if (schema != null) {
            fields.putAll(Json.object("target", fields(schema.target()), "rows", schema.rows(), "features", schema.width(),
                    "columns", ColumnTable.of(schema).fields()));
        } else {
            Optional<Preprocessor> preprocessor = saved.preprocessor();
            preprocessor.ifPresent(made -> fields.put("preprocessor", ConfigText.print(made.config())));
        }
        saved.conformalScores().ifPresent(scores -> fields.put("held_out_scores", scores.count()));
        saved.calibration().ifPresent(fitted -> {
            fields.put("temperature", fitted.temperature());
            fields.put("calibrated_on", fitted.examples());
            fitted.bound().ifPresent(bound -> fields.putAll(Json.object("bound", bound, "outliers", fitted.outliers(),
                    "outliers_below", fitted.outliersBelow())));
        });
        saved.recipe().ifPresent(recipe -> fields.put("recipe", described(recipe)));
        fields.put("provenance", saved.provenance());
        if (!history.isEmpty()) {
            fields.put("history", history.stream().map(Logs::values).toList());
        }
        return fields;
    }

    private static Map<String, Object> fields(TableTarget target) {
        String task = TableTypes.word(target.task());
        return target instanceof TableTarget.Regression regression
                ? Json.object("name", target.name(), "task", task, "mean", regression.mean(), "deviation", regression.deviation(),
                        "range", TableTypes.word(regression.range()), "distribution", TableTypes.word(regression.distribution()))
                : Json.object("name", target.name(), "task", task, "labels", target.labels(), "counts", target.counts());
    }

    /** Those of a model among them are in it. */
    private static List<Map<String, Object>> layers(Model model) {
        Map<Layer, String> names = new IdentityHashMap<>();
        model.layersByName().forEach((name, layer) -> names.put(layer, name));
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
