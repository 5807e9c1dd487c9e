package beras.digits;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.AugmentedImages;
import beras.data.image.ImageAugmentation;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.feed.Batch;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class OutlierImagesTest {

    private static final int PIXELS = 28 * 28;

    private static Images digits;

    @BeforeAll
    static void load() throws IOException {
        digits = ImageSets.load(Path.of("data")).test().slice(3, 203);
    }

    private static Batch read(Examples examples, int epoch, int... order) {
        Batch batch = new Batch(List.of(Tensor.full(7, order.length, PIXELS)), List.of(Tensor.full(7, order.length, 10)), null);
        examples.read(epoch, order, 0, order.length, batch);
        return batch;
    }

    private static float[] row(Batch batch, int row) {
        return Arrays.copyOfRange(batch.inputs().get(0).toArray(), row * PIXELS, (row + 1) * PIXELS);
    }

    private static int[] all(Examples examples) {
        return IntStream.range(0, examples.count()).toArray();
    }

    @Test
    void theImagesComeFirstAndAsTheyAre() {
        OutlierImages examples = new OutlierImages(digits, digits, 0.25, 1);
        assertEquals(250, examples.count());
        Batch batch = read(examples, 4, all(examples));
        float[] inputs = batch.inputs().get(0).toArray();
        float[] targets = batch.targets().get(0).toArray();
        assertArrayEquals(digits.inputs().toArray(), Arrays.copyOf(inputs, 200 * PIXELS));
        assertArrayEquals(digits.oneHot().toArray(), Arrays.copyOf(targets, 200 * 10));
        for (int i = 200 * 10; i < targets.length; i++) {
            assertEquals(0.1f, targets[i]);
        }
        assertSame(digits, examples.forValidation());
        assertEquals(digits.spec(), examples.spec());
    }

    /** Each has its brightest pixel at 1, its ink in the box of a digit, and is none of the images. */
    @Test
    void outliersHaveTheFormOfDigits() {
        OutlierImages examples = new OutlierImages(digits, digits, 1, 2);
        Batch batch = read(examples, 0, all(examples));
        int black = 0;
        for (int i = digits.count(); i < examples.count(); i++) {
            float[] outlier = row(batch, i);
            int left = 28;
            int right = 0;
            float most = 0;
            for (int p = 0; p < PIXELS; p++) {
                assertTrue(outlier[p] >= 0 && outlier[p] <= 1);
                most = Math.max(most, outlier[p]);
                left = outlier[p] > 0 ? Math.min(left, p % 28) : left;
                right = outlier[p] > 0 ? Math.max(right, p % 28) : right;
            }
            black += most == 0 ? 1 : 0; // the part of an image that has nothing of it
            assertTrue(most == 1 || most == 0);
            assertTrue(right - left < 20, "outlier " + i + " is wider than a digit");
            assertFalse(Arrays.equals(outlier, row(batch, i - digits.count())));
        }
        assertTrue(black < 5, () -> "some outliers show nothing");
    }

    @Test
    void anOutlierDependsOnSeedEpochAndIndexAlone() {
        OutlierImages examples = new OutlierImages(digits, digits, 1, 3);
        Batch batch = read(examples, 5, all(examples));
        Batch other = read(new OutlierImages(digits, digits, 1, 3), 5, 399, 7, 250, 200);
        assertArrayEquals(row(batch, 399), row(other, 0));
        assertArrayEquals(row(batch, 7), row(other, 1));
        assertArrayEquals(row(batch, 250), row(other, 2));
        assertArrayEquals(row(batch, 200), row(other, 3));
        Batch part = new Batch(List.of(Tensor.zeros(2, PIXELS)), List.of(), null);
        examples.read(5, new int[] {0, 1, 250, 200, 3}, 2, 4, part);
        assertArrayEquals(row(batch, 250), row(part, 0));
        assertArrayEquals(row(batch, 200), row(part, 1));
        assertFalse(Arrays.equals(row(batch, 250), row(read(examples, 6, 250), 0)), "another epoch");
        assertFalse(Arrays.equals(row(batch, 250), row(read(new OutlierImages(digits, digits, 1, 4), 5, 250), 0)), "another seed");
    }

    @Test
    void theBitsOfOutliersAreTheSameEverywhere() {
        float[] pixels = read(digits, new OutlierImages(digits, digits, 1, 7), 1);
        int hash = 0;
        for (float pixel : pixels) {
            hash = 31 * hash + Float.floatToIntBits(pixel);
        }
        assertEquals(2027588482, hash);
    }

    @Test
    void theyAreMadeOfAugmentedImages() {
        Examples augmented = new AugmentedImages(digits, ImageAugmentation.DIGITS, 3);
        OutlierImages examples = new OutlierImages(augmented, digits, 0.5, 3);
        Batch batch = read(examples, 2, all(examples));
        Batch images = read(augmented, 2, all(augmented));
        for (int i = 0; i < digits.count(); i++) {
            assertArrayEquals(row(images, i), row(batch, i));
        }
    }

    @Test
    void imagesWithoutInkDoNoHarm() {
        Images black = new Images(new byte[3 * PIXELS], 28, 28, new byte[3], 1);
        OutlierImages examples = new OutlierImages(black, black, 1, 1);
        for (int epoch = 0; epoch < 100; epoch++) {
            for (float pixel : read(black, examples, epoch)) {
                assertTrue(pixel >= 0 && pixel <= 1);
            }
        }
    }

    private static float[] read(Images images, Examples examples, int epoch) {
        Batch batch = new Batch(List.of(Tensor.zeros(examples.count(), PIXELS)),
                List.of(Tensor.zeros(examples.count(), images.classes())), null);
        examples.read(epoch, all(examples), 0, examples.count(), batch);
        return batch.inputs().get(0).toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void anotherShareIsRefused(double share) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new OutlierImages(digits, digits, share, 1));
        assertTrue(e.getMessage().endsWith("Received: " + share), e::getMessage);
    }

    @Test
    void imagesOfAnotherSizeAndExamplesThatAreNotThereAreRefused() {
        Images small = new Images(new byte[4], 2, 2, new byte[1], 1);
        assertThrows(IllegalArgumentException.class, () -> new OutlierImages(small, small, 1, 1));
        Images colours = new Images(new byte[3 * 784], 28, 28, 3, new byte[1], 2);
        assertThrows(IllegalArgumentException.class, () -> new OutlierImages(colours, colours, 1, 1));
        OutlierImages examples = new OutlierImages(digits, digits, 0.5, 1);
        assertThrows(IndexOutOfBoundsException.class, () -> read(examples, 0, 300));
        assertThrows(IndexOutOfBoundsException.class, () -> read(examples, 0, -1));
    }
}
