package beras.training;

import beras.autograd.Call;
import beras.losses.Loss;
import beras.metrics.Metric;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Losses and metrics of the batches so far: sums over examples, in their order, so that they do not depend on how the examples
 * were cut into batches.
 */
final class Totals {

    private final List<Output> outputs = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private double penalties;
    private long examples;

    /** What belongs to one output of the model. */
    private static final class Output {

        private final float weight;
        private final Metric.Accumulator[] metrics;
        private final Metric.Accumulator[] weightedMetrics;
        private double loss;
        private double count;

        Output(Objective objective) {
            weight = objective.weight();
            metrics = accumulators(objective.metrics());
            weightedMetrics = accumulators(objective.weightedMetrics());
        }

        private static Metric.Accumulator[] accumulators(List<Metric> metrics) {
            Metric.Accumulator[] all = new Metric.Accumulator[metrics.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = metrics.get(i).accumulator();
            }
            return all;
        }
    }

    /**
     * @param outputNames the names of the model's outputs, which tell losses and metrics apart if there are several
     * @throws IllegalArgumentException if two numbers would have one name
     */
    Totals(List<Objective> objectives, List<String> outputNames) {
        names.add("loss");
        boolean several = objectives.size() > 1;
        for (int i = 0; i < objectives.size() && several; i++) {
            names.add(outputNames.get(i) + "_loss");
        }
        for (int i = 0; i < objectives.size(); i++) {
            Objective objective = objectives.get(i);
            outputs.add(new Output(objective));
            String prefix = several ? outputNames.get(i) + "_" : "";
            addNames(prefix, objective.metrics());
            addNames(prefix, objective.weightedMetrics());
        }
        if (Set.copyOf(names).size() != names.size()) {
            throw new IllegalArgumentException("Metrics must have different names, none of them loss. Received: " + names);
        }
    }

    private void addNames(String prefix, List<Metric> metrics) {
        for (Metric metric : metrics) {
            names.add(prefix + metric.name());
        }
    }

    /** Takes in a batch: the call of output {@code i}'s loss. */
    void add(int i, Call loss) {
        Output output = outputs.get(i);
        Tensor losses = Loss.perExample(loss);
        for (int j = 0; j < losses.size(); j++) {
            output.loss += losses.data()[losses.offset() + j];
        }
        output.count += Loss.count(loss);
        for (Metric.Accumulator metric : output.metrics) {
            metric.update(loss.input(0), loss.input(1), null);
        }
        for (Metric.Accumulator metric : output.weightedMetrics) {
            metric.update(loss.input(0), loss.input(1), loss.inputs().size() > 2 ? loss.input(2) : null);
        }
    }

    /** Takes in the penalties on the weights that a batch of {@code size} examples saw. */
    void addPenalties(double sum, int size) {
        penalties += sum * size;
        examples += size;
    }

    Logs logs(double seconds) {
        return new Logs(names, numbers(), seconds);
    }

    /** Each number by its name with {@code prefix}. */
    Map<String, Double> means(String prefix) {
        double[] numbers = numbers();
        Map<String, Double> means = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            means.put(prefix + names.get(i), numbers[i]);
        }
        return means;
    }

    private double[] numbers() {
        double[] numbers = new double[names.size()];
        boolean several = outputs.size() > 1;
        int at = 1;
        double total = 0;
        for (Output output : outputs) {
            double mean = output.loss / output.count;
            total += output.weight * mean;
            if (several) {
                numbers[at++] = mean;
            }
        }
        numbers[0] = examples == 0 ? total : total + penalties / examples;
        for (Output output : outputs) {
            for (Metric.Accumulator metric : output.metrics) {
                numbers[at++] = metric.result();
            }
            for (Metric.Accumulator metric : output.weightedMetrics) {
                numbers[at++] = metric.result();
            }
        }
        return numbers;
    }
}
