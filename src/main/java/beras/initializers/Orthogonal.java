package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/**
 * A random matrix whose columns (or rows, if there are fewer rows) are orthogonal and of one length, each such matrix as likely
 * as any other: Saxe et al. (2014). Of more than two axes all but the last count as rows.
 */
public final class Orthogonal implements Initializer {

    private double gain = 1;

    /** With gain 1. */
    public Orthogonal() {}

    /**
     * @param gain the length, finite; default 1
     * @throws IllegalArgumentException if it is not
     */
    public Orthogonal(double gain) {
        this.gain = gain;
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        gain = Arguments.finite("gain of Orthogonal", s.number("gain", gain));
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        if (shape.rank() < 2) {
            throw new IllegalArgumentException("Orthogonal needs a shape of at least 2 axes. Received: " + shape);
        }
        int cols = shape.dim(-1);
        int rows = cols == 0 ? 0 : shape.size() / cols;
        double[][] vectors = orthonormal(Math.min(rows, cols), Math.max(rows, cols), seed);
        return Tensor.generate(i -> gain * (rows < cols ? vectors[i / cols][i % cols] : vectors[i % cols][i / cols]),
                shape.toArray());
    }

    /**
     * Gram and Schmidt's method on random vectors: the factor Q of a QR decomposition in which R has a positive diagonal. Each
     * projection is subtracted twice, the second time that of what rounding left.
     */
    private static double[][] orthonormal(int count, int size, long seed) {
        Rng rng = Draws.rng(seed);
        double[][] vectors = new double[count][size];
        for (int j = 0; j < count; j++) {
            for (int i = 0; i < size; i++) {
                vectors[j][i] = rng.normal((long) j * size + i);
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < j; k++) {
                    subtract(vectors[j], vectors[k], dot(vectors[j], vectors[k]));
                }
            }
            divide(vectors[j], Math.sqrt(dot(vectors[j], vectors[j])));
        }
        return vectors;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void subtract(double[] a, double[] b, double factor) {
        for (int i = 0; i < a.length; i++) {
            a[i] -= factor * b[i];
        }
    }

    private static void divide(double[] a, double divisor) {
        for (int i = 0; i < a.length; i++) {
            a[i] /= divisor;
        }
    }
}
