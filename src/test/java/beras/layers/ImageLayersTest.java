package beras.layers;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values of layers of images that are easily told by hand. */
@Tag("layers")
class ImageLayersTest {

    private static Tensor image(int height, int width, float... values) {
        return Tensor.wrap(values, 1, height, width, 1);
    }

    @Test
    void zerosSurroundAnImageAndAreCutOffAgain() {
        Tensor x = image(2, 2, 1, 2, 3, 4);
        Tensor padded = new ZeroPadding2D(1, 0, 0, 2).forward(x);
        assertEquals(image(3, 4, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0), padded);
        assertEquals(x, new Cropping2D(1, 0, 0, 2).forward(padded));
        assertEquals(image(1, 2, 1, 2), new Cropping2D(1, 1).forward(image(3, 4, 0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0)));
        assertEquals(image(4, 2, 0, 0, 1, 2, 3, 4, 0, 0), new ZeroPadding2D(1, 0).forward(x));
        assertThrows(IllegalArgumentException.class, () -> new ZeroPadding2D(1, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> new Cropping2D(-1));
    }

    @Test
    void pixelsAreRepeatedOrLinesAreDrawnBetweenThem() {
        assertEquals(image(2, 4, 1, 1, 5, 5, 1, 1, 5, 5), new UpSampling2D().forward(image(1, 2, 1, 5)));
        assertEquals(image(1, 4, 1, 2, 4, 5), new UpSampling2D(1, 2).with("interpolation", "bilinear").forward(image(1, 2, 1, 5)));
        assertEquals(image(1, 6, 0, 0, 1, 2, 3, 3), new UpSampling2D(1, 3).with("interpolation", "bilinear").forward(image(1, 2, 0, 3))
                .multiply(8).round().divide(8));
        Tensor both = new UpSampling2D().with("interpolation", "bilinear").forward(image(2, 2, 0, 4, 8, 12));
        assertEquals(image(4, 4, 0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12), both);
    }

    @Test
    void onlyTheFirstOfEqualPixelsHasTheGradient() {
        Tensor x = image(2, 2, 3, 3, 1, 3);
        Recorded recorded = Recorded.of(() -> new MaxPooling2D().call(x));
        assertEquals(image(2, 2, 1, 0, 0, 0), recorded.gradient(List.of(x)).get(0));
        assertTrue(Float.isNaN(new MaxPooling2D().forward(image(2, 2, 3, Float.NaN, 9, 1)).item()));
    }

    @Test
    void aTransposedConvolutionIsTheGradientOfAConvolution() {
        Tensor x = Tensor.generate(new Rng(3, "x", 0)::normal, 2, 8, 6, 3);
        Conv2D there = new Conv2D(4, 3).strides(2).padding("same").useBias(false).seed(1);
        Conv2DTranspose back = new Conv2DTranspose(3, 3).strides(2).padding("same").useBias(false);
        Recorded recorded = Recorded.of(() -> there.call(x));
        back.build(List.of(recorded.target().shape().rest()));
        back.w().assign(there.w());
        Tensor upstream = Tensor.generate(new Rng(3, "u", 0)::normal, recorded.target().shape().toArray());
        assertEquals(recorded.gradient(List.of(x), upstream).get(0), back.forward(upstream));
    }

    /** Where the largest was is kept as a float. */
    @Test
    void theLargestIsOfNoMorePixelsThanFloatsTellApart() {
        Shape fits = Shape.of(1 << 12, 1 << 12, 1);
        Shape large = Shape.of(1 << 12, (1 << 12) + 1, 1);
        assertEquals(Shape.of(1), new GlobalMaxPooling2D().outputShape(fits));
        assertEquals(Shape.of(1), new GlobalAveragePooling2D().outputShape(large));
        for (Layer layer : List.of(new GlobalMaxPooling2D(), new MaxPooling2D(1 << 12, (1 << 12) + 1))) {
            Exception e = assertThrows(IllegalArgumentException.class, () -> layer.outputShape(List.of(large)));
            assertEquals("Max pooling takes a window of at most 16777216 pixels. Received: 4096 x 4097. Pool in two steps",
                    e.getMessage());
        }
    }
}
