package beras.layers;

import beras.config.Config;
import beras.tensor.Shape;

/** Makes one axis of all but the batch axis: {@code (batch, a, b, ...)} becomes {@code (batch, a * b * ...)}. */
public final class Flatten extends Reshaping {

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed");
        return configured(new Flatten(), config);
    }

    @Override
    public Config config() {
        return settings();
    }

    @Override
    public Shape outputShape(Shape input) {
        return Shape.of(input.size());
    }
}
