package beras.data.image;

import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("data")
public class ImagesTest {

    /** Three images of 2 x 3; their pixels count up from 0 in steps of 15, so the last is 255. */
    private static Images three() {
        byte[] pixels = new byte[18];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 15);
        }
        return new Images(pixels, 2, 3, new byte[] {2, 0, 1}, 4);
    }

    /** Images of 5 x 7 with random pixels and labels of nine classes. */
    public static Images random(int count, long seed) {
        byte[] pixels = new byte[count * 35];
        byte[] labels = new byte[count];
        Rng rng = new Rng(seed, "images", 0);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) rng.bits(i);
        }
        for (int i = 0; i < count; i++) {
            labels[i] = (byte) ((rng.bits(pixels.length + i) >>> 1) % 9);
        }
        return new Images(pixels, 5, 7, labels, 9);
    }

    private static void read(Images images, int[] order, int from, int to, float[] x, float[] y) {
        int rows = to - from;
        List<Tensor> targets = y == null ? List.of() : List.of(Tensor.wrap(y, rows, y.length / rows));
        images.read(0, order, from, to, new Batch(List.of(Tensor.wrap(x, rows, x.length / rows)), targets, null));
    }

    @Test
    void tellsWhatItHolds() {
        Images images = three();
        assertEquals(3, images.count());
        assertEquals(2, images.height());
        assertEquals(3, images.width());
        assertTrue(images.labelled());
        assertEquals(Shape.of(6), images.inputShape());
        assertEquals(Shape.of(4), Shape.of(images.classes()));
        assertEquals(1, images.label(2));
        assertArrayEquals(new byte[] {90, 105, 120, (byte) 135, (byte) 150, (byte) 165}, images.pixels(1));
    }

    @Test
    void pixelsAreCopied() {
        Images images = three();
        images.pixels(0)[1] = 99;
        assertEquals(15, images.pixels(0)[1]);
    }

    @Test
    void tensorsHoldUnitFloatsAndLabels() {
        Images images = three();
        assertEquals(Tensor.generate(i -> i * 15 / 255f, 3, 6), images.inputs());
        assertEquals(1f, images.inputs().get(2, 5));
        assertEquals(Tensor.of(2, 0, 1), images.labels());
        assertEquals(Tensor.of(new float[][] {{0, 0, 1, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}}), images.oneHot());
    }

    @Test
    void readsInAnyOrderWhatTheTensorsHold() {
        Images images = random(200, 1);
        Tensor inputs = images.inputs();
        Tensor targets = images.oneHot();
        int[] order = new Rng(2, "order", 0).permutation(200);
        float[] x = new float[50 * 35];
        float[] y = new float[50 * 9];
        Arrays.fill(y, 7f); // a batch before left something
        read(images, order, 30, 80, x, y);
        for (int i = 0; i < 50; i++) {
            int image = order[30 + i];
            assertEquals(inputs.slice(image, image + 1), Tensor.wrap(Arrays.copyOfRange(x, i * 35, (i + 1) * 35), 1, 35));
            assertEquals(targets.slice(image, image + 1), Tensor.wrap(Arrays.copyOfRange(y, i * 9, (i + 1) * 9), 1, 9));
        }
    }

    @Test
    void slicesAreTheImagesOfThatRange() {
        Images images = random(40, 3);
        Images part = images.slice(10, 35).slice(5, 20);
        assertEquals(15, part.count());
        assertEquals(images.inputs().slice(15, 30), part.inputs());
        assertEquals(images.oneHot().slice(15, 30), part.oneHot());
        assertEquals(images.labels().slice(15, 30), part.labels());
        assertArrayEquals(images.pixels(29), part.pixels(14));
        float[] x = new float[35];
        read(part, new int[] {3}, 0, 1, x, null);
        assertEquals(images.inputs().slice(18, 19), Tensor.wrap(x, 1, 35));
        assertEquals(0, part.slice(15, 15).inputs().dim(0));
    }

    @Test
    void aSliceDoesNotReachItsNeighbours() {
        Images part = random(40, 3).slice(10, 20);
        assertRefused(IndexOutOfBoundsException.class, () -> part.slice(5, 11));
        assertRefused(IndexOutOfBoundsException.class, () -> part.pixels(10));
        assertRefused(IndexOutOfBoundsException.class, () -> part.label(-1));
        assertRefused(IndexOutOfBoundsException.class, () -> read(part, new int[] {10}, 0, 1, new float[35], null));
    }

    @Test
    void selectedImagesKeepTheirLabels() {
        Images part = random(40, 3).slice(10, 20);
        Images selected = part.select(7, 0, 7);
        assertEquals(3, selected.count());
        assertEquals(9, selected.classes());
        for (int i = 0; i < 3; i++) {
            int from = new int[] {7, 0, 7}[i];
            assertArrayEquals(part.pixels(from), selected.pixels(i));
            assertEquals(part.label(from), selected.label(i));
        }
        assertFalse(new Images(new byte[4], 1, 2, null, 0).select(1).labelled());
        assertRefused(IndexOutOfBoundsException.class, () -> part.select(10));
    }

    @Test
    void labelsMayBeReplacedEvenOnASlice() {
        Images part = random(4, 5).slice(1, 3);
        Images relabelled = part.withLabels(new byte[] {1, (byte) 255}, 256);
        assertEquals(part.inputs(), relabelled.inputs());
        assertEquals(255, relabelled.label(1));
        assertEquals(1f, relabelled.oneHot().get(1, 255));
    }

    @Test
    void withoutLabelsThereAreInputsOnly() {
        Images images = new Images(new byte[] {0, (byte) 255}, 1, 2, null, 0);
        assertFalse(images.labelled());
        assertEquals(Tensor.of(new float[][] {{0, 1}}), images.inputs());
        float[] x = new float[2];
        read(images, new int[] {0}, 0, 1, x, null);
        assertArrayEquals(new float[] {0, 1}, x);
        assertRefused(IllegalStateException.class, () -> read(images, new int[] {0}, 0, 1, x, new float[1]), "no labels");
        assertRefused(IllegalStateException.class, () -> images.label(0), "no labels");
        assertRefused(IllegalStateException.class, images::labels, "no labels");
        assertRefused(IllegalStateException.class, images::oneHot, "no labels");
    }

    @Test
    void refusesWhatDoesNotFit() {
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> new Images(new byte[7], 2, 3, null, 0), "2 x 3", "multiple of 6", "Received: 7");
        assertRefused(type, () -> new Images(new byte[0], 0, 3, null, 0), "at least 1", "Received: 0 x 3");
        assertRefused(type, () -> new Images(new byte[0], 1 << 20, 1 << 20, null, 0), "1048576 x 1048576");
        assertRefused(type, () -> new Images(new byte[12], 2, 3, new byte[3], 4), "2 images, 3 labels");
        assertRefused(type, () -> new Images(new byte[18], 2, 3, new byte[] {3, 4, 9}, 4), "0 to 3", "Received: 4 for image 1");
        assertRefused(type, () -> new Images(new byte[6], 2, 3, new byte[] {-1}, 255), "Received: 255 for image 0");
        assertRefused(type, () -> new Images(new byte[6], 2, 3, new byte[1], 0), "1 to 256", "Received: 0");
        assertRefused(type, () -> new Images(new byte[6], 2, 3, null, 257), "1 to 256", "Received: 257");
    }

    // ---------------------------------------------------------------------------------------------------------- colours

    @Test
    void channelsLieSideBySide() {
        Images images = new Images(new byte[] {0, 51, -1, 1, 2, 3, 9, 9, 9, 4, 5, 6}, 1, 2, 3, new byte[] {1, 0}, 2);
        assertEquals(2, images.count());
        assertEquals(3, images.channels());
        assertEquals(Shape.of(6), images.inputShape());
        assertEquals("1 x 2 x 3", images.sides());
        assertEquals(Tensor.wrap(new float[] {0, 51 / 255f, 1, 1 / 255f, 2 / 255f, 3 / 255f}, 1, 6), images.slice(0, 1).inputs());
        assertArrayEquals(new byte[] {9, 9, 9, 4, 5, 6}, images.select(1).pixels(0));
        assertEquals(3, images.withLabels(new byte[2], 1).channels());
        assertSame(images, images.compact());
        Class<IllegalArgumentException> type = IllegalArgumentException.class;
        assertRefused(type, () -> new Images(new byte[8], 1, 2, 3, null, 0), "1 x 2 x 3", "multiple of 6");
        assertRefused(type, () -> new Images(new byte[0], 30_000, 30_000, 3, null, 0), "30000 x 30000 x 3");
        assertRefused(type, () -> new Images(new byte[0], 1, 1, 0, null, 0), "1 x 1 x 0");
    }

    @Test
    void imagesWithoutColoursNeedOneChannel() {
        Images images = new Images(new byte[] {1, 2, 3, 7, 7, 7, 8, 8, 8}, 1, 1, 3, new byte[] {0, 1, 0}, 2);
        assertSame(images, images.compact());
        for (byte[] coloured : new byte[][] {{7, 7, 8}, {7, 8, 7}, {8, 7, 7}}) {
            assertEquals(3, new Images(coloured, 1, 1, 3, null, 0).compact().channels());
        }
        Images grey = images.slice(1, 3).compact();
        assertEquals(1, grey.channels());
        assertArrayEquals(new byte[] {7}, grey.pixels(0));
        assertArrayEquals(new byte[] {8}, grey.pixels(1));
        assertEquals(1, grey.label(0));
        assertSame(grey, grey.compact());
    }
}
