package beras.initializers;

import static beras.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.initializers.VarianceScaling.Distribution;
import beras.initializers.VarianceScaling.Mode;
import beras.layers.Conv2D;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Initializers by name and config, and what they refuse. */
@Tag("layers")
class InitializersTest {

    private static final Shape SHAPE = Shape.of(5, 7);

    static List<String> names() {
        return Initializers.REGISTRY.names();
    }

    private static Initializer made(String type, Object... values) {
        return Initializers.REGISTRY.of(Config.of(type, List.of(values), Map.of()));
    }

    private static void assertSame(Initializer initializer) {
        Initializer again = Initializers.REGISTRY.of(initializer.config());
        assertEquals(initializer.config(), again.config());
        assertEquals(initializer.values(SHAPE, 3), again.values(SHAPE, 3));
        assertEquals(initializer.values(SHAPE, 3), initializer.values(SHAPE, 3));
    }

    @Test
    void settingsComeBack() {
        names().forEach(name -> assertSame(Initializers.REGISTRY.of(name)));
        assertSame(Initializers.constant(0.3));
        assertSame(Initializers.REGISTRY.of("random_normal(0.1, 0.3)"));
        assertSame(Initializers.REGISTRY.of("random_uniform(-0.3, 0.7)"));
        assertSame(Initializers.REGISTRY.of("truncated_normal(0.1, 0.3)"));
        assertSame(Initializers.REGISTRY.of("identity(0.3)"));
        assertSame(Initializers.REGISTRY.of("orthogonal(0.3)"));
        assertSame(Initializers.REGISTRY.of("dirac"));
        for (Mode mode : Mode.values()) {
            for (Distribution distribution : Distribution.values()) {
                assertSame(new VarianceScaling(0.3, mode, distribution));
            }
        }
        assertEquals("VarianceScaling(scale=0.3, mode=fan_avg, distribution=untruncated_normal)",
                new VarianceScaling(0.3, Mode.FAN_AVG, Distribution.UNTRUNCATED_NORMAL).config().toString());
    }

    @Test
    void diracPassesChannelsOnInTheMiddle() {
        Tensor kernel = Initializers.REGISTRY.of("dirac").values(Shape.of(3, 2, 2, 3), 1);
        Tensor others = Initializers.glorotUniform().values(Shape.of(3, 2, 2, 3), 1);
        for (int i = 0; i < kernel.size(); i++) {
            int filter = i % 3;
            int channel = i / 3 % 2;
            int tap = i / 6;
            float expected = filter == 2 ? others.toArray()[i] : tap == 2 && channel == filter ? 1 : 0; // row 1, column 0
            assertEquals(expected, kernel.toArray()[i], "element " + i);
        }
        Tensor x = Tensor.generate(i -> i % 7, 1, 4, 4, 5);
        Conv2D passing = new Conv2D(5, 3).padding("same").useBias(false).with("kernelInitializer", "dirac");
        assertEquals(x, passing.forward(x));
        assertEquals(Initializers.REGISTRY.of("identity").values(Shape.of(4, 3), 1), Initializers.REGISTRY.of("dirac").values(Shape.of(4, 3), 1));
        assertThrows(IllegalArgumentException.class, () -> Initializers.REGISTRY.of("dirac").values(Shape.of(3), 1));
    }

    /** Two seeds differ where there is chance, and nowhere else. */
    @ParameterizedTest
    @MethodSource("names")
    void isAFunctionOfShapeAndSeed(String name) {
        Initializer initializer = Initializers.REGISTRY.of(name);
        Tensor one = initializer.values(SHAPE, 1);
        boolean random = !List.of("Zeros", "Ones", "Constant", "Identity").contains(name);
        assertEquals(random, !one.equals(initializer.values(SHAPE, 2)));
        assertEquals(SHAPE, one.shape());
        for (Shape empty : List.of(Shape.of(0, 3), Shape.of(3, 0))) {
            assertEquals(empty, initializer.values(empty, 1).shape());
        }
    }

    @Test
    void normalIsTheAssignmentsWithDeviation1() {
        assertEquals(Initializers.REGISTRY.of("random_normal(0, 1)").config(), Initializers.REGISTRY.of("Normal").config());
        assertEquals(Initializers.normal().config(), Initializers.REGISTRY.of(Config.of("normal")).config());
        assertTrue(Initializers.REGISTRY.has("normal"));
        assertThrows(IllegalArgumentException.class, () -> Initializers.REGISTRY.of(Config.of("normal").with("stddev", 2)));
        assertEquals(Initializers.REGISTRY.of("random_normal").config(), Initializers.REGISTRY.of("random_normal").config());
        assertNotEquals(Initializers.REGISTRY.of("random_normal"), Initializers.normal());
    }

