package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Config;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * Applies layers, one after the other, to some of the features of each row {@code (batch, features)}, such as the words of a text beside
 * other columns of a table. Their output, flattened, follows the other features: {@code (batch, features - count + outputs)}.
 *
 * <p>Settings: {@code from}, the first of these features, counted from 0; {@code count}, their number; {@code layers}.
 *
 * <pre>{@code
 * // 3 numbers and a text of 20 words, as their numbers in a vocabulary of 1000
 * Sequential net = new Sequential(new Input(23), new Columns(3, 20, new Embedding(1000, 16).maskZero(true),
 *         new Bidirectional(new GRU(16))), new Dense(1));
 * }</pre>
 */
public final class Columns extends FluentLayer<Columns> {

    private int from;
    private int count = 1;
    private List<Config> layers = List.of(Config.of("Identity"));
    private List<Layer> given; // null: the layers are made from the configs
    private final Supplier<List<Layer>> inner =
            addLayersFrom(() -> given != null ? given : layers.stream().map(Layers.REGISTRY::of).toList());

    Columns() {}

    /**
     * @param from   the first feature that they are applied to, at least 0
     * @param count  how many features, at least 1
     * @param layers at least one, each of one input
     * @throws IllegalArgumentException if they are not
     */
    public Columns(int from, int count, Layer... layers) {
        this.from = from;
        this.count = count;
        this.given = List.of(layers);
        this.layers = given.stream().map(Layer::config).toList();
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        from = Arguments.atLeast(0, "from of Columns", s.required().integer("from", from));
        count = Arguments.atLeast(1, "count of Columns", s.required().integer("count", count));
        List<Config> described = s.required().configs("layers", given == null ? layers : given.stream().map(Layer::config).toList());
        if (!described.equals(layers)) {
            layers = described;
            given = null;
        }
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("Columns needs at least one layer. Received: none");
        }
    }

    /** The output shape of the layers. */
    private Shape encoded() {
        Shape shape = Shape.of(count);
        for (Layer layer : inner.get()) {
            try {
                shape = layer.outputShape(List.of(shape));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(layer + " in Columns does not take " + shape + ": " + e.getMessage(), e);
            }
        }
        return shape;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 1 || input.dim(0) < from + count) {
            throw new IllegalArgumentException("Columns needs at least " + (from + count) + " features. Received shape: " + input);
        }
        return Shape.of(input.dim(0) - count + encoded().size());
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        if (x.rank() != 2) {
            throw new IllegalArgumentException("Columns needs a batch of rows. Received shape: " + x.shape());
        }
        outputShape(x.shape().rest());
        Tensor encoded = x.slice(1, from, from + count);
        for (Layer layer : inner.get()) {
            encoded = layer.call(encoded);
        }
        encoded = encoded.reshape(x.dim(0), encoded().size());
        return Tensor.concatenate(1, x.slice(1, 0, from), x.slice(1, from + count, x.dim(1)), encoded);
    }
}
