package beras.losses;

import beras.layers.OutputRange;
import beras.tensor.Shape;

/** Rejects outputs that cannot minimize a loss, for {@link Loss#requireOutputs}. Unknown ranges are accepted. */
final class OutputChecks {

    /**
     * Rejects outputs that are certainly no logits where the loss takes logits, or no probabilities where it takes
     * probabilities.
     */
    static void require(Loss loss, OutputRange outputs, boolean fromLogits, String activation) {
        if (fromLogits) {
            requireLogits(loss, outputs, activation);
        } else {
            requireProbabilities(loss, outputs, "End in a " + activation
                    + "; or, if they are logits, set fromLogits(true), in text from_logits=true");
        }
    }

    /** Rejects outputs that are certainly no probabilities. */
    static void requireProbabilities(Loss loss, OutputRange outputs, String cure) {
        requireRange(loss, outputs, "probabilities, from 0 to 1", 1, cure);
    }

    /** Rejects outputs that can become negative. */
    static void requireNotNegative(Loss loss, OutputRange outputs, String cure) {
        requireRange(loss, outputs, "predictions of at least 0", Double.POSITIVE_INFINITY, cure);
    }

    private static void requireRange(Loss loss, OutputRange outputs, String what, double max, String cure) {
        if (outputs.isKnown() && !outputs.isWithin(0, max)) {
            String beyond = outputs.min() >= 0 ? "above 1" : outputs.max() <= max ? "negative" : "negative or above 1";
            throw new IllegalArgumentException(name(loss) + " needs " + what + ". Received: outputs of "
                    + outputs.source().orElseThrow() + ", which may be " + beyond + ". " + cure);
        }
    }

    /** Refuses outputs that are probabilities already, for a loss that applies an activation to them. */
    private static void requireLogits(Loss loss, OutputRange outputs, String activation) {
        if (outputs.isWithin(0, 1)) {
            throw new IllegalArgumentException(name(loss) + " from logits applies the " + activation + " itself. Received:"
                    + " outputs of " + outputs.source().orElseThrow() + ", which are from 0 to 1 already. Leave out that"
                    + " activation, or fromLogits(true), in text from_logits=true");
        }
    }

    /** Refuses one output of a loss of classes. */
    static void requireClasses(Loss loss, Shape output) {
        if (output.rank() > 0 && output.dim(-1) == 1) {
            throw new IllegalArgumentException(name(loss) + " needs an output for each class, at least 2. Received: outputs of"
                    + " shape " + output + ". For two classes use BinaryCrossEntropy, and end in a sigmoid");
        }
    }

    /** Refuses outputs of which each is on its own, for a loss that makes only the one of the true class larger. */
    static void requireShared(Loss loss, OutputRange outputs) {
        if (outputs.isKnown() && outputs.independent()) {
            throw new IllegalArgumentException(name(loss) + " needs outputs that share 1 between them: of sigmoids it would"
                    + " make all 1. Received: " + outputs.source().orElseThrow() + " at the end. For one class of several end in"
                    + " a softmax; for independent classes use BinaryCrossEntropy");
        }
    }

    private static String name(Loss loss) {
        return loss.typeName();
    }

    private OutputChecks() {}
}
