package beras.layers;

import beras.config.Settings;
import beras.kernels.Window;
import beras.tensor.Shape;

/**
 * The base class of pooling layers whose window moves over the examples.
 *
 * @param <L> the layer itself, which the settings return
 */
public abstract class Pooling<L extends Pooling<L>> extends PoolingLayer<L> implements Windowed<L> {

    /** @param axes 2 for images, 1 for sequences */
    Pooling(boolean isMax, int axes, int... poolSize) {
        super(isMax, axes, poolSize);
    }

    @Override
    public final void settings(Settings s) {
        windowing().size(s, "poolSize");
        windowing().move(s);
    }

    @Override
    final Window window(Shape example) {
        return windowing().over(example);
    }

    @Override
    final Shape places(Window window, int channels) {
        return windowing().places(window, channels);
    }
}
