/**
 * What models learn from: {@link beras.feed.Examples} that are read in any order, a {@link beras.feed.Dataset} that is a
 * stream, and the {@link beras.feed.Batches} that both become; all state of a pass is in the pass. A
 * {@link beras.feed.Preprocessor} makes inputs from raw values and interprets outputs.
 * {@code fit} takes arrays and tensors as they are: begin here for other data.
 */
package beras.feed;
