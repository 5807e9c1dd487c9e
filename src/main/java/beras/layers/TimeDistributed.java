package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * Applies a layer to each step of sequences {@code (batch, steps, ...)}, with the same weights.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(10, 28, 28, 1), new TimeDistributed(new Conv2D(8, 3)), new TimeDistributed(new Flatten()),
 *         new LSTM(32), new Dense(1));
 * }</pre>
 */
public final class TimeDistributed extends FluentLayer<TimeDistributed> implements KeepsSteps {

    private Layer layer = new Dense();
    private final Supplier<Layer> inner = addLayerFrom(() -> layer);

    TimeDistributed() {}

    /** @param layer one of one input */
    public TimeDistributed(Layer layer) {
        this.layer = layer;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        layer = s.required().made("layer", layer, Layers.REGISTRY);
        if (layer.inputCount() != 1) {
            throw new IllegalArgumentException("TimeDistributed needs a layer of one input. Received: " + layer);
        }
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() < 1) {
            throw new IllegalArgumentException("TimeDistributed needs sequences (steps, ...). Received shape: " + input);
        }
        return inner.get().outputShape(List.of(input.rest())).prepend(input.dim(0));
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inner.get().outputRange(inputs);
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        Shape output = outputShape(example(x)).prepend(x.dim(0));
        int steps = x.dim(0) * x.dim(1);
        return inner.get().call(x.reshape(x.shape().rest().rest().prepend(steps).toArray())).reshape(output.toArray());
    }
}
