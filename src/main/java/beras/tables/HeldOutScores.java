package beras.tables;

import beras.data.table.TableTarget;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ConformalScores;
import beras.models.Model;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** What a model gives for the rows that were held out from its training, as the scores of a split conformal prediction. */
final class HeldOutScores {

    /** More rows make the promise no better: with so many the coverage varies by about a tenth of a percent. */
    private static final int MOST = 1 << 16;

    private final TableTarget target;
    private double[] predicted = {}; // the amount, or the score of the true label
    private double[] actual = {}; // the amount
    private int kept;

    private HeldOutScores(TableTarget target) {
        this.target = target;
    }

    /**
     * The scores of all rows, or of many at equal distances.
     *
     * @param model      that gives probabilities of labels, or amounts
     * @param validation batches with one input and one target each
     * @param count      of rows
     * @return empty if there is no row, or the model gives something for one that is not finite
     */
    static Optional<ConformalScores> of(TableTarget target, Model model, Batches validation, long count) {
        HeldOutScores scores = new HeldOutScores(target);
        long step = (count + MOST - 1) / MOST;
        long row = 0;
        try (Batches.Pass pass = validation.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                Tensor outputs = model.predict(batch.inputs().get(0)).contiguous();
                Tensor truth = batch.targets().get(0).contiguous();
                for (int i = 0; i < batch.size(); i++) {
                    if (row++ % step == 0 && !scores.add(outputs, truth, i * target.width())) {
                        return Optional.empty();
                    }
                }
            }
        }
        return scores.kept == 0 ? Optional.empty() : Optional.of(scores.scores());
    }

    /** Adds a row, of outputs and targets from an index on; returns whether the model gives finite numbers for it. */
    private boolean add(Tensor outputs, Tensor truth, int at) {
        if (kept == predicted.length) {
            predicted = Arrays.copyOf(predicted, Math.max(MOST >> 8, 2 * kept));
            actual = Arrays.copyOf(actual, predicted.length);
        }
        int from = truth.offset() + at;
        int place = 0; // of the true label
        for (int i = 1; i < target.width(); i++) {
            place = truth.data()[from + i] > truth.data()[from + place] ? i : place;
        }
        float output = outputs.data()[outputs.offset() + at + place];
        if (target instanceof TableTarget.Amount amount) {
            predicted[kept] = amount.restore(output);
            actual[kept] = amount.restore(truth.data()[from]);
        } else {
            predicted[kept] = output;
        }
        kept++;
        return Double.isFinite(predicted[kept - 1] - actual[kept - 1]);
    }

    private ConformalScores scores() {
        double[] all = Arrays.copyOf(predicted, kept);
        return target.task() == TableTarget.Task.REGRESSION ? ConformalScores.ofAmounts(all, Arrays.copyOf(actual, kept))
                : ConformalScores.ofLabels(all);
    }
}
