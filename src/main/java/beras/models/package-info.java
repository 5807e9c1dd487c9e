/**
 * Models ({@link beras.models.Sequential}, {@link beras.models.Functional}), what they learn from
 * ({@link beras.models.Examples} that are read in any order, a {@link beras.models.Dataset} that is a stream, and the
 * {@link beras.models.Batches} that both become), and the training loop that Keras users know.
 */
package beras.models;
