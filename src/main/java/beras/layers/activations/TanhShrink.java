package beras.layers.activations;

import beras.tensor.Tensor;

/** {@code y = x - tanh(x)}, for any shape. */
public final class TanhShrink extends ByElement {

    /** Where the first three terms of the series are exact to a float, and the difference is not. */
    private static final double SERIES = 0.01;

    public TanhShrink() {}

    @Override
    float value(float x) {
        double a = x;
        double square = a * a;
        return (float) (Math.abs(a) < SERIES ? a * square * (1 / 3.0 - square * (2 / 15.0 - square * (17 / 315.0)))
                : a - StrictMath.tanh(a));
    }

    @Override
    Tensor value(Tensor x) {
        return x.subtract(x.tanh());
    }

    @Override
    float derivative(float x) {
        double tanh = StrictMath.tanh(x);
        return (float) (tanh * tanh);
    }
}
