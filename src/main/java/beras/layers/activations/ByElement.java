package beras.layers.activations;

import beras.autograd.Call;
import beras.layers.Elementwise;
import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/**
 * An activation that is computed number by number, in scalar code: for functions that are too rare to be worth lanes. It stays a
 * layer of its own behind Dense.
 */
abstract class ByElement extends Elementwise {

    /** The function. */
    abstract float value(float x);

    /** The function by operations. */
    abstract Tensor value(Tensor x);

    /** Its derivative. */
    abstract float derivative(float x);

    @Override
    protected final void map(Tensor x, Tensor y) {
        for (int i = 0; i < x.size(); i++) {
            y.data()[y.offset() + i] = value(x.data()[x.offset() + i]);
        }
    }

    @Override
    protected final Tensor define(Call call) {
        return value(call.input(0));
    }

    /** Each number between these two, at which the derivative is 0; those beyond become {@code min} and {@code max}. */
    static Tensor clipped(Tensor x, double min, double max) {
        return Tensor.where(x.greater(min).multiply(x.less(max)), x, x.clip(min, max).stopGradient());
    }

    @Override
    protected final void gradient(Tensor x, Tensor y, Tensor upstream, Tensor out) {
        for (int i = 0; i < x.size(); i++) {
            out.data()[out.offset() + i] = upstream.data()[upstream.offset() + i] * derivative(x.data()[x.offset() + i]);
        }
    }

    /** Unbounded, unless a subclass has bounds. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.elementwise(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, this);
    }
}
