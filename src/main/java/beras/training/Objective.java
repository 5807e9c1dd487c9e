package beras.training;

import beras.config.CheckReturnValue;
import beras.config.Config;
import beras.config.ConfigText;
import beras.layers.OutputRange;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The objective of one output of a model: a loss, its weight among the losses of other outputs, and metrics to report.
 * Immutable: each method returns a changed copy.
 */
public final class Objective {

    private final Loss loss;
    private final float weight;
    private final List<Object> metrics; // each a Metric, or the Config of one that depends on the output
    private final List<Object> weightedMetrics;

    /** A loss of weight 1, without metrics. */
    public Objective(Loss loss) {
        this(Objects.requireNonNull(loss), 1f, List.of(), List.of());
    }

    private Objective(Loss loss, float weight, List<Object> metrics, List<Object> weightedMetrics) {
        this.loss = loss;
        this.weight = weight;
        this.metrics = metrics;
        this.weightedMetrics = weightedMetrics;
    }

    /**
     * How much the loss counts; default 1.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    @CheckReturnValue
    public Objective weight(double newWeight) {
        if (!Float.isFinite((float) newWeight)) {
            throw new IllegalArgumentException("The weight of a loss must be finite. Received: " + newWeight);
        }
        return new Objective(loss, (float) newWeight, metrics, weightedMetrics);
    }

    /**
     * Metrics to report without weights of examples and classes.
     *
     * @param newMetrics each a {@link Metric}, or a text such as {@code "accuracy"}, see {@link Metrics}, which is resolved by
     *     the loss and the output, see {@link Metrics#of(Config, Loss, Shape)}
     * @throws IllegalArgumentException if one is of another type, or a text is not a metric
     */
    @CheckReturnValue
    public Objective metrics(Object... newMetrics) {
        return new Objective(loss, weight, parts(newMetrics), weightedMetrics);
    }

    /** As {@link #metrics(Object...)}, with the weights of examples and classes. */
    @CheckReturnValue
    public Objective weightedMetrics(Object... newMetrics) {
        return new Objective(loss, weight, metrics, parts(newMetrics));
    }

    private static List<Object> parts(Object... given) {
        List<Object> parts = new ArrayList<>();
        for (Object each : given) {
            if (!(each instanceof String || each instanceof Metric || each instanceof Config)) {
                throw new IllegalArgumentException("A metric is given as an object or as text, such as \"accuracy\". Received: "
                        + (each == null ? "null" : each.getClass().getSimpleName()));
            }
            parts.add(each instanceof String text ? ConfigText.nameOrText(text) : each);
        }
        return List.copyOf(parts);
    }

    /**
     * A copy with a separate loss, as a loss serves one training run at a time.
     *
     * @throws IllegalArgumentException if the class or the function of the loss is not registered
     */
    @CheckReturnValue
    public Objective copy() {
        return new Objective(Losses.REGISTRY.of(Losses.REGISTRY.configOf(loss)), weight, metrics, weightedMetrics);
    }

    /**
     * With each metric as it is for an output.
     *
     * @throws IllegalArgumentException if there is no such metric, or it does not fit the loss
     */
    Objective of(Shape output) {
        return new Objective(loss, weight, made(metrics, output), made(weightedMetrics, output));
    }

    private List<Object> made(List<Object> parts, Shape output) {
        return parts.stream().map(part -> (Object) (part instanceof Config config ? Metrics.of(config, loss, output)
                : Metrics.of((Metric) part, loss, output))).toList();
    }

    /** The loss. */
    public Loss loss() {
        return loss;
    }

    /** The loss of outputs; weights of the examples may be null: all 1. */
    Tensor loss(Tensor output, Tensor target, Tensor weights) {
        return weights == null ? loss.call(output, target) : loss.call(output, target, weights);
    }

    /**
     * Refuses outputs that cannot minimize the loss.
     *
     * @throws IllegalArgumentException if it refuses
     */
    void requireOutputs(Shape shape, OutputRange outputs) {
        if (outputs.min() == outputs.max()) {
            throw new IllegalArgumentException("An output that is constant cannot be trained, such as a softmax"
                    + " over one unit. Received: " + outputs.source().orElseThrow() + " at the end, for an output of shape "
                    + shape + ". End in a sigmoid for two classes, without activation for a regression, or with a unit for each"
                    + " class");
        }
        loss.requireOutputs(shape, outputs);
    }

    /** How much the loss counts. */
    public float weight() {
        return weight;
    }

    /**
     * The metrics without weights of examples.
     *
     * @throws IllegalStateException if one was given as text, and the objective is not of a compiled model, see its
     *     {@code objectives()}
     */
    public List<Metric> metrics() {
        return known(metrics);
    }

    /** As {@link #metrics()}, with the weights of examples. */
    public List<Metric> weightedMetrics() {
        return known(weightedMetrics);
    }

    private static List<Metric> known(List<Object> parts) {
        for (Object part : parts) {
            if (!(part instanceof Metric)) {
                throw new IllegalStateException("Which metric a text stands for follows from the output of a model. Received: "
                        + part + ", before a model is compiled. Take the objectives() of a compiled model");
            }
        }
        return parts.stream().map(Metric.class::cast).toList();
    }
}
