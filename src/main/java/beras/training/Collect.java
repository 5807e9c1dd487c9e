package beras.training;

/** What an {@link Evaluation} collects besides losses and metrics. */
public enum Collect {

    /** The outputs for all examples, in the order in which they came. */
    PREDICTIONS,

    /** The targets of all examples, in the same order. */
    TARGETS
}
