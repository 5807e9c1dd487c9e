package beras.layers;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.config.Arguments;
import beras.config.Settings;
import beras.initializers.RandomUniform;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * A table with a row of numbers for each of a set of things, such as words: indices {@code (batch, ...)} give their rows
 * {@code (batch, ..., outputDim)}. The indices are whole numbers from 0 to {@code inputDim - 1}, as floats, and have no
 * gradient.
 *
 * <pre>{@code
 * Tensor rows = new Embedding(100, 16).call(Tensor.of(new float[][] {{3, 99}}));     // (1, 2, 16)
 * }</pre>
 */
public final class Embedding extends FluentLayer<Embedding> {

    private static final int MAX_INDICES = 1 << 24;

    private int inputDim = 1;
    private int outputDim = 1;
    private final WeightRules embeddingsRules = new WeightRules("embeddings", new RandomUniform(-0.05, 0.05));

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
        return new Lookup(inputDim, outputDim).shape(input);
    }

    /** @throws IllegalArgumentException if an index is not one, naming its place */
    @Override
    protected Tensor compute(Call call) {
        return new Lookup(inputDim, outputDim).apply(call.input(0), embeddings());
    }

    /** The rows of a table, the second input, at the indices that the first one has, which are no quantities. */
    private record Lookup(int inputDim, int outputDim) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor indices = call.input(0).contiguous();
            Tensor table = call.input(1);
            Tensor y = call.allocate(shape(indices.shape()));
            for (int i = 0; i < indices.size(); i++) {
                System.arraycopy(table.data(), table.offset() + row(indices, i), y.data(), y.offset() + i * outputDim, outputDim);
            }
            return y;
        }

        private Shape shape(Shape indices) {
            int[] sizes = Arrays.copyOf(indices.toArray(), indices.rank() + 1);
            sizes[indices.rank()] = outputDim;
            return Shape.of(sizes);
        }

        /** To each row of the table the sum of the upstream of its uses, in their order. */
        @Override
        public Tensor gradient(OperationCall call, int number, Tensor upstream) {
            if (number == 0) {
                return null;
            }
            Tensor indices = call.input(0).contiguous();
            Tensor out = call.allocate(inputDim, outputDim);
            float[] sums = out.data();
            Arrays.fill(sums, out.offset(), out.offset() + out.size(), 0f);
            for (int i = 0; i < indices.size(); i++) {
                add(upstream.data(), upstream.offset() + i * outputDim, sums, out.offset() + row(indices, i), outputDim);
            }
            return out;
        }

        private static void add(float[] from, int fromOffset, float[] to, int toOffset, int count) {
            for (int i = 0; i < count; i++) {
                to[toOffset + i] += from[fromOffset + i];
            }
        }

        @Override
        public Tensor composition(OperationCall call) {
            Tensor indices = call.input(0);
            return call.input(1).gather(0, indices.toInts()).reshape(shape(indices.shape()).toArray());
        }

        /** Where the row of the {@code i}-th index begins in the table. */
        private int row(Tensor indices, int i) {
            float value = indices.data()[indices.offset() + i];
            int index = (int) value;
            if (index != value || index < 0 || index >= inputDim) {
                throw new IllegalArgumentException("Embedding(" + inputDim + ", " + outputDim
                        + ") needs indices that are whole numbers from 0 to " + (inputDim - 1) + ". Received: " + value + " at "
                        + place(indices.shape(), i));
            }
            return index * outputDim;
        }

        /** The {@code i}-th element of a shape, by its index along each axis. */
        private static String place(Shape shape, int i) {
            int[] index = new int[shape.rank()];
            int rest = i;
            for (int axis = index.length - 1; axis >= 0; axis--) {
                index[axis] = rest % shape.dim(axis);
                rest /= shape.dim(axis);
            }
            return Arrays.toString(index);
        }
    }
}
