package beras.layers;

/**
 * A layer that normalizes by statistics of the batch in training and by statistics that it keeps otherwise, which can be taken
 * again from examples, see {@code FitOptions.preciseStatistics}.
 *
 * <p>Between {@link #beginStatistics} and {@link #endStatistics} each call takes the statistics of its batch, as in training, and
 * those that the layer keeps become those of all examples since the beginning. Only for one thread, which calls it meanwhile.
 */
public interface BatchStatistics {

    /** From now on what the layer keeps are the statistics of the examples that it is called with. */
    void beginStatistics();

    /** Ends that: calls outside training again leave the statistics as they are. Without effect if they were not begun. */
    void endStatistics();
}
