package beras.initializers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;

/**
 * All initializers by name: Keras's, and the assignment's {@code zero}, {@code normal}, {@code xavier}, {@code kaiming},
 * {@code xavier uniform} and {@code kaiming uniform}. Normal forms named after a person are cut at two deviations, as in Keras.
 */
public final class Initializers {

    /** The assignment's, with deviation 1: not another name of {@code random_normal}, whose deviation is 0.05. */
    private static final String UNIT_NORMAL = "normal";

    private static final Registry<Initializer> REGISTRY = new Registry<Initializer>("an initializer", Initializers::make)
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
            .add("Orthogonal");

    private static Initializer make(Config config) {
        return switch (config.type()) {
            case "Zeros" -> config.plain(Zeros::new);
            case "Ones" -> config.plain(Ones::new);
            case "Constant" -> new Constant(config.requireOnly("value").number("value", 0));
            case "RandomNormal" -> randomNormal(config);
            case "RandomUniform" -> randomUniform(config);
            case "TruncatedNormal" -> truncatedNormal(config);
            case "VarianceScaling" -> VarianceScaling.of(config);
            case "GlorotNormal" -> config.plain(GlorotNormal::new);
            case "GlorotUniform" -> config.plain(GlorotUniform::new);
            case "HeNormal" -> config.plain(HeNormal::new);
            case "HeUniform" -> config.plain(HeUniform::new);
            case "LecunNormal" -> config.plain(LecunNormal::new);
            case "LecunUniform" -> config.plain(LecunUniform::new);
            case "Identity" -> new Identity(config.requireOnly("gain").number("gain", 1));
            case "Orthogonal" -> new Orthogonal(config.requireOnly("gain").number("gain", 1));
            default -> throw new AssertionError(config);
        };
    }

    private static Initializer randomNormal(Config config) {
        config.requireOnly("mean", "stddev");
        return new RandomNormal(config.number("mean", 0), config.number("stddev", 0.05));
    }

    private static Initializer randomUniform(Config config) {
        config.requireOnly("minval", "maxval");
        return new RandomUniform(config.number("minval", -0.05), config.number("maxval", 0.05));
    }

    private static Initializer truncatedNormal(Config config) {
        config.requireOnly("mean", "stddev");
        return new TruncatedNormal(config.number("mean", 0), config.number("stddev", 0.05));
    }

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
     * An initializer by name, with default settings.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Initializer of(String name) {
        return of(Config.of(name));
    }

    /**
     * An initializer by its {@linkplain Initializer#config config}.
     *
     * @throws IllegalArgumentException if there is no such initializer, or a setting is wrong
     */
    public static Initializer of(Config config) {
        if (config.type().equalsIgnoreCase(UNIT_NORMAL)) {
            config.requireOnly();
            return normal();
        }
        return REGISTRY.of(config);
    }

    /** Whether there is an initializer of this name. */
    public static boolean has(String name) {
        return name.equalsIgnoreCase(UNIT_NORMAL) || REGISTRY.has(name);
    }

    /** The names of all initializers. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Initializers() {}
}
