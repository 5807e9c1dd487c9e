/**
 * What models learn from: {@link beras.feed.Examples} that are read in any order, a {@link beras.feed.Dataset} that is a stream,
 * and the {@link beras.feed.Batches} that both become.
 */
package beras.feed;
