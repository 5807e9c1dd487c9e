package beras.layers;

import beras.autograd.Call;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A layer that multiplies each element with a random factor in training, and lets the input pass unchanged outside. What the
 * factors are in its {@code n}-th training call follows from the seed, {@code n} and the index of the element.
 */
abstract class RandomFactors extends Layer {

    private final AtomicLong calls = new AtomicLong();

    @Override
    public final long noiseCalls() {
        return calls.get();
    }

    @Override
    public final void noiseCalls(long made) {
        calls.set(made);
    }

    /** Whether there is nothing random: then the input passes unchanged in training, too. */
    abstract boolean idle();

    /** Writes the factor of each element for the next call. */
    abstract void fill(Tensor factors);

    /** The generator of the next call. */
    final Rng next(String purpose) {
        return new Rng(seed(), purpose, calls.getAndIncrement());
    }

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        if (!call.training() || idle()) {
            return call.input(0);
        }
        Tensor factors = call.allocate(call.input(0).shape());
        fill(factors);
        return result(call.input(0), factors);
    }

    /** What the layer gives in training. */
    Tensor result(Tensor x, Tensor factors) {
        return x.multiply(factors);
    }
}
