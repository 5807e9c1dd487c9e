package beras.layers;

import beras.autograd.GradientTape;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Convolution and pooling of images: outputs and all gradients. */
@Tag("layers")
class ConvolutionGoldenTest {

    @TestFactory
    Stream<DynamicTest> convolution() {
        return Golden.tests("conv", "conv2d\\..*", 10, c -> {
            Tensor kernel = c.input("kernel");
            Conv2D layer = new Conv2D(kernel.dim(3), kernel.dim(0), kernel.dim(1)).strides((int) c.param("strides"))
                    .padding(c.paramText("padding"));
            layer.build(List.of(c.input("x").shape().rest()));
            layer.w().assign(kernel);
            layer.b().assign(c.input("bias"));
            check(c, layer, "dKernel", "dBias");
        });
    }

    @TestFactory
    Stream<DynamicTest> pooling() {
        return Golden.tests("pooling", "(max|average)_pooling2d\\..*", 16, c -> {
            int size = (int) c.param("poolSize");
            int strides = (int) c.param("strides");
            check(c, c.name().startsWith("max") ? new MaxPooling2D(size).strides(strides).padding(c.paramText("padding"))
                    : new AveragePooling2D(size).strides(strides).padding(c.paramText("padding")));
        });
    }

    @TestFactory
    Stream<DynamicTest> globalPooling() {
        return Golden.tests("pooling", "global_.*", 4,
                c -> check(c, c.name().contains("max") ? new GlobalMaxPooling2D() : new GlobalAveragePooling2D()));
    }

    private static void check(GoldenCase c, Layer layer, String... weights) {
        Tensor x = c.input("x");
        List<Tensor> sources = new ArrayList<>(List.of(x));
        sources.addAll(layer.weights());
        GradientTape tape = new GradientTape();
        Tensor y;
        try (tape) {
            y = layer.call(x);
        }
        c.check("y", y);
        List<Tensor> gradients = tape.gradient(y, sources, c.input("upstream"));
        c.check("dx", gradients.get(0));
        for (int i = 0; i < weights.length; i++) {
            c.check(weights[i], gradients.get(i + 1));
        }
    }
}