    /** The rules for the numbers of connections, by the variance they lead to. */
    @ParameterizedTest
    @CsvSource({"6, 6, 6", "4x10, 4, 10", "3x4x10, 12, 30", "2x3x4x10, 24, 60"})
    void connectionsAreCountedAsKerasDoes(String sizes, double inputs, double outputs) {
        Shape shape = Shape.of(Arrays.stream(sizes.split("x")).mapToInt(Integer::parseInt).toArray());
        Tensor unit = Initializers.REGISTRY.of("random_uniform(-1, 1)").values(shape, 5);
        for (Mode mode : Mode.values()) {
            double n = switch (mode) {
                case FAN_IN -> inputs;
                case FAN_OUT -> outputs;
                case FAN_AVG -> (inputs + outputs) / 2;
            };
            Tensor values = new VarianceScaling(2, mode, Distribution.UNIFORM).values(shape, 5);
            Tensor expected = unit.multiply((float) Math.sqrt(6 / n));
            assertTrue(values.allClose(expected, 1e-6, 1e-7), () -> shape + " " + mode);
        }
    }

    /** Any rotation as likely as any other: no column, nor sign, is preferred. */
    @Test
    void orthogonalMatricesPreferNoDirection() {
        int n = 3000;
        Tensor sum = Tensor.zeros(3, 3);
        Tensor squares = Tensor.zeros(3, 3);
        for (int seed = 0; seed < n; seed++) {
            Tensor w = Initializers.REGISTRY.of("orthogonal(1)").values(Shape.of(3, 3), seed);
            sum = sum.add(w);
            squares = squares.add(w.multiply(w));
        }
        double deviation = 1 / Math.sqrt(3.0 * n); // of a mean; an entry has variance 1/3
        assertTrue(sum.divide(n).allClose(Tensor.zeros(3, 3), 0, 5 * deviation), sum::toString);
        assertTrue(squares.divide(n).allClose(Tensor.full(1f / 3, 3, 3), 0, 5 * deviation), squares::toString);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(double wrong) {
        assertRefused("value of Constant must be finite", wrong, () -> Initializers.constant(wrong));
        assertRefused("mean of RandomNormal must be finite", wrong, () -> made("RandomNormal", wrong, 1));
        assertRefused("stddev of RandomNormal must be finite and at least 0", wrong, () -> made("RandomNormal", 0, wrong));
        assertRefused("mean of TruncatedNormal must be finite", wrong, () -> made("TruncatedNormal", wrong, 1));
        assertRefused("stddev of TruncatedNormal must be finite and at least 0", wrong, () -> made("TruncatedNormal", 0, wrong));
        assertRefused("minval of RandomUniform must be finite", wrong, () -> made("RandomUniform", wrong, 1));
        assertRefused("maxval of RandomUniform must be finite", wrong, () -> made("RandomUniform", 0, wrong));
        assertRefused("gain of Identity must be finite", wrong, () -> made("Identity", wrong));
        assertRefused("gain of Orthogonal must be finite", wrong, () -> made("Orthogonal", wrong));
        assertRefused("scale of VarianceScaling must be finite and above 0", wrong,
                () -> new VarianceScaling(wrong, Mode.FAN_IN, Distribution.UNIFORM));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertRefused("stddev of RandomNormal must be finite and at least 0", -0.1, () -> Initializers.REGISTRY.of("random_normal(0, -0.1)"));
        assertRefused("stddev of TruncatedNormal must be finite and at least 0", -0.1, () -> Initializers.REGISTRY.of("truncated_normal(0, -0.1)"));
        assertRefused("minval of RandomUniform must be at most maxval", "1.0 and 0.5", () -> Initializers.REGISTRY.of("random_uniform(1, 0.5)"));
        assertRefused("scale of VarianceScaling must be finite and above 0", 0.0,
                () -> new VarianceScaling(0, Mode.FAN_IN, Distribution.UNIFORM));
        assertRefused("VarianceScaling: mode must be one of [fan_in, fan_out, fan_avg]", "fan. Did you mean fan_in?",
                () -> Initializers.REGISTRY.of(Config.of("VarianceScaling").with("mode", "fan")));
        assertRefused("VarianceScaling: distribution must be one of [truncated_normal, untruncated_normal, uniform]", "even",
                () -> Initializers.REGISTRY.of(Config.of("VarianceScaling").with("distribution", "even")));
        assertRefused("Identity needs a shape of 2 axes", "(3,)", () -> Initializers.REGISTRY.of("identity(1)").values(Shape.of(3), 1));
        assertRefused("Orthogonal needs a shape of at least 2 axes", "(3,)", () -> Initializers.REGISTRY.of("orthogonal(1)").values(Shape.of(3), 1));
    }
}
