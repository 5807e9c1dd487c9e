package beras.feed;

import beras.config.CheckReturnValue;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Some examples: tensors whose first axis is the batch axis.
 *
 * @param inputs  one for each input of a model, {@code (batch, ...)}
 * @param targets one for each target, {@code (batch, ...)}
 * @param weights the sample weights, {@code (batch)}; null: all equal
 */
public record Batch(List<Tensor> inputs, List<Tensor> targets, Tensor weights) {

    /**
     * @throws IllegalArgumentException if there is no input, or the tensors have different numbers of rows
     */
    public Batch {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("A batch needs at least one input. Received: none");
        }
        List<Shape> shapes = new ArrayList<>();
        add(inputs, shapes);
        add(targets, shapes);
        if (weights != null) {
            shapes.add(weights.shape());
        }
        boolean counted = weights == null || weights.rank() > 0 && weights.size() == weights.dim(0);
        for (Shape shape : shapes) {
            counted &= shape.rank() > 0 && shape.dim(0) == shapes.get(0).dim(0);
        }
        if (!counted) {
            throw new IllegalArgumentException("Inputs and targets must have one number of rows, and weights one element for"
                    + " each. Received shapes: " + shapes);
        }
    }

    private static void add(List<Tensor> tensors, List<Shape> shapes) {
        for (Tensor tensor : tensors) {
            shapes.add(tensor.shape());
        }
    }

    /** A batch of zeros for {@code size} examples. */
    static Batch zeros(ExampleSpec spec, int size) {
        return new Batch(zeros(spec.inputs(), size), zeros(spec.targets(), size), spec.weighted() ? Tensor.zeros(size) : null);
    }

    private static List<Tensor> zeros(List<Shape> shapes, int size) {
        return shapes.stream().map(shape -> Tensor.zeros(shape.prepend(size))).toList();
    }

    /** The number of examples. */
    public int size() {
        return inputs.get(0).dim(0);
    }

    /**
     * The same examples, with inputs and targets reshaped to views of the same sizes.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    @CheckReturnValue
    public Batch reshaped(ExampleSpec spec) {
        return new Batch(reshaped(inputs, spec.inputs()), reshaped(targets, spec.targets()), weights);
    }

    private static List<Tensor> reshaped(List<Tensor> tensors, List<Shape> shapes) {
        List<Tensor> views = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            views.add(tensor.shape().rest().equals(shapes.get(i)) ? tensor
                    : tensor.reshape(shapes.get(i).prepend(tensor.dim(0)).toArray()));
        }
        return views;
    }

    /** The first {@code rows} examples, as views. */
    Batch slice(int rows) {
        return map(tensor -> tensor.slice(0, rows));
    }

    /** A batch of {@code size} examples that begins with these, followed by zeros. */
    Batch grown(int size) {
        return map(tensor -> grown(tensor, size));
    }

    /** Applies a function to each tensor. */
    Batch map(UnaryOperator<Tensor> function) {
        return new Batch(inputs.stream().map(function).toList(), targets.stream().map(function).toList(),
                weights == null ? null : function.apply(weights));
    }

    private static Tensor grown(Tensor tensor, int size) {
        Tensor larger = Tensor.zeros(tensor.shape().rest().prepend(size));
        System.arraycopy(tensor.data(), tensor.offset(), larger.data(), 0, tensor.size());
        return larger;
    }

    /** Copies an example into row {@code row}; the tensors are contiguous. */
    void copyRowFrom(int row, Example example) {
        for (int i = 0; i < inputs.size(); i++) {
            copyRow(inputs.get(i), row, example.input(i), true);
        }
        for (int i = 0; i < targets.size(); i++) {
            copyRow(targets.get(i), row, example.target(i), true);
        }
        if (weights != null) {
            weights.data()[weights.offset() + row] = example.weight();
        }
    }

    /** Copies row {@code row} into an example; the tensors are contiguous. */
    void copyRowTo(int row, Example example) {
        for (int i = 0; i < inputs.size(); i++) {
            copyRow(inputs.get(i), row, example.input(i), false);
        }
        for (int i = 0; i < targets.size(); i++) {
            copyRow(targets.get(i), row, example.target(i), false);
        }
        example.weight(weights == null ? 1f : weights.data()[weights.offset() + row]);
    }

    private static void copyRow(Tensor tensor, int row, float[] array, boolean in) {
        int at = tensor.offset() + row * array.length;
        if (in) {
            System.arraycopy(array, 0, tensor.data(), at, array.length);
        } else {
            System.arraycopy(tensor.data(), at, array, 0, array.length);
        }
    }
}
