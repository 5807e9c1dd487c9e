package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import beras.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class ImageSetsTest {

    private static final Path DATA = Path.of("data");

    /** The real data. */
    @Nested
    class TheFilesHere {

        @ParameterizedTest
        @CsvSource({
            "train-images-idx3-ubyte.gz, ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "train-labels-idx1-ubyte.gz, 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "t10k-images-idx3-ubyte.gz, 0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "t10k-labels-idx1-ubyte.gz, ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"})
        void areTheOriginals(String name, String sha256) throws IOException, NoSuchAlgorithmException {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(DATA.resolve(name)))) {
                byte[] sum = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes());
                assertEquals(sha256, HexFormat.of().formatHex(sum));
            }
        }

        @Test
        void holdTheKnownDigits() throws IOException {
            ImageSets mnist = ImageSets.load(DATA);
            assertDigits(mnist.train(), new int[] {5, 0, 4, 1, 9, 2, 1, 3, 1, 4},
                    new int[] {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
            assertDigits(mnist.test(), new int[] {7, 2, 1, 0, 4, 1, 4, 9, 5, 9},
                    new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
        }

        private void assertDigits(Images images, int[] firstTen, int[] counts) {
            int[] first = new int[10];
            int[] counted = new int[10];
            for (int i = 0; i < images.count(); i++) {
                if (i < 10) {
                    first[i] = images.label(i);
                }
                counted[images.label(i)]++;
            }
            assertArrayEquals(firstTen, first);
            assertArrayEquals(counts, counted);
        }
    }

    /** Small sets in the same form. */
    @Nested
    class AnyFolder {

        @TempDir
        Path folder;

        private final Images train = ImagesTest.random(30, 1);
        private final Images test = ImagesTest.random(20, 2);

        private byte[] labels(Images images) {
            byte[] labels = new byte[images.count()];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = (byte) images.label(i);
            }
            return labels;
        }

        private void write(String separator, String end) throws IOException {
            WrittenImages.idx(folder.resolve("train-images" + separator + "idx3-ubyte" + end), train);
            WrittenImages.idx(folder.resolve("train-labels" + separator + "idx1-ubyte" + end), labels(train));
            WrittenImages.idx(folder.resolve("t10k-images" + separator + "idx3-ubyte" + end), test);
            WrittenImages.idx(folder.resolve("t10k-labels" + separator + "idx1-ubyte" + end), labels(test));
        }

        @ParameterizedTest
        @CsvSource({"-, ''", "-, .gz", "., ''", "., .gz"})
        void isFoundUnderTheUsualNames(String separator, String end) throws IOException {
            write(separator, end);
            ImageSets mnist = ImageSets.load(folder);
            assertEquals(train.inputs(), mnist.train().inputs());
            assertEquals(train.labels(), mnist.train().labels());
            assertEquals(test.inputs(), mnist.test().inputs());
            assertEquals(test.labels(), mnist.test().labels());
            assertEquals(Shape.of(10), Shape.of(mnist.test().classes()));
        }

        @Test
        void mustBeThere() throws IOException {
            Path nowhere = folder.resolve("nowhere");
            assertBadData(() -> ImageSets.load(nowhere), nowhere.toString(), "does not exist");
            Path file = Files.createFile(folder.resolve("file"));
            assertBadData(() -> ImageSets.load(file), file.toString(), "Received: a file");
        }

        @ParameterizedTest
        @ValueSource(strings = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"})
        void mustHoldAllFour(String name) throws IOException {
            write("-", "");
            Files.delete(folder.resolve(name));
            assertBadData(() -> ImageSets.load(folder), folder + ":", name + ",", name + ".gz", name.replace("-idx", ".idx"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"train", "t10k"})
        void needsALabelForEachImage(String set) throws IOException {
            write("-", "");
            Images images = set.equals("train") ? train : test;
            Path labels = folder.resolve(set + "-labels-idx1-ubyte");
            WrittenImages.idx(labels, new byte[images.count() - 1]);
            assertBadData(() -> ImageSets.load(folder), labels.toString(), "expected " + images.count() + " labels",
                    set + "-images-idx3-ubyte", "Received: " + (images.count() - 1));
        }

        @Test
        void needsLabelsThatAreDigits() throws IOException {
            write("-", "");
            Path path = folder.resolve("t10k-labels-idx1-ubyte");
            byte[] labels = labels(test);
            labels[7] = 10;
            labels[9] = -1;
            WrittenImages.idx(path, labels);
            assertBadData(() -> ImageSets.load(folder), path.toString(), "byte 15", "0 to 9", "Received: 10 for image 7");
        }

        /** As EMNIST has them: the labels to train on tell how many classes there are. */
        @Test
        void mayHaveMoreClasses() throws IOException {
            write("-", "");
            byte[] many = labels(train);
            for (int i = 0; i < many.length; i++) {
                many[i] = (byte) (1 + i % 26); // letters, of which none is 0
            }
            Path toTrain = folder.resolve("train-labels-idx1-ubyte");
            WrittenImages.idx(toTrain, many);
            ImageSets letters = ImageSets.load(folder);
            assertEquals(27, letters.train().classes());
            assertEquals(27, letters.test().classes());
            assertEquals(26, letters.train().label(25));
            many[3] = 28;
            WrittenImages.idx(toTrain, many);
            assertBadData(() -> ImageSets.load(folder), toTrain.toString(), "byte 11: expected a label from 0 to 26",
                    "no image to train on has 27", "Received: 28 for image 3");
        }

        @Test
        void needsImagesOfOneSize() throws IOException {
            write("-", "");
            Path path = folder.resolve("t10k-images-idx3-ubyte");
            WrittenImages.idx(path, new Images(new byte[20 * 36], 6, 6, null, 0));
            assertBadData(() -> ImageSets.load(folder), path.toString(), "bytes 8 to 15", "5 x 7", "Received: 6 x 6");
        }

        @ParameterizedTest
        @ValueSource(strings = {"train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"})
        void namesTheDamagedFile(String name) throws IOException {
            write("-", ".gz");
            Path path = folder.resolve(name);
            byte[] bytes = Files.readAllBytes(path);
            bytes[bytes.length / 2] ^= 16;
            Files.write(path, bytes);
            assertBadData(() -> ImageSets.load(folder), path.toString());
            assertTrue(Idx.labels(folder.resolve("train-labels-idx1-ubyte.gz")).length > 0, "the others are fine");
        }
    }
}
