/**
 * Training data: {@link beras.feed.Examples} with random access, {@link beras.feed.Dataset} streams, and {@link beras.feed.Batches}
 * made of either; a pass holds all of its state. A {@link beras.feed.Preprocessor} makes inputs from raw values and interprets
 * outputs. {@code fit} accepts arrays and tensors directly: start here for other data.
 */
package beras.feed;
