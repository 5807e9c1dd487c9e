package beras.layers.activations;

import beras.config.Settings;

/** {@code y = max(x, 0)}: {@link LeakyReLU} with slope 0. */
public final class ReLU extends LeakyReLU {

    public ReLU() {
        super(0f);
    }

    /** None: the slope is always 0. */
    @Override
    public void settings(Settings s) {}
}
