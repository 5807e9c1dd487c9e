package beras.losses;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** All losses by name: Keras's names and short names, such as {@code mean_squared_error} and {@code mse}. */
public final class Losses {

    private static final Registry<Loss> REGISTRY = new Registry<Loss>("a loss")
            .add(MeanSquaredError.class, plain(MeanSquaredError::new), "mse")
            .add(MeanAbsoluteError.class, plain(MeanAbsoluteError::new), "mae")
            .add(MeanAbsolutePercentageError.class, plain(MeanAbsolutePercentageError::new), "mape")
            .add(MeanSquaredLogarithmicError.class, plain(MeanSquaredLogarithmicError::new), "msle")
            .add(Huber.class, config -> new Huber(config.requireOnly("delta").real("delta", 1f)))
            .add(LogCosh.class, plain(LogCosh::new))
            .add(Poisson.class, plain(Poisson::new))
            .add(KLDivergence.class, plain(KLDivergence::new), "kld")
            .add(Hinge.class, plain(Hinge::new))
            .add(SquaredHinge.class, plain(SquaredHinge::new))
            .add(CategoricalHinge.class, plain(CategoricalHinge::new))
            .add(CosineSimilarity.class, plain(CosineSimilarity::new))
            .add(BinaryCrossEntropy.class, Losses::binaryCrossEntropy, "bce")
            .add(CategoricalCrossEntropy.class, Losses::categoricalCrossEntropy, "cross-entropy")
            .add(SparseCategoricalCrossEntropy.class, Losses::sparseCategoricalCrossEntropy);

    private static Function<Config, Loss> plain(Supplier<Loss> maker) {
        return config -> {
            config.requireOnly();
            return maker.get();
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
