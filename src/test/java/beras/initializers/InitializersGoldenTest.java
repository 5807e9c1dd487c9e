package beras.initializers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The distributions of the initializers, by sampling. Left for later: weights of convolutions, and the initializers that
 * BERAS does not have yet.
 */
@Tag("layers")
class InitializersGoldenTest {

    /** Small weights are drawn from many seeds, until there are this many values. */
    private static final int SAMPLES = 100_000;

    @TestFactory
    Stream<DynamicTest> glorotUniform() {
        return kerasCases("glorot_uniform", Initializers.glorotUniform());
    }

    @TestFactory
    Stream<DynamicTest> glorotNormal() {
        return kerasCases("glorot_normal", Initializers.glorotNormal());
    }

    @TestFactory
    Stream<DynamicTest> heUniform() {
        return kerasCases("he_uniform", Initializers.heUniform());
    }

    @TestFactory
    Stream<DynamicTest> heNormal() {
        return kerasCases("he_normal", Initializers.heNormal());
    }

    private static Stream<DynamicTest> kerasCases(String name, Initializer initializer) {
        return Golden.tests("initializers", name + "\\.(7|\\d+x\\d+)", 7, c -> {
            check(c, initializer);
            check(c, Initializers.of(name));
        });
    }

    @TestFactory
    Stream<DynamicTest> namesOfTheAssignment() {
        return Golden.tests("initializers", "assignment\\.(normal|xavier.*|kaiming.*)", 5,
                c -> check(c, Initializers.of(c.name().split("\\.")[1])));
    }

    @TestFactory
    Stream<DynamicTest> zeros() {
        return Golden.tests("initializers", "(assignment\\.zero|zeros)", 2, c -> {
            c.check("W", Initializers.zeros().values(c.shape("W"), 1));
            c.check("W", Initializers.of("zero").values(c.shape("W"), 1));
        });
    }

    /**
     * The rule of the golden file: mean, variance, bounds and distribution of n values. Seeds are fixed, so nothing is left
     * to luck.
     */
    private static void check(GoldenCase c, Initializer initializer) {
        Shape shape = c.shape("W");
        int draws = (SAMPLES + shape.size() - 1) / shape.size();
        int n = draws * shape.size();
        float[] values = new float[n];
        for (int seed = 0; seed < draws; seed++) {
            Tensor drawn = initializer.values(shape, seed);
            assertEquals(shape, drawn.shape(), c::name);
            System.arraycopy(drawn.toArray(), 0, values, seed * shape.size(), shape.size());
        }
        Arrays.sort(values);

        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        double mean = sum / n;
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        double variance = c.expectedNumber("variance");
        assertEquals(c.expectedNumber("mean"), mean, 6 * Math.sqrt(variance / n), () -> c + ", mean");
        double fourth = c.expectedNumber("fourthCentralMoment");
        assertEquals(variance, squares / n, 6 * Math.sqrt((fourth - variance * variance) / n), () -> c + ", variance");
        if (c.expects("lower")) {
            assertTrue(values[0] >= (float) c.expectedNumber("lower"), () -> c + ", lower bound: got " + values[0]);
            assertTrue(values[n - 1] <= (float) c.expectedNumber("upper"), () -> c + ", upper bound: got " + values[n - 1]);
        }
        double[] at = c.expected("cdfAt");
        double[] cdf = c.expected("cdf");
        for (int i = 0; i < at.length; i++) {
            double below = atMost(values, at[i]) / (double) n;
            assertEquals(cdf[i], below, 2.5 / Math.sqrt(n), () -> c + ", share of values up to a point of the distribution");
        }
    }

    /** The number of sorted values that are at most {@code limit}. */
    private static int atMost(float[] sorted, double limit) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] <= limit) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
