package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.Initializers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A trainable lookup table, such as for words: maps indices {@code (batch, ...)} to vectors {@code (batch, ..., outputDim)}. The
 * indices are whole numbers from 0 to {@code inputDim - 1}, as floats, and have no gradient.
 *
 * <pre>{@code
 * Tensor rows = new Embedding(100, 16).call(Tensor.of(new float[][] {{3, 99}}));     // (1, 2, 16)
 * }</pre>
 */
public final class Embedding extends FluentLayer<Embedding> {

    private static final int MAX_INDICES = 1 << 24;

    private int inputDim = 1;
    private int outputDim = 1;
    private boolean maskZero;
    private final WeightRules embeddingsRules = new WeightRules("embeddings", Initializers.REGISTRY.of("random_uniform"));

    Embedding() {}

    /**
     * A table that begins uniform in ±0.05.
     *
     * @param inputDim  the number of things, so the largest index plus 1; at least 1
     * @param outputDim the numbers for each; at least 1
     * @throws IllegalArgumentException if one is less than 1, or the first is more than 16,777,216
     */
    public Embedding(int inputDim, int outputDim) {
        this.inputDim = inputDim;
        this.outputDim = outputDim;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        inputDim = checked(Arguments.atLeast(1, "inputDim of Embedding", s.required().integer("inputDim", inputDim)));
        outputDim = Arguments.atLeast(1, "outputDim of Embedding", s.required().integer("outputDim", outputDim));
        WeightRules.settings(s, embeddingsRules);
        maskZero = s.flag("maskZero", maskZero);
    }

    /** Whether the index 0 stands for padding, which counts nowhere in the layers behind, see {@link Tensor#mask()}; default false. */
    public Embedding maskZero(boolean newMaskZero) {
        return with("maskZero", newMaskZero);
    }

    @Override
    protected Optional<Tensor> mask(Tensor... inputs) {
        return maskZero ? Optional.of(inputs[0].notEqual(0)) : Optional.empty();
    }

    private static int checked(int inputDim) {
        if (inputDim > MAX_INDICES) {
            throw new IllegalArgumentException("inputDim of Embedding must be at most " + MAX_INDICES + ", for indices are"
                    + " floats, which represent no larger whole numbers exactly. Received: " + inputDim);
        }
        return inputDim;
    }

    /** The table {@code (inputDim, outputDim)}; null before the layer is built. */
    public Variable embeddings() {
        return own("embeddings");
    }

    @Override
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        return List.of(embeddingsRules.spec(Shape.of(inputDim, outputDim)));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (maskZero && input.rank() != 1) {
            throw new IllegalArgumentException("Embedding with maskZero needs sequences of indices (steps). Received shape: " + input);
        }
        return input.append(outputDim);
    }

    /** @throws IllegalArgumentException if an index is not one, naming its place */
    @Override
    protected Tensor compute(Call call) {
        Tensor indices = call.input(0);
        return embeddings().gather(0, rows(indices)).reshape(indices.shape().append(outputDim).toArray());
    }

    /** The indices as whole numbers, which are no quantities: no gradient comes to them. */
    private int[] rows(Tensor indices) {
        float[] values = indices.toArray();
        int[] rows = new int[values.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (int) values[i];
            if (rows[i] != values[i] || rows[i] < 0 || rows[i] >= inputDim) {
                int[] place = new int[indices.rank()];
                for (int axis = place.length - 1, rest = i; axis >= 0; rest /= indices.dim(axis--)) {
                    place[axis] = rest % indices.dim(axis);
                }
                throw new IllegalArgumentException("Embedding(" + inputDim + ", " + outputDim
                        + ") needs indices that are whole numbers from 0 to " + (inputDim - 1) + ". Received: " + values[i] + " at "
                        + Arrays.toString(place));
            }
        }
        return rows;
    }
}
