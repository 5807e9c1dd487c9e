package beras.layers;

import beras.autograd.Call;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** A layer without weights that makes one tensor of several of one shape, element by element. */
abstract class Merge extends Layer {

    private final BinaryOp op;

    Merge(BinaryOp op) {
        this.op = op;
    }

    /** The gradient to input {@code i}. */
    abstract Tensor gradient(Call call, int i, Tensor upstream);

    /** What is made of the inputs' elements; {@code merged} may be overwritten. */
    Tensor finish(Call call, Tensor merged) {
        return merged;
    }

    @Override
    protected int inputCount() {
        return -1;
    }

    @Override
    public final Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        for (Shape shape : inputs) {
            if (!shape.equals(inputs.get(0))) {
                throw new IllegalArgumentException(getClass().getSimpleName() + " needs inputs of one shape. Received: "
                        + inputs);
            }
        }
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        outputShape(call.inputs().stream().map(Tensor::shape).toList());
        Tensor merged = call.input(0);
        for (int i = 1; i < call.inputs().size(); i++) {
            merged = zip(call, op, merged, call.input(i));
        }
        return finish(call, merged);
    }

    /** {@code op(a, b)} of tensors of one shape, or a number {@code b}. */
    static Tensor zip(Call call, BinaryOp op, Tensor a, Tensor b) {
        Tensor x = a.contiguous();
        Tensor y = b.contiguous();
        Tensor out = call.allocate(x.shape());
        Backend.elements().zip(op, x.block(), y.block(), out.block());
        return out;
    }

    /** The upstream where input {@code i} is the first that equals the output, else 0. */
    static Tensor gradientToFirstEqual(Call call, int i, Tensor upstream) {
        Tensor y = call.output().contiguous();
        Tensor u = upstream.contiguous();
        List<Tensor> inputs = call.inputs().subList(0, i + 1).stream().map(Tensor::contiguous).toList();
        Tensor out = call.allocate(y.shape());
        for (int e = 0; e < y.size(); e++) {
            int first = 0;
            while (first < i && value(inputs.get(first), e) != value(y, e)) {
                first++;
            }
            out.data()[out.offset() + e] = first == i && value(inputs.get(i), e) == value(y, e) ? value(u, e) : 0f;
        }
        return out;
    }

    private static float value(Tensor tensor, int element) {
        return tensor.data()[tensor.offset() + element];
    }

    /** The derivative to each element of each input, in its shape. */
    @Override
    protected final List<Tensor> inputGradients(Call call) {
        return composeInputGradients(call, Tensor.ones(call.output().shape().toArray()));
    }

    @Override
    protected final List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < call.inputs().size(); i++) {
            gradients.add(gradient(call, i, upstream));
        }
        return gradients;
    }

    @Override
    protected final boolean worksByElement() {
        return true;
    }
}
