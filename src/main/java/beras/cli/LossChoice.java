package beras.cli;

import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import java.util.Locale;
import java.util.function.Supplier;

/** The losses by the names they have on the command line and in model files. */
enum LossChoice {

    CROSS_ENTROPY("cross-entropy", CategoricalCrossEntropy::new),
    MSE("mse", MeanSquaredError::new);

    private final String text;
    private final Supplier<Loss> make;

    LossChoice(String text, Supplier<Loss> make) {
        this.text = text;
        this.make = make;
    }

    /**
     * @throws IllegalArgumentException if there is no loss of this name
     */
    static LossChoice of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cross-entropy", "categorical_crossentropy" -> CROSS_ENTROPY;
            case "mse", "mean_squared_error" -> MSE;
            default -> throw new IllegalArgumentException("a loss is cross-entropy (or categorical_crossentropy) or mse"
                    + " (or mean_squared_error). Received: " + name);
        };
    }

    Loss make() {
        return make.get();
    }

    @Override
    public String toString() {
        return text;
    }
}
