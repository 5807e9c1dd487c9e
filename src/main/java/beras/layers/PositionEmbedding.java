package beras.layers;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * Trainable vectors for the positions of sequences {@code (batch, steps, features)}, in the shape of the input, whose values are
 * ignored: KerasHub's layer, to be added to the input. With {@code addsInput} the output is the sum.
 *
 * <pre>{@code
 * Node words = new Embedding(1000, 64).apply(new Input(32).apply());
 * Node placed = new Add().apply(words, new PositionEmbedding(32).apply(words));
 * }</pre>
 */
public final class PositionEmbedding extends FluentLayer<PositionEmbedding> {

    private int sequenceLength = 1;
    private Initializer initializer = Initializers.glorotUniform();
    private boolean addsInput;

    PositionEmbedding() {}

    /**
     * A table that begins Glorot uniform.
     *
     * @param sequenceLength the most steps that a sequence may have, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public PositionEmbedding(int sequenceLength) {
        this.sequenceLength = sequenceLength;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        sequenceLength = Arguments.atLeast(1, "sequenceLength of PositionEmbedding", s.required().integer("sequenceLength", sequenceLength));
        initializer = s.made("initializer", initializer, Initializers.REGISTRY);
        addsInput = s.flag("addsInput", addsInput);
    }

    /** Whether the input is added, as for a {@code Sequential}; default false. */
    public PositionEmbedding addsInput(boolean newAddsInput) {
        return with("addsInput", newAddsInput);
    }

    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        outputShape(inputs);
        return List.of(WeightSpec.of("embeddings", Shape.of(sequenceLength, inputs.get(0).dim(-1)), initializer));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 2 || input.dim(1) == 0 || input.dim(0) > sequenceLength) {
            throw new IllegalArgumentException("PositionEmbedding needs sequences (steps, features) of at most " + sequenceLength
                    + " steps. Received shape: " + input);
        }
        return input;
    }

    @Override
    protected Tensor compute(Call call) {
        Tensor x = call.input(0);
        outputShape(example(x));
        return placed(x, 0);
    }

    /** The positions from an index on. */
    private Tensor placed(Tensor x, int from) {
        Tensor table = own("embeddings");
        Tensor rows = (x.dim(1) == sequenceLength ? table : table.slice(from, from + x.dim(1))).expandDims(0);
        return addsInput ? x.add(rows) : rows.broadcastTo(x.shape());
    }

    @Override
    public Tensor step(StepState state, Tensor... inputs) {
        prepare(inputs);
        int step = state.count(this);
        state.limit(this, step, sequenceLength);
        return GradientTape.paused(() -> placed(inputs[0], step));
    }
}
