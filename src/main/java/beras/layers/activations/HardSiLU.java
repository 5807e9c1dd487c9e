package beras.layers.activations;

import beras.tensor.Tensor;

/**
 * {@code y = x * hard_sigmoid(x)}, also called hard swish, for any shape: Howard et al. (2019). Keras's derivative at -3 is -1/2 and
 * at 3 is 3/2; here it is that of what lies beyond, 0 and 1. At minus infinity {@code y} is 0, where Keras has NaN.
 */
public final class HardSiLU extends ByElement {

    public HardSiLU() {}

    @Override
    float value(float x) {
        return x <= -3f ? 0f : x >= 3f ? x : x * (x + 3f) / 6f;
    }

    @Override
    Tensor value(Tensor x) {
        return x.maximum(-3).multiply(x.hardSigmoid());
    }

    @Override
    float derivative(float x) {
        return x <= -3f ? 0f : x >= 3f ? 1f : (x + 1.5f) / 3f;
    }
}
