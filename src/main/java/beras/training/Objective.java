package beras.training;

import beras.config.CheckReturnValue;
import beras.losses.Loss;
import beras.metrics.Metric;
import java.util.List;
import java.util.Objects;

/**
 * What one output of a model is trained for: a loss, how much it counts among those of other outputs, and metrics to report.
 * Immutable: each method gives a changed copy.
 */
public final class Objective {

    private final Loss loss;
    private final float weight;
    private final List<Metric> metrics;
    private final List<Metric> weightedMetrics;

    /** A loss of weight 1, without metrics. */
    public Objective(Loss loss) {
        this(Objects.requireNonNull(loss), 1f, List.of(), List.of());
    }

    private Objective(Loss loss, float weight, List<Metric> metrics, List<Metric> weightedMetrics) {
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

    /** What to report; weights of examples and classes do not count. */
    @CheckReturnValue
    public Objective metrics(Metric... newMetrics) {
        return new Objective(loss, weight, List.of(newMetrics), weightedMetrics);
    }

    /** What to report with the weights of examples and classes. */
    @CheckReturnValue
    public Objective weightedMetrics(Metric... newMetrics) {
        return new Objective(loss, weight, metrics, List.of(newMetrics));
    }

    /** The loss. */
    public Loss loss() {
        return loss;
    }

    /** How much the loss counts. */
    public float weight() {
        return weight;
    }

    /** What is reported without weights of examples. */
    public List<Metric> metrics() {
        return metrics;
    }

    /** What is reported with the weights of examples. */
    public List<Metric> weightedMetrics() {
        return weightedMetrics;
    }
}
