package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * What layers share that make one number of each channel of an example. They have no weights.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class GlobalPooling<L extends GlobalPooling<L>> extends Layer {

    private final Pool pool;
    private final int axes;
    private final Windowing windowing;
    private boolean keepdims;

    /** @param axes 2 for images, 1 for sequences */
    GlobalPooling(Pool pool, int axes) {
        this.pool = pool;
        this.axes = axes;
        windowing = new Windowing(getClass().getSimpleName(), axes, new int[] {1}, null);
    }

    /** This. */
    abstract L self();

    @Override
    public final void settings(Settings s) {
        keepdims = s.flag("keepdims", keepdims);
    }

    /** Whether the axes of pixels are kept, with a size of 1; default false. */
    public final L keepdims(boolean newKeepdims) {
        set("keepdims", newKeepdims);
        return self();
    }

    @Override
    public final Shape outputShape(Shape input) {
        window(input);
        int channels = input.dim(-1);
        return !keepdims ? Shape.of(channels) : axes == 1 ? Shape.of(1, channels) : Shape.of(1, 1, channels);
    }

    /** One place, which covers the whole example. */
    private Window window(Shape input) {
        windowing.requireImage(input);
        int height = axes == 1 ? 1 : input.dim(0);
        int width = input.dim(axes - 1);
        if (height * width == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs at least one pixel. Received shape: " + input);
        }
        return pool.checked(Window.valid(height, width, height, width, 1, 1, 1, 1));
    }

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        Shape input = windowing.example(call.input(0).shape());
        return new Pool.Operation(pool, window(input), outputShape(input)).apply(call.input(0));
    }
}
