package beras.training;

/** Which way a monitored number improves. */
public enum Mode {

    /** As the training knows, else as its name says: accuracies go up, losses and errors go down. */
    AUTO,

    /** Less is better. */
    MIN,

    /** More is better. */
    MAX
}
