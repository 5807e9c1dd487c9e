package beras.data.image;

import beras.prediction.Prediction;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** How sure a prediction is, as pictures show it. */
final class Confidence {

    private static final int DECIMALS = 3;

    /** Such as {@code confidence 0.987}. */
    static String text(Prediction prediction) {
        return (prediction.hasProbabilities() ? "confidence " : "score ") + number(prediction);
    }

    /** To three decimals; a confidence below 1 is rounded down, as one of 1 says that the model has no doubt. */
    static String number(Prediction prediction) {
        return BigDecimal.valueOf(prediction.score())
                .setScale(DECIMALS, prediction.hasProbabilities() ? RoundingMode.DOWN : RoundingMode.HALF_UP).toPlainString();
    }

    private Confidence() {}
}
