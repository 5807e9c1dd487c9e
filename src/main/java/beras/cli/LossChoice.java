package beras.cli;

import beras.losses.CategoricalCrossEntropy;
import beras.losses.Huber;
import beras.losses.Loss;
import beras.losses.MeanAbsoluteError;
import beras.losses.MeanSquaredError;
import java.util.Locale;

/** The losses by the names they have on the command line and in model files. */
enum LossChoice {

    CROSS_ENTROPY("cross-entropy"),
    MSE("mse"),
    MAE("mae"),
    HUBER("huber");

    private final String text;

    LossChoice(String text) {
        this.text = text;
    }

    /**
     * @throws IllegalArgumentException if there is no loss of this name
     */
    static LossChoice of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cross-entropy", "categorical_crossentropy" -> CROSS_ENTROPY;
            case "mse", "mean_squared_error" -> MSE;
            case "mae", "mean_absolute_error" -> MAE;
            case "huber" -> HUBER;
            default -> throw new IllegalArgumentException("a loss is cross-entropy (or categorical_crossentropy), mse"
                    + " (or mean_squared_error), mae (or mean_absolute_error) or huber. Received: " + name);
        };
    }

    /**
     * @param labelSmoothing for cross-entropy, 0 for none
     * @throws IllegalArgumentException if the smoothing is not from 0 to 1
     */
    Loss make(double labelSmoothing) {
        return switch (this) {
            case CROSS_ENTROPY -> labelSmoothing == 0 ? new CategoricalCrossEntropy()
                    : new CategoricalCrossEntropy().labelSmoothing(labelSmoothing);
            case MSE -> new MeanSquaredError();
            case MAE -> new MeanAbsoluteError();
            case HUBER -> new Huber();
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
