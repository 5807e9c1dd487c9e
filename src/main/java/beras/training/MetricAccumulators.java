package beras.training;

import beras.autograd.Call;
import beras.losses.Loss;
import beras.metrics.Metric;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Losses and metrics of the batches so far: sums over examples, in their order, so that they do not depend on how the examples
 * were cut into batches.
 */
final class MetricAccumulators {

    private final List<Output> outputs = new ArrayList<>();
    private final List<Metric.Accumulator> metrics = new ArrayList<>(); // of all outputs, in the order of their names
    private final List<String> names;
    private final List<Mode> modes = new ArrayList<>(); // which way the number of each name improves
    private final double[] sums; // see the places below; behind them the loss and the count of each output

    private static final int PENALTIES = 0; // times their examples
    private static final int EXAMPLES = 1; // that had penalties
    private static final int RETURNED = 2; // by steps: their losses times their examples
    private static final int TRAINED = 3; // examples of these steps
    private static final int OTHER = 4; // steps whose returned loss differs from the accumulated one
    private static final int MEASURED = 5; // losses of outputs that were taken in
    private static final int OUTPUTS = 6;

    /** The accumulators of one output of the model. */
    private record Output(float weight, List<Metric.Accumulator> metrics, List<Metric.Accumulator> weightedMetrics) {

        static Output of(Objective objective) {
            return new Output(objective.weight(), objective.metrics().stream().map(Metric::accumulator).toList(),
                    objective.weightedMetrics().stream().map(Metric::accumulator).toList());
        }
    }

    /**
     * @param outputNames the names of the model's outputs, which distinguish losses and metrics if there are several
     * @throws IllegalArgumentException if two numbers would have one name
     */
    MetricAccumulators(List<Objective> objectives, List<String> outputNames) {
        List<String> names = new ArrayList<>(List.of("loss"));
        boolean several = objectives.size() > 1;
        for (int i = 0; i < objectives.size() && several; i++) {
            names.add(outputNames.get(i) + "_loss");
        }
        modes.addAll(Collections.nCopies(names.size(), Mode.MIN));
        for (int i = 0; i < objectives.size(); i++) {
            Objective objective = objectives.get(i);
            Output output = Output.of(objective);
            outputs.add(output);
            metrics.addAll(output.metrics);
            metrics.addAll(output.weightedMetrics);
            String prefix = several ? outputNames.get(i) + "_" : "";
            add(prefix, objective.metrics(), names);
            add(prefix, objective.weightedMetrics(), names);
        }
        if (Set.copyOf(names).size() != names.size()) {
            throw new IllegalArgumentException("Metrics must have different names, none of them loss. Received: " + names);
        }
        this.names = List.copyOf(names);
        this.sums = new double[OUTPUTS + 2 * objectives.size()];
    }

    private void add(String prefix, List<Metric> metrics, List<String> names) {
        for (Metric metric : metrics) {
            names.add(prefix + metric.name());
            modes.add(switch (metric.direction()) {
                case UP -> Mode.MAX;
                case DOWN -> Mode.MIN;
                case UNKNOWN -> Mode.AUTO;
            });
        }
    }

    /** Takes in a batch: the call of output {@code i}'s loss. */
    void add(int i, Call loss) {
        Output output = outputs.get(i);
        Tensor losses = Loss.perExample(loss);
        int count = Loss.count(loss);
        if (losses.rank() == 0) { // one number, the mean of all
            sums[OUTPUTS + 2 * i] += (double) losses.item() * count;
        }
        for (int j = 0; losses.rank() > 0 && j < losses.size(); j++) {
            sums[OUTPUTS + 2 * i] += losses.data()[losses.offset() + j];
        }
        sums[OUTPUTS + 2 * i + 1] += count;
        sums[MEASURED]++;
        Tensor mask = loss.input(0).mask().orElse(null);
        for (int j = 0; j < output.metrics.size(); j++) { // without an iterator, as it is made in each step
            output.metrics.get(j).update(loss.input(0), loss.input(1), mask);
        }
        for (int j = 0; j < output.weightedMetrics.size(); j++) {
            output.weightedMetrics.get(j).update(loss.input(0), loss.input(1), loss.inputs().size() > 2 ? masked(loss.input(2), mask) : mask);
        }
    }

    /** Weights, 0 where a step is masked; of each step, if there is a mask. */
    private static Tensor masked(Tensor weights, Tensor mask) {
        return mask == null ? weights : Tensor.where(mask, weights.reshape(mask.dim(0), weights.size() / Math.max(1, mask.dim(0))), Tensor.scalar(0));
    }

