package beras.data;

import beras.autograd.Callable;
import beras.tensor.Tensor;
import java.util.Arrays;

/**
 * Turns labels into one-hot vectors and back. The labels may be any finite numbers: {@link #fit} learns which there are, and
 * column {@code c} of the encoding stands for the {@code c}-th smallest of them.
 *
 * <p>Fit on the training labels, then encode training and test labels with the same encoder.
 */
public final class OneHotEncoder implements Callable {

    /** The maximum of known labels listed in an error. */
    private static final int LISTED = 20;

    private float[] known;

    /**
     * Learns the set of labels, in place of an earlier one.
     *
     * @param labels {@code (count)}
     * @throws IllegalArgumentException if the rank is not 1 or a label is NaN or infinite
     */
    public void fit(Tensor labels) {
        float[] sorted = values(labels);
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[distinct++] = sorted[i];
            }
        }
        known = Arrays.copyOf(sorted, distinct);
    }

    /** The labels, with -0 as 0. */
    private static float[] values(Tensor labels) {
        if (labels.rank() != 1) {
            throw new IllegalArgumentException("Labels must have shape (count,). Received: " + labels.shape());
        }
        float[] values = labels.toArray();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("Labels must be finite. Received: " + values[i] + " at index " + i);
            }
            values[i] += 0f;
        }
        return values;
    }

    /** {@link #forward} of labels. */
    @Override
    public Tensor call(Tensor... inputs) {
        if (inputs.length != 1) {
            throw new IllegalArgumentException("OneHotEncoder takes the labels. Received: " + inputs.length + " inputs");
        }
        return forward(inputs[0]);
    }

    /**
     * The encoding {@code (count, classes)} of labels {@code (count)}, all 0 but a 1 in each row. Fits on these labels if
     * {@link #fit} was never called.
     *
     * @throws IllegalArgumentException if a label was not among the fitted ones, or as {@link #fit}
     */
    public Tensor forward(Tensor labels) {
        if (known == null) {
            fit(labels);
        }
        float[] values = values(labels);
        Tensor out = Tensor.zeros(values.length, known.length);
        for (int i = 0; i < values.length; i++) {
            int column = Arrays.binarySearch(known, values[i]);
            if (column < 0) {
                throw new IllegalArgumentException("Label " + values[i] + " at index " + i + " was not seen by fit, which saw "
                        + describeKnown() + ". Fit on labels that include it");
            }
            out.data()[i * known.length + column] = 1f;
        }
        return out;
    }

    private String describeKnown() {
        String listed = Arrays.toString(Arrays.copyOf(known, Math.min(known.length, LISTED)));
        return known.length <= LISTED ? listed : listed + " and " + (known.length - LISTED) + " more";
    }

    /**
     * The labels {@code (count)} of an encoding {@code (count, classes)}: the numbers that were fitted, not columns.
     *
     * @throws IllegalStateException if nothing was fitted
     * @throws IllegalArgumentException if the shape is another, or a row is not a single 1 among zeros
     */
    public Tensor inverse(Tensor oneHot) {
        if (known == null) {
            throw new IllegalStateException("The encoder has no labels: call fit first");
        }
        if (oneHot.rank() != 2 || oneHot.dim(1) != known.length) {
            throw new IllegalArgumentException("An encoding of " + known.length + " labels has shape (count, " + known.length
                    + "). Received: " + oneHot.shape());
        }
        return Tensor.generate(row -> known[column(oneHot, row)], oneHot.dim(0));
    }

    private static int column(Tensor oneHot, int row) {
        int column = -1;
        for (int i = 0; i < oneHot.dim(1); i++) {
            float value = oneHot.get(row, i);
            if (value == 1f && column < 0) {
                column = i;
            } else if (value != 0f) {
                throw new IllegalArgumentException("A row of an encoding is a single 1 among zeros. Received: " + value
                        + " at row " + row + ", column " + i + ". For probabilities take argmax(1)");
            }
        }
        if (column < 0) {
            throw new IllegalArgumentException("A row of an encoding is a single 1 among zeros. Received: only zeros in row "
                    + row);
        }
        return column;
    }
}
