package beras.bench.kernels;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Sizes and numbers to compute with, the same in every run. */
final class Inputs {

    /** For "128x784x128T": 128, 784 and 128. */
    static int[] sizes(String shape) {
        return Arrays.stream(shape.replace("T", "").split("x")).mapToInt(Integer::parseInt).toArray();
    }

    /** Uniform from {@code low} to {@code high}. */
    static float[] uniform(int n, double low, double high, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (low + (high - low) * random.nextDouble());
        }
        return values;
    }

    /** A 1 at a random place of each row, else 0. */
    static float[] oneHot(int rows, int cols, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * cols];
        for (int r = 0; r < rows; r++) {
            values[r * cols + random.nextInt(cols)] = 1f;
        }
        return values;
    }

    private Inputs() {}
}
