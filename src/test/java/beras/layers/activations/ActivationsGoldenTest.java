package beras.layers.activations;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.layers.Elementwise;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Values, gradients and local Jacobians of the activations, edge and non-finite inputs included. */
@Tag("activations")
class ActivationsGoldenTest {

    @TestFactory
    Stream<DynamicTest> relu() {
        return Golden.tests("activations", "relu\\..*", 10, c -> check(c, new ReLU()));
    }

    @TestFactory
    Stream<DynamicTest> leakyReluOfTheAssignment() {
        return Golden.tests("activations", "leaky_relu\\.assignment\\.(?!jacobian).*", 9, c -> {
            check(c, new LeakyReLU());
            check(c, new LeakyReLU((float) c.param("alpha")));
        });
    }

    /** Keras differs in the derivative at 0 alone; its cases have no upstream there. */
    @TestFactory
    Stream<DynamicTest> leakyReluOfKeras() {
        return Golden.tests("activations", "leaky_relu\\.keras_.*", 18,
                c -> check(c, new LeakyReLU((float) c.param("negativeSlope"))));
    }

    @TestFactory
    Stream<DynamicTest> sigmoid() {
        return Golden.tests("activations", "sigmoid\\.(?!jacobian).*", 10, c -> check(c, new Sigmoid()));
    }

    @TestFactory
    Stream<DynamicTest> tanh() {
        return Golden.tests("activations", "tanh\\..*", 10, c -> {
            c.check("y", c.input("x").tanh());
            check(c, new Tanh());
        });
    }

    @TestFactory
    Stream<DynamicTest> elu() {
        return Golden.tests("activations", "elu\\..*", 18, c -> check(c, Layers.activation("elu").with("alpha", c.param("alpha"))));
    }

    @TestFactory
    Stream<DynamicTest> selu() {
        return Golden.tests("activations", "selu\\..*", 9, c -> check(c, Layers.activation("selu")));
    }

    @TestFactory
    Stream<DynamicTest> gelu() {
        return Golden.tests("activations", "gelu\\.(?!approximate).*", 9, c -> check(c, Layers.activation("gelu")));
    }

    @TestFactory
    Stream<DynamicTest> approximateGelu() {
        return Golden.tests("activations", "gelu\\.approximate\\..*", 9, c -> check(c, Layers.activation("gelu(approximate=true)")));
    }

    @TestFactory
    Stream<DynamicTest> silu() {
        return Golden.tests("activations", "silu\\..*", 9, c -> check(c, Layers.activation("silu")));
    }

    @TestFactory
    Stream<DynamicTest> softplus() {
        return Golden.tests("activations", "softplus\\..*", 9, c -> check(c, Layers.activation("softplus")));
    }

    @TestFactory
    Stream<DynamicTest> softsign() {
        return Golden.tests("activations", "softsign\\..*", 9, c -> check(c, Layers.activation("softsign")));
    }

    @TestFactory
    Stream<DynamicTest> hardSigmoid() {
        return Golden.tests("activations", "hard_sigmoid\\..*", 9, c -> check(c, Layers.activation("hard_sigmoid")));
    }

    @TestFactory
    Stream<DynamicTest> exponential() {
        return Golden.tests("activations", "exponential\\..*", 9, c -> check(c, Layers.activation("exponential")));
    }

    @TestFactory
    Stream<DynamicTest> linear() {
        return Golden.tests("activations", "linear\\..*", 9, c -> check(c, Layers.activation("linear")));
    }

    @TestFactory
    Stream<DynamicTest> logSoftmax() {
        return Golden.tests("activations", "log_softmax\\..*", 12, c -> check(c, new LogSoftmax()));
    }

    @TestFactory
    Stream<DynamicTest> softmax() {
        return Golden.tests("activations", "softmax\\.(?!jacobian).*", 12, c -> check(c, new Softmax()));
    }

    /** Of Keras's own, without lanes here. */
    @TestFactory
    Stream<DynamicTest> rareOnes() {
        return Golden.tests("activations_keras", ".*", 42, c -> check(c, Layers.ACTIVATIONS.of(c.config())));
    }

    @TestFactory
    Stream<DynamicTest> leakyReluJacobians() {
        return Golden.tests("activations", "leaky_relu\\.assignment\\.jacobian\\..*", 3,
                c -> checkLocal(c, new LeakyReLU()));
    }

    @TestFactory
    Stream<DynamicTest> sigmoidJacobians() {
        return Golden.tests("activations", "sigmoid\\.jacobian\\..*", 3, c -> checkLocal(c, new Sigmoid()));
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
        if (c.expects("dx")) {
            GradientTape tape = new GradientTape();
            Tensor y;
            try (tape) {
                y = activation.call(x);
            }
            c.check("dx", tape.gradient(y, List.of(x), c.input("upstream")).get(0));
        }
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
