/** Losses, called with (predictions, truth): the assignment's order, the reverse of Keras's. */
package beras.losses;
