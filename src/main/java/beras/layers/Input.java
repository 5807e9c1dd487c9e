package beras.layers;

import beras.autograd.Call;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * Where data come into a model, and of which shape: {@code new Input(784)} as the first layer of a {@code Sequential}, or
 * {@code Node x = new Input(784).apply()} as the beginning of a functional model.
 *
 * <pre>{@code
 * Sequential net = new Sequential(new Input(28, 28, 1), new Flatten(), new Dense(10, "softmax"));
 * Node words = new Input(8).apply();                       // an input of a functional model
 * }</pre>
 */
public final class Input extends Layer {

    private Shape shape = Shape.of();

    Input() {}

    /**
     * @param shape of one example, without the batch axis. An axis of size 0 is open, such as the steps of sequences: its size is that of
     *     the data, and may differ from batch to batch, if no weight depends on it
     */
    public Input(int... shape) {
        this.shape = Shape.of(shape);
    }

    @Override
    public void settings(Settings s) {
        shape = Shape.of(s.integers("shape", shape.toArray()));
    }

    @Override
    public Shape inputShape() {
        return shape;
    }

    @Override
    protected int inputCount() {
        return 0;
    }

    /** Its own shape, of no inputs. */
    @Override
    public Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        return shape;
    }

    /** Throws: an input computes nothing by itself. */
    @Override
    protected Tensor compute(Call call) {
        throw new IllegalStateException("An Input declares what a model takes, and computes nothing");
    }
}
