package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class ImageFilesTest {

    private static final ImagePreprocessor MEANING = ImagePreprocessor.ofNumbers(28, 28, 10);

    @TempDir
    Path folder;

    private final Images images = new Images(new byte[] {9, 8, 7, 6, 5, 4, 3, 2}, 2, 2, new byte[] {(byte) 200, 3}, 256);

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz", "images.csv"})
    void opensIdxWhateverItsName(String name) throws IOException {
        Path path = folder.resolve(name);
        WrittenImages.idx(path, images);
        assertEquals(images.inputs(), ImageFiles.open(path, MEANING).inputs());
        assertFalse(ImageFiles.open(path, MEANING).labelled());
    }

    @Test
    void refusesEverythingElse() throws IOException {
        Path path = folder.resolve("file");
        Files.write(path, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n'});
        assertBadData(() -> ImageFiles.open(path, MEANING), path.toString(), "expected a picture as PNG, JPEG, BMP or GIF");
        Files.write(path, new byte[] {(byte) 0x89, 'P', 'N', 'D', '\r', '\n'});
        assertBadData(() -> ImageFiles.open(path, MEANING), path.toString(), "Received: another format. Convert it");
        Files.writeString(path, "9,8,7,6\n");
        assertBadData(() -> ImageFiles.open(path, MEANING), path.toString(), "Received: text, which is no picture", "IDX, .npy or .npz");
        Files.write(path, new byte[0]);
        assertBadData(() -> ImageFiles.open(path, MEANING), path.toString(), "an empty file");
        WrittenImages.idx(path, new byte[] {1, 2, 3});
        assertBadData(() -> ImageFiles.open(path, MEANING), path.toString(), "00 00 08 03", "Received: 00 00 08 01");
        assertBadData(() -> ImageFiles.open(folder, MEANING), folder.toString(), "a folder");
    }

    /** What telephones and browsers save is named, and not taken for a broken file of another format. */
    @ParameterizedTest
    @CsvSource({"a WebP picture, 52494646 7a000000 57454250 56503820", "a HEIC picture, 00000018 66747970 68656963 00000000",
            "a HEIC picture, 0000001c 66747970 6d696631 00000000", "an AVIF picture, 00000020 66747970 61766966 00000000",
            "a TIFF picture, 49492a00 08000000 00000000", "a TIFF picture, 4d4d002a 00000008 00000000"})
    void picturesOfOtherFormatsAreNamed(String format, String bytes) throws IOException {
        Path path = Files.write(folder.resolve("file"), HexFormat.of().parseHex(bytes.replace(" ", "")));
        assertBadData(() -> ImageFiles.open(path, MEANING), path.toString(), "Received: " + format + ". Convert it");
        assertBadData(() -> Picture.read(path), path.toString(), "Received: " + format + ". Convert it");
    }

    @ParameterizedTest
    @CsvSource({"'', an empty file", "<!DOCTYPE html>, 'text, which is no picture'", "x, 'text, which is no picture'"})
    void filesThatHoldNoPictureAreNamed(String text, String what) throws IOException {
        Path path = Files.writeString(folder.resolve("a.png"), text);
        assertBadData(() -> Picture.read(path), path.toString(), "Received: " + what);
    }
}
