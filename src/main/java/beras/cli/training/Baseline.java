package beras.cli.training;

import beras.cli.terminal.Text;
import beras.data.table.TableTarget;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.models.TrainingData;
import beras.sources.TextData;
import beras.tables.PreparedTable;
import beras.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The score of a constant prediction on the evaluated examples, which a model must beat.
 *
 * @param examples how many there are
 * @param answer   the most frequent label, or the mean, of the training examples if available
 * @param value    the accuracy of the label, or the mean absolute error of the mean
 */
record Baseline(long examples, String answer, double value) {

    /** One pass over the targets; empty for a text, and for numbers of unknown unit. */
    static Optional<Baseline> of(TrainingData data, Batches measured) {
        Optional<TableTarget> target = data instanceof PreparedTable table ? Optional.of(table.schema().target()) : Optional.empty();
        TableTarget.Regression numbers = target.orElse(null) instanceof TableTarget.Regression regression ? regression : null;
        List<String> labels = data.labels();
        if (data instanceof TextData || labels.isEmpty() && numbers == null) {
            return Optional.empty();
        }
        long[] counts = new long[Math.max(1, labels.size())];
        double off = 0;
        try (Batches.Pass pass = measured.open(0)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                Tensor truth = batch.targets().get(0).contiguous();
                int[] largest = truth.size() > batch.size() ? truth.argmax(1) : null; // else numbers, or probabilities of the second label
                for (int row = 0; row < batch.size(); row++) {
                    float value = truth.data()[truth.offset() + (largest == null ? row : 0)];
                    counts[numbers != null ? 0 : largest != null ? largest[row] : Math.round(value)]++;
                    off += numbers != null ? Math.abs(numbers.restore(value) - numbers.mean()) : 0;
                }
            }
        }
        long examples = LongStream.of(counts).sum();
        if (numbers != null) {
            return Optional.of(new Baseline(examples, "the mean", off / examples));
        }
        List<Long> here = LongStream.of(counts).boxed().toList();
        List<Long> trained = target.map(TableTarget::counts).orElse(here);
        int frequent = trained.indexOf(Collections.max(trained));
        return Optional.of(new Baseline(examples, labels.get(frequent), (double) counts[frequent] / examples));
    }

    /** Behind an accuracy, or a mean absolute error. */
    String beside(String measure, double reached) {
        return measure.equals("accuracy") ? " on " + examples + Text.range(reached, examples, answer, value)
                : " (always " + answer + ": " + Text.decimals(value, 4) + ")";
    }
}
