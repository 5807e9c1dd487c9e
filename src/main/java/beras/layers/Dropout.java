package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.kernels.Block;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sets a share of the elements to 0 in training, and scales the others up so that sums stay what they were: each element is
 * kept with probability {@code 1 - rate}, and divided by it. Outside training the input passes unchanged. Any shape.
 *
 * <p>Which elements are kept in the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the
 * element.
 */
public class Dropout extends Layer {

    private static final double TWO_TO_32 = 0x1p32;
    private static final long MOST = 0xffff_ffffL;

    private double rate;
    private final AtomicLong calls = new AtomicLong();

    Dropout() {}

    /**
     * @param rate the share of elements to set to 0, from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    public Dropout(double rate) {
        this.rate = rate;
        Settings.check(this);
    }

    @Override
    public final void settings(Settings s) {
        rate = Arguments.share("The rate of Dropout", s.required().number("rate", rate));
    }

    @Override
    public final long noiseCalls() {
        return calls.get();
    }

    @Override
    public final void noiseCalls(long made) {
        calls.set(made);
    }

    @Override
    protected final Tensor compute(Call call) {
        if (!call.training() || rate == 0) {
            return call.input(0);
        }
        Tensor mask = call.allocate(call.input(0).shape());
        fill(mask);
        call.save(mask);
        return masked(call, call.input(0), mask);
    }

    /** Writes the factor of each element for the next call: {@link #factor}, or 0. */
    void fill(Tensor mask) {
        fill(mask.block());
    }

    /** As {@link #fill(Tensor)}. */
    final void fill(Block mask) {
        long key = new Rng(seed(), "dropout", calls.getAndIncrement()).bits(0);
        long threshold = Math.min(Math.round((1 - rate) * TWO_TO_32), MOST);
        Backend.elements().dropoutMask(key, threshold, factor(), mask);
    }

    /** What a kept element is multiplied with. */
    final float factor() {
        return (float) (1 / (1 - rate));
    }

    private static Tensor masked(Call call, Tensor tensor, Tensor mask) {
        Tensor x = tensor.contiguous();
        Tensor y = call.allocate(x.shape());
        Backend.elements().zip(BinaryOp.MULTIPLY, x.block(), mask.block(), y.block());
        return y;
    }

    /** The mask, in the shape of the input. */
    @Override
    protected final List<Tensor> inputGradients(Call call) {
        return composeInputGradients(call, Tensor.ones(call.output().shape().toArray()));
    }

    @Override
    protected final List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return List.of(call.saved() == null ? upstream : masked(call, upstream, call.saved()));
    }

    @Override
    protected final boolean worksByElement() {
        return true;
    }
}