    /** Takes in the penalties on the weights that a batch of {@code size} examples saw. */
    void addPenalties(double sum, int size) {
        sums[PENALTIES] += sum * size;
        sums[EXAMPLES] += size;
    }

    /** The sum of single numbers, such as penalties. */
    static double sum(List<Tensor> numbers) {
        double sum = 0;
        for (int i = 0; i < numbers.size(); i++) { // without an iterator, as it is made in each step
            sum += numbers.get(i).item();
        }
        return sum;
    }

    /**
     * Adds the result of a step of {@code size} examples, the loss that is reported.
     *
     * @param isTakenIn whether it was already added, for each example and penalty
     */
    void addStep(double loss, int size, boolean isTakenIn) {
        sums[RETURNED] += loss * size;
        sums[TRAINED] += size;
        sums[OTHER] += isTakenIn ? 0 : 1;
    }

    /** @param batchLoss the loss of the batch that has ended; NaN after an epoch */
    Logs logs(double seconds, double batchLoss) {
        return new Logs(seconds, names(), numbers(), null, batchLoss);
    }

    /** The names of available numbers: if steps added no losses of outputs, only the returned loss. */
    private List<String> names() {
        return isMeasured() ? names : names.subList(0, 1);
    }

    private boolean isMeasured() {
        return sums[MEASURED] > 0;
    }

    /** The names of the numbers with {@code prefix}, and which way each improves. */
    Map<String, Mode> modes(String prefix) {
        Map<String, Mode> all = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            all.put(prefix + names.get(i), modes.get(i));
        }
        return all;
    }

    /** All values of each number, by its name. */
    Map<String, double[]> results() {
        Map<String, double[]> results = new LinkedHashMap<>();
        means("").forEach((name, value) -> results.put(name, new double[] {value}));
        int at = names.size() - metrics.size();
        for (int i = 0; isMeasured() && i < metrics.size(); i++) {
            results.put(names.get(at++), metrics.get(i).results());
        }
        return results;
    }

    // ----------------------------------------------------------------------------------------------------- state

    /** The state so far: the sums, then the state of each metric. */
    List<double[]> state() {
        List<double[]> state = new ArrayList<>(List.of(sums.clone()));
        metrics.forEach(metric -> state.add(metric.state()));
        return state;
    }

    /**
     * Continues from the {@link #state} of accumulators of the same objectives.
     *
     * @throws IllegalArgumentException if it is of others
     */
    void restore(List<double[]> state) {
        if (state.size() != 1 + metrics.size() || state.get(0).length != sums.length) {
            throw new IllegalArgumentException("The state of a training of " + outputs.size() + " outputs and " + metrics.size()
                    + " metrics must have " + sums.length + " sums and that of each metric. Received: " + state.size() + " parts");
        }
        System.arraycopy(state.get(0), 0, sums, 0, sums.length);
        for (int i = 0; i < metrics.size(); i++) {
            restore(metrics.get(i), names.get(names.size() - metrics.size() + i), state.get(1 + i));
        }
    }

    private static void restore(Metric.Accumulator metric, String name, double[] state) {
        boolean fits = false;
        try {
            metric.restore(state);
            fits = metric.state().length == state.length;
        } catch (IndexOutOfBoundsException e) {
            // it does not fit
        }
        if (!fits) {
            throw new IllegalArgumentException("The state of metric " + name + " must have as many numbers as that metric keeps."
                    + " Received: " + state.length);
        }
    }

    // --------------------------------------------------------------------------------------------------- numbers

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
        double[] numbers = new double[names().size()];
        if (!isMeasured()) {
            numbers[0] = sums[TRAINED] == 0 ? 0 : sums[RETURNED] / sums[TRAINED];
            return numbers;
        }
        boolean several = outputs.size() > 1;
        int at = 1;
        double total = 0;
        for (int i = 0; i < outputs.size(); i++) {
            double count = sums[OUTPUTS + 2 * i + 1];
            double mean = count == 0 ? 0 : sums[OUTPUTS + 2 * i] / count; // 0 if the loss ignores all, as the loss itself
            total += outputs.get(i).weight * mean;
            if (several) {
                numbers[at++] = mean;
            }
        }
        numbers[0] = sums[OTHER] > 0 ? sums[RETURNED] / sums[TRAINED]
                : sums[EXAMPLES] == 0 ? total : total + sums[PENALTIES] / sums[EXAMPLES];
        for (int i = 0; i < metrics.size(); i++) { // without an iterator, as callbacks may read it after each batch
            numbers[at++] = metrics.get(i).result();
        }
        return numbers;
    }
}
