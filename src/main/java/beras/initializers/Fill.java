package beras.initializers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;

/** First values that follow from no number of connections, by the names that configs have. */
final class Fill implements Initializer {

    private enum Kind {
        /** All zeros. */
        Zeros(0, 0),
        /** All ones. */
        Ones(0, 0),
        /** One value throughout. */
        Constant(0, 0),
        /** Normal, not cut. */
        RandomNormal(0, 0.05),
        /**
         * Normal, cut at two standard deviations: nothing is further from the mean, and the deviation after cutting is 0.8796 of that
         * before.
         */
        TruncatedNormal(0, 0.05),
        /** Uniform between two numbers. */
        RandomUniform(-0.05, 0.05),
        /** A matrix with one value on the diagonal and 0 elsewhere. */
        Identity(1, 0),
        /**
         * The kernel of a convolution that passes its input on: the tap in the middle of filter {@code i} is 1 for channel {@code i}, all
         * its other taps are 0. Filters beyond the channels are Glorot uniform, as Jordan has it (94% on CIFAR-10 in
         * 3.29 Seconds on a Single GPU, 2024). For kernels {@code (..., channels, filters)}; of a window of even size the middle is the tap
         * before it. For a matrix it is the identity.
         */
        Dirac(0, 0),
        /**
         * A random matrix whose columns (or rows, if there are fewer rows) are orthogonal and of one length, each such matrix as likely
         * as any other: Saxe et al. (2014). For more than two axes all but the last count as rows.
         */
        Orthogonal(1, 0);

        private final double first;
        private final double second;

        Kind(double first, double second) {
            this.first = first;
            this.second = second;
        }
    }

    private final Kind kind;
    private double first; // the value, the mean, the smallest value or the gain
    private double second; // the standard deviation or the largest value

    /** @param type one of the table */
    Fill(String type) {
        kind = Kind.valueOf(type);
        first = kind.first;
        second = kind.second;
    }

    @Override
    public String typeName() {
        return kind.name();
    }

    @Override
    public void settings(Settings s) {
        switch (kind) {
            case Constant -> first = finite(s, "value", first);
            case Identity, Orthogonal -> first = finite(s, "gain", first);
            case RandomNormal, TruncatedNormal -> {
                first = finite(s, "mean", first);
                second = Arguments.notNegative("stddev of " + kind, s.number("stddev", second));
            }
            case RandomUniform -> {
                double low = finite(s, "minval", first);
                double high = finite(s, "maxval", second);
                if (low > high) {
                    throw new IllegalArgumentException("minval of RandomUniform must be at most maxval. Received: " + low + " and " + high);
                }
                first = low;
                second = high;
            }
            default -> {}
        }
    }

    private double finite(Settings s, String name, double present) {
        return Arguments.finite(name + " of " + kind, s.number(name, present));
    }

    @Override
    public Tensor values(Shape shape, long seed) {
        return switch (kind) {
            case Zeros -> Tensor.zeros(shape);
            case Ones -> Tensor.ones(shape.toArray());
            case Constant -> Tensor.full((float) first, shape.toArray());
            case RandomNormal -> normal(shape, seed, first, second);
            case TruncatedNormal -> truncatedNormal(shape, seed, first, second * Rng.TRUNCATED_DEVIATION);
            case RandomUniform -> {
                Rng rng = rng(seed);
                yield Tensor.generate(i -> first + (second - first) * rng.uniform(i), shape.toArray());
            }
            case Identity -> identity(shape);
            case Dirac -> dirac(shape, seed);
            case Orthogonal -> orthogonal(shape, seed);
        };
    }

    /** The generator for a seed, whose number i is that of value i in row-major order. */
    static Rng rng(long seed) {
        return new Rng(seed, "weights", 0);
    }

    static Tensor normal(Shape shape, long seed, double mean, double deviation) {
        Rng rng = rng(seed);
        return Tensor.generate(i -> mean + deviation * rng.normal(i), shape.toArray());
    }

    /** Cut at two deviations of the uncut curve; {@code deviation} is that after cutting. */
    static Tensor truncatedNormal(Shape shape, long seed, double mean, double deviation) {
        Rng rng = rng(seed);
        return Tensor.generate(i -> mean + deviation * rng.truncatedNormal(i), shape.toArray());
    }

    private Tensor identity(Shape shape) {
        if (shape.rank() != 2) {
            throw new IllegalArgumentException("Identity needs a shape of 2 axes. Received: " + shape);
        }
        int cols = shape.dim(1);
        return Tensor.generate(i -> i / cols == i % cols ? first : 0, shape.toArray());
    }

    private static Tensor dirac(Shape shape, long seed) {
        if (shape.rank() < 2) {
            throw new IllegalArgumentException("Dirac needs the shape of a kernel, (..., channels, filters). Received: " + shape);
        }
        int channels = shape.dim(-2);
        int filters = shape.dim(-1);
        int middle = 0; // the number of the tap
        for (int axis = 0; axis < shape.rank() - 2; axis++) {
            middle = middle * shape.dim(axis) + (shape.dim(axis) - 1) / 2;
        }
        int tap = middle;
        Tensor others = filters > channels ? Initializers.glorotUniform().values(shape, seed) : Tensor.zeros(shape.toArray());
        float[] values = others.toArray();
        return Tensor.generate(i -> {
            int filter = i % filters;
            int row = i / filters;
            return filter >= channels ? values[i] : row / channels == tap && row % channels == filter ? 1 : 0;
        }, shape.toArray());
    }

    private Tensor orthogonal(Shape shape, long seed) {
        if (shape.rank() < 2) {
            throw new IllegalArgumentException("Orthogonal needs a shape of at least 2 axes. Received: " + shape);
        }
        int cols = shape.dim(-1);
        int rows = cols == 0 ? 0 : shape.size() / cols;
        double[][] vectors = orthonormal(Math.min(rows, cols), Math.max(rows, cols), seed);
        return Tensor.generate(i -> first * (rows < cols ? vectors[i / cols][i % cols] : vectors[i % cols][i / cols]),
                shape.toArray());
    }

    /**
     * Gram and Schmidt's method on random vectors: the factor Q of a QR decomposition in which R has a positive diagonal. Each
     * projection is subtracted twice, the second time to remove the remainder of rounding.
     */
    private static double[][] orthonormal(int count, int size, long seed) {
        Rng rng = rng(seed);
        double[][] vectors = new double[count][size];
        for (int j = 0; j < count; j++) {
            for (int i = 0; i < size; i++) {
                vectors[j][i] = rng.normal((long) j * size + i);
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < j; k++) {
                    double share = dot(vectors[j], vectors[k]);
                    for (int i = 0; i < size; i++) {
                        vectors[j][i] -= share * vectors[k][i];
                    }
                }
            }
            double length = Math.sqrt(dot(vectors[j], vectors[j]));
            for (int i = 0; i < size; i++) {
                vectors[j][i] /= length;
            }
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
}
