package beras.training;

/** What an {@link Evaluation} collects besides losses and metrics. */
public enum Collect {

    /** The confusion matrix, of a model with one output of scores of classes. */
    CONFUSION,

    /** The outputs for all examples, in the order in which they came. */
    PREDICTIONS,

    /** The targets of all examples, in the same order. */
    TARGETS
}
