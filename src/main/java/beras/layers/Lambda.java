package beras.layers;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.config.Names;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A layer without weights that is a function of tensors, made by {@link Layers#lambda}, or by name if the function is
 * {@linkplain Layers#register registered}. Its type is the name of the function, by which it is in configs, recipes and model files.
 *
 * <p>The first axis of each input, and of the result of the function, is the batch. One number for each example,
 * {@code (batch)}, is taken as {@code (batch, 1)}, as losses and other layers have it. The shape of the output is found by
 * calling the function on zeros, of batches of two sizes. The function is differentiated through its operations and through the
 * calls in it.
 */
public final class Lambda extends Layer {

    private static final int ANY_COUNT = -1;
    private static final int[] BATCHES = {2, 3};

    private final String function;
    private final int inputCount;
    private final Function<List<Tensor>, Tensor> body;
    private final Object key; // the function as the user gave it

    /** @param key the function as it was given, of which {@code body} is a form */
    Lambda(String function, int inputCount, Function<List<Tensor>, Tensor> body, Object key) {
        this.function = Names.requireFunctionName("a layer", function);
        if (inputCount < 1 && inputCount != ANY_COUNT) {
            throw new IllegalArgumentException("A function of tensors takes at least 1 input, or -1 for any number. Received for "
                    + function + ": " + inputCount);
        }
        this.inputCount = inputCount;
        this.body = body;
        this.key = Objects.requireNonNull(key, "the function of " + function);
    }

    /** The name of the function. */
    @Override
    public String typeName() {
        return function;
    }

    @Override
    public Object typeKey() {
        return List.of(function, key);
    }

    @Override
    protected int inputCount() {
        return inputCount;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if the function refuses such inputs, does not give a batch, or computes with a trainable
     *     variable
     */
    @Override
    public Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        Shape[] results = new Shape[BATCHES.length];
        for (int i = 0; i < BATCHES.length; i++) {
            int batch = BATCHES[i];
            Tensor[] zeros = inputs.stream().map(input -> Tensor.zeros(input.prepend(batch))).toArray(Tensor[]::new);
            results[i] = GradientTape.paused(() -> tried(zeros)).shape();
        }
        boolean batches = results[0].dim(0) == BATCHES[0] && results[1].dim(0) == BATCHES[1]
                && results[0].rest().equals(results[1].rest());
        if (!batches) {
            throw new IllegalArgumentException("The function " + function + " must give a batch: the first axis of its result is that"
                    + " of its inputs, and the others are the same for each size of batch. Received for inputs of shapes " + inputs
                    + " in batches of " + BATCHES[0] + " and " + BATCHES[1] + ": " + results[0] + " and " + results[1]
                    + ". Axis 0 is the batch: sum or reshape the axes from 1 on");
        }
        return results[0].rest();
    }

    /** The result of the function, if all layers and weights in it can be trained. */
    private Tensor tried(Tensor[] inputs) {
        GradientTape tape = new GradientTape();
        Tensor result;
        try (tape) {
            result = result(List.of(inputs));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("The function " + function + " fails for a batch of " + inputs[0].dim(0) + " zeros, of"
                    + " shape " + Arrays.stream(inputs).map(Tensor::shape).map(Shape::toString).collect(Collectors.joining(" and "))
                    + ": " + e.getMessage(), e);
        }
        tape.operations().forEach(use -> requireConstants(use.inputs()));
        if (result.rank() == 0) {
            throw new IllegalArgumentException("The function " + function + " must give a batch, (batch, ...). Received: one number"
                    + " for the whole batch. Axis 0 is the batch: name the axes from 1 on, such as sum(1)");
        }
        return result;
    }

    private void requireConstants(List<? extends Tensor> tensors) {
        for (Tensor tensor : tensors) {
            if (tensor instanceof Variable variable && variable.trainable()) {
                throw new IllegalArgumentException("The function " + function + " must not compute with trainable variables, which no"
                        + " model would train or save as its own. Received: " + variable.name() + " of shape " + variable.shape()
                        + ". Write a Layer, which declares them by addWeight or addLayer; or freeze what is constant, by trainable(false)");
            }
        }
    }

    @Override
    protected Tensor compute(Call call) {
        return result(call.inputs());
    }

    /** Checks that the result has rank 0, or is a batch with at least one axis more. */
    private Tensor result(List<Tensor> inputs) {
        Tensor result = body.apply(inputs);
        if (result == null) {
            throw new IllegalStateException("The function " + function + " must give a tensor. Received: null");
        }
        return result.rank() == 1 ? result.expandDims(1) : result;
    }
}
