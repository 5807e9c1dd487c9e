package beras.layers;

import beras.autograd.Call;
import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A layer that changes each element at random in training, multiplied with a factor by default, and lets the input pass unchanged
 * outside. The random numbers of its {@code n}-th training call follow from the seed, {@code n} and the index of the element.
 */
abstract class RandomFactors extends Layer implements KeepsSteps {

    private final String purpose;
    private double rate;

    /** @param purpose distinguishes its random numbers from others of the same seed */
    RandomFactors(String purpose) {
        this.purpose = purpose;
        noise = new AtomicLong();
    }

    RandomFactors(String purpose, double rate) {
        this(purpose);
        this.rate = rate;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        rate(s);
    }

    final void rate(Settings s) {
        rate = checked(s.required().number(setting(), rate));
    }

    /** The name of the setting for the {@link #rate}. */
    String setting() {
        return "rate";
    }

    double checked(double given) {
        return Arguments.factor("The rate of " + typeName(), given);
    }

    /** How much is changed; with 0 the input passes unchanged in training, too. */
    final double rate() {
        return rate;
    }

    /** Writes the random number of each element for the next call. */
    abstract void fill(Tensor factors);

    /** Writes normal numbers of this mean and standard deviation. */
    final void fillNormal(Tensor factors, double mean, double deviation) {
        Rng rng = next();
        for (int i = 0; i < factors.size(); i++) {
            factors.data()[factors.offset() + i] = (float) (mean + deviation * rng.normal(i));
        }
    }

    /** The generator of the next call. */
    final Rng next() {
        return new Rng(seed(), purpose, noise.getAndIncrement());
    }

    /** That of the input. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        return inputs.get(0);
    }

    @Override
    protected final Tensor compute(Call call) {
        if (!call.training() || rate == 0) {
            return call.input(0);
        }
        Tensor factors = call.allocate(call.input(0).shape());
        fill(factors);
        return result(call.input(0), factors);
    }

    /** The output in training. */
    Tensor result(Tensor x, Tensor factors) {
        return x.multiply(factors);
    }
}
