package beras.layers;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Operation;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A layer without weights that makes one tensor of several, element by element. Inputs of different shapes are broadcast as in
 * Keras: the axes of an example are matched from the last, sizes are equal, or one of them is 1 or missing. So numbers for each
 * channel {@code (batch, channels)} merge with images {@code (batch, height, width, channels)}.
 */
abstract class Merge extends Layer {

    private final BinaryOp op;

    Merge(BinaryOp op) {
        this.op = op;
    }

    /**
     * The gradient to input {@code i}, in the shape of the output.
     *
     * @param inputs in that shape, too
     */
    abstract Tensor gradient(OperationCall call, List<Tensor> inputs, int i, Tensor upstream);

    /** What is made of the inputs' elements; {@code merged} may be overwritten. */
    Tensor finish(OperationCall call, Tensor merged) {
        return merged;
    }

    @Override
    protected int inputCount() {
        return -1;
    }

    @Override
    public final Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        Shape output = inputs.get(0);
        for (int i = 1; i < inputs.size(); i++) {
            try {
                output = output.broadcast(inputs.get(i));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(getClass().getSimpleName() + " needs inputs of one shape, or of shapes that"
                        + " broadcast. Received: " + inputs, e);
            }
        }
        return output;
    }

    /** Any numbers if an input has such: what is made of bounded ones may have bounds of its own. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.stream().anyMatch(OutputRange::isUnbounded) ? OutputRange.unbounded(this) : OutputRange.UNKNOWN;
    }

    @Override
    protected final Tensor compute(Call call) {
        List<Tensor> inputs = broadcast(call.inputs());
        if (inputs.size() == 1) {
            return inputs.get(0);
        }
        return new Merged(this).apply(call.inputs().toArray(Tensor[]::new));
    }

    /** Merges all inputs in one pass. */
    private record Merged(Merge layer) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            List<Tensor> inputs = layer.broadcast(call.inputs());
            Tensor merged = inputs.get(0);
            for (int i = 1; i < inputs.size(); i++) {
                merged = zip(call, layer.op, merged, inputs.get(i));
            }
            return layer.finish(call, merged);
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            Tensor gradient = layer.gradient(call, layer.broadcast(call.inputs()), i, upstream);
            Shape input = call.input(i).shape();
            return input.equals(gradient.shape()) ? gradient : summed(gradient, input);
        }

        @Override
        public Tensor composition(OperationCall call) {
            return layer.composition(call, layer.broadcast(call.inputs()));
        }
    }

    /** What is made of the inputs, which are in one shape, by operations. */
    Tensor composition(OperationCall call, List<Tensor> inputs) {
        Tensor merged = inputs.get(0);
        for (int i = 1; i < inputs.size(); i++) {
            merged = new Operation.Binary(op).apply(merged, inputs.get(i));
        }
        return merged;
    }

    /** The first of the inputs that equals the output, by operations. */
    static Tensor firstEqual(OperationCall call, List<Tensor> inputs) {
        Tensor y = call.output().stopGradient();
        Tensor first = inputs.get(inputs.size() - 1);
        for (int i = inputs.size() - 2; i >= 0; i--) {
            first = Tensor.where(inputs.get(i).equal(y), inputs.get(i), first);
        }
        return first;
    }

    /** The inputs in one shape. */
    private List<Tensor> broadcast(List<Tensor> inputs) {
        if (isOfOneShape(inputs)) {
            requireCount(inputs.size());
            return inputs;
        }
        List<Shape> examples = new ArrayList<>();
        for (Tensor input : inputs) {
            if (input.rank() == 0 || input.dim(0) != inputs.get(0).dim(0)) {
                throw new IllegalArgumentException(getClass().getSimpleName() + " needs batches of one size. Received: "
                        + inputs.stream().map(Tensor::shape).toList());
            }
            examples.add(input.shape().rest());
        }
        Shape output = outputShape(examples).prepend(inputs.get(0).dim(0));
        List<Tensor> all = new ArrayList<>();
        for (Tensor input : inputs) {
            all.add(input.reshape(aligned(input.shape(), output.rank())).broadcastTo(output));
        }
        return all;
    }

    private static boolean isOfOneShape(List<Tensor> inputs) {
        for (int i = 1; i < inputs.size(); i++) {
            if (!inputs.get(i).shape().equals(inputs.get(0).shape())) {
                return false;
            }
        }
        return true;
    }

    /** The sizes of a batch whose examples get more axes in front. */
    private static int[] aligned(Shape batch, int rank) {
        int[] sizes = new int[rank];
        Arrays.fill(sizes, 1);
        sizes[0] = batch.dim(0);
        for (int i = 1; i < batch.rank(); i++) {
            sizes[rank - i] = batch.dim(batch.rank() - i);
        }
        return sizes;
    }

    /** The sum over the axes along which an input was repeated, in the shape of the input. */
    private static Tensor summed(Tensor gradient, Shape input) {
        int[] sizes = aligned(input, gradient.rank());
        Tensor sum = gradient;
        for (int axis = sizes.length - 1; axis > 0; axis--) { // those before keep their numbers
            if (sizes[axis] == 1) {
                sum = sum.sum(axis);
            }
        }
        return sum.reshape(input.toArray());
    }

    /** {@code op(a, b)} of tensors of one shape, or a number {@code b}. */
    static Tensor zip(OperationCall call, BinaryOp op, Tensor a, Tensor b) {
        Tensor x = a.contiguous();
        Tensor y = b.contiguous();
        Tensor out = call.allocate(x.shape());
        Backend.elements().zip(op, x.block(), y.block(), out.block());
        return out;
    }

    /** The upstream where input {@code i} is the first that equals the output, else 0. */
    static Tensor gradientToFirstEqual(OperationCall call, List<Tensor> inputs, int i, Tensor upstream) {
        Tensor y = call.output().contiguous();
        Tensor u = upstream.contiguous();
        List<Tensor> upToThis = inputs.subList(0, i + 1).stream().map(Tensor::contiguous).toList();
        Tensor out = call.allocate(y.shape());
        for (int e = 0; e < y.size(); e++) {
            int first = 0;
            while (first < i && value(upToThis.get(first), e) != value(y, e)) {
                first++;
            }
            out.data()[out.offset() + e] = first == i && value(upToThis.get(i), e) == value(y, e) ? value(u, e) : 0f;
        }
        return out;
    }

    private static float value(Tensor tensor, int element) {
        return tensor.data()[tensor.offset() + element];
    }
}
