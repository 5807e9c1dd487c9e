package beras.spark;

import beras.feed.Batch;
import beras.feed.Examples;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.io.Serializable;
import java.util.List;

/** The rows of one logical shard as numbers,
        in the order of their keys: those to train on and those to validate. Tasks share it. */
final class Shard implements Serializable {

    private static final long serialVersionUID = 1;

    /**
     * Rows as numbers.
     *
     * @param weights null: all rows count the same
     */
    record Rows(int count, float[] inputs, float[] targets, float[] weights) implements Serializable {

        private static final long serialVersionUID = 1;
    }

    private record Order(long epoch, int[] rows) {}

    private final int number;
    private final int width;
    private final int targetWidth;
    private final Rows training;
    private final Rows validation;
    private transient volatile Order order; // of the last requested epoch

    Shard(int number, int width, int targetWidth, Rows training, Rows validation) {
        this.number = number;
        this.width = width;
        this.targetWidth = targetWidth;
        this.training = training;
        this.validation = validation;
    }

    int number() {
        return number;
    }

    /** How many rows there are to train on. */
    int rows() {
        return training.count;
    }

    /** How many rows there are to validate. */
    int validationRows() {
        return validation.count;
    }

    /** The validation rows. */
    Examples validation() {
        return Examples.of(List.of(Tensor.wrap(validation.inputs, validation.count, width)),
                List.of(Tensor.wrap(validation.targets, validation.count, targetWidth)),
                validation.weights == null ? null : Tensor.wrap(validation.weights, validation.count));
    }

    /**
     * A batch, in the order of an epoch, which follows from the seed, the epoch and the number of the shard.
     *
     * @param from   its first row, at the place in that order
     * @param to     the one behind the last
     * @param shards how many there are
     * @return null if it would be empty
     */
    Batch batch(int from, int to, long seed, long epoch, int shards) {
        int count = to - from;
        if (count == 0) {
            return null;
        }
        int[] places = order(seed, epoch, shards);
        float[] x = new float[count * width];
        float[] y = new float[count * targetWidth];
        float[] weights = training.weights == null ? null : new float[count];
        for (int i = 0; i < count; i++) {
            int row = places[from + i];
            System.arraycopy(training.inputs, row * width, x, i * width, width);
            System.arraycopy(training.targets, row * targetWidth, y, i * targetWidth, targetWidth);
            if (weights != null) {
                weights[i] = training.weights[row];
            }
        }
        return new Batch(List.of(Tensor.wrap(x, count, width)), List.of(Tensor.wrap(y, count, targetWidth)),
                weights == null ? null : Tensor.wrap(weights, count));
    }

    private int[] order(long seed, long epoch, int shards) {
        Order known = order;
        if (known == null || known.epoch != epoch) {
            known = new Order(epoch, new Rng(seed, "shuffle", epoch * shards + number).permutation(training.count));
            order = known;
        }
        return known.rows;
    }
}
