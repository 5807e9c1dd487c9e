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
            .add("Zeros", "zero")
            .add("Ones", "one")
            .add("Constant")
            .add("RandomNormal")
            .add("RandomUniform", "uniform")
            .add("TruncatedNormal")
            .add("VarianceScaling")
            .addRow("Scaled", "GlorotNormal", "xavier", "xavier_normal")
            .addRow("Scaled", "GlorotUniform", "xavier_uniform")
            .addRow("Scaled", "HeNormal", "kaiming", "kaiming_normal")
            .addRow("Scaled", "HeUniform", "kaiming_uniform")
            .addRow("Scaled", "LecunNormal")
            .addRow("Scaled", "LecunUniform")
            .add("Identity")
            .add("Dirac")
            .add("Orthogonal")
            // The assignment's, with deviation 1: not another name of random_normal, whose deviation is 0.05.
            .preset("normal", Config.of("RandomNormal").with("mean", 0).with("stddev", 1));

    /** All zeros. */
    public static Initializer zeros() {
        return new Zeros();
    }

    /** Normal with mean 0 and deviation 1, not cut. */
    public static Initializer normal() {
        return new RandomNormal(0, 1);
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
