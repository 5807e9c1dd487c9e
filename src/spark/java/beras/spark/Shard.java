package beras.spark;

import beras.feed.Batch;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.io.Serializable;
import java.util.List;

/** The rows of one logical shard as numbers, in the order of their keys. Tasks share it. */
final class Shard implements Serializable {

    private static final long serialVersionUID = 1;

    /** The order of the rows in an epoch. */
    private record Order(long epoch, int[] rows) {}

    private final int number;
    private final int rows;
    private final int width;
    private final int targetWidth;
    private final float[] inputs;
    private final float[] targets;
    private transient volatile Order order; // of the epoch that was asked for last

    Shard(int number, int rows, int width, int targetWidth, float[] inputs, float[] targets) {
        this.number = number;
        this.rows = rows;
        this.width = width;
        this.targetWidth = targetWidth;
        this.inputs = inputs;
        this.targets = targets;
    }

    int number() {
        return number;
    }

    int rows() {
        return rows;
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
        for (int i = 0; i < count; i++) {
            int row = places[from + i];
            System.arraycopy(inputs, row * width, x, i * width, width);
            System.arraycopy(targets, row * targetWidth, y, i * targetWidth, targetWidth);
        }
        return new Batch(List.of(Tensor.wrap(x, count, width)), List.of(Tensor.wrap(y, count, targetWidth)), null);
    }

    private int[] order(long seed, long epoch, int shards) {
        Order known = order;
        if (known == null || known.epoch != epoch) {
            known = new Order(epoch, new Rng(seed, "shuffle", epoch * shards + number).permutation(rows));
            order = known;
        }
        return known.rows;
    }
}
