/**
 * Losses, called with (predictions, truth): the assignment's order, the reverse of Keras's; by name from
 * {@link beras.losses.Losses}.
 */
package beras.losses;
