package beras.tables;

import java.util.List;
import java.util.Optional;

/**
 * The contribution of each column of a row to its prediction: {@code prediction = baseline + the sum of the shares}, up to the
 * rounding of doubles. The shares are Shapley values, see {@link RowExplainer}.
 *
 * <p>Numbers are in the unit of the target, or are probabilities of a label.
 *
 * @param label      whose probability is explained; empty for a number
 * @param baseline   the mean prediction for the rows that the row is compared with
 * @param prediction the prediction for the row
 * @param shares     of the columns that the model uses, the largest first, whatever their sign
 * @param rows       how many rows the row is compared with
 */
public record RowExplanation(Optional<String> label, double baseline, double prediction, List<Share> shares, int rows) {

    public RowExplanation {
        shares = List.copyOf(shares);
    }

    /**
     * The share of a column, all features of it together.
     *
     * @param value of the row as text; empty if it is missing
     * @param share by how much the value raises the prediction, or, below 0, lowers it; exactly 0 if the model does not use it
     */
    public record Share(String column, String value, double share) {}
}
