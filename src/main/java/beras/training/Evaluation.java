package beras.training;

import beras.evaluation.BinaryCurve;
import beras.evaluation.ConfusionMatrix;
import beras.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was measured on some examples.
 *
 * <pre>{@code
 * Evaluation evaluation = model.evaluate(images, 1000);
 * double accuracy = evaluation.get("accuracy");
 * }</pre>
 */
public final class Evaluation {

    private final Map<String, double[]> results;
    private final Logs values;
    private final long examples;
    private final Optional<ConfusionMatrix> confusion;
    private final List<Tensor> predictions;
    private final List<Tensor> targets;

    Evaluation(MetricAccumulators accumulators, Collector collector) {
        this.values = accumulators.logs(0, Double.NaN);
        this.results = accumulators.results();
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

    /** The confusion matrix, without weights of examples; empty unless {@link Collect#CONFUSION} was asked for. */
    public Optional<ConfusionMatrix> confusion() {
        return confusion;
    }

    /** Each output for all examples, {@code (examples, ...)}; empty unless {@link Collect#PREDICTIONS} was asked for. */
    public List<Tensor> predictions() {
        return predictions;
    }

    /** The targets of all examples, for each output; empty unless {@link Collect#TARGETS} was asked for. */
    public List<Tensor> targets() {
        return targets;
    }

    /**
     * What every threshold makes of a yes or no, for curves of any size, of a model with one output of one column; needs
     * {@link Collect#PREDICTIONS} and {@link Collect#TARGETS}:
     *
     * <pre>{@code
     * BinaryCurve curve = model.evaluate(x, y, Collect.PREDICTIONS, Collect.TARGETS).curve();
     * double[] fallOut = curve.coordinates(BinaryCurve.Point::fallOut);   // with recall: the receiver operating characteristic
     * double[] recall = curve.coordinates(BinaryCurve.Point::recall);
     * double[] precision = curve.coordinates(BinaryCurve.Point::precision);
     * }</pre>
     *
     * @throws IllegalStateException if predictions or targets were not asked for
     * @throws IllegalArgumentException if there are several outputs or columns
     */
    public BinaryCurve curve() {
        requireCollected();
        if (predictions.get(0).size() != examples) {
            throw new IllegalArgumentException("A curve is of one column, or of one class: curve(int). Received: predictions of shape "
                    + predictions.get(0).shape());
        }
        return curve(predictions.get(0), 0, targets.get(0), 0);
    }

    /**
     * As {@link #curve()}, of one class against all others, of a model with one output {@code (classes,)}.
     *
     * @param label the class, from 0
     * @throws IndexOutOfBoundsException if there is no such class
     */
    public BinaryCurve curve(int label) {
        requireCollected();
        Tensor scores = predictions.get(0);
        if (scores.rank() != 2) {
            throw new IllegalArgumentException("A curve of one class is of predictions (examples, classes). Received: shape "
                    + scores.shape());
        }
        Objects.checkIndex(label, scores.dim(1));
        return curve(scores, label, targets.get(0), targets.get(0).size() == examples && scores.dim(1) > 1 ? -1 - label : label);
    }

    private void requireCollected() {
        if (predictions.isEmpty() || targets.isEmpty()) {
            throw new IllegalStateException("A curve is of predictions and targets: evaluate with Collect.PREDICTIONS and"
                    + " Collect.TARGETS. Received: an evaluation without");
        }
        if (predictions.size() > 1) {
            throw new IllegalArgumentException("A curve is of one output. Received: predictions of " + predictions.size()
                    + " outputs. Take BinaryCurve.of(scores, positive)");
        }
    }

    /** @param truth the column of targets above 0; below 0: targets are labels, and {@code -1 - truth} is the positive one */
    private BinaryCurve curve(Tensor scores, int column, Tensor target, int truth) {
        float[] score = new float[(int) examples];
        boolean[] positive = new boolean[score.length];
        float[] all = scores.toArray();
        float[] wanted = target.toArray();
        for (int i = 0; i < score.length; i++) {
            score[i] = all[i * (all.length / score.length) + column];
            positive[i] = truth < 0 ? wanted[i] == -1 - truth : wanted[i * (wanted.length / score.length) + truth] > 0;
        }
        return BinaryCurve.of(score, positive);
    }

    @Override
    public String toString() {
        return "Evaluation of " + examples + (examples == 1 ? " example: " : " examples: ") + values.text();
    }
}
