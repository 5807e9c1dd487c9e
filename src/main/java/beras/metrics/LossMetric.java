package beras.metrics;

import beras.config.Settings;
import beras.losses.CosineSimilarity;
import beras.losses.Loss;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The mean of a loss over the examples that count for it. Unlike the loss itself, which divides by the number of examples, it
 * divides by the sum of their weights. For {@link CosineSimilarity} it is the cosine itself, not minus the cosine: as in Keras,
 * the loss is made to fall and the metric to rise.
 */
public final class LossMetric extends MeanMetric {

    private final Loss loss;
    private final double sign;
    private final Optional<Direction> ofFunction;

    public LossMetric(Loss loss) {
        this(loss, Optional.empty());
    }

    /** @param ofFunction the direction in which the mean of a function improves; empty for the loss of a network */
    LossMetric(Loss loss, Optional<Direction> ofFunction) {
        this.loss = Objects.requireNonNull(loss);
        this.sign = loss instanceof CosineSimilarity ? -1 : 1;
        this.ofFunction = ofFunction;
    }

    /** The loss whose mean it is; empty for a custom function. */
    Optional<Loss> loss() {
        return ofFunction.isPresent() ? Optional.empty() : Optional.of(loss);
    }

    /** Keras's name of the loss, such as {@code mean_squared_error}; that of a function as it is. */
    @Override
    protected String defaultName() {
        return ofFunction.isPresent() ? typeName() : super.defaultName().replace("cross_entropy", "crossentropy"); // which to Keras is one word
    }

    /** Down, as a loss; that of a cosine is up. */
    @Override
    public Direction direction() {
        return ofFunction.orElse(sign > 0 ? Direction.DOWN : Direction.UP);
    }

    /** That of the loss. */
    @Override
    public String typeName() {
        return loss.typeName();
    }

    @Override
    public Object typeKey() {
        return ofFunction.isPresent() ? List.of(loss.typeKey(), ofFunction) : loss.typeKey();
    }

    /** The settings of the loss. */
    @Override
    public void describe(Settings s) {
        loss.describe(s);
    }

    /** With a copy of the loss. */
    @Override
    public Metric with(String setting, Object value) {
        return Metrics.of(Metrics.configOf(this).with(setting, value));
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        Rows rows = Rows.of("A metric of " + loss.typeName(), predictions, truth, weights);
        Tensor losses = loss.forwardPerExample(rows.predictions(), rows.truth());
        if (losses.rank() == 0) { // one number for a batch: that for each row
            if (rows.isWeighted()) {
                throw new IllegalArgumentException("A metric of " + loss.typeName() + " is one number for a batch, which weights of"
                        + " examples or classes do not apply to. Leave the weights out, or let it be one number for each example, of"
                        + " shape (batch)");
            }
            mean.add(sign * losses.item(), rows.batch());
            return;
        }
        for (int i = 0; i < losses.size(); i++) {
            if (loss.counts(rows.truth(), i) && rows.weight(i, losses.size()) != 0) { // masked rows may be NaN
                mean.add(sign * losses.data()[losses.offset() + i], rows.weight(i, losses.size()));
            }
        }
    }
}
