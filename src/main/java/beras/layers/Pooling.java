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
        return windowing.places(pool.checked(windowing.over(input)), input.dim(-1));
    }

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        return compute(call, call.input(0).contiguous());
    }

    /** As {@link #compute(Call)}, of these examples. */
    final Tensor compute(Call call, Tensor x) {
        Window window = windowing.over(windowing.example(x));
        return pool.compute(call, window, x, windowing.places(window, x.dim(-1)).prepend(x.dim(0)));
    }

    @Override
    protected final Tensor define(Call call) {
        return define(call, call.input(0));
    }

    /** As {@link #define(Call)}, of these examples. */
    final Tensor define(Call call, Tensor x) {
        Window window = windowing.over(x.shape().rest());
        return pool.define(call, window, x).reshape(windowing.places(window, x.dim(-1)).prepend(x.dim(0)).toArray());
    }

    @Override
    protected final List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return List.of(gradient(call, call.input(0).shape().rest(), upstream));
    }

    /** The gradient to examples of this shape, which {@link #compute(Call, Tensor)} was given. */
    final Tensor gradient(Call call, Shape example, Tensor upstream) {
        return pool.gradient(call, windowing.over(example), example.prepend(upstream.dim(0)), upstream);
    }

    /** Whether it takes the maximum. */
    final boolean isMax() {
        return pool == Pool.MAX;
    }
}
