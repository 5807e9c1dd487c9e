package beras.layers;

import beras.autograd.Affine;
import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.MatrixView;
import beras.kernels.Recurrences;
import beras.kernels.Recurrences.Cell;
import beras.kernels.UnaryOp;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The states of a recurrent layer: of packed rows {@code (rows, features)}, the kernel {@code (features, gates * units)}, the recurrent
 * kernel {@code (units, gates * units)}, a bias, if there is one, and factors of the states {@code (sequences, units)}, if these are
 * dropped. It gives {@code (rows + 1, units)}; the last row is zeros.
 *
 * @param first where the steps begin, see {@link Packing}
 */
record Recur(Recurrences.Rule rule, int[] first, boolean hasBias, boolean hasFactors) implements FusedOperation {

    private static final int KERNEL = 1;
    private static final int RECURRENT = 2;
    private static final int BIAS = 3;

    /**
     * The data for the backward pass, in one tensor of {@code units} columns: gates, previous states, and values that the cell
     * keeps.
     */
    private record Blocks(MatrixView gates, MatrixView before, MatrixView kept) {

        static Blocks of(Tensor all, int rows, int gates) {
            int units = all.dim(1);
            int before = all.offset() + rows * gates * units;
            int kept = before + rows * units;
            return new Blocks(new MatrixView(all.data(), all.offset(), rows, gates * units), new MatrixView(all.data(), before, rows, units),
                    new MatrixView(all.data(), kept, all.dim(0) - rows * (gates + 1), units));
        }
    }

    private Blocks saved(OperationCall call) {
        return Blocks.of(call.saved(), call.input(0).dim(0), rule.cell().gates);
    }

    /** One of the two biases of {@link Cell#GRU_RESET_AFTER}, or the only one. */
    private static MatrixView bias(Tensor bias, int number) {
        int width = bias.dim(-1);
        return new MatrixView(bias.data(), bias.offset() + number * width, 1, width);
    }

    private MatrixView factors(OperationCall call) {
        return hasFactors ? call.input(call.inputCount() - 1).contiguous().block() : null;
    }

    private boolean resetsAfter() {
        return rule.cell() == Cell.GRU_RESET_AFTER;
    }

    private static MatrixView rows(Tensor tensor, int count) {
        return new MatrixView(tensor.data(), tensor.offset(), count, tensor.dim(1));
    }

    @Override
    public Tensor compute(OperationCall call) {
        Tensor x = call.input(0).contiguous();
        Tensor recurrent = call.input(RECURRENT);
        Cell cell = rule.cell();
        int rows = x.dim(0);
        int units = recurrent.dim(0);
        Tensor all = call.allocate(rows * (cell.gates + 1) + cell.kept(rows), units);
        call.save(all);
        Blocks blocks = saved(call);
        Tensor bias = hasBias ? call.input(BIAS) : null;
        Backend.products().dense(UnaryOp.LINEAR, 0f, x.block(), call.input(KERNEL).block(), bias == null ? null : bias(bias, 0), blocks.gates);
        Tensor states = call.allocate(rows + 1, units);
        Arrays.fill(states.data(), states.offset() + rows * units, states.offset() + (rows + 1) * units, 0f);
        Backend.recurrences().forward(rule, first, recurrent.block(), bias != null && resetsAfter() ? bias(bias, 1) : null, factors(call),
                blocks.gates, blocks.before, blocks.kept, rows(states, rows));
        return states;
    }

    @Override
    public Tensor gradient(OperationCall call, int i, Tensor upstream) {
        if (hasFactors && i == call.inputCount() - 1) {
            return null;
        }
        Tensor x = call.input(0).contiguous();
        Tensor recurrent = call.input(RECURRENT);
        int rows = x.dim(0);
        int units = recurrent.dim(0);
        int width = recurrent.dim(1);
        Blocks blocks = saved(call);
        Tensor all = call.cached(upstream);
        boolean isNew = all == null;
        int ofKept = rule.cell().worked(rows);
        if (isNew) {
            all = call.cache(upstream, call.allocate(rows * rule.cell().gates + ofKept, units));
        }
        MatrixView ofGates = new MatrixView(all.data(), all.offset(), rows, width);
        MatrixView kept = new MatrixView(all.data(), all.offset() + rows * width, ofKept, units);
        if (isNew) {
            Backend.recurrences().gradient(rule, first, recurrent.block(), factors(call), blocks.gates, blocks.before, blocks.kept,
                    rows(call.output(), rows), rows(upstream, rows), ofGates, kept);
        }
        Tensor out = call.allocate(call.input(i).shape());
        switch (i) {
            case 0 -> Backend.products().gemm(false, true, ofGates, call.input(KERNEL).block(), out.block());
            case KERNEL -> Backend.products().gemm(true, false, x.block(), ofGates, out.block());
            case RECURRENT -> ofRecurrent(blocks, all, rows, kept, out);
            default -> ofBias(ofGates, kept, out);
        }
        return out;
    }

    /** The last gate of a GRU takes another state, or has another gradient. */
    private void ofRecurrent(Blocks blocks, Tensor all, int rows, MatrixView kept, Tensor out) {
        int units = out.dim(0);
        int width = out.dim(1);
        boolean isGru = rule.cell() == Cell.GRU || resetsAfter();
        int of = isGru ? 2 * units : width;
        Backend.products().gemm(true, false, blocks.before, new MatrixView(all.data(), all.offset(), rows, of, width),
                new MatrixView(out.data(), out.offset(), units, of, width));
        if (isGru) {
            MatrixView last = new MatrixView(out.data(), out.offset() + of, units, units, width);
            if (resetsAfter()) {
                Backend.products().gemm(true, false, blocks.before, kept, last);
            } else {
                Backend.products().gemm(true, false, blocks.kept, new MatrixView(all.data(), all.offset() + Math.min(of, all.size()), rows, units, width), last);
            }
        }
    }

