package beras.layers;

import beras.autograd.Call;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * The base class of all pooling layers: the pixels that a window covers become one number, channel by channel. They have no
 * weights.
 *
 * @param <L> the layer itself, which the settings return
 */
abstract class PoolingLayer<L extends PoolingLayer<L>> extends FluentLayer<L> {

    private final boolean isMax;
    private final Windowing windowing;

    /** @param axes 2 for images, 1 for sequences */
    PoolingLayer(boolean isMax, int axes, int... poolSize) {
        this.isMax = isMax;
        windowing = new Windowing(getClass().getSimpleName(), axes, poolSize, null);
    }

    final Windowing windowing() {
        return windowing;
    }

    /** The window over examples of this shape. */
    abstract Window window(Shape example);

    /** The shape of an example with a pixel for each place of the window. */
    abstract Shape places(Window window, int channels);

    /** The operation on examples of this shape. */
    final Pool operation(Shape example) {
        Window window = window(example);
        return new Pool(isMax, window, places(window, example.dim(-1)));
    }

    /** Whether it takes the maximum. */
    final boolean isMax() {
        return isMax;
    }

    @Override
    public final Shape outputShape(Shape input) {
        return operation(input).output();
    }

    /** That of the input. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected Tensor compute(Call call) {
        return operation(windowing.example(call.input(0).shape())).apply(call.input(0));
    }
}
