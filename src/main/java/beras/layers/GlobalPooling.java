package beras.layers;

import beras.config.Settings;
import beras.kernels.Window;
import beras.tensor.Shape;

/**
 * The base class of pooling layers whose window is the whole example.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class GlobalPooling<L extends GlobalPooling<L>> extends PoolingLayer<L> {

    private boolean keepdims; // the axes of pixels, with a size of 1

    /** @param axes 2 for images, 1 for sequences */
    GlobalPooling(boolean isMax, int axes) {
        super(isMax, axes, 1);
    }

    @Override
    public final void settings(Settings s) {
        keepdims = s.flag("keepdims", keepdims);
    }

    @Override
    final Window window(Shape input) {
        windowing().requireImage(input);
        int height = input.rank() == 2 ? 1 : input.dim(0);
        int width = input.dim(-2);
        if (height * width == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs at least one pixel. Received shape: " + input);
        }
        return Window.valid(height, width, height, width, 1, 1, 1, 1);
    }

    @Override
    final Shape places(Window window, int channels) {
        return keepdims ? windowing().places(window, channels) : Shape.of(channels);
    }
}
