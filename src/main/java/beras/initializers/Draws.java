package beras.initializers;

import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Random values of a shape: number i in row-major order is number i of the generator for this seed. */
final class Draws {

    static Tensor normal(Shape shape, long seed, double mean, double deviation) {
        Rng rng = rng(seed);
        return Tensor.generate(i -> mean + deviation * rng.normal(i), shape.toArray());
    }

    /** Cut at two deviations of the uncut curve; {@code deviation} is that after cutting. */
    static Tensor truncatedNormal(Shape shape, long seed, double mean, double deviation) {
        Rng rng = rng(seed);
        return Tensor.generate(i -> mean + deviation * rng.truncatedNormal(i), shape.toArray());
    }

    static Tensor uniform(Shape shape, long seed, double limit) {
        Rng rng = rng(seed);
        return Tensor.generate(i -> limit * (2 * rng.uniform(i) - 1), shape.toArray());
    }

    static Rng rng(long seed) {
        return new Rng(seed, "weights", 0);
    }

    private Draws() {}
}
