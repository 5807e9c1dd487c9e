package beras.training;

/** What an {@link Evaluation} collects besides losses and metrics. */
public enum Collect {

    /** Which class was taken for which: of a model with one output, of scores of classes. */
    CONFUSION,

    /** The outputs for all examples, in the order in which they came. */
    PREDICTIONS,

    /** What is true of all examples, in the same order. */
    TARGETS
}
