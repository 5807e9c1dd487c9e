package beras.data.table;

import beras.config.Config;

/**
 * The sample weight: the column with the weight of each row in training, in the loss and in the metrics of each epoch: a row of
 * weight 2 counts as much as that row twice. Weights are relative to their mean, so that their unit does not matter, and equal
 * weights are none.
 *
 * <p>A row of weight 0 is left out, as one without a target: nothing is learnt from it. Means, bins and categories of columns are
 * learnt from each other row once, whatever its weight.
 *
 * @param name         of the column, which is no feature and is not needed to predict
 * @param mean         of the weights of the rows to train on
 * @param decimalComma whether decimals come after a comma, as in {@code 0,5}
 */
public record SampleWeight(String name, double mean, boolean decimalComma) {

    /**
     * @throws IllegalArgumentException if the name is empty, or the mean not finite and above 0
     */
    public SampleWeight {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("The column of weights must have a name. Received: an empty one");
        }
        if (!(mean > 0 && mean <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("The mean of the weights in column " + name
                    + " must be finite and above 0. Received: " + mean);
        }
    }

    /** The column that has this config. */
    static SampleWeight of(Config config) {
        return new SampleWeight(config.text("name"), config.number("mean"), NumericColumn.hasComma(config));
    }

    /** From which {@link #of} makes an equal one. */
    Config config() {
        return Config.of(getClass()).with("name", name).with("mean", mean)
                .with(NumericColumn.DECIMAL_MARK, NumericColumn.mark(decimalComma));
    }

    /** How much a row counts in training, relative to the mean. */
    float relative(double weight) {
        return (float) (weight / mean);
    }
}
