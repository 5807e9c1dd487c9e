package beras.losses;

import beras.config.Registry;
import beras.tensor.Tensor;
import java.util.function.BinaryOperator;

/**
 * All losses by name, Keras's names and short names, such as {@code mean_squared_error} and {@code mse}; and losses from functions.
 *
 * <pre>{@code
 * model.compile("adam", Losses.lambda("expectile", (prediction, target) -> {
 *     Tensor error = target.subtract(prediction);
 *     return error.square().multiply(error.greater(0).multiply(0.8).add(0.1));
 * }));
 * }</pre>
 */
public final class Losses {

    /** Makes losses from names, texts such as {@code huber(0.5)} and configs; custom classes are registered here. */
    public static final Registry<Loss> REGISTRY = new Registry<>("a loss", Loss.class).withFunctions("Losses.register")
            .add("MeanSquaredError", "mse")
            .addRow("Pointwise", "MeanAbsoluteError", "mae")
            .addRow("Pointwise", "MeanAbsolutePercentageError", "mape")
            .addRow("Pointwise", "MeanSquaredLogarithmicError", "msle")
            .addRow("Pointwise", "Huber")
            .addRow("Pointwise", "Quantile")
            .addRow("Pointwise", "LogCosh")
            .addRow("Pointwise", "Poisson")
            .addRow("Pointwise", "KLDivergence", "kld")
            .addRow("Pointwise", "Hinge")
            .addRow("Pointwise", "SquaredHinge")
            .add("CategoricalHinge")
            .add("CosineSimilarity")
            .add("BinaryCrossEntropy", "bce")
            .addRow("Focal", "BinaryFocalCrossEntropy")
            .add("CategoricalCrossEntropy", "cross-entropy")
            .addRow("Focal", "CategoricalFocalCrossEntropy")
            .addRow("Overlap", "Dice")
            .addRow("Overlap", "Tversky")
            .add("SparseCategoricalCrossEntropy");

    /**
     * A loss that is a function of predictions and targets, by operations of tensors or by calls of layers and losses. It needs no
     * gradient. The result of the function may have any shape that {@link Loss#losses} takes: the loss of each prediction or
     * each example, or one number for the batch. The target is a constant, of any shape whose first axis is the batch.
     *
     * <p>To be saved with a model, and made by name, it is {@linkplain #register registered}.
     *
     * @param name     the type of the loss: a letter, then letters, digits and {@code _}
     * @param function of predictions {@code (batch, ..., n)} and target {@code (batch, ...)}
     */
    public static Loss lambda(String name, BinaryOperator<Tensor> function) {
        return new LambdaLoss(name, function);
    }

    /**
     * Registers a function, so that its loss is made by the name in {@code compile}, recipes, on the command line, and from model
     * files. To register the very same function again changes nothing.
     *
     * @throws IllegalArgumentException if the name is none, as of {@link #lambda}, or is taken
     */
    public static void register(String name, BinaryOperator<Tensor> function) {
        REGISTRY.register(() -> lambda(name, function));
    }

    private Losses() {}
}
