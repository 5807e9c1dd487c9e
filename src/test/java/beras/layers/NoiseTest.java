package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.golden.Golden;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that are random in training: what their noise depends on, and what it does not. */
@Tag("layers")
class NoiseTest {

    private static final Tensor ONES = Tensor.ones(20, 51);

    static Stream<Supplier<Layer>> layers() {
        return Stream.of(() -> new Dropout(0.3), () -> new GaussianNoise(0.5), () -> new GaussianDropout(0.4),
                () -> new AlphaDropout(0.3));
    }

    private static Tensor train(Layer layer, Tensor x) {
        try (GradientTape tape = new GradientTape()) {
            return layer.call(x);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theNoiseFollowsFromSeedAndNumberOfTheCall(Supplier<Layer> maker) {
        Layer layer = maker.get().seed(1);
        Layer again = maker.get().seed(1);
        Tensor first = train(layer, ONES);
        Tensor second = train(layer, ONES);
        assertEquals(first, train(again, ONES));
        again.forward(ONES); // counts no more than
        again.call(ONES); // a call outside training
        assertEquals(second, train(again, ONES));
        assertNotEquals(first, second);
        assertNotEquals(first, train(maker.get().seed(2), ONES));
        assertNotEquals(train(maker.get(), ONES), train(maker.get(), ONES), "without a seed");
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theNoiseOfAnElementDoesNotDependOnThoseBehindIt(Supplier<Layer> maker) {
        Tensor few = train(maker.get().seed(1), ONES.slice(0, 3));
        assertEquals(few, train(maker.get().seed(1), ONES).slice(0, 3));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void outsideTrainingTheInputPassesUnchanged(Supplier<Layer> maker) {
        Layer layer = maker.get();
        assertEquals(ONES, layer.forward(ONES));
        GradientTape tape = new GradientTape(new beras.autograd.Workspace(), false);
        try (tape) {
            Tensor y = layer.call(ONES);
            assertEquals(ONES, y);
            assertEquals(Tensor.ones(20, 51), tape.gradient(y, List.of(ONES)).get(0));
        }
    }

    @Test
    void neighboursAreKeptIndependently() {
        float[] y = train(new Dropout(0.5).seed(3), Tensor.ones(200_000)).toArray();
        int[] counts = new int[4]; // of pairs from one 64-bit number, by which of the two are kept
        int[] next = new int[4]; // of pairs from two numbers
        for (int i = 0; i + 2 < y.length; i += 2) {
            counts[(y[i] == 0 ? 0 : 1) + (y[i + 1] == 0 ? 0 : 2)]++;
            next[(y[i + 1] == 0 ? 0 : 1) + (y[i + 2] == 0 ? 0 : 2)]++;
        }
        double deviation = Math.sqrt(100_000 * 0.25 * 0.75);
        for (int[] quarter : new int[][] {counts, next}) {
            assertTrue(Arrays.stream(quarter).allMatch(n -> Math.abs(n - 25_000) < 6 * deviation),
                    () -> Arrays.toString(quarter));
        }
    }

    @Test
    void nearlyNothingIsDroppedAtATinyRate() {
        assertEquals(ONES, train(new Dropout(1e-12), ONES));
    }

    @Test
    void theMaskOfOneCallIsThatOfItsBackwardPass() {
        Dropout dropout = new Dropout(0.5);
        GradientTape tape = new GradientTape();
        Tensor once;
        Tensor twice;
        try (tape) {
            once = dropout.call(ONES);
            twice = dropout.call(once);
        }
        assertEquals(once, tape.gradient(once, List.of(ONES)).get(0));
        assertEquals(twice, tape.gradient(twice, List.of(ONES)).get(0));
        assertFalse(once.equals(twice));
    }

    /** The mask of the sizes that are not 1, repeated along the others. */
    @Test
    void dropsTogetherWhatTheNoiseShapeSays() {
        Tensor x = Tensor.ones(6, 5, 8);
        Tensor together = train(new Dropout(0.5).with("noiseShape", List.of(-1, 1, 8)).seed(3), x);
        Tensor apart = train(new Dropout(0.5).seed(3), Tensor.ones(6, 1, 8));
        assertEquals(apart.broadcastTo(x.shape()).copy(), together);
        assertEquals(train(new Dropout(0.5).seed(3), Tensor.ones(1, 5, 1)).broadcastTo(x.shape()).copy(),
                train(new Dropout(0.5).with("noiseShape", List.of(1, -1, 1)).seed(3), x));
        assertNotEquals(apart, Tensor.zeros(6, 1, 8));
    }

    @Test
    void spatialDropoutDropsWholeChannels() {
        Tensor x = Tensor.ones(6, 5, 4, 8);
        assertEquals(train(new Dropout(0.5).with("noiseShape", List.of(-1, 1, 1, -1)).seed(3), x), train(new SpatialDropout2D(0.5).seed(3), x));
        Tensor steps = Tensor.ones(6, 5, 8);
        assertEquals(train(new Dropout(0.5).with("noiseShape", List.of(-1, 1, -1)).seed(3), steps),
                train(new SpatialDropout1D(0.5).seed(3), steps));
        assertThrows(IllegalArgumentException.class, () -> train(new SpatialDropout1D(0.5), x));
    }

    @Test
    void refusesANoiseShapeThatDoesNotFit() {
        for (int[] sizes : new int[][] {{}, {32, 1}, {-1, 0}, {-1, -2}}) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> new Dropout(0.5).with("noiseShape", sizes));
            assertTrue(e.getMessage().contains("the batch axis the first") && e.getMessage().endsWith("Received: "
                    + Arrays.toString(sizes)), e.getMessage());
        }
        for (Layer dropout : List.of(new Dropout(0.5).with("noiseShape", List.of(-1, 1, 1)), new Dropout(0.5).with("noiseShape", List.of(-1, 50)))) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> train(dropout, ONES));
            assertTrue(e.getMessage().endsWith("needs inputs of that shape. Received: (20, 51)"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesRatesThatAreNoShare(double rate) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new Dropout(rate));
        assertEquals("The rate of Dropout must be from 0 to 1. Received: " + rate, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesDeviationsThatAreNone(double stddev) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new GaussianNoise(stddev));
        assertEquals("stddev of GaussianNoise must be finite and at least 0. Received: " + stddev, e.getMessage());
    }

    @TestFactory
    Stream<DynamicTest> givenTheMask() {
        return Golden.tests("dropout", "mask\\..*", 8, c -> {
            Tensor kept = c.input("mask");
            Dropout layer = new Dropout(c.param("rate")) {
                @Override
                void fill(Tensor mask) {
                    float[] factors = kept.multiply(factor()).toArray();
                    System.arraycopy(factors, 0, mask.data(), mask.offset(), factors.length);
                }
            };
            Tensor x = c.input("x");
            Recorded recorded = Recorded.of(() -> layer.call(x));
            c.check("y", recorded.target());
            c.check("dx", recorded.gradient(List.of(x), c.input("upstream")).get(0));
            c.check("yInference", layer.forward(x));
            c.check("yInference", layer.call(x));
        });
    }

    @TestFactory
    Stream<DynamicTest> statistics() {
        return Golden.tests("dropout", "statistics\\..*", 6, c -> {
            Dropout layer = new Dropout(c.param("rate"));
            layer.seed(11);
            if (c.param("rate") < 1) {
                c.check("keptValue", Tensor.scalar(layer.factor()));
            }
            Tensor ones = Tensor.ones((int) c.param("n"));
            for (int call = 0; call < 5; call++) {
                float[] y;
                try (GradientTape tape = new GradientTape()) {
                    y = layer.call(ones).toArray();
                }
                int kept = 0;
                double sum = 0;
                for (float value : y) {
                    assertTrue(value == 0f || value == layer.factor());
                    kept += value == 0f ? 0 : 1;
                    sum += value;
                }
                near(c.expectedNumber("keptFractionMean"), (double) kept / y.length, c.expectedNumber("keptFractionStd"));
                if (c.param("rate") < 1) {
                    near(1, sum / y.length, c.expectedNumber("outputMeanStd"));
                }
            }
        });
    }

    private static void near(double expected, double actual, double deviation) {
        assertTrue(Math.abs(actual - expected) <= 6 * deviation + 1e-7, () -> "expected " + expected + ", got " + actual);
    }
}
