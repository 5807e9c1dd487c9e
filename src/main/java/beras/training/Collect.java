package beras.training;

/** What to collect in an {@link Evaluation} besides losses and metrics. */
public enum Collect {

    /** The outputs for all examples, in the order in which they came. */
    PREDICTIONS,

    /** The targets of all examples, in the same order. */
    TARGETS
}
