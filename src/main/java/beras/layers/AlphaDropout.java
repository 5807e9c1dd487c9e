package beras.layers;

import beras.autograd.FusedOperation;
import beras.autograd.OperationCall;
import beras.tensor.Tensor;

/**
 * Dropout for {@code selu} networks: in training a share of the elements is set to {@code selu}'s lower limit, {@code -1.7581},
 * and all are shifted and scaled so that mean 0 and standard deviation 1 are preserved: Klambauer et al. (2017). With {@code p =
 * -1.7581}, {@code y = a * (kept ? x : p) + b}, where {@code a = ((1 - rate()) * (1 + rate() * p * p)) ^ -1/2} and {@code b = -a
 * * p * rate}. Outside training the input passes unchanged. Any shape.
 *
 * <p>Which elements are kept in the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the
 * element.
 */
public final class AlphaDropout extends RandomFactors {

    /** SELU's alpha times its scale. */
    private static final double SATURATED = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;

    AlphaDropout() {
        super("alpha dropout");
    }

    /**
     * @param rate the share of elements to set, at least 0 and below 1
     * @throws IllegalArgumentException if it is not
     */
    public AlphaDropout(double rate) {
        super("alpha dropout", rate);
    }

    private double scale() {
        return 1 / Math.sqrt((1 - rate()) * (1 + rate() * SATURATED * SATURATED));
    }

    private double shift() {
        return -scale() * SATURATED * rate();
    }

    /** Writes the scale, or 0. */
    @Override
    void fill(Tensor mask) {
        Dropout.fill(mask.block(), next().bits(0), rate(), (float) scale());
    }

    @Override
    Tensor result(Tensor x, Tensor mask) {
        return new Drop(scale(), shift(), (float) (scale() * SATURATED * (1 - rate()))).apply(x, mask);
    }

    /** Inputs: x, and a mask of 0 and the scale. */
    private record Drop(double scale, double shift, float dropped) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor x = call.input(0).contiguous();
            Tensor mask = call.input(1);
            Tensor y = call.allocate(x.shape());
            for (int i = 0; i < x.size(); i++) {
                float factor = mask.data()[mask.offset() + i];
                y.data()[y.offset() + i] = factor == 0f ? dropped : Math.fma(factor, x.data()[x.offset() + i], (float) shift);
            }
            return y;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            return i == 1 ? null : upstream.multiply(call.input(1));
        }

        @Override
        public Tensor composition(OperationCall call) {
            return Tensor.where(call.input(1), call.input(0), Tensor.scalar(SATURATED)).multiply(scale).add(shift);
        }

        @Override
        public boolean isElementwise() {
            return true;
        }
    }
}
