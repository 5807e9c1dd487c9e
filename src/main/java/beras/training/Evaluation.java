package beras.training;

import beras.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured on some examples.
 *
 * <pre>{@code
 * Evaluation evaluation = model.evaluate(images);
 * double accuracy = evaluation.get("accuracy");
 * }</pre>
 */
public final class Evaluation {

    private final Map<String, double[]> results;
    private final Logs values;
    private final long examples;
    private final List<Tensor> predictions;
    private final List<Tensor> targets;

    Evaluation(MetricAccumulators accumulators, Collector collector) {
        this.values = accumulators.logs(0, Double.NaN);
        this.results = accumulators.results();
        this.examples = collector.examples();
        this.predictions = collector.predictions();
        this.targets = collector.targets();
    }

    /** The loss: that of all outputs with the penalties on weights and on what layers give. */
    public double loss() {
        return values.get("loss");
    }

    /**
     * The loss or a metric, as {@code fit} would report it.
     *
     * @throws IllegalArgumentException if there is none of this name, listing those there are
     */
    public double get(String name) {
        return values.get(name);
    }

    /** Losses and metrics by name, in order: averages over the examples. */
    public Map<String, Double> values() {
        return values.values();
    }

    /**
     * All values of each loss and metric by name, in the order of {@link #values}, such as one for each class in the order of the
     * classes; of most just the one that {@code values} has.
     */
    public Map<String, double[]> results() {
        Map<String, double[]> copy = new LinkedHashMap<>();
        results.forEach((name, numbers) -> copy.put(name, numbers.clone()));
        return copy;
    }

    /** The number of examples. */
    public long examples() {
        return examples;
    }

    /** Each output for all examples, {@code (examples, ...)}; empty unless {@link Collect#PREDICTIONS} was asked for. */
    public List<Tensor> predictions() {
        return predictions;
    }

    /** The targets of all examples, for each output; empty unless {@link Collect#TARGETS} was asked for. */
    public List<Tensor> targets() {
        return targets;
    }

    @Override
    public String toString() {
        return "Evaluation of " + examples + (examples == 1 ? " example: " : " examples: ") + values.text();
    }
}
