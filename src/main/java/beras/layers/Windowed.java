package beras.layers;

/**
 * A layer whose window moves over the examples.
 *
 * @param <L> the layer itself, which the settings return
 */
public interface Windowed<L> {

    /** As {@link Layer#with}. */
    L with(String setting, Object value);

    /**
     * How far the window moves from place to place; by default 1 for a convolution, and for a pooling the size of its window.
     *
     * @param strides one for all axes, or one for each
     * @throws IllegalArgumentException if one is less than 1
     */
    default L strides(int... strides) {
        return with("strides", strides);
    }

    /**
     * The padding at the edges: {@code valid}, the default, keeps the window within the example and leaves out the remainder;
     * {@code same} lets it go beyond, so that with strides of 1 there is an output for each pixel; {@code causal}, for
     * convolutions of sequences, lets it go beyond at the beginning alone. Positions beyond the edges are 0 for a convolution,
     * and ignored by a pooling.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    default L padding(String padding) {
        return with("padding", padding);
    }
}
