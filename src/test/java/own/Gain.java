package own;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.layers.Layer;
import beras.tensor.Tensor;

/** The input times a factor. */
public final class Gain extends Layer {

    private float factor = 2f;

    /** By how much; default 2. */
    public Gain factor(float newFactor) {
        set("factor", newFactor);
        return this;
    }

    @Override
    public void settings(Settings s) {
        factor = Arguments.positive("factor of Gain", s.real("factor", factor));
    }

    @Override
    protected Tensor compute(Call call) {
        return call.input(0).multiply(factor);
    }
}
