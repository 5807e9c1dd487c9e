package beras.layers.activations;

import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.layers.Elementwise;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Values, gradients and local Jacobians of the activations, edge and non-finite inputs included. */
@Tag("activations")
class ActivationsGoldenTest {

    /** Of LeakyReLU Keras differs in the derivative at 0 alone; its cases have no upstream there. */
    @TestFactory
    Stream<DynamicTest> frequentOnes() {
        return Stream.of(
                tests("relu\\..*", 10, c -> new ReLU()),
                tests("leaky_relu\\.assignment\\.(?!jacobian).*", 9, c -> new LeakyReLU()),
                tests("leaky_relu\\.assignment\\.(?!jacobian).*", 9, c -> new LeakyReLU(c.param("alpha"))),
                tests("leaky_relu\\.keras_.*", 18, c -> new LeakyReLU(c.param("negativeSlope"))),
                tests("sigmoid\\.(?!jacobian).*", 10, c -> new Sigmoid()),
                tests("tanh\\..*", 10, c -> new Tanh()),
                tests("elu\\..*", 18, c -> Layers.activation("elu").with("alpha", c.param("alpha"))),
                tests("gelu\\.(?!approximate).*", 9, c -> Layers.activation("gelu")),
                tests("gelu\\.approximate\\..*", 9, c -> Layers.activation("gelu(approximate=true)")),
                tests("log_softmax\\..*", 12, c -> new LogSoftmax()),
                tests("softmax\\.(?!jacobian).*", 12, c -> new Softmax()),
                Stream.of("selu", "silu", "softplus", "softsign", "hard_sigmoid", "exponential", "linear")
                        .flatMap(name -> tests(name + "\\..*", 9, c -> Layers.activation(name)))).flatMap(tests -> tests);
    }

    private static Stream<DynamicTest> tests(String cases, int count, Function<GoldenCase, Layer> activation) {
        return Golden.tests("activations", cases, count, c -> check(c, activation.apply(c)));
    }

    /** Of Keras's own, without lanes here. */
    @TestFactory
    Stream<DynamicTest> rareOnes() {
        return Golden.tests("activations_keras", ".*", 42, c -> check(c, Layers.ACTIVATIONS.of(c.config())));
    }

    @TestFactory
    Stream<DynamicTest> jacobians() {
        return Stream.of(new LeakyReLU(), new Sigmoid()).flatMap(activation -> Golden.tests("activations",
                activation instanceof Sigmoid ? "sigmoid\\.jacobian\\..*" : "leaky_relu\\.assignment\\.jacobian\\..*", 3,
                        c -> checkLocal(c, activation)));
    }

    @TestFactory
    Stream<DynamicTest> softmaxJacobians() {
        return Golden.tests("activations", "softmax\\.jacobian\\..*", 4, c -> {
            Softmax softmax = new Softmax();
            c.check("y", softmax.call(c.input("x")));
            c.check("localJacobian", softmax.inputGradients().get(0));
        });
    }

    private static void check(GoldenCase c, Layer activation) {
        Tensor x = c.input("x");
        c.check("y", activation.forward(x));
        c.check(() -> activation.call(x), Map.of("dx", x));
    }

    /** The derivative at each element, also as the diagonal matrices {@code (batch, n, n)} that it stands for. */
    private static void checkLocal(GoldenCase c, Elementwise activation) {
        c.check("y", activation.call(c.input("x")));
        Tensor derivative = activation.inputGradients().get(0);
        c.check("localDerivative", derivative);
        int n = derivative.dim(1);
        Tensor identity = Tensor.generate(i -> i / n == i % n ? 1 : 0, 1, n, n);
        Shape jacobians = Shape.of(derivative.dim(0), n, n);
        c.check("localJacobian", derivative.reshape(-1, 1, n).broadcastTo(jacobians).multiply(identity));
    }
}
