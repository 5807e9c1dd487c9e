package beras.layers;

import beras.autograd.Call;
import beras.config.Config;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Where data come into a model, and of which shape: {@code new Input(784)} as the first layer of a {@code Sequential}, or
 * {@code Node x = new Input(784).apply()} as the beginning of a functional model.
 */
public final class Input extends Layer {

    private final Shape shape;

    /**
     * @param shape of one example, without the batch axis
     */
    public Input(int... shape) {
        this.shape = Shape.of(shape);
    }

    /** A layer as a config tells it. */
    public static Layer of(Config config) {
        config.requireOnly("name", "seed", "shape");
        return configured(new Input(config.integers("shape")), config);
    }

    @Override
    public Config config() {
        return settings().with("shape", Arrays.stream(shape.toArray()).boxed().toList());
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

    /** Refuses: an input is no step of its own. */
    @Override
    protected Tensor compute(Call call) {
        throw new IllegalStateException("An Input says what a model takes, and computes nothing");
    }

    @Override
    protected List<Tensor> inputGradients(Call call) {
        return List.of();
    }
}
