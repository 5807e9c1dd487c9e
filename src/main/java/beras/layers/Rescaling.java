package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Tensor;
import java.util.List;

/**
 * {@code y = x * scale + offset}, for any shape: brings pixels from 0..255 to 0..1 by {@code new Rescaling(1.0 / 255)}, or to
 * -1..1 by {@code new Rescaling(1 / 127.5, -1)}.
 */
public final class Rescaling extends Layer implements KeepsSteps {

    private double scale = 1;
    private double offset;

    Rescaling() {}

    /**
     * A layer that only scales.
     *
     * @param scale finite
     * @throws IllegalArgumentException if it is not
     */
    public Rescaling(double scale) {
        this(scale, 0);
    }

    /**
     * @param scale  finite
     * @param offset the number added then, finite
     * @throws IllegalArgumentException if one is not
     */
    public Rescaling(double scale, double offset) {
        this.scale = scale;
        this.offset = offset;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        scale = Arguments.finite("scale of Rescaling", s.required().number("scale", scale));
        offset = Arguments.finite("offset of Rescaling", s.number("offset", offset));
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0).scaled(scale, offset);
    }

    @Override
    protected Tensor compute(Call call) {
        return call.input(0).multiply(scale).add(offset);
    }
}
