package beras.layers;

import beras.autograd.LinearOperation;
import beras.autograd.OperationCall;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.UnaryOp;
import beras.kernels.Window;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;

/**
 * The gradient of a convolution with respect to its input, as a function of images and a kernel, with a bias added if there is
 * a third input.
 *
 * @param output the shape of one example of the result
 */
record ConvolveTransposed(Window window, Shape output, UnaryOp op, float alpha) implements LinearOperation {

    @Override
    public Tensor compute(OperationCall call) {
        Tensor x = call.input(0).contiguous();
        Tensor y = call.allocate(output.prepend(x.dim(0)));
        MatrixView out = y.block();
        Backend.convolutions().inputGradient(window, 1, x.block(), call.input(1).block(), out);
        if (call.inputCount() == 3) {
            MatrixView zeros = ScaledNormalization.constant(call, 0f, output.dim(-1)).block();
            MatrixView ones = ScaledNormalization.constant(call, 1f, output.dim(-1)).block();
            Backend.normalizations().normalizeColumns(out, zeros, ones, call.input(2).block(), out);
        }
        if (op != UnaryOp.LINEAR) {
            Backend.elements().map(op, alpha, out, out);
        }
        return y;
    }

    @Override
    public long multiplyAdds(Tensor gradient, List<Tensor> inputs) {
        return LinearOperation.super.multiplyAdds(inputs.get(0), inputs);
    }

    @Override
    public void gradient(OperationCall call, int i, Tensor upstream, Tensor out) {
        if (i == 0) {
            Backend.convolutions().forward(window, 1, UnaryOp.LINEAR, 0f, upstream.block(), call.input(1).block(), null, out.block());
        } else {
            Backend.convolutions().kernelGradient(window, 1, upstream.block(), call.input(0).contiguous().block(), out.block());
        }
    }

    @Override
    public Tensor product(OperationCall call) {
        Tensor x = call.input(0);
        int filters = output.dim(-1);
        Tensor kernel = call.input(1).reshape(window.taps() * filters, x.dim(-1));
        Tensor patches = x.matmul(kernel.transpose()).reshape(x.dim(0), window.positions(), window.taps(), filters);
        return Windowing.overlaps(window, patches).reshape(output.prepend(x.dim(0)).toArray());
    }
}
