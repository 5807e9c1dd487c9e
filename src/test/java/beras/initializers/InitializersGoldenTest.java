package beras.initializers;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The distributions of the initializers, by sampling, and the values of those that are not random. */
@Tag("layers")
class InitializersGoldenTest {

    /** Small weights are drawn from many seeds, until there are this many values. */
    private static final int SAMPLES = 100_000;

    @TestFactory
    Stream<DynamicTest> namedForms() {
        return Stream.of("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal")
                .flatMap(name -> Golden.tests("initializers", name + "\\..*", 8, c -> {
                    Initializer named = Initializers.REGISTRY.of(name);
                    check(c, named);
                    assertEquals(named.values(c.shape("W"), 1), Initializers.REGISTRY.of(Config.of("VarianceScaling")
                            .with("scale", c.param("scale")).with("mode", c.paramText("mode"))
                            .with("distribution", c.paramText("distribution"))).values(c.shape("W"), 1));
                }));
    }

    @TestFactory
    Stream<DynamicTest> otherDistributions() {
        return Stream.of(tests("variance_scaling\\.fan_out\\.untruncated\\..*", 8,
                c -> new VarianceScaling(c.param("scale"), Mode.FAN_OUT, Distribution.UNTRUNCATED_NORMAL)),
                tests("random_normal", 1, c -> Initializers.REGISTRY.of("random_normal")),
                tests("random_normal.*mean", 1, c -> Initializers.REGISTRY.of("random_normal(1, 0.2)")),
                tests("random_uniform", 1, c -> Initializers.REGISTRY.of("random_uniform")),
                tests("random_uniform.*range", 1, c -> Initializers.REGISTRY.of(
                        "random_uniform(" + c.param("minval") + ", " + c.param("maxval") + ")")),
                tests("truncated_normal", 1, c -> Initializers.REGISTRY.of("truncated_normal")),
                tests("assignment\\.(normal|xavier.*|kaiming.*)", 5, c -> Initializers.REGISTRY.of(c.name().split("\\.")[1])))
                .flatMap(tests -> tests);
    }

    private static Stream<DynamicTest> tests(String names, int count, Function<GoldenCase, Initializer> maker) {
        return Golden.tests("initializers", names, count, c -> check(c, maker.apply(c)));
    }

    @TestFactory
    Stream<DynamicTest> constants() {
        return Golden.tests("initializers", "(assignment\\.zero|zeros|ones|constant)", 4, c -> {
            Initializer initializer = c.name().equals("constant") ? Initializers.constant(c.param("value"))
                    : Initializers.REGISTRY.of(c.name().replace("assignment.", ""));
            c.check("W", initializer.values(c.shape("W"), 1));
        });
    }

    @TestFactory
    Stream<DynamicTest> identity() {
        return Golden.tests("initializers", "identity.*", 2,
                c -> c.check("W", Initializers.REGISTRY.of("identity(" + c.param("gain") + ")").values(c.shape("W"), 1)));
    }

    @TestFactory
    Stream<DynamicTest> orthogonal() {
        return Golden.tests("initializers", "orthogonal\\..*", 8, c -> {
            for (long seed = 0; seed < 20; seed++) {
                Tensor w = Initializers.REGISTRY.of("orthogonal(" + c.param("gain") + ")").values(c.shape("W"), seed);
                assertEquals(c.shape("W"), w.shape());
                Tensor matrix = w.reshape(-1, w.dim(-1));
                c.check("gram", c.paramText("gramOf").equals("columns") ? matrix.transpose().matmul(matrix)
                        : matrix.matmul(matrix.transpose()));
            }
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
        int below = 0; // values of the sorted ones that are at most at[i]
        for (int i = 0; i < at.length; i++) {
            while (below < n && values[below] <= at[i]) {
                below++;
            }
            assertEquals(cdf[i], below / (double) n, 2.5 / Math.sqrt(n),
                    () -> c + ", share of values up to a point of the distribution");
        }
    }
}
