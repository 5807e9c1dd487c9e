package beras.layers;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.initializers.Initializers;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.layers.activations.Tanh;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Dense, alone and with an activation behind it or taken in. */
@Tag("layers")
class DenseGoldenTest {

    @TestFactory
    Stream<DynamicTest> linear() {
        return Golden.tests("dense", "dense\\.(\\d+x\\d+x\\d+|edge|nonfinite|rank3\\..*)", 14, c -> {
            Dense dense = dense(c);
            check(c, dense, dense);
        });
    }

    @TestFactory
    Stream<DynamicTest> linearWithZeroBias() {
        return Golden.tests("dense", "dense\\.nobias\\..*", 2, c -> {
            Dense dense = dense(c);
            check(c, dense, dense);
        });
    }

    @TestFactory
    Stream<DynamicTest> localJacobians() {
        return Golden.tests("dense", "dense\\.local\\..*", 4, c -> {
            Dense dense = dense(c);
            check(c, dense, dense);
            dense.call(c.input("x"));
            c.check("localInput", dense.inputGradients().get(0));
            c.check("localWeight", dense.weightGradients().get(0));
            c.check("localBias", dense.weightGradients().get(1));
            List<Tensor> upstream = List.of(c.input("upstream"));
            c.check("dx", dense.composeInputGradients(upstream).get(0));
            c.check("dW", dense.composeWeightGradients(upstream).get(0));
            c.check("db", dense.composeWeightGradients(upstream).get(1));
        });
    }

    @TestFactory
    Stream<DynamicTest> relu() {
        return fused("relu", 4, new ReLU());
    }

    @TestFactory
    Stream<DynamicTest> leakyRelu() {
        return fused("leaky_relu", 3, new LeakyReLU(0.3f));
    }

    @TestFactory
    Stream<DynamicTest> sigmoid() {
        return fused("sigmoid", 3, new Sigmoid());
    }

    @TestFactory
    Stream<DynamicTest> tanh() {
        return fused("tanh", 3, new Tanh());
    }

    @TestFactory
    Stream<DynamicTest> softplus() {
        return fused("softplus", 3, (Elementwise) Layers.activation("softplus"));
    }

    /** The derivatives of these need their input, so they stay layers of their own. */
    @TestFactory
    Stream<DynamicTest> elu() {
        return apart("elu", 3, Layers.activation("elu"));
    }

    @TestFactory
    Stream<DynamicTest> selu() {
        return apart("selu", 3, Layers.activation("selu"));
    }

    @TestFactory
    Stream<DynamicTest> gelu() {
        return apart("gelu", 3, Layers.activation("gelu"));
    }

    @TestFactory
    Stream<DynamicTest> silu() {
        return apart("silu", 3, Layers.activation("silu"));
    }

    /** Softmax looks at a whole row, so it stays a layer of its own. */
    @TestFactory
    Stream<DynamicTest> softmax() {
        return apart("softmax", 4, new Softmax());
    }

    /** The activation as a layer behind Dense, and taken into it. */
    private static Stream<DynamicTest> fused(String name, int count, Elementwise activation) {
        return Golden.tests("dense", "dense\\." + name + "\\..*", count, c -> {
            Dense plain = dense(c);
            check(c, plain, plain, activation);
            Dense dense = dense(c);
            check(c, dense, dense.fused(activation).orElseThrow());
            Dense ending = dense(c, Optional.of(activation));
            check(c, ending, ending);
        });
    }

    /** The activation as a layer that Dense ends in. */
    private static Stream<DynamicTest> apart(String name, int count, Layer activation) {
        return Golden.tests("dense", "dense\\." + name + "\\..*", count, c -> {
            Dense plain = dense(c);
            check(c, plain, plain, activation);
            Dense ending = dense(c, Optional.of(activation));
            check(c, ending, ending);
        });
    }

    private static Dense dense(GoldenCase c) {
        return dense(c, Optional.empty());
    }

    private static Dense dense(GoldenCase c, Optional<Layer> activation) {
        Tensor w = c.input("W");
        Dense dense = new Dense(w.dim(0), w.dim(1), Initializers.zeros());
        activation.ifPresent(dense::activation);
        dense.w().assign(w);
        if (c.hasInput("b")) {
            dense.b().assign(c.input("b"));
        }
        return dense;
    }

    private static void check(GoldenCase c, Dense dense, Layer... layers) {
        Tensor x = c.input("x");
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = x;
            for (Layer layer : layers) {
                y = layer.call(y);
            }
        }
        c.check("y", y);
        if (c.expects("dx")) {
            List<Tensor> gradients = tape.gradient(y, List.of(x, dense.w(), dense.b()), c.input("upstream"));
            c.check("dx", gradients.get(0));
            c.check("dW", gradients.get(1));
            if (c.expects("db")) {
                c.check("db", gradients.get(2));
            }
        }
    }
}
