package beras.layers.activations;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.layers.Dense;
import beras.layers.Elementwise;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Activations by name and config, and what all of them keep. */
@Tag("activations")
class ActivationsTest {

    static List<String> names() {
        return Layers.ACTIVATIONS.names().stream().filter(name -> !name.equals("GLU")).toList(); // which halves its last axis
    }

    @Test
    void settingsComeBack() {
        assertEquals("ELU(alpha=0.5)", Layers.activation("elu(0.5)").config().toString());
        assertEquals("LeakyReLU(alpha=0.2)", new LeakyReLU(0.2f).config().toString());
        assertEquals("GELU(approximate=true)", Layers.activation("gelu(approximate=true)").config().toString());
        for (String text : List.of("elu(0.5)", "leaky_relu(0.2)", "gelu(approximate=true)", "celu(0.5)", "hard_shrink(0.25)",
                "soft_shrink(0.25)", "hard_tanh(-3, 0.5)", "square_plus(1)")) {
            Layer activation = Layers.activation(text);
            Tensor x = Tensor.of(-2f, -0.5f, 1f);
            Layer again = Layers.ACTIVATIONS.of(activation.config());
            assertEquals(activation.config(), again.config());
            assertEquals(activation.forward(x), again.forward(x));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.1f, Float.NaN, Float.POSITIVE_INFINITY})
    void refusesAnAlphaOutOfRange(float alpha) {
        for (String name : List.of("ELU", "LeakyReLU")) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                    () -> Layers.ACTIVATIONS.of(Config.of(name).with("alpha", alpha)));
            assertEquals("alpha of " + name + " must be finite and at least 0. Received: " + alpha, e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"celu(-0.1)", "celu(0)", "square_plus(0)", "square_plus(-0.1)", "hard_shrink(-0.1)", "soft_shrink(-0.1)",
        "hard_tanh(1, 1)", "hard_tanh(2, 1)"})
    void refusesOtherSettingsOutOfRange(String text) {
        assertThrows(IllegalArgumentException.class, () -> Layers.activation(text));
    }

    @Test
    void refusesSettingsThatAreNotFinite() {
        for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (String name : List.of("CELU", "SquarePlus", "HardShrink", "SoftShrink", "HardTanh")) {
                Exception e = assertThrows(IllegalArgumentException.class,
                        () -> Layers.ACTIVATIONS.of(Config.of(name, List.of(wrong), Map.of())));
                assertTrue(e.getMessage().contains("Received: " + wrong), e.getMessage());
            }
        }
    }

    @Test
    void onlyThoseWhoseDerivativeFollowsFromTheOutputAreFused() {
        List<String> apart = Layers.ACTIVATIONS.names().stream()
                .filter(name -> !(Layers.ACTIVATIONS.of(name) instanceof Elementwise e && e.fusable())).toList();
        assertEquals(List.of("ELU", "SELU", "GELU", "SiLU", "Mish", "CELU", "HardShrink", "HardSiLU", "HardTanh", "LogSigmoid",
                "SoftShrink", "SparsePlus", "SparseSigmoid", "SquarePlus", "TanhShrink", "Softmax", "LogSoftmax", "GLU"), apart);
        assertEquals(Optional.empty(), new Dense(2, 3).fused(Layers.activation("silu")));
    }

    /** Shapes of any rank, and sizes of 0. */
    @ParameterizedTest
    @MethodSource("names")
    void takesAnyShape(String name) {
        Layer activation = Layers.ACTIVATIONS.of(name);
        for (Shape shape : List.of(Shape.of(1), Shape.of(0), Shape.of(3, 0), Shape.of(0, 3), Shape.of(2, 3, 2))) {
            Tensor x = Tensor.generate(i -> i * 0.25 - 1, shape.toArray());
            assertEquals(shape, activation.call(x).shape());
            assertEquals(shape, activation.composeInputGradients(List.of(x)).get(0).shape());
            assertEquals(shape, activation.outputShape(shape));
        }
    }

    /** Next to where a formula would overflow, and at the limits themselves. */
    @ParameterizedTest
    @CsvSource({"GELU, 0, Infinity, 1", "SiLU, 0, Infinity, 1", "Mish, 0, Infinity, 1", "Softplus, 0, Infinity, 1",
        "Softsign, -1, 1, 0", "ELU, -1, Infinity, 1", "HardSigmoid, 0, 1, 0", "Tanh, -1, 1, 0",
        "CELU, -1, Infinity, 1", "HardSiLU, 0, Infinity, 1", "HardTanh, -1, 1, 0", "SparsePlus, 0, Infinity, 1",
        "SparseSigmoid, 0, 1, 0"})
    void hasItsLimits(String name, float left, float right, float rightSlope) {
        Layer activation = Layers.ACTIVATIONS.of(name);
        float infinity = Float.POSITIVE_INFINITY;
        Tensor y = activation.call(Tensor.of(-infinity, -Float.MAX_VALUE, Float.MAX_VALUE, infinity));
        Tensor slopes = activation.inputGradients().get(0);
        assertEquals(left, y.get(0) + 0f);
        assertEquals(left, y.get(1) + 0f);
        assertEquals(right, y.get(3));
        assertEquals(0f, slopes.get(0) + 0f);
        assertEquals(0f, slopes.get(1) + 0f);
        assertEquals(rightSlope, slopes.get(2));
        assertEquals(rightSlope, slopes.get(3));
    }

    @Test
    void softmaxesNeedAnAxis() {
        for (Layer activation : List.of(new Softmax(), new LogSoftmax())) {
            assertThrows(IllegalArgumentException.class, () -> activation.forward(Tensor.scalar(1f)));
            assertThrows(IllegalArgumentException.class, () -> activation.outputShape(Shape.of()));
        }
    }

    @Test
    void gluGatesTheFirstHalfByTheSecond() {
        Tensor x = Tensor.of(new float[][] {{4, -3, 0, (float) Math.log(3)}});
        Tensor y = new GLU().forward(x);
        assertTrue(y.allClose(Tensor.of(new float[][] {{2, -2.25f}}), 1e-6, 0), y::toString);
        assertEquals(Shape.of(2), new Dense(4, "glu").outputShape(Shape.of(3)));
    }
}
