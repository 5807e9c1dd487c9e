package beras.losses;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.function.Supplier;

/** All losses by name: Keras's names and short names, such as {@code mean_squared_error} and {@code mse}. */
public final class Losses {

    /** The registry itself. */
    public static final Registry<Loss> REGISTRY = new Registry<>("a loss", Loss.class)
            .add("MeanSquaredError", "mse")
            .add("MeanAbsoluteError", "mae")
            .add("MeanAbsolutePercentageError", "mape")
            .add("MeanSquaredLogarithmicError", "msle")
            .add("Huber")
            .add("LogCosh")
            .add("Poisson")
            .add("KLDivergence", "kld")
            .add("Hinge")
            .add("SquaredHinge")
            .add("CategoricalHinge")
            .add("CosineSimilarity")
            .add("BinaryCrossEntropy", "bce")
            .add("CategoricalCrossEntropy", "cross-entropy")
            .add("SparseCategoricalCrossEntropy");

    /**
     * A loss by name, with default settings, or by text such as {@code huber(0.5)}.
     *
     * @throws IllegalArgumentException if there is none of this name, or a setting is wrong
     */
    public static Loss of(String text) {
        return REGISTRY.of(text);
    }

    /**
     * A loss by its {@linkplain Loss#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static Loss of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Quantile::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class
     */
    public static void register(Supplier<? extends Loss> maker, String... names) {
        REGISTRY.register(maker, names);
    }

    /** Whether there is a loss of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all losses. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Losses() {}
}
