package beras.layers;

import beras.autograd.Call;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.BinaryOp;
import beras.tensor.Operation;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A layer without weights that makes one tensor of several, element by element. Inputs of different shapes are broadcast as in
 * Keras: the axes of an example are matched from the last, sizes are equal, or one of them is 1 or missing. So numbers for each
 * channel {@code (batch, channels)} merge with images {@code (batch, height, width, channels)}.
 */
abstract class Merge extends Layer {

    private final BinaryOp op;
    private final boolean isMean;

    Merge(BinaryOp op) {
        this(op, false);
    }

    /** @param isMean whether the sum is divided by the number of inputs */
    Merge(BinaryOp op, boolean isMean) {
        this.op = op;
        this.isMean = isMean;
    }

    @Override
    protected int inputCount() {
        return op == BinaryOp.SUBTRACT ? 2 : -1;
    }

    private boolean choosesOne() {
        return op == BinaryOp.MAXIMUM || op == BinaryOp.MINIMUM;
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

    /** That of all inputs together, if it is one of them or their mean; any numbers if an input has such; else unknown. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        return choosesOne() || isMean ? OutputRange.union(inputs)
                : inputs.stream().anyMatch(OutputRange::isUnbounded) ? OutputRange.unbounded(this) : OutputRange.UNKNOWN;
    }

    /** A step counts that counts in one of the inputs; all do if an input has no mask. */
    @Override
    protected final Optional<Tensor> mask(Tensor... inputs) {
        return union(inputs);
    }

    static Optional<Tensor> union(Tensor... inputs) {
        Optional<Tensor> union = inputs[0].mask();
        for (Tensor input : inputs) {
            union = union.isEmpty() || input.mask().isEmpty() ? Optional.empty()
                    : Optional.of(Tensor.where(union.get(), Tensor.scalar(1), input.mask().get()));
        }
        return union;
    }

    @Override
    protected final Tensor compute(Call call) {
        requireCount(call.inputs().size());
        return call.inputs().size() == 1 ? call.input(0) : new Merged(this).apply(call.inputs().toArray(Tensor[]::new));
    }

    /** Merges all inputs in one pass. */
    private record Merged(Merge layer) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            List<Tensor> inputs = layer.broadcast(call.inputs());
            Tensor merged = inputs.get(0);
            for (int i = 1; i < inputs.size(); i++) {
                merged = new Operation.Binary(layer.op).compute(call::allocate, merged, inputs.get(i));
            }
            return layer.isMean ? new Operation.Binary(BinaryOp.DIVIDE).compute(call::allocate, merged, Tensor.scalar(inputs.size()))
                    : merged;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            List<Tensor> inputs = layer.broadcast(call.inputs());
            Tensor gradient = upstream;
            if (layer.isMean) {
                gradient = upstream.divide(inputs.size());
            } else if (layer.op == BinaryOp.SUBTRACT && i == 1) {
                gradient = upstream.negate();
            } else if (layer.op == BinaryOp.MULTIPLY) {
                for (int j = 0; j < inputs.size(); j++) {
                    gradient = j == i ? gradient : gradient.multiply(inputs.get(j));
                }
            } else if (layer.choosesOne()) { // of equal ones the first
                for (int j = i; j >= 0; j--) {
                    Tensor equal = inputs.get(j).equal(call.output());
                    gradient = j == i ? Tensor.where(equal, gradient, Tensor.scalar(0)) : Tensor.where(equal, Tensor.scalar(0), gradient);
                }
            }
            Shape input = call.input(i).shape();
            return input.equals(gradient.shape()) ? gradient : summed(gradient, input);
        }

        @Override
        public Tensor composition(OperationCall call) {
            List<Tensor> inputs = layer.broadcast(call.inputs());
            if (layer.choosesOne()) {
                Tensor first = inputs.get(inputs.size() - 1);
                for (int i = inputs.size() - 2; i >= 0; i--) {
                    first = Tensor.where(inputs.get(i).equal(call.output().stopGradient()), inputs.get(i), first);
                }
                return first;
            }
            Tensor merged = inputs.get(0);
            for (int i = 1; i < inputs.size(); i++) {
                merged = new Operation.Binary(layer.op).apply(merged, inputs.get(i));
            }
            return layer.isMean ? merged.divide(inputs.size()) : merged;
        }
    }

    /** The inputs in one shape. */
    private List<Tensor> broadcast(List<Tensor> inputs) {
        if (isOfOneShape(inputs)) {
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
        for (int axis = sizes.length - 1; axis > 0; axis--) { // earlier ones keep their numbers
            if (sizes[axis] == 1) {
                sum = sum.sum(axis);
            }
        }
        return sum.reshape(input.toArray());
    }
}
