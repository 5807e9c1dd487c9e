package beras.layers;

import java.util.List;

/**
 * A layer whose settings give the layer in its own type, so that they can be chained. Its outputs are any numbers by default.
 *
 * @param <L> the layer itself
 */
abstract class FluentLayer<L extends FluentLayer<L>> extends Layer {

    @SuppressWarnings("unchecked") // each class names itself
    private L self() {
        return (L) this;
    }

    @Override
    public final L named(String newName) {
        super.named(newName);
        return self();
    }

    @Override
    public final L seed(long newSeed) {
        super.seed(newSeed);
        return self();
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.unbounded(this);
    }

    @Override
    public final L with(String setting, Object value) {
        set(setting, value);
        return self();
    }
}
