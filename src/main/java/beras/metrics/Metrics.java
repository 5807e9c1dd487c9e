package beras.metrics;

import beras.config.Config;
import beras.config.ConfigText;
import beras.config.Names;
import beras.config.Registry;
import beras.losses.BinaryCrossEntropy;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * All metrics by name: Keras's names and short names, such as {@code accuracy} and {@code mae}. Every loss is a metric too, see
 * {@link LossMetric}.
 *
 * <p>A metric is reported under the short name that it was made by, as in Keras: {@code mae} as {@code mae}. The name of the class,
 * in any spelling, stands for the metric's own: {@code MeanAbsoluteError} is reported as {@code mean_absolute_error}. A setting
 * {@code name} of a config decides, if there is one.
 */
public final class Metrics {

    /** The default threshold between no and yes. */
    public static final float THRESHOLD = 0.5f;

    private static final String NAME = "name";

    /** The metrics that are not losses; custom classes are registered here. {@link #of(Config)} makes losses, too. */
    public static final Registry<Metric> REGISTRY = new Registry<>("a metric", Metric.class).withFunctions("Metrics.register")
            .add("CategoricalAccuracy", "accuracy", "acc")
            .addRow("ExampleMean", "SparseCategoricalAccuracy")
            .addRow("ExampleMean", "BinaryAccuracy")
            .addRow("ExampleMean", "TopKCategoricalAccuracy")
            .addRow("ExampleMean", "SparseTopKCategoricalAccuracy")
            .add("Precision")
            .add("Recall")
            .add("F1Score", "f1")
            .add("AUC")
            .addRow("ExampleMean", "RootMeanSquaredError", "rmse")
            .add("R2Score", "r2")
            .add("BalancedAccuracy")
            .addRow("ExampleMean", "BrierScore")
            .addRow("ExampleMean", "Perplexity");

    // -------------------------------------------------------------------------------------------------- by name

    /**
     * A metric, or a loss as a metric, by name, with default settings, or by text such as {@code precision(top_k=3)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Metric of(String text) {
        return of(ConfigText.nameOrText(text));
    }

    /**
     * A metric by its {@linkplain Metric#config config}.
     *
     * @throws IllegalArgumentException if there is no such metric, or a setting is wrong
     */
    public static Metric of(Config config) {
        Metric metric = unnamed(config.with(NAME, null));
        boolean named = config.has(NAME) || !Names.plain(config.type()).equals(Names.plain(metric.config().type()));
        String name = !named ? metric.name() : config.has(NAME) ? config.text(NAME) : config.type();
        return name.equals(metric.name()) ? metric : metric.named(name);
    }

    /**
     * As {@link #of(Config)}, for a network with a loss. The meaning of {@code accuracy} follows from the loss, as in Keras:
     * integer labels for a sparse loss, binary for one output, else the largest output. If the loss is
     * {@linkplain Loss#isOfScores of scores}, such as logits, the threshold is 0, unless one is given, and a metric of
     * probabilities is rejected.
     *
     * @param output the shape of one example of the network's output
     * @throws IllegalArgumentException if there is no such metric, a setting is wrong, or the metric needs probabilities and the
     *     loss is of scores
     */
    public static Metric of(Config config, Loss loss, Shape output) {
        boolean sparse = !loss.takes(output, output);
        boolean binary = isBinary(loss, output);
        Config full = config;
        if (isAccuracy(config)) {
            String type = sparse ? "SparseCategoricalAccuracy" : binary ? "BinaryAccuracy" : "CategoricalAccuracy";
            full = Config.of(type, config.arguments(), config.values());
            full = full.has(NAME) ? full : full.with(NAME, config.type().toLowerCase(Locale.ROOT));
        }
        Metric metric = of(full);
        return loss.isOfScores() ? ofScores(metric, loss, binary) : metric;
    }

    /**
     * As {@link #of(Config, Loss, Shape)}, for a metric made without the loss: the name {@code accuracy} is resolved.
     *
     * @throws IllegalArgumentException if it needs probabilities and the loss is of scores
     */
    public static Metric of(Metric metric, Loss loss, Shape output) {
        Config byName = Config.of(metric.name());
        return metric instanceof CategoricalAccuracy && isAccuracy(byName) ? of(byName, loss, output)
                : loss.isOfScores() ? ofScores(metric, loss, isBinary(loss, output)) : metric;
    }

    private static boolean isBinary(Loss loss, Shape output) {
        return loss instanceof BinaryCrossEntropy || output.rank() == 0 || output.dim(-1) == 1;
    }

