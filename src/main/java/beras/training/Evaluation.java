package beras.training;

import beras.feed.Batch;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Losses, metrics and collected tensors of some examples.
 *
 * <pre>{@code
 * Evaluation evaluation = model.evaluate(images);
 * double accuracy = evaluation.get("accuracy");
 * }</pre>
 */
public final class Evaluation {

    private final List<List<Tensor>> predictions = new ArrayList<>(); // of each output, in batches, then joined
    private final List<List<Tensor>> targets = new ArrayList<>(); // likewise
    private long examples;
    private Map<String, double[]> results;
    private Logs values;

    /** Before the first batch. */
    Evaluation(int outputs, Collect... wanted) {
        for (int i = 0; i < outputs; i++) {
            for (Collect each : Set.copyOf(List.of(wanted))) {
                (each == Collect.PREDICTIONS ? predictions : targets).add(new ArrayList<>());
            }
        }
    }

    void add(Tensor[] outputs, Batch batch) {
        for (int i = 0; i < predictions.size(); i++) {
            predictions.get(i).add(outputs[i].copy());
        }
        for (int i = 0; i < targets.size(); i++) {
            targets.get(i).add(batch.targets().get(i).copy());
        }
        examples += batch.size();
    }

    /** Completes it with the accumulated losses and metrics; returns this. */
    Evaluation end(MetricAccumulators accumulators) {
        values = accumulators.logs(0, Double.NaN);
        results = accumulators.results();
        Stream.concat(predictions.stream(), targets.stream()).filter(parts -> !parts.isEmpty()).forEach(parts -> {
            Tensor joined = Tensor.concatenate(0, parts.toArray(Tensor[]::new));
            parts.clear();
            parts.add(joined);
        });
        return this;
    }

    /** The loss: the sum over all outputs, with the penalties on weights and activations. */
    public double loss() {
        return values.get("loss");
    }

    /**
     * The loss or a metric, as {@code fit} would report it.
     *
     * @throws IllegalArgumentException if there is none of this name; the message lists the names
     */
    public double get(String name) {
        return values.get(name);
    }

    /** Losses and metrics by name, in order: averages over the examples. */
    public Map<String, Double> values() {
        return values.values();
    }

    /**
     * All values of each loss and metric by name, in the order of {@link #values}, for example one for each class in the order
     * of the classes; most have just the one of {@code values}.
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

    /** Each output for all examples, {@code (examples, ...)}; empty unless {@link Collect#PREDICTIONS} was given. */
    public List<Tensor> predictions() {
        return predictions.stream().flatMap(List::stream).toList();
    }

    /** The targets of all examples, for each output; empty unless {@link Collect#TARGETS} was given. */
    public List<Tensor> targets() {
        return targets.stream().flatMap(List::stream).toList();
    }

    @Override
    public String toString() {
        return "Evaluation of " + examples + (examples == 1 ? " example: " : " examples: ") + values.text();
    }
}
