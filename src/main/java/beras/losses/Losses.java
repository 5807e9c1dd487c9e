package beras.losses;

import beras.config.Registry;

/** All losses by name: Keras's names and short names, such as {@code mean_squared_error} and {@code mse}. */
public final class Losses {

    /** Makes losses from names, texts such as {@code huber(0.5)} and configs; custom classes are registered here. */
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

    private Losses() {}
}
