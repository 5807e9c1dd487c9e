package beras.data.image;

import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.ImageAugmentation.Change;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class ImageAugmentationTest {

    private static final ImageAugmentation NOTHING = new ImageAugmentation(0, 0, 0, 0);

    private static float[] pixels(int count, long seed) {
        Rng rng = new Rng(seed, "pixels", 0);
        float[] pixels = new float[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = (float) rng.uniform(i);
        }
        return pixels;
    }

    private static float[] changed(float[] pixels, int height, int width, Change change) {
        float[] out = new float[pixels.length];
        change.draw(ImageAugmentation.bordered(pixels, 0, height, width, 1, false), height, width, 1, out, 0);
        return out;
    }

    private interface Source {
        float at(int row, int column);
    }

    private static float[] image(int height, int width, Source source) {
        float[] image = new float[height * width];
        for (int i = 0; i < image.length; i++) {
            image[i] = source.at(i / width, i % width);
        }
        return image;
    }

    // ----------------------------------------------------------------------------------------------------- known changes

    @ParameterizedTest
    @CsvSource({"1,1", "1,7", "7,1", "5,8", "28,28", "3,200"})
    void nothingChangesByNothing(int height, int width) {
        float[] pixels = pixels(height * width, 1);
        assertArrayEquals(pixels, changed(pixels, height, width, new Change(0, 0, 0, 1, 1, 0)));
        float[] out = new float[height * width];
        NOTHING.augment(pixels, 0, height, width, 1, 2, 3, out, 0);
        assertArrayEquals(pixels, out);
    }

    /** One of two epochs in turn, exactly; half of the images begin with it. */
    @Test
    void imagesAreMirroredInEveryOtherEpoch() {
        ImageAugmentation flip = new ImageAugmentation(0, 0, 0, 0, ImageAugmentation.Flip.HORIZONTAL, 0, 0);
        float[] pixels = pixels(4 * 5 * 2, 6);
        float[] mirrored = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            mirrored[i] = pixels[i / 10 * 10 + (4 - i / 2 % 5) * 2 + i % 2];
        }
        int first = 0;
        for (int index = 0; index < 200; index++) {
            boolean[] flipped = new boolean[4];
            for (int epoch = 0; epoch < 4; epoch++) {
                float[] out = new float[pixels.length];
                flip.augment(pixels, 0, 4, 5, 2, 3, epoch, index, out, 0);
                flipped[epoch] = Arrays.equals(mirrored, out);
                assertTrue(flipped[epoch] || Arrays.equals(pixels, out));
            }
            assertTrue(flipped[0] != flipped[1] && flipped[0] == flipped[2] && flipped[1] == flipped[3]);
            first += flipped[0] ? 1 : 0;
        }
        assertEquals(100, first, 25);
    }

    /** Of each epoch and image another one; about any pixel, so that some of it may be outside. */
    @Test
    void aSquareIsErasedAboutAnyPixel() {
        ImageAugmentation erase = new ImageAugmentation(0, 0, 0, 0, ImageAugmentation.Flip.NONE, 3, 0);
        float[] ones = new float[7 * 5 * 2];
        Arrays.fill(ones, 1f);
        Set<List<Integer>> centres = new HashSet<>();
        for (int index = 0; index < 1000; index++) {
            float[] out = new float[ones.length];
            erase.augment(ones, 0, 7, 5, 2, 3, index % 2, index / 2, out, 0);
            List<Integer> matching = new ArrayList<>();
            for (int centre = 0; centre < 35; centre++) {
                float[] expected = ones.clone();
                for (int i = 0; i < expected.length; i++) {
                    if (Math.abs(i / 10 - centre / 5) <= 1 && Math.abs(i / 2 % 5 - centre % 5) <= 1) {
                        expected[i] = 0f;
                    }
                }
                if (Arrays.equals(expected, out)) {
                    matching.add(centre);
                }
            }
            assertEquals(1, matching.size(), () -> Arrays.toString(out));
            centres.add(matching);
        }
        assertEquals(35, centres.size());
        float[] all = new float[ones.length];
        new ImageAugmentation(0, 0, 0, 0, ImageAugmentation.Flip.NONE, 1 << 15, 0).augment(ones, 0, 7, 5, 2, 3, 0, 0, all, 0);
        assertArrayEquals(new float[ones.length], all);
    }

    /** Neither moved nor mirrored nor erased; other ones in each epoch. The rest is what it is without. */
    @Test
    void aShareOfImagesStaysAsItIs() {
        ImageAugmentation some = new ImageAugmentation(2, 12, 0.1, 0.1, ImageAugmentation.Flip.HORIZONTAL, 3, 0.25);
        ImageAugmentation none = new ImageAugmentation(2, 12, 0.1, 0.1, ImageAugmentation.Flip.HORIZONTAL, 3, 0);
        ImageAugmentation all = new ImageAugmentation(2, 12, 0.1, 0.1, ImageAugmentation.Flip.HORIZONTAL, 3, 1);
        float[] pixels = pixels(9 * 8 * 2, 6);
        int[] unchanged = new int[2];
        int both = 0;
        for (int index = 0; index < 1000; index++) {
            boolean[] same = new boolean[2];
            for (int epoch = 0; epoch < 2; epoch++) {
                float[] out = new float[pixels.length];
                some.augment(pixels, 0, 9, 8, 2, 3, epoch, index, out, 0);
                same[epoch] = Arrays.equals(pixels, out);
                unchanged[epoch] += same[epoch] ? 1 : 0;
                float[] other = new float[pixels.length];
                (same[epoch] ? all : none).augment(pixels, 0, 9, 8, 2, 3, epoch, index, other, 0);
                assertArrayEquals(other, out);
            }
            both += same[0] && same[1] ? 1 : 0;
        }
        assertEquals(250, unchanged[0], 45);
        assertEquals(250, unchanged[1], 45);
        assertEquals(62, both, 30);
        float[] place = pixels.clone();
        all.augment(place, 0, 9, 8, 2, 3, 1, 7, place, 0);
        assertArrayEquals(pixels, place);
    }

    @ParameterizedTest
    @CsvSource({"1,0", "0,1", "-2,3", "4,-4", "7,0", "0,5", "-100,0", "0,32768", "-32768,-32768"})
    void wholeStepsMoveExactly(int right, int down) {
        float[] pixels = pixels(35, 2);
        float[] expected = image(5, 7, (row, column) -> {
            int r = row - down;
            int c = column - right;
            return r >= 0 && r < 5 && c >= 0 && c < 7 ? pixels[r * 7 + c] : 0;
        });
        assertArrayEquals(expected, changed(pixels, 5, 7, new Change(right, down, 0, 1, 1, 0)));
    }

    @ParameterizedTest
    @CsvSource({"6", "7", "1", "28"})
    void quarterTurnsAreExact(int side) {
        float[] pixels = pixels(side * side, 3);
        // Counter-clockwise: what was in the last column comes to the top.
        float[] quarter = image(side, side, (row, column) -> pixels[column * side + side - 1 - row]);
        float[] half = image(side, side, (row, column) -> pixels[(side - 1 - row) * side + side - 1 - column]);
        float[] back = image(side, side, (row, column) -> pixels[(side - 1 - column) * side + row]);
        assertArrayEquals(quarter, changed(pixels, side, side, new Change(0, 0, 90, 1, 1, 0)));
        assertArrayEquals(half, changed(pixels, side, side, new Change(0, 0, 180, 1, 1, 0)));
        assertArrayEquals(back, changed(pixels, side, side, new Change(0, 0, -90, 1, 1, 0)));
    }

    /** Any change, against the formula in double for each pixel. */
    @Test
    void everyChangeIsTheMapOfItsNumbers() {
        Rng rng = new Rng(5, "changes", 0);
        int height = 9;
        int width = 12;
        for (int i = 0; i < 200; i++) {
            float[] pixels = pixels(height * width, i);
            double[] u = new double[6];
            for (int j = 0; j < 6; j++) {
                u[j] = 2 * rng.uniform(6L * i + j) - 1;
            }
            Change change = new Change(4 * u[0], 4 * u[1], 180 * u[2], 1 + 0.5 * u[3], 1 + 0.5 * u[4], u[5]);
            float[] drawn = changed(pixels, height, width, change);
            float[] expected = image(height, width,
                    (row, column) -> (float) lookedUp(pixels, height, width, change, row, column));
            assertArrayEquals(expected, drawn, 1e-5f);
        }
    }

    private static double lookedUp(float[] pixels, int height, int width, Change change, int row, int column) {
        double x = column - (width - 1) / 2.0 - change.right();
        double y = row - (height - 1) / 2.0 - change.down();
        double angle = Math.toRadians(change.degrees());
        double turnedX = Math.cos(angle) * x - Math.sin(angle) * y;
        double turnedY = Math.sin(angle) * x + Math.cos(angle) * y;
        double sourceX = (turnedX - change.slant() * turnedY) / change.wide() + (width - 1) / 2.0;
        double sourceY = turnedY / change.high() + (height - 1) / 2.0;
        int left = (int) Math.floor(sourceX);
        int top = (int) Math.floor(sourceY);
        double sum = 0;
        for (int r = top; r <= top + 1; r++) {
            for (int c = left; c <= left + 1; c++) {
                if (r >= 0 && r < height && c >= 0 && c < width) {
                    sum += pixels[r * width + c] * (1 - Math.abs(sourceX - c)) * (1 - Math.abs(sourceY - r));
                }
            }
        }
        return sum;
    }

    // ----------------------------------------------------------------------------------------------------- random changes

    @Test
    void theLookFollowsFromSeedEpochAndIndexAlone() {
        float[] pixels = pixels(3 * 784, 6);
        Set<Integer> looks = new HashSet<>();
        for (long seed : new long[] {0, 1, -1, Long.MAX_VALUE}) {
            for (int epoch = 0; epoch < 3; epoch++) {
                for (int index : new int[] {0, 1, 59_999, Integer.MAX_VALUE}) {
                    float[] look = new float[784];
                    ImageAugmentation.DIGITS.augment(pixels, 784, 28, 28, seed, epoch, index, look, 0);
                    float[] again = new float[1000];
                    ImageAugmentation.DIGITS.augment(pixels, 784, 28, 28, seed, epoch, index, again, 216);
                    assertArrayEquals(look, Arrays.copyOfRange(again, 216, 1000));
                    float[] inPlace = pixels.clone();
                    ImageAugmentation.DIGITS.augment(inPlace, 784, 28, 28, seed, epoch, index, inPlace, 784);
                    assertArrayEquals(look, Arrays.copyOfRange(inPlace, 784, 1568));
                    looks.add(Arrays.hashCode(look));
                }
            }
        }
        assertEquals(4 * 3 * 4, looks.size());
    }

    @Test
    void valuesStayInRange() {
        ImageAugmentation wild = new ImageAugmentation(10, 180, 0.9, 1);
        float[] out = new float[100];
        for (int i = 0; i < 2000; i++) {
            float[] pixels = pixels(100, i);
            pixels[i % 100] = 1;
            wild.augment(pixels, 0, 10, 10, 1, 0, i, out, 0);
            for (float value : out) {
                assertTrue(value >= 0 && value <= 1, () -> "pixel " + value);
            }
        }
    }

    /** Each range is the one that its name says, and each number of an image is of its own, from -1 to 1. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 59_999, Integer.MAX_VALUE})
    void everyRangeChangesInItsOwnWay(int index) {
        Rng rng = new Rng(11, "augmentation", 2);
        double[] u = new double[6];
        for (int j = 0; j < 6; j++) {
            u[j] = 2 * rng.uniform(6L * index + j) - 1;
        }
        float[] pixels = pixels(12 * 12, 8);
        float[] out = new float[12 * 12];
        new ImageAugmentation(3, 20, 0.3, 0.4).augment(pixels, 0, 12, 12, 11, 2, index, out, 0);
        assertArrayEquals(changed(pixels, 12, 12,
                new Change(3 * u[0], 3 * u[1], 20 * u[2], 1 + 0.3 * u[3], 1 + 0.3 * u[4], 0.4 * u[5])), out);
        assertEquals(new ImageAugmentation(2, 12, 0.1, 0.1), ImageAugmentation.DIGITS);
    }

    // ------------------------------------------------------------------------------------------------------ refusals

    @Test
    void refusesWhatIsOutOfRange() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> new ImageAugmentation(-1, 0, 0, 0), "shift must be 0 to", "Received: -1.0");
        assertRefused(type, () -> new ImageAugmentation(Double.NaN, 0, 0, 0), "shift", "NaN");
        assertRefused(type, () -> new ImageAugmentation(0, 181, 0, 0), "rotation must be 0 to 180", "Received: 181.0");
        assertRefused(type, () -> new ImageAugmentation(0, 0, 1, 0), "zoom must be 0 to 0.9", "Received: 1.0");
        assertRefused(type, () -> new ImageAugmentation(0, 0, 0, 1.5), "shear must be 0 to 1", "Received: 1.5");
        assertRefused(type, () -> new ImageAugmentation(0, 0, 0, 0, ImageAugmentation.Flip.NONE, -1, 0), "erase must be 0 to",
                "Received: -1");
        for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
            assertRefused(type, () -> new ImageAugmentation(0, 0, 0, 0, ImageAugmentation.Flip.NONE, 0, share),
                    "unchanged must be 0 to 1", "Received: " + share);
        }
        float[] four = new float[4];
        assertRefused(type, () -> NOTHING.augment(four, 0, 0, 4, 1, 1, 1, four, 0), "1 to 32768", "Received: 0 x 4");
        assertRefused(type, () -> NOTHING.augment(four, 0, 1, 40_000, 1, 1, 1, four, 0), "Received: 1 x 40000");
        assertRefused(IndexOutOfBoundsException.class, () -> NOTHING.augment(four, 1, 2, 2, 1, 1, 1, new float[9], 0));
        assertRefused(IndexOutOfBoundsException.class, () -> NOTHING.augment(four, 0, 2, 2, 1, 1, 1, four, 1));
    }

    // ------------------------------------------------------------------------------------------------------ examples

    private static Batch read(Examples examples, int epoch) {
        return Batches.of(examples, examples.count()).open(epoch).next();
    }

    @Test
    void examplesAreAugmentedAnewInEachEpoch() {
        Images images = ImagesTest.random(40, 1);
        ImageAugmentation augmentation = new ImageAugmentation(1, 20, 0.1, 0.1);
        Examples examples = new AugmentedImages(images, augmentation, 5);
        assertEquals(40, examples.count());
        assertEquals(images.spec(), examples.spec());
        float[] inputs = images.inputs().toArray();
        for (int epoch = 0; epoch < 2; epoch++) {
            Batch batch = read(examples, epoch);
            float[] expected = new float[inputs.length];
            for (int i = 0; i < 40; i++) {
                augmentation.augment(inputs, i * 35, 5, 7, 5, epoch, i, expected, i * 35);
            }
            assertEquals(Tensor.wrap(expected, 40, 35), batch.inputs().get(0));
            assertEquals(images.oneHot(), batch.targets().get(0));
        }
        assertFalse(read(examples, 0).inputs().equals(read(examples, 1).inputs()));
        assertEquals(read(examples, 1).inputs().get(0).slice(7, 9), read(examples.slice(7, 9), 1).inputs().get(0));
        assertEquals(images.inputs(), read(new AugmentedImages(images, NOTHING, 5), 3).inputs().get(0));
    }

    @Test
    void allChannelsChangeAlike() {
        int channels = 3;
        Rng rng = new Rng(2, "test", 0);
        float[] colours = new float[2 + 5 * 7 * channels];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = (float) rng.uniform(i);
        }
        ImageAugmentation augmentation = ImageAugmentation.DIGITS;
        float[] changed = new float[colours.length];
        augmentation.augment(colours, 2, 5, 7, channels, 4, 1, 9, changed, 1);
        for (int channel = 0; channel < channels; channel++) {
            float[] one = new float[5 * 7];
            for (int i = 0; i < one.length; i++) {
                one[i] = colours[2 + i * channels + channel];
            }
            augmentation.augment(one, 0, 5, 7, 4, 1, 9, one, 0);
            for (int i = 0; i < one.length; i++) {
                assertEquals(one[i], changed[1 + i * channels + channel]);
            }
        }
        augmentation.augment(colours, 2, 5, 7, channels, 4, 1, 9, colours, 2); // in place
        assertEquals(changed[1], colours[2]);
        Class<IndexOutOfBoundsException> outside = IndexOutOfBoundsException.class;
        assertThrows(outside, () -> augmentation.augment(colours, 3, 5, 7, channels, 4, 1, 9, changed, 0));
        assertThrows(outside, () -> augmentation.augment(colours, 0, 5, 7, channels, 4, 1, 9, changed, 3));
        assertThrows(IllegalArgumentException.class, () -> augmentation.augment(colours, 0, 5, 7, 0, 4, 1, 9, changed, 0));
    }
}