    private void ofBias(MatrixView ofGates, MatrixView kept, Tensor out) {
        MatrixView bias = bias(out, 0);
        Backend.sums().reduceColumns(BinaryOp.ADD, ofGates, bias);
        if (resetsAfter()) {
            int width = out.dim(-1);
            int shared = width / rule.cell().gates * 2;
            System.arraycopy(out.data(), out.offset(), out.data(), out.offset() + width, shared);
            Backend.sums().reduceColumns(BinaryOp.ADD, kept, new MatrixView(out.data(), out.offset() + width + shared, 1, width - shared));
        }
    }

    /** The products of each step with both kernels. */
    @Override
    public long multiplyAdds(Tensor output, List<Tensor> inputs) {
        return (long) inputs.get(0).dim(0) * (inputs.get(KERNEL).size() + inputs.get(RECURRENT).size());
    }

    @Override
    public Tensor composition(OperationCall call) {
        return unrolled(call.inputs(), x -> Affine.of(rule.activation(), rule.alpha(), x),
                x -> Affine.of(rule.recurrentActivation(), rule.recurrentAlpha(), x));
    }

    /** The state after one more step of sequences {@code (batch, features)}, see {@link #unrolled}; none at first. */
    Tensor[] after(Tensor[] before, List<Tensor> inputs, UnaryOperator<Tensor> activation, UnaryOperator<Tensor> recurrentActivation) {
        return step(products(inputs), before, null, inputs.get(RECURRENT), hasBias ? inputs.get(BIAS) : null, activation, recurrentActivation);
    }

    /** Inputs times their kernel, plus their bias. */
    private Tensor products(List<Tensor> inputs) {
        Tensor all = inputs.get(0).matmul(inputs.get(KERNEL));
        return !hasBias ? all : all.add(resetsAfter() ? inputs.get(BIAS).slice(0, 1) : inputs.get(BIAS));
    }

    /** The same, with any activations, step by step by operations of tensors. */
    Tensor unrolled(List<Tensor> inputs, UnaryOperator<Tensor> activation, UnaryOperator<Tensor> recurrentActivation) {
        Tensor kernel = inputs.get(RECURRENT);
        Tensor bias = hasBias ? inputs.get(BIAS) : null;
        Tensor all = products(inputs);
        int units = kernel.dim(0);
        List<Tensor> states = new ArrayList<>();
        Tensor[] state = {}; // the output, and of an LSTM the cell
        for (int n = 0; n + 1 < first.length; n++) {
            int rows = first[n + 1] - first[n];
            Tensor[] before = Arrays.stream(state).map(part -> part.slice(0, rows)).toArray(Tensor[]::new);
            Tensor factors = hasFactors ? inputs.get(inputs.size() - 1).slice(0, rows) : null;
            state = step(all.slice(first[n], first[n + 1]), before, factors, kernel, bias, activation, recurrentActivation);
            states.add(state[0]);
        }
        if (first.length == 1) {
            states.add(all.slice(1, 0, units)); // of no rows, so that there is a gradient
        }
        states.add(Tensor.zeros(1, units));
        return Tensor.concatenate(0, states.toArray(Tensor[]::new));
    }

    /** The state after a step: of {@code x} times the kernel, plus the bias, and the state before; none at first. */
    private Tensor[] step(Tensor x, Tensor[] before, Tensor factors, Tensor kernel, Tensor bias, UnaryOperator<Tensor> activation,
            UnaryOperator<Tensor> recurrentActivation) {
        int units = kernel.dim(0);
        Tensor last = before.length == 0 ? Tensor.zeros(x.dim(0), units) : before[0];
        Tensor d = factors == null ? last : last.multiply(factors);
        if (rule.cell() == Cell.SIMPLE) {
            return new Tensor[] {activation.apply(x.add(d.matmul(kernel)))};
        }
        if (rule.cell() == Cell.LSTM) {
            List<Tensor> z = x.add(d.matmul(kernel)).split(1, 4);
            Tensor added = recurrentActivation.apply(z.get(0)).multiply(activation.apply(z.get(2)));
            Tensor c = before.length == 0 ? added : added.add(recurrentActivation.apply(z.get(1)).multiply(before[1]));
            return new Tensor[] {recurrentActivation.apply(z.get(3)).multiply(activation.apply(c)), c};
        }
        Tensor product = resetsAfter() ? d.matmul(kernel) : d.matmul(kernel.slice(1, 0, 2 * units));
        product = bias != null && resetsAfter() ? product.add(bias.slice(1, 2)) : product;
        Tensor gates = recurrentActivation.apply(x.slice(1, 0, 2 * units).add(product.slice(1, 0, 2 * units)));
        Tensor r = gates.slice(1, units, 2 * units);
        Tensor reset = resetsAfter() ? r.multiply(product.slice(1, 2 * units, 3 * units))
                : r.multiply(d).matmul(kernel.slice(1, 2 * units, 3 * units));
        Tensor g = activation.apply(x.slice(1, 2 * units, 3 * units).add(reset));
        return new Tensor[] {g.add(gates.slice(1, 0, units).multiply(last.subtract(g)))};
    }
}
