package beras.spark;

import java.io.Serializable;
import java.util.function.IntFunction;

/**
 * The contribution of shards to a round: gradients or weights, each shard's times its share of the rows, and losses. Sums are
 * made in one tree over the numbers of the shards, whoever makes which part of it: so they are bit-identical for any number of
 * partitions.
 *
 * @param sum  is the contribution's own
 * @param loss summed over the rows
 */
record Contribution(float[] sum, double loss) implements Serializable {

    private static final long serialVersionUID = 1;

    /** The contribution of one shard; changes the values. */
    static Contribution of(float[] values, double share, double loss) {
        float factor = (float) share;
        for (int i = 0; factor != 1f && i < values.length; i++) {
            values[i] *= factor;
        }
        return new Contribution(values, loss);
    }

    /**
     * The sum over some leaves of the tree that are a whole part of it.
     *
     * @param from inclusive
     * @param to   exclusive; {@code to - from} is a power of two
     * @param leaf returns null for a shard that contributes nothing; called in ascending order
     * @return null if none contributes
     */
    static Contribution sum(int from, int to, IntFunction<Contribution> leaf) {
        if (to - from == 1) {
            return leaf.apply(from);
        }
        int middle = (from + to) >>> 1;
        Contribution left = sum(from, middle, leaf);
        Contribution right = sum(middle, to, leaf);
        return left == null ? right : right == null ? left : left.add(right);
    }

    private Contribution add(Contribution right) {
        if (right.sum.length != sum.length) {
            throw new IllegalStateException("Shards must contribute equally many numbers. Received: " + sum.length + " and "
                    + right.sum.length);
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += right.sum[i];
        }
        return new Contribution(sum, loss + right.loss);
    }
}
