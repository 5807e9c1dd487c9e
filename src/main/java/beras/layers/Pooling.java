package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * The base class of pooling layers: each output is computed, channel by channel, from the elements that a window covers. The window
 * moves over the example, or is the whole of it. Pooling has no weights.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class Pooling<L extends Pooling<L>> extends FluentLayer<L> {

    private final boolean isMax;
    private final boolean isGlobal;
    private final Windowing windowing;
    private boolean keepdims; // of a global one: the axes of pixels, with a size of 1

    /**
     * A global pooling: its window is the whole example.
     *
     * @param axes 2 for images, 1 for sequences
     */
    Pooling(boolean isMax, int axes) {
        this(isMax, true, axes, 1);
    }

    /** A pooling whose window moves. */
    Pooling(boolean isMax, int axes, int... poolSize) {
        this(isMax, false, axes, poolSize);
    }

    private Pooling(boolean isMax, boolean isGlobal, int axes, int... poolSize) {
        this.isMax = isMax;
        this.isGlobal = isGlobal;
        windowing = new Windowing(getClass().getSimpleName(), axes, poolSize, null);
    }

    @Override
    public final void settings(Settings s) {
        if (isGlobal) {
            keepdims = s.flag("keepdims", keepdims);
        } else {
            windowing.size(s, "poolSize");
            windowing.move(s);
        }
    }

    /** Whether it takes the maximum of each place of a window that moves. */
    final boolean isMaxOfPlaces() {
        return isMax && !isGlobal;
    }

    final Pool operation(Shape example) {
        Window window = isGlobal ? whole(example) : windowing.over(example);
        int channels = example.dim(-1);
        return new Pool(isMax, window, isGlobal && !keepdims ? Shape.of(channels) : windowing.places(window, channels));
    }

    private Window whole(Shape example) {
        windowing.requireImage(example);
        int height = example.rank() == 2 ? 1 : example.dim(0);
        int width = example.dim(-2);
        if (height * width == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs at least one pixel. Received shape: " + example);
        }
        return Window.valid(height, width, height, width, 1, 1, 1, 1);
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
