package beras.initializers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.function.Supplier;

/**
 * All initializers by name: Keras's, and the assignment's {@code zero}, {@code normal}, {@code xavier}, {@code kaiming},
 * {@code xavier uniform} and {@code kaiming uniform}. Normal forms named after a person are cut at two deviations, as in Keras.
 */
public final class Initializers {

    /** The registry itself. */
    public static final Registry<Initializer> REGISTRY = new Registry<>("an initializer", Initializer.class)
            .add("Zeros", "zero")
            .add("Ones", "one")
            .add("Constant")
            .add("RandomNormal")
            .add("RandomUniform", "uniform")
            .add("TruncatedNormal")
            .add("VarianceScaling")
            .add("GlorotNormal", "xavier", "xavier_normal")
            .add("GlorotUniform", "xavier_uniform")
            .add("HeNormal", "kaiming", "kaiming_normal")
            .add("HeUniform", "kaiming_uniform")
            .add("LecunNormal")
            .add("LecunUniform")
            .add("Identity")
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

    /** {@link GlorotNormal}. */
    public static Initializer glorotNormal() {
        return new GlorotNormal();
    }

    /** {@link GlorotUniform}, the default of {@code Dense}, as in Keras. */
    public static Initializer glorotUniform() {
        return new GlorotUniform();
    }

    /** {@link HeNormal}. */
    public static Initializer heNormal() {
        return new HeNormal();
    }

    /** {@link HeUniform}. */
    public static Initializer heUniform() {
        return new HeUniform();
    }

    /**
     * An initializer by name, with default settings, or by text such as {@code random_normal(0, 0.1)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Initializer of(String text) {
        return REGISTRY.of(text);
    }

    /**
     * An initializer by its {@linkplain Initializer#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static Initializer of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Sparse::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class
     */
    public static void register(Supplier<? extends Initializer> maker, String... names) {
        REGISTRY.register(maker, names);
    }

    /** Whether there is an initializer of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all initializers. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Initializers() {}
}
