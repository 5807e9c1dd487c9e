package beras.tables;

import beras.data.table.TableTarget;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.models.Model;
import beras.prediction.ConformalScores;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The outputs of a model for the rows held out from its training, as the scores of a split conformal prediction.
 *
 * <p>If each network of an ensemble held out other rows, a row's score is out-of-fold, from the network not trained on it. The
 * average of all networks has smaller errors: the difference is the variance of the networks, {@code (1 - 1/n)} of it, which is
 * estimated from the other networks on the same row. So errors are made smaller by one factor, that of the root mean square; of
 * labels, the distances of the log-odds of the true label from their mean (Krogh and Vedelsby, Neural Network Ensembles, Cross
 * Validation, and Active Learning, 1995).
 */
final class HeldOutScores {

    /** More rows make the promise no better: with so many the coverage varies by about a tenth of a percent. */
    private static final int MOST = 1 << 16;
    /** Probabilities nearer to 0 and 1 count as these. */
    private static final double LEAST_PROBABILITY = 1e-6;
    /** The least factor, however much networks differ. */
    private static final double LEAST_FACTOR = 0.5;

    private final TableTarget target;
    private double[] predicted = {}; // the number, or the score of the true label
    private double[] actual = {}; // the number
    private int kept;
    private double variances; // of the other networks, summed over the rows
    private boolean areProbabilities = true; // the scores of labels

    private HeldOutScores(TableTarget target) {
        this.target = target;
    }

    /**
     * The scores of all rows, or of many at equal distances.
     *
     * @param probabilities computes the probabilities of labels, or numbers, from the outputs of the model, or of one of its
     *     networks
     * @param validation    batches with one input and one target each
     * @param count         of rows, at most
     * @return empty if there is no row, or an output for one is not finite
     */
    static Optional<ConformalScores> of(TableTarget target, Model model, UnaryOperator<Tensor> probabilities, Batches validation,
            long count) {
        HeldOutScores scores = new HeldOutScores(target);
        long step = (count + MOST - 1) / MOST;
        long row = 0;
        int nets = 1;
        try (Batches.Pass pass = validation.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                int net = pass.net();
                Tensor outputs = probabilities.apply(model.run(batch, net)[0]).contiguous();
                Tensor truth = batch.targets().get(0).contiguous();
                Tensor inputs = batch.inputs().get(0);
                List<Tensor> each = net < 0 ? List.of()
                        : model.nets().stream().map(one -> probabilities.apply(one.predict(inputs)).contiguous()).toList();
                nets = Math.max(nets, each.size());
                for (int i = 0; i < batch.size(); i++) {
                    if (row++ % step == 0 && !scores.add(outputs, truth, i * target.width(), each, net)) {
                        return Optional.empty();
                    }
                }
            }
        }
        return scores.kept == 0 ? Optional.empty() : Optional.of(scores.scores(nets));
    }

    /**
     * Adds a row, of outputs and targets from an index on; returns whether its outputs are finite.
     *
     * @param each the outputs of each network for all rows
     * @param own  the network not trained on the row
     */
    private boolean add(Tensor outputs, Tensor truth, int at, List<Tensor> each, int own) {
        if (kept == predicted.length) {
            predicted = Arrays.copyOf(predicted, Math.max(MOST >> 8, 2 * kept));
            actual = Arrays.copyOf(actual, predicted.length);
        }
        int from = truth.offset() + at;
        int place = 0; // of the true label
        for (int i = 1; i < target.width(); i++) {
            place = truth.data()[from + i] > truth.data()[from + place] ? i : place;
        }
        if (target instanceof TableTarget.Regression regression) {
            actual[kept] = regression.restore(truth.data()[from]);
        }
        areProbabilities &= each.isEmpty() || target.width() == 1 || arePossible(outputs, at);
        predicted[kept] = value(outputs, at + place);
        double sum = 0;
        double squares = 0;
        for (int net = 0; net < each.size(); net++) {
            double difference = net == own ? 0 : onScale(value(each.get(net), at + place)) - onScale(predicted[kept]);
            sum += difference;
            squares += difference * difference;
        }
        int others = each.size() - 1;
        variances += others < 2 ? 0 : (squares - sum * sum / others) / (others - 1);
        kept++;
        return Double.isFinite(predicted[kept - 1] - actual[kept - 1]);
    }

    /** The number, or the score of the true label. */
    private double value(Tensor outputs, int at) {
        float output = outputs.data()[outputs.offset() + at];
        return target instanceof TableTarget.Regression regression ? regression.predicted(output) : output;
    }

    /** Whether all scores of a row are from 0 to 1. */
    private boolean arePossible(Tensor outputs, int at) {
        int from = outputs.offset() + at;
        return IntStream.range(from, from + target.width()).allMatch(i -> outputs.data()[i] >= 0 && outputs.data()[i] <= 1);
    }

    /** A number, or the log-odds of a probability. */
    private double onScale(double value) {
        double inside = Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, value));
        return target.task() == TableTarget.Task.CLASSIFICATION ? StrictMath.log(inside / (1 - inside)) : value;
    }

    private ConformalScores scores(int nets) {
        double[] all = Arrays.copyOf(predicted, kept);
        double[] truths = Arrays.copyOf(actual, kept);
        boolean areLabels = target.task() == TableTarget.Task.CLASSIFICATION;
        if (nets == 1 || !areProbabilities) {
            return areLabels ? ConformalScores.ofLabels(all) : ConformalScores.ofValues(all, truths);
        }
        Arrays.setAll(all, i -> onScale(predicted[i]));
        double mean = areLabels ? Arrays.stream(all).sum() / kept : 0;
        double squares = 0;
        for (int i = 0; i < kept; i++) {
            double error = all[i] - (areLabels ? mean : truths[i]);
            squares += error * error;
        }
        double left = squares == 0 ? 1 : 1 - (nets - 1.0) / nets * variances / squares;
        double factor = Math.max(LEAST_FACTOR, Math.sqrt(Math.max(0, left)));
        for (int i = 0; i < kept; i++) {
            double center = areLabels ? mean : truths[i];
            all[i] = center + factor * (all[i] - center);
            all[i] = areLabels ? 1 / (1 + StrictMath.exp(-all[i])) : all[i];
        }
        return areLabels ? ConformalScores.ofLabels(all) : ConformalScores.ofValues(all, truths);
    }
}
