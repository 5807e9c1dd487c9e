package beras.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import beras.data.image.ImageAugmentation.Change;
import beras.tensor.Rng;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which random numbers make the look of an image: six of its own, one for each thing that changes. */
@Tag("data")
class AugmentationNumbersTest {

    private static final int SIDE = 12;

    private static double spread(Rng rng, long number) {
        return 2 * rng.uniform(number) - 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 59_999, Integer.MAX_VALUE})
    void eachChangeHasANumberOfItsOwn(int index) {
        Rng noise = new Rng(1, "pixels", 0);
        float[] pixels = new float[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) noise.uniform(i);
        }
        ImageAugmentation augmentation = new ImageAugmentation(3, 40, 0.3, 0.5);
        float[] actual = new float[pixels.length];
        augmentation.augment(pixels, 0, SIDE, SIDE, 5, 2, index, actual, 0);
        Rng rng = new Rng(5, "augmentation", 2);
        long first = 6L * index;
        Change change = new Change(3 * spread(rng, first), 3 * spread(rng, first + 1), 40 * spread(rng, first + 2),
                1 + 0.3 * spread(rng, first + 3), 1 + 0.3 * spread(rng, first + 4), 0.5 * spread(rng, first + 5));
        float[] expected = new float[pixels.length];
        change.draw(ImageAugmentation.bordered(pixels, 0, SIDE, SIDE, 1, false), SIDE, SIDE, 1, expected, 0);
        assertArrayEquals(expected, actual);
    }
}
