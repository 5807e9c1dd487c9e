package beras.optimizers;

/** Whose formula an optimizer follows. */
enum Form {
    /** That of the assignment. */
    ASSIGNMENT,
    /** Keras's. */
    KERAS
}
