package beras.autograd;

import beras.kernels.UnaryOp;
import beras.tensor.Tensor;
import java.util.List;

/**
 * {@code op(x * w + b)} with a product that is linear in an input and in a kernel, inputs 0 and 1, such as that of matrices or a
 * convolution. A bias is input 2, if there is one.
 */
@SuppressWarnings("exports") // for the layers of this module
public interface LinearOperation extends FusedOperation {

    /** The function of each element, whose derivative follows from its output. */
    UnaryOp op();

    /** The parameter of the function, where it has one. */
    float alpha();

    /** The product alone, by operations of tensors. */
    Tensor product(OperationCall call);

    /**
     * Writes the gradient to the input or to the kernel.
     *
     * @param upstream that to the product
     */
    void gradient(OperationCall call, int i, Tensor upstream, Tensor out);

    /** Each row of the output, its last axis, uses the whole kernel; so does one of taps beyond the edges of images. */
    @Override
    default long multiplyAdds(Tensor output, List<Tensor> inputs) {
        return (long) (output.size() / output.dim(-1)) * inputs.get(1).size();
    }

    @Override
    default Tensor gradient(OperationCall call, int i, Tensor upstream) {
        Tensor ofProduct = Affine.ofArgument(call, op(), alpha(), upstream);
        if (i == 2) {
            return Affine.columnSums(call, i, ofProduct);
        }
        Tensor gradient = call.allocate(call.input(i).shape());
        gradient(call, i, ofProduct, gradient);
        return gradient;
    }

    @Override
    default Tensor composition(OperationCall call) {
        Tensor product = product(call);
        return Affine.of(op(), alpha(), call.inputCount() == 2 ? product : product.add(call.input(2)));
    }
}
