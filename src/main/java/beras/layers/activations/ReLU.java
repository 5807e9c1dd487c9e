package beras.layers.activations;

import beras.config.Config;

/** {@code y = max(x, 0)}: {@link LeakyReLU} with slope 0. */
public final class ReLU extends LeakyReLU {

    public ReLU() {
        super(0f);
    }

    @Override
    public Config config() {
        return settings();
    }
}
