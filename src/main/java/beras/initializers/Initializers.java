package beras.initializers;

import beras.config.Config;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Locale;

/** The initializers, by method or by name. Normal forms named after a person are cut at two deviations, as in Keras. */
public final class Initializers {

    private static final String PURPOSE = "weights";

    /** All zeros. */
    public static Initializer zeros() {
        return (shape, seed) -> Tensor.zeros(shape);
    }

    /** Normal with mean 0 and deviation 1, not cut. */
    public static Initializer normal() {
        return (shape, seed) -> {
            Rng rng = new Rng(seed, PURPOSE, 0);
            return Tensor.generate(rng::normal, shape.toArray());
        };
    }

    /** Truncated normal of deviation {@code sqrt(2 / (inputs + outputs))}: Glorot and Bengio (2010), Keras's GlorotNormal. */
    public static Initializer glorotNormal() {
        return (shape, seed) -> truncatedNormal(shape, seed, Math.sqrt(2.0 / (inputs(shape) + outputs(shape))));
    }

    /** Uniform in {@code ±sqrt(6 / (inputs + outputs))}: Glorot and Bengio (2010). The default of {@code Dense}, as in Keras. */
    public static Initializer glorotUniform() {
        return (shape, seed) -> uniform(shape, seed, Math.sqrt(6.0 / (inputs(shape) + outputs(shape))));
    }

    /** Truncated normal of deviation {@code sqrt(2 / inputs)}: He et al. (2015), Keras's HeNormal. */
    public static Initializer heNormal() {
        return (shape, seed) -> truncatedNormal(shape, seed, Math.sqrt(2.0 / inputs(shape)));
    }

    /** Uniform in {@code ±sqrt(6 / inputs)}: He et al. (2015). */
    public static Initializer heUniform() {
        return (shape, seed) -> uniform(shape, seed, Math.sqrt(6.0 / inputs(shape)));
    }

    /**
     * An initializer by name, upper or lower case: the assignment's {@code zero}, {@code normal}, {@code xavier},
     * {@code kaiming}, {@code xavier uniform}, {@code kaiming uniform}, or Keras's {@code zeros}, {@code glorot_normal},
     * {@code glorot_uniform}, {@code he_normal}, {@code he_uniform}.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Initializer of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "zero", "zeros" -> zeros();
            case "normal" -> normal();
            case "xavier", "glorot_normal" -> glorotNormal();
            case "xavier uniform", "glorot_uniform" -> glorotUniform();
            case "kaiming", "he_normal" -> heNormal();
            case "kaiming uniform", "he_uniform" -> heUniform();
            default -> throw new IllegalArgumentException("An initializer is one of zero, normal, xavier, kaiming, xavier uniform, "
                    + "kaiming uniform, glorot_normal, glorot_uniform, he_normal, he_uniform. Received: " + name);
        };
    }

    /** An initializer of this config. */
    public static Initializer of(Config config) {
        return of(config.type());
    }

    private static Tensor truncatedNormal(Shape shape, long seed, double deviation) {
        Rng rng = new Rng(seed, PURPOSE, 0);
        return Tensor.generate(i -> deviation * rng.truncatedNormal(i), shape.toArray());
    }

    private static Tensor uniform(Shape shape, long seed, double limit) {
        Rng rng = new Rng(seed, PURPOSE, 0);
        return Tensor.generate(i -> limit * (2 * rng.uniform(i) - 1), shape.toArray());
    }

    private static int inputs(Shape shape) {
        return shape.dim(0);
    }

    private static int outputs(Shape shape) {
        return shape.dim(-1);
    }

    private Initializers() {}
}
