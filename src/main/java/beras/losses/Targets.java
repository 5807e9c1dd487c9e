package beras.losses;

import beras.config.InvalidDataException;
import java.util.Arrays;

/**
 * Rejects targets that make no sense for a loss, for {@link Loss#requireTarget}. NaN is not rejected here: it makes the loss
 * NaN, which ends training.
 */
final class Targets {

    /** How far the sum of a row may be from 1, as the sum of three shares that were rounded to two decimals. */
    private static final double ROUNDED = 0.02;
    private static final int SHOWN = 20;

    /** Rejects targets that are no probabilities. */
    static void requireProbabilities(Loss loss, float[] target, int from, int to) {
        for (int i = from; i < to; i++) {
            if (target[i] < 0f || target[i] > 1f) {
                throw refused(loss, "of 0 and 1, or probabilities", target, from, to, "Make labels -1 and 1 to 0 and 1, or take"
                        + " Hinge; for classes as numbers take SparseCategoricalCrossEntropy");
            }
        }
    }

    /** Rejects targets that are no distribution over the classes. */
    static void requireDistribution(Loss loss, float[] target, int from, int to) {
        double sum = 0;
        boolean negative = false;
        for (int i = from; i < to; i++) {
            sum += target[i];
            negative |= target[i] < 0f;
        }
        if (negative || Math.abs(sum - 1) > ROUNDED) {
            throw refused(loss, "that are one-hot, or shares that sum to 1", target, from, to, sum == 0 && !negative
                    ? "Leave out examples without a class, or give them the weight 0"
                    : "If an example may have several classes, take BinaryCrossEntropy and end in a sigmoid; for how much an"
                            + " example counts give its weight");
        }
    }

    /** Refuses targets below 0. */
    static void requireNotNegative(Loss loss, float[] target, int from, int to) {
        for (int i = from; i < to; i++) {
            if (target[i] < 0f) {
                throw refused(loss, "of at least 0", target, from, to, "For others take MeanSquaredError");
            }
        }
    }

    /** Refuses other signs than -1 and 1, for which 0 and 1 may stand. */
    static void requireSigns(Loss loss, float[] target, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Math.abs(target[i]) > 1f || !Float.isNaN(target[i]) && target[i] != (int) target[i]) {
                throw refused(loss, "of -1 and 1, or of 0 and 1", target, from, to, "For numbers take MeanSquaredError");
            }
        }
    }

    private static IllegalArgumentException refused(Loss loss, String which, float[] target, int from, int to, String cure) {
        String shown = Arrays.toString(Arrays.copyOfRange(target, from, Math.min(to, from + SHOWN)));
        return new InvalidDataException(loss.typeName() + " needs targets " + which + ". Received: " + shown
                + (to - from > SHOWN ? " and more" : "") + ". " + cure);
    }

    private Targets() {}
}
