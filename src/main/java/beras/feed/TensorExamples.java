package beras.feed;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/** {@link Examples} held in tensors. */
final class TensorExamples implements Examples {

    private final Batch all;
    private final ExampleSpec spec;

    TensorExamples(List<Tensor> inputs, List<Tensor> targets, Tensor weights) {
        Batch batch = new Batch(inputs, targets, weights);
        this.all = new Batch(contiguous("input", batch.inputs()), contiguous("target", batch.targets()),
                weights == null ? null : requireWeights(weights.contiguous()));
        this.spec = new ExampleSpec(shapes(inputs), shapes(targets), weights != null);
    }

    /**
     * Converts inputs or targets to a tensor.
     *
     * @throws IllegalArgumentException if it is neither a tensor nor made of numbers
     */
    static Tensor tensor(String what, Object data) {
        if (data instanceof Tensor tensor) {
            return tensor;
        }
        boolean tensors = data instanceof Tensor[] || data instanceof List<?> list && list.stream().anyMatch(Tensor.class::isInstance);
        if (!tensors && (data instanceof List || data != null && data.getClass().isArray())) {
            return Tensor.copyOf(data);
        }
        throw new IllegalArgumentException("The " + what + " must be a Tensor, or an array or list of numbers, such as double[][]."
                + " Received: " + (data == null ? "null" : data.getClass().getSimpleName())
                + ". Several inputs or targets are given by Examples.of(List.of(a, b), List.of(y))");
    }

    private static List<Shape> shapes(List<Tensor> tensors) {
        return tensors.stream().map(tensor -> tensor.shape().rest()).toList();
    }

    /** Requires finite elements. */
    static List<Tensor> contiguous(String what, List<Tensor> tensors) {
        return tensors.stream().map(tensor -> requireFinite(what, tensor.contiguous())).toList();
    }

    private static Tensor requireFinite(String what, Tensor tensor) {
        int row = tensor.dim(0) == 0 ? 1 : tensor.size() / tensor.dim(0);
        for (int i = 0; i < tensor.size(); i++) {
            float value = tensor.data()[tensor.offset() + i];
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("Inputs and targets must be finite. Received: " + value + " in " + what + " "
                        + i / row + ", element " + i % row);
            }
        }
        return tensor;
    }

    private static Tensor requireWeights(Tensor weights) {
        for (int i = 0; i < weights.size(); i++) {
            float value = weights.data()[weights.offset() + i];
            if (!(value >= 0f && value < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("Weights of examples must be finite and at least 0. Received: " + value
                        + " for example " + i);
            }
        }
        return weights;
    }

    @Override
    public int count() {
        return all.size();
    }

    @Override
    public ExampleSpec spec() {
        return spec;
    }

    @Override
    public void read(int epoch, int[] order, int from, int to, Batch into) {
        copyRows(all.inputs(), order, from, to, into.inputs());
        copyRows(all.targets(), order, from, to, into.targets());
        if (into.weights() != null) {
            copyRows(all.weights(), order, from, to, into.weights());
        }
    }

    private static void copyRows(List<Tensor> tensors, int[] order, int from, int to, List<Tensor> into) {
        for (int i = 0; i < into.size(); i++) {
            copyRows(tensors.get(i), order, from, to, into.get(i));
        }
    }

    private static void copyRows(Tensor tensor, int[] order, int from, int to, Tensor into) {
        int row = tensor.dim(0) == 0 ? 0 : tensor.size() / tensor.dim(0);
        for (int i = from; i < to; i++) {
            System.arraycopy(tensor.data(), tensor.offset() + order[i] * row, into.data(), into.offset() + (i - from) * row, row);
        }
    }
}
