package beras.regularizers;

import beras.autograd.Diffable;
import beras.config.Configurable;

/**
 * A penalty on a weight, called as {@code regularizer.call(weight)}: one number (rank 0) for a weight of any shape. It is
 * recorded by the tape and differentiated like a loss; {@code fit} adds it to the loss.
 */
public abstract class Regularizer extends Diffable implements Configurable {}
