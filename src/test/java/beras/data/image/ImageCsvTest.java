package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class ImageCsvTest {

    /** Two images of 2 x 2, of labels 7 and 0. */
    private static final String TWO = "7,0,1,2,255\n0,4,5,6,7\n";
    private static final String HEADER = "label,1x1,1x2,2x1,2x2\n";

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("images.csv"), text);
    }

    private static void assertTwo(Images images) {
        assertEquals(2, images.count());
        assertEquals(2, images.height());
        assertEquals(2, images.width());
        assertEquals(Tensor.of(7, 0), images.labels());
        assertArrayEquals(new byte[] {0, 1, 2, (byte) 255}, images.pixels(0));
        assertArrayEquals(new byte[] {4, 5, 6, 7}, images.pixels(1));
        assertEquals(Shape.of(10), Shape.of(images.classes()));
    }

    // ------------------------------------------------------------------------------------------------ good files

    @ParameterizedTest
    @ValueSource(strings = {
        TWO,
        HEADER + TWO,
        "label,0,1,2,256\n" + TWO, // columns named by numbers
        "label,0,1,2,3\n" + TWO, // as pandas does
        "label,1,2,3,4\n" + TWO,
        "\uFEFF" + TWO,
        "\uFEFF" + HEADER + TWO,
        "7,0,1,2,255\r\n0,4,5,6,7\r\n",
        "\uFEFFlabel,1x1,1x2,2x1,2x2\r\n7,0,1,2,255\r\n0,4,5,6,7\r\n",
        "7,0,1,2,255\r0,4,5,6,7",
        "\n7,0,1,2,255\n\n0,4,5,6,7\n\n",
        "7, 0,\t1 ,2,255\n0,4,5,6,7",
        "\"7\",\"0\",\"1\",\"2\",\"255\"\n0,4,5,6,7",
        "\"label\",\"a,b\",\"c\",\"d\",\"e\"\n" + TWO})
    void readsWhatProgramsWrite(String text) throws IOException {
        assertTwo(ImageCsv.read(file(text), 10));
    }

    @Test
    void readsGzip() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write((HEADER + TWO).getBytes(StandardCharsets.UTF_8));
        }
        assertTwo(ImageCsv.read(Files.write(folder.resolve("images.csv"), packed.toByteArray()), 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0,1,2,255\n4,5,6,7\n", "pixel0,pixel1,pixel2,pixel3\n0,1,2,255\n4,5,6,7\n"})
    void aSquareNumberOfColumnsIsPixelsAlone(String text) throws IOException {
        Images images = ImageCsv.read(file(text), 10);
        assertFalse(images.labelled());
        assertEquals(2, images.count());
        assertArrayEquals(new byte[] {0, 1, 2, (byte) 255}, images.pixels(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"images.csv", "images.csv.gz"})
    void readsWhatOthersWrite(String name) throws IOException {
        Images wide = ImagesTest.random(20, 1); // 5 x 7; the same pixels make 28 images of 5 x 5
        byte[] pixels = new byte[20 * 35];
        byte[] labels = new byte[28];
        for (int i = 0; i < 20; i++) {
            System.arraycopy(wide.pixels(i), 0, pixels, i * 35, 35);
            labels[i] = (byte) wide.label(i);
        }
        Path path = folder.resolve(name);
        Images labelled = new Images(pixels, 5, 5, labels, 9);
        WrittenImages.csv(path, labelled);
        Images read = ImageCsv.read(path, 9);
        assertEquals(labelled.inputs(), read.inputs());
        assertEquals(labelled.oneHot(), read.oneHot());

        Images unlabelled = new Images(pixels, 5, 5, null, 0).slice(3, 9);
        WrittenImages.csv(path, unlabelled);
        read = ImageCsv.read(path, 9);
        assertEquals(unlabelled.inputs(), read.inputs());
        assertFalse(read.labelled());

        Images dots = new Images(pixels, 1, 1, null, 0);
        WrittenImages.csv(path, dots);
        assertEquals(dots.inputs(), ImageCsv.read(path, 9).inputs());
    }

    /** Written as CSV and read again, the test images of MNIST are what they were. */
    @Test
    void bringsMnistThereAndBack() throws IOException {
        Images test = Mnist.load(Path.of("data")).test().slice(0, 2000);
        Path path = folder.resolve("mnist_test.csv");
        WrittenImages.csv(path, test);
        Images read = ImageCsv.read(path, 10);
        assertEquals(test.labels(), read.labels());
        assertEquals(test.inputs(), read.inputs());
    }

    // ------------------------------------------------------------------------------------------------- bad files

    private void assertBad(String text, String... facts) throws IOException {
        Path path = file(text);
        assertBadData(() -> ImageCsv.read(path, 10), path.toString());
        assertBadData(() -> ImageCsv.read(path, 10), facts);
    }

    @Test
    void refusesAFileWithoutImages() throws IOException {
        assertBad("", "empty file");
        assertBad("\uFEFF\n\n", "empty file");
        assertBad(HEADER, "a header in line 1 alone");
        Path missing = folder.resolve("missing.csv");
        assertBadData(() -> ImageCsv.read(missing, 10), missing.toString(), "no such file");
        assertBadData(() -> ImageCsv.read(folder, 10), folder.toString(), "a folder");
    }

    @Test
    void refusesAShortLine() throws IOException {
        assertBad("7,0,1,2,255\n0,4,5,6\n", "line 2: expected 5 columns, as in line 1", "Received: 4, the last is column 4.");
        assertBad(HEADER + "7,0,1,2,255\n0,4,5,6", "line 3: expected 5 columns", "the last is column 4 (2x1)");
    }

    @Test
    void refusesALongLine() throws IOException {
        assertBad(HEADER + "7,0,1,2,255\r\n0,4,5,6,7,8\r\n", "line 3: expected 5 columns", "Received: 6", "column 5 (2x2)");
    }

    @Test
    void refusesAnImpossibleNumberOfColumns() throws IOException {
        assertBad("7,0,1\n", "line 1", "784", "785", "Received: 3 columns");
        assertBad("label,a,b,c,d,e\n7,0,1,2,3,4\n", "line 1", "Received: 6 columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "", " ", "1.0", "-1", "256", "99999999999", "NaN", "2 3"})
    void refusesWhatIsNoPixel(String cell) throws IOException {
        assertBad(TWO + "\n1,2," + cell + ",4,5\n", "line 4, column 3: expected a pixel", "0 to 255",
                "Received: \"" + cell.strip() + "\"");
        assertBad(HEADER + TWO + "1,2,3,4," + cell, "line 4, column 5 (2x2): expected a pixel",
                "Received: \"" + cell.strip() + "\"");
    }

    @Test
    void refusesWhatIsNoPixelInTheFirstLine() throws IOException {
        assertBad("7,0,x,2,255\n", "line 1, column 3", "Received: \"x\"");
    }

    @Test
    void refusesWhatIsNoLabel() throws IOException {
        assertBad(TWO + "10,1,2,3,4\n", "line 3, column 1: expected a label", "0 to 9", "Received: \"10\"");
        assertBad(HEADER + TWO + "seven,1,2,3,4\n", "line 4, column 1 (label): expected a label", "Received: \"seven\"");
    }

    /** A header has no good pixels: this is a line with a mistake, and skipping it would lose an image. */
    @Test
    void doesNotTakeAMistypedLabelForAHeader() throws IOException {
        assertBad("7a,0,1,2,255\n0,4,5,6,7\n", "line 1, column 1: expected a label", "Received: \"7a\"");
    }

    @Test
    void showsOnlyTheStartOfALongCell() throws IOException {
        assertBad("7,0,1,2," + "z".repeat(1000), "Received: \"" + "z".repeat(30) + "...\"");
    }

    @Test
    void refusesAQuoteThatNeverEnds() throws IOException {
        assertBad(TWO + "7,0,\"1,2,255\n0,4,5,6,7\n", "expected CSV", "line 3");
    }

    @Test
    void refusesDamagedGzip() throws IOException {
        Path path = folder.resolve("images.csv.gz");
        Images images = Mnist.load(Path.of("data")).test().slice(0, 200);
        WrittenImages.csv(path, images);
        byte[] bytes = Files.readAllBytes(path);
        assertTrue(bytes.length > 10_000);
        Files.write(path, Arrays.copyOf(bytes, bytes.length - 100));
        assertBadData(() -> ImageCsv.read(path, 10), path.toString(), "gzip data is cut off");
    }

    @Test
    void needsANumberOfClasses() throws IOException {
        Path path = file(TWO);
        assertRefused(IllegalArgumentException.class, () -> ImageCsv.read(path, 0), "1 to 256", "Received: 0");
    }
}
