package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pooling that a convolution takes in, and settings that convolutions refuse. */
@Tag("layers")
class ConvolutionTest {

    /** Even where pixels are equal, 0 or no numbers, and where windows overlap or go beyond the edge. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "none"})
    void poolingWithinTheLayerHasTheBitsOfPoolingAfterIt(String activation) {
        List<Supplier<Layer>> pools = List.of(() -> new MaxPooling2D(2), () -> new MaxPooling2D(3, 2).strides(1).padding("same"));
        for (Supplier<Layer> pool : pools) {
            for (float special : new float[] {0f, Float.NaN, Float.POSITIVE_INFINITY}) {
                Tensor x = Tensor.generate(i -> (i * 13 % 7 - 3) / 2.0, 2, 7, 6, 2);
                x.data()[11] = special;
                List<Tensor> apart = pooled(activation, pool.get(), x, false);
                List<Tensor> within = pooled(activation, pool.get(), x, true);
                for (int i = 0; i < apart.size(); i++) {
                    assertArrayEquals(apart.get(i).toArray(), within.get(i).toArray(), pool.get() + " of " + special + ", tensor " + i);
                }
            }
        }
    }

    /** What comes out, and the gradients of images, kernel and bias. */
    private static List<Tensor> pooled(String activation, Layer pool, Tensor x, boolean within) {
        Conv2D layer = new Conv2D(3, 2).seed(3);
        if (activation.equals("relu")) {
            layer.activation(activation);
        }
        layer.build(List.of(x.shape().rest()));
        layer.b().assign(Tensor.of(0.25f, -0.5f, 0f));
        Layer both = within ? layer.fused(pool).orElseThrow() : null;
        Recorded recorded = Recorded.of(() -> within ? both.call(x) : pool.call(layer.call(x)));
        Tensor upstream = Tensor.generate(i -> i % 5 - 2, recorded.target().shape().toArray());
        List<Tensor> all = new ArrayList<>(List.of(recorded.target()));
        all.addAll(recorded.gradient(List.of(x, layer.w(), layer.b()), upstream));
        return all;
    }

    private static Conv2D built() {
        Conv2D layer = new Conv2D(2, 2).seed(3);
        layer.build(List.of(Shape.of(3, 3, 2)));
        return layer;
    }

    @Test
    void wrongSettingsAreRefused() {
        refused(() -> new Conv2D(0, 3), "filters of Conv2D must be at least 1. Received: 0");
        refused(() -> new SeparableConv2D(0, 3), "filters of SeparableConv2D must be at least 1. Received: 0");
        refused(() -> new Conv2D(3, 0), "kernelSize of Conv2D needs one or 2 whole numbers of at least 1. Received: [0]");
        refused(() -> new Conv2D(3, 1, 2, 3), "kernelSize of Conv2D needs one or 2 whole numbers of at least 1. Received: [1, 2, 3]");
        refused(() -> new Conv2D(3, 3).padding("causal"), "padding of Conv2D must be valid or same");
        refused(() -> new Conv2D(3, 3).padding("full"), "one of [valid, same, causal]");
        refused(() -> new Conv2D(4, 3).with("groups", 3).build(List.of(Shape.of(5, 5, 3))), "3 channels and 4 filters");
        refused(() -> new Conv2D(4, 6).outputShape(Shape.of(5, 5, 3)), "padding=same lets it go beyond. Received shape: (5, 5, 3)");
        refused(() -> new MaxPooling1D(2).padding("causal"), "padding of MaxPooling1D must be valid or same");
        refused(() -> new Conv2D(4, 3).build(List.of(Shape.of(784))), "Reshape(28, 28, 1)");
        refused(() -> built().forward(Tensor.zeros(1, 3, 3, 4)), "a kernel for 2 channels");
    }

    @Test
    void axesThatAreTooLongAreRefused() {
        Shape image = Shape.of(28, 28, 8);
        int huge = 2_000_000_000;
        refused(() -> new Conv1D(1, 3).padding("causal").with("dilationRate", huge).outputShape(Shape.of(28, 1)), "longer than");
        refused(() -> new Conv2DTranspose(1, 3).strides(huge).outputShape(image), "the settings of Conv2DTranspose make an axis");
        refused(() -> new Conv2DTranspose(1, 3).with("dilationRate", huge).outputShape(image), "longer than 2147483647");
        refused(() -> new UpSampling2D(huge).outputShape(image), "Received: 56000000000");
        refused(() -> new DepthwiseConv2D(3).with("depthMultiplier", huge).outputShape(image), "Received: 16000000000");
        refused(() -> new ZeroPadding2D(huge).outputShape(image), "Received: 4000000028");
        int most = Integer.MAX_VALUE; // twice as much is -2 as an int
        refused(() -> new Cropping2D(most).outputShape(image), "of more pixels than are cut off");
    }

    private static void refused(Runnable made, String message) {
        Exception e = assertThrows(IllegalArgumentException.class, made::run);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
