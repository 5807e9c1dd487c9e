package beras.layers;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.initializers.Initializers;
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
        return Golden.tests("dense", "dense\\.(\\d+x\\d+x\\d+|edge|nonfinite|rank3\\..*|nobias\\..*)", 16, c -> {
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

    /** As a layer behind Dense, as one that Dense ends in, and taken into it where the derivative follows from the output. */
    @TestFactory
    Stream<DynamicTest> withAnActivation() {
        return Stream.of("relu", "leaky_relu", "sigmoid", "tanh", "softplus", "elu", "selu", "gelu", "silu", "softmax")
                .flatMap(name -> Golden.tests("dense", "dense\\." + name + "\\..*", name.matches("relu|softmax") ? 4 : 3, c -> {
                    Layer activation = Layers.activation(name);
                    Dense dense = dense(c);
                    check(c, dense, dense, activation);
                    if (activation instanceof Elementwise function && function.fusable()) {
                        check(c, dense, dense.fused(function).orElseThrow());
                    }
                    Dense ending = dense(c, Optional.of(activation));
                    check(c, ending, ending);
                }));
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
