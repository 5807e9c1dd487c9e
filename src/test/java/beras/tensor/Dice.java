package beras.tensor;

/** Random numbers, shapes and views for property tests; the same in every run. */
public final class Dice {

    private final Rng rng;
    private long next;

    public Dice(String purpose) {
        this.rng = new Rng(1, purpose, 0);
    }

    /** From 0 (inclusive) to {@code bound} (exclusive). */
    public int below(int bound) {
        return (int) Math.floorMod(rng.bits(next++), (long) bound);
    }

    public double normal() {
        return rng.normal(next++);
    }

    public Tensor normal(int... shape) {
        return Tensor.generate(i -> normal(), shape);
    }

    /** Up to {@code maxRank} axes, each of size 0 (seldom) to 4. */
    Shape shape(int maxRank) {
        int[] sizes = new int[below(maxRank + 1)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = below(20) == 0 ? 0 : 1 + below(4);
        }
        return Shape.of(sizes);
    }

    /** Normal numbers in a random layout: a transposed slice of something larger. */
    Tensor view(Shape shape) {
        int rank = shape.rank();
        if (rank == 0) {
            return Tensor.scalar((float) normal());
        }
        int[] axes = new Rng(next++, "axes", 0).permutation(rank);
        int[] sizes = new int[rank];
        int[] back = new int[rank];
        for (int i = 0; i < rank; i++) {
            sizes[i] = shape.dim(axes[i]);
            back[axes[i]] = i;
        }
        int before = below(3);
        int kept = sizes[0];
        sizes[0] += before + below(3);
        return normal(sizes).slice(before, before + kept).transpose(back);
    }
}
