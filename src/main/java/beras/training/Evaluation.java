package beras.training;

import beras.metrics.ConfusionMatrix;
import beras.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured on some examples. */
public final class Evaluation {

    private final Map<String, double[]> results;
    private final Logs values;
    private final long examples;
    private final Optional<ConfusionMatrix> confusion;
    private final List<Tensor> predictions;
    private final List<Tensor> targets;

    Evaluation(Totals totals, Collector collector) {
        this.values = totals.logs(0);
        this.results = totals.results();
        this.examples = collector.examples();
        this.confusion = collector.confusion();
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

    /** All values of each loss and metric by name, such as one for each class; of most just the one that {@link #values} has. */
    public Map<String, double[]> results() {
        Map<String, double[]> copy = new LinkedHashMap<>();
        results.forEach((name, numbers) -> copy.put(name, numbers.clone()));
        return copy;
    }

    /** The number of examples. */
    public long examples() {
        return examples;
    }

    /** Which class was taken for which, weights of examples left out; empty unless {@link Collect#CONFUSION} was asked for. */
    public Optional<ConfusionMatrix> confusion() {
        return confusion;
    }

    /** Each output for all examples, {@code (examples, ...)}; empty unless {@link Collect#PREDICTIONS} was asked for. */
    public List<Tensor> predictions() {
        return predictions;
    }

    /** What is true of all examples, for each output; empty unless {@link Collect#TARGETS} was asked for. */
    public List<Tensor> targets() {
        return targets;
    }

    @Override
    public String toString() {
        return "Evaluation of " + examples + (examples == 1 ? " example: " : " examples: ") + values.text();
    }
}