    /** The metric with a yes from 0 on, if it has a threshold and none is given. */
    private static Metric ofScores(Metric metric, Loss loss, boolean binary) {
        if (metric instanceof AUC || metric.typeName().equals("BrierScore") || metric instanceof BalancedAccuracy && binary) {
            throw new IllegalArgumentException("The metric " + metric.name() + " needs probabilities. Received: outputs that are"
                    + " scores, by the loss " + ConfigText.print(loss.config()) + ". End in a sigmoid or softmax, and take"
                    + " BinaryCrossEntropy or CategoricalCrossEntropy without from_logits; or leave out the metric");
        }
        if (metric.typeName().equals("Perplexity")) {
            return metric.with("fromLogits", true);
        }
        String threshold = metric instanceof ExampleMean mean && mean.needsThreshold() ? "threshold"
                : metric instanceof PositiveMetric positive && !positive.hasThreshold() ? "thresholds" : null;
        return threshold == null || !binary ? metric : of(metric.config().with(threshold, 0));
    }

    /**
     * The config from which {@link #of(Config)} makes an equal metric, of the same name.
     *
     * @throws IllegalArgumentException if its class is not registered
     */
    public static Config configOf(Metric metric) {
        Config config = lossOf(metric).map(Losses.REGISTRY::configOf).orElseGet(() -> REGISTRY.configOf(metric));
        return config.with(NAME, metric.name());
    }

    /** Whether it follows from the loss which metric this is. */
    public static boolean isAccuracy(Config config) {
        return config.type().equalsIgnoreCase("accuracy") || config.type().equalsIgnoreCase("acc");
    }

    /** The loss that a metric is the mean of; empty if it is of none. */
    public static Optional<Loss> lossOf(Metric metric) {
        return metric instanceof LossMetric ofLoss ? ofLoss.loss() : Optional.empty();
    }

    // ---------------------------------------------------------------------------------------------- from functions

    /**
     * A metric that is the mean of a function of predictions and truth, by operations of tensors, and is reported under its name.
     * The result of the function may have any shape that {@link Loss#losses} takes: a number for each prediction or each
     * example, or one for the batch.
     *
     * <pre>{@code
     * Metric near = Metrics.lambda("near", (prediction, truth) -> prediction.subtract(truth).abs().less(0.1));
     * }</pre>
     *
     * <p>To be saved with a model, and made by name, it is {@linkplain #register registered}. A loss from a function is a metric already.
     *
     * @param name a letter, then letters, digits and {@code _}
     */
    public static Metric lambda(String name, BinaryOperator<Tensor> function) {
        return lambda(name, Metric.Direction.UNKNOWN, function);
    }

    /** As {@link #lambda(String, BinaryOperator)}, with the direction of improvement, for callbacks that monitor it. */
    public static Metric lambda(String name, Metric.Direction direction, BinaryOperator<Tensor> function) {
        return new LossMetric(Losses.lambda(Names.requireFunctionName("a metric", name), function), Optional.of(direction));
    }

    /**
     * Registers a function, so that its metric is made by the name in {@code compile}, recipes, on the command line, and from model
     * files. To register the very same function again changes nothing.
     *
     * @throws IllegalArgumentException if the name is none, as of {@link #lambda(String, BinaryOperator)}, or is taken, also by a loss
     */
    public static void register(String name, BinaryOperator<Tensor> function) {
        register(name, Metric.Direction.UNKNOWN, function);
    }

    /** As {@link #register(String, BinaryOperator)}, with the direction of improvement. */
    public static void register(String name, Metric.Direction direction, BinaryOperator<Tensor> function) {
        if (Losses.REGISTRY.hasAlready(name)) {
            throw new IllegalArgumentException("The name of a metric must not be that of a loss, which is a metric already. Received: "
                    + name);
        }
        REGISTRY.register(() -> lambda(name, direction, function));
    }

    private static Metric unnamed(Config config) {
        String type = config.type();
        if (!REGISTRY.hasAlready(type) && Losses.REGISTRY.has(type)) {
            return new LossMetric(Losses.REGISTRY.of(config));
        }
        if (REGISTRY.has(type)) {
            return REGISTRY.of(config);
        }
        throw REGISTRY.unknown(type, textNames(), names());
    }

    /** All names that texts are written with, short ones too, of metrics and of losses, in snake case. */
    public static List<String> textNames() {
        List<String> names = new ArrayList<>(REGISTRY.textNames());
        names.addAll(Losses.REGISTRY.textNames());
        return List.copyOf(names);
    }

    /** The names of all metrics, and of all losses. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(REGISTRY.names());
        names.addAll(Losses.REGISTRY.names());
        return List.copyOf(names);
    }

    // ------------------------------------------------------------------------------------------- checks of others

    /** @param threshold null: none is given */
    static Float requireThreshold(String who, Float threshold) {
        if (threshold != null && !Float.isFinite(threshold)) {
            throw new IllegalArgumentException("A threshold of " + who + " must be finite. Received: " + threshold);
        }
        return threshold;
    }

    private Metrics() {}
}
