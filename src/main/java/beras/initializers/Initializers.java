package beras.initializers;

import beras.config.Config;
import beras.config.Registry;

/**
 * All initializers by name: Keras's, and the assignment's {@code zero}, {@code normal}, {@code xavier}, {@code kaiming},
 * {@code xavier uniform} and {@code kaiming uniform}. Normal forms named after a person are cut at two deviations, as in Keras.
 *
 * <pre>{@code
 * new Dense(128, "relu").with("kernelInitializer", "he_normal");
 * new Dense(784, 128, Initializers.heNormal(), 7);
 * }</pre>
 */
public final class Initializers {

    /** Makes initializers from names, texts such as {@code random_normal(0, 0.1)} and configs; custom classes are registered here. */
    public static final Registry<Initializer> REGISTRY = new Registry<>("an initializer", Initializer.class)
            .addRow("Fill", "Zeros", "zero")
            .addRow("Fill", "Ones", "one")
            .addRow("Fill", "Constant")
            .addRow("Fill", "RandomNormal")
            .addRow("Fill", "RandomUniform", "uniform")
            .addRow("Fill", "TruncatedNormal")
            .add("VarianceScaling")
            .addRow("Scaled", "GlorotNormal", "xavier", "xavier_normal")
            .addRow("Scaled", "GlorotUniform", "xavier_uniform")
            .addRow("Scaled", "HeNormal", "kaiming", "kaiming_normal")
            .addRow("Scaled", "HeUniform", "kaiming_uniform")
            .addRow("Scaled", "LecunNormal")
            .addRow("Scaled", "LecunUniform")
            .addRow("Fill", "Identity")
            .addRow("Fill", "Dirac")
            .addRow("Fill", "Orthogonal")
            // The assignment's, with deviation 1: not another name of random_normal, whose deviation is 0.05.
            .preset("normal", Config.of("RandomNormal").with("mean", 0).with("stddev", 1));

    /** All zeros. */
    public static Initializer zeros() {
        return new Fill("Zeros");
    }

    /** All ones. */
    public static Initializer ones() {
        return new Fill("Ones");
    }

    /**
     * One value throughout.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public static Initializer constant(double value) {
        return REGISTRY.of("Constant", value);
    }

    /** A random matrix of orthogonal columns, or rows if there are fewer, of length 1. */
    public static Initializer orthogonal() {
        return new Fill("Orthogonal");
    }

    /** Normal with mean 0 and deviation 1, not cut. */
    public static Initializer normal() {
        return REGISTRY.of("normal");
    }

    /** Normal of deviation {@code sqrt(2 / (inputs + outputs))}, cut at two deviations of the uncut curve. */
    public static Initializer glorotNormal() {
        return Scaled.GlorotNormal;
    }

    /** Uniform in {@code ±sqrt(6 / (inputs + outputs))}: the default of {@code Dense}, as in Keras. */
    public static Initializer glorotUniform() {
        return Scaled.GlorotUniform;
    }

    /** Normal of deviation {@code sqrt(2 / inputs)}, cut at two deviations of the uncut curve. */
    public static Initializer heNormal() {
        return Scaled.HeNormal;
    }

    /** Uniform in {@code ±sqrt(6 / inputs)}. */
    public static Initializer heUniform() {
        return Scaled.HeUniform;
    }

    private Initializers() {}
}
