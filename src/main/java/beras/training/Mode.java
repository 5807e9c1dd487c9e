package beras.training;

/** Which way a monitored number improves. */
public enum Mode {

    /** By the loss or metric behind the number, else by its name: accuracies improve upwards, losses and errors downwards. */
    AUTO,

    /** Lower is better. */
    MIN,

    /** Higher is better. */
    MAX
}
