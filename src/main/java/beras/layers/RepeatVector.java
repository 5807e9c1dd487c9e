package beras.layers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** Repeats each example {@code n} times: {@code (batch, features)} becomes {@code (batch, n, features)}. */
public final class RepeatVector extends Rearranging {

    private int n = 1;

    RepeatVector() {}

    /**
     * @param n how many times, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public RepeatVector(int n) {
        this.n = n;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        n = Arguments.atLeast(1, "n of RepeatVector", s.required().integer("n", n));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 1) {
            throw new IllegalArgumentException("RepeatVector needs examples of one axis. Received shape: " + input);
        }
        return Shape.of(n, input.dim(0));
    }

    @Override
    Tensor rearranged(Tensor x, Shape output) {
        return x.expandDims(1).gather(1, new int[n]);
    }
}
