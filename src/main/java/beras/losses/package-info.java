/**
 * Losses, called with (predictions, target): the assignment's order, the reverse of Keras's; by name from {@link
 * beras.losses.Losses}. Begin with a name in {@code compile}, such as {@code "cross-entropy"}. {@code LossTest} holds all of
 * them to common rules.
 */
package beras.losses;
