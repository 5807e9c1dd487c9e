package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * What pooling layers share: a window moves over the examples, and of what it covers in a place one number is made, channel by
 * channel. They have no weights.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class Pooling<L extends Pooling<L>> extends Layer {

    private final Pool pool;
    private final Windowing windowing;

    /** @param axes 2 for images, 1 for sequences */
    Pooling(Pool pool, int axes, int... poolSize) {
        this.pool = pool;
        windowing = new Windowing(getClass().getSimpleName(), axes, poolSize, null);
    }

    /** This. */
    abstract L self();

    @Override
    public final void settings(Settings s) {
        windowing.size(s, "poolSize");
        windowing.move(s);
    }

    /**
     * How far the window moves from place to place; default its size.
     *
     * @param strides one for all axes, or one for each
     * @throws IllegalArgumentException if one is less than 1
     */
    public final L strides(int... strides) {
        set("strides", strides);
        return self();
    }

    /**
     * What is done at the edges: {@code valid}, the default, keeps the window within the example and leaves out what remains;
     * {@code same} lets it go beyond, where nothing counts.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public final L padding(String padding) {
        set("padding", padding);
        return self();
    }

    @Override
    public final Shape outputShape(Shape input) {
        return operation(input).output();
    }

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        return operation(windowing.example(call.input(0).shape())).apply(call.input(0));
    }

    /** The operation on examples of this shape. */
    final Pool.Operation operation(Shape example) {
        Window window = pool.checked(windowing.over(example));
        return new Pool.Operation(pool, window, windowing.places(window, example.dim(-1)));
    }

    /** Whether it takes the maximum. */
    final boolean isMax() {
        return pool == Pool.MAX;
    }
}
