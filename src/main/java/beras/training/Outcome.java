package beras.training;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a training run ended.
 *
 * @param kind  how
 * @param epoch the epoch, counted from 0, in or after which it ended; empty if it ended before the first
 * @param batch the batch of that epoch, counted from 0, after which it was interrupted or at which it went wrong; empty if it
 *     ended between epochs
 * @param cause the exception, thrown or handled by a callback, if any
 */
public record Outcome(Kind kind, OptionalInt epoch, OptionalInt batch, Optional<Throwable> cause) {

    /** The ways to end. */
    public enum Kind {

        /** All epochs were made. */
        FINISHED,

        /** A callback stopped it, by {@link Training#stop} or {@link Training#stopAfterEpoch}. */
        STOPPED,

        /** It was interrupted by {@link Training#interrupt}. */
        INTERRUPTED,

        /** The loss, a gradient or a weight became NaN or infinite; the cause is a {@link DivergedException}. */
        DIVERGED,

        /** Something was thrown. */
        FAILED
    }

    /** An outcome of this kind without details. */
    public static Outcome of(Kind kind) {
        return new Outcome(kind, OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
    }

    /** For example {@code interrupted at epoch 2, batch 12}, both counted from 1. */
    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + (epoch.isEmpty() ? "" : " at epoch " + (epoch.getAsInt() + 1))
                + (batch.isEmpty() ? "" : ", batch " + (batch.getAsInt() + 1));
    }
}
