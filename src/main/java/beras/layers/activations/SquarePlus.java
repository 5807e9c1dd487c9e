package beras.layers.activations;

import beras.config.Arguments;
import beras.config.Settings;
import beras.layers.OutputRange;
import beras.tensor.Tensor;
import java.util.List;

/**
 * {@code y = (x + sqrt(x^2 + b)) / 2}, for any shape: Barron (2021). It is computed as
 * {@code max(x, 0) + b / (2 (|x| + sqrt(x^2 + b)))}, in which nothing cancels.
 */
public final class SquarePlus extends ByElement {

    private float b = 4f;

    /** With b 4. */
    public SquarePlus() {}

    /**
     * @param b how round it is near 0, finite and above 0; default 4
     * @throws IllegalArgumentException if it is not
     */
    public SquarePlus(double b) {
        this.b = (float) b;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        b = Arguments.positive("b of SquarePlus", s.real("b", b));
    }

    private double root(double x) {
        return Math.sqrt(x * x + b);
    }

    @Override
    float value(float x) {
        double a = Math.abs((double) x);
        return (float) (Math.max(x, 0f) + b / (2 * (a + root(a))));
    }

    @Override
    Tensor value(Tensor x) {
        Tensor left = Tensor.where(x.greater(0), x.negate(), x);
        Tensor ofLeft = Tensor.scalar(b / 2).divide(left.square().add(b).sqrt().subtract(left));
        return Tensor.where(x.greater(0), x, Tensor.scalar(0)).add(ofLeft);
    }

    @Override
    float derivative(float x) {
        double a = Math.abs((double) x);
        double left = b / (2 * root(a) * (a + root(a)));
        return (float) (x >= 0f ? 1 - left : left);
    }

    @Override
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.elementwise(0, Double.POSITIVE_INFINITY, this);
    }
}
