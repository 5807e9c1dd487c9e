package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Adds normal noise of mean 0 in training, so that a net does not learn its inputs by heart. Outside training the input passes
 * unchanged. Any shape.
 *
 * <p>The noise of the layer's {@code n}-th training call follows from the seed, {@code n} and the index of the element.
 */
public final class GaussianNoise extends Layer {

    private double stddev;
    private final AtomicLong calls = new AtomicLong();

    GaussianNoise() {}

    /**
     * @param stddev the standard deviation of the noise, finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    public GaussianNoise(double stddev) {
        this.stddev = stddev;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        stddev = Arguments.notNegative("stddev of GaussianNoise", s.required().number("stddev", stddev));
    }

    @Override
    public long noiseCalls() {
        return calls.get();
    }

    @Override
    public void noiseCalls(long made) {
        calls.set(made);
    }

    /** That of the input. */
    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected Tensor compute(Call call) {
        if (!call.training() || stddev == 0) {
            return call.input(0);
        }
        Rng rng = new Rng(seed(), "noise", calls.getAndIncrement());
        Tensor noise = call.allocate(call.input(0).shape());
        for (int i = 0; i < noise.size(); i++) {
            noise.data()[noise.offset() + i] = (float) (stddev * rng.normal(i));
        }
        return call.input(0).add(noise);
    }
}
