package beras.models;

import beras.tensor.Shape;
import beras.tensor.Tensor;

/** {@link Examples} held in two tensors. */
final class TensorExamples implements Examples {

    private final Tensor inputs;
    private final Tensor targets;

    TensorExamples(Tensor inputs, Tensor targets) {
        if (inputs.rank() == 0 || targets.rank() == 0 || inputs.dim(0) != targets.dim(0)) {
            throw new IllegalArgumentException("Inputs and targets must have one number of rows. Received shapes: " + inputs.shape()
                    + " and " + targets.shape());
        }
        this.inputs = requireFinite("input", inputs.contiguous());
        this.targets = requireFinite("target", targets.contiguous());
    }

    private static Tensor requireFinite(String what, Tensor tensor) {
        int row = tensor.dim(0) == 0 ? 1 : tensor.size() / tensor.dim(0);
        for (int i = 0; i < tensor.size(); i++) {
            float value = tensor.data()[tensor.offset() + i];
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("Training data must be finite. Received: " + value + " in " + what + " " + i / row
                        + ", element " + i % row);
            }
        }
        return tensor;
    }

    @Override
    public int count() {
        return inputs.dim(0);
    }

    @Override
    public Shape inputShape() {
        return Batches.exampleShape(inputs);
    }

    @Override
    public Shape targetShape() {
        return Batches.exampleShape(targets);
    }

    @Override
    public void read(int[] order, int from, int to, float[] x, float[] y) {
        copyRows(inputs, order, from, to, x);
        if (y != null) {
            copyRows(targets, order, from, to, y);
        }
    }

    private static void copyRows(Tensor tensor, int[] order, int from, int to, float[] out) {
        int row = tensor.dim(0) == 0 ? 0 : tensor.size() / tensor.dim(0);
        for (int i = from; i < to; i++) {
            System.arraycopy(tensor.data(), tensor.offset() + order[i] * row, out, (i - from) * row, row);
        }
    }
}
