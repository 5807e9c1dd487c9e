package beras.losses;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;

/** All losses by name: Keras's names and short names, such as {@code mean_squared_error} and {@code mse}. */
public final class Losses {

    private static final Registry<Loss> REGISTRY = new Registry<Loss>("a loss", Losses::make)
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

    private static Loss make(Config config) {
        return switch (config.type()) {
            case "MeanSquaredError" -> config.plain(MeanSquaredError::new);
            case "MeanAbsoluteError" -> config.plain(MeanAbsoluteError::new);
            case "MeanAbsolutePercentageError" -> config.plain(MeanAbsolutePercentageError::new);
            case "MeanSquaredLogarithmicError" -> config.plain(MeanSquaredLogarithmicError::new);
            case "Huber" -> new Huber(config.requireOnly("delta").real("delta", 1f));
            case "LogCosh" -> config.plain(LogCosh::new);
            case "Poisson" -> config.plain(Poisson::new);
            case "KLDivergence" -> config.plain(KLDivergence::new);
            case "Hinge" -> config.plain(Hinge::new);
            case "SquaredHinge" -> config.plain(SquaredHinge::new);
            case "CategoricalHinge" -> config.plain(CategoricalHinge::new);
            case "CosineSimilarity" -> config.plain(CosineSimilarity::new);
            case "BinaryCrossEntropy" -> binaryCrossEntropy(config);
            case "CategoricalCrossEntropy" -> categoricalCrossEntropy(config);
            case "SparseCategoricalCrossEntropy" -> sparseCategoricalCrossEntropy(config);
            default -> throw new AssertionError(config);
        };
    }

    private static Loss binaryCrossEntropy(Config config) {
        config.requireOnly("fromLogits", "labelSmoothing");
        return new BinaryCrossEntropy(config.flag("fromLogits", false), config.number("labelSmoothing", 0));
    }

    private static Loss categoricalCrossEntropy(Config config) {
        config.requireOnly("fromLogits", "labelSmoothing", "epsilon", "normalize");
        return new CategoricalCrossEntropy(config.flag("fromLogits", false), config.number("labelSmoothing", 0),
                config.real("epsilon", CategoricalCrossEntropy.DEFAULT_EPSILON), config.flag("normalize", false));
    }

    private static Loss sparseCategoricalCrossEntropy(Config config) {
        config.requireOnly("fromLogits", "ignoreClass");
        return new SparseCategoricalCrossEntropy(config.flag("fromLogits", false),
                config.has("ignoreClass") ? config.integer("ignoreClass") : null);
    }

    /**
     * A loss by name, with default settings.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public static Loss of(String name) {
        return REGISTRY.of(name);
    }

    /**
     * A loss by its {@linkplain Loss#config config}.
     *
     * @throws IllegalArgumentException if there is no such loss, or a setting is wrong
     */
    public static Loss of(Config config) {
        return REGISTRY.of(config);
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
