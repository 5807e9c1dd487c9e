package beras.digits;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.data.image.PictureForm;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("data")
class PageReaderTest {

    private static final int ODD_PAGES = Integer.getInteger("beras.fuzz", 300);
    private static Images digits;
    private static Model net;
    private static PageReader reader;

    @BeforeAll
    static void load() throws IOException {
        digits = ImageSets.load(Path.of("data")).test();
        net = ModelFile.load(Path.of("src/test/resources/digits/digits.beras")).model();
        reader = PageReader.of(ModelFile.load(Path.of("src/test/resources/digits/digits.beras")));
    }

    /** Paper on which nothing is drawn yet, 0 to 255. */
    private static final class Sheet {

        private final int width;
        private final int height;
        private final byte[] grey;

        Sheet(int width, int height, int paper) {
            this.width = width;
            this.height = height;
            this.grey = new byte[width * height];
            Arrays.fill(grey, (byte) paper);
        }

        void dark(int left, int top, int wide, int high) {
            fill(left, top, wide, high, 30);
        }

        void fill(int left, int top, int wide, int high, int level) {
            for (int y = Math.max(0, top); y < Math.min(height, top + high); y++) {
                for (int x = Math.max(0, left); x < Math.min(width, left + wide); x++) {
                    grey[y * width + x] = (byte) level;
                }
            }
        }

        /** A line from one point to another, four pixels thick. */
        void stroke(int left, int top, int right, int bottom) {
            int steps = Math.max(Math.abs(right - left), Math.abs(bottom - top));
            for (int i = 0; i <= steps; i++) {
                dark(left + (right - left) * i / steps - 2, top + (bottom - top) * i / steps - 2, 4, 4);
            }
        }

        /** A digit of the test, each of its pixels a square; of 28 x 28 such squares. */
        void digit(int index, int left, int top, int side) {
            byte[] pixels = digits.pixels(index);
            for (int p = 0; p < pixels.length; p++) {
                for (int i = 0; i < side * side; i++) {
                    int at = (top + p / 28 * side + i / side) * width + left + p % 28 * side + i % side;
                    grey[at] = (byte) Math.min(grey[at] & 0xff, 230 - (pixels[p] & 0xff) * 200 / 255);
                }
            }
        }

        Picture picture() {
            return new Picture(width, height, grey);
        }

        Reading read() {
            return reader.read(picture());
        }
    }

    @Test
    void digitsStandInTheirLines() {
        Sheet sheet = new Sheet(500, 300, 230);
        for (int i = 0; i < 12; i++) {
            sheet.digit(20 + i, 20 + i % 6 * 70, 20 + i / 6 * 100, 2);
        }
        Reading reading = sheet.read();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            text.append(i == 6 ? "\n" : "").append(digits.label(20 + i));
        }
        assertEquals(text.toString(), reading.text());
        assertEquals(12, reading.digits().size());
        assertEquals(0, reading.others().size());
        Reading.Digit first = reading.lines().get(0).digits().get(0);
        assertTrue(first.confidence() > 0.9 && first.confidence() <= 1);
        assertTrue(first.box().left() > 20 && first.box().right() < 20 + 56, () -> "" + first);
        assertTrue(first.box().top() > 20 && first.box().bottom() < 20 + 56, () -> "" + first);
    }

    /** A stroke of the height of digits is one, a lower one is none, though it has the same form. */
    @ParameterizedTest
    @CsvSource({"38, 1", "25, 0"})
    void aStrokeIsA1IfItIsAsHighAsDigits(int high, int ones) {
        Sheet sheet = new Sheet(400, 200, 230);
        for (int i = 0; i < 4; i++) {
            sheet.digit(20 + i, 20 + i * 90, 40, 2);
        }
        sheet.dark(94, 48, 4, high);
        Reading reading = sheet.read();
        assertEquals(digits.label(20) + "1".repeat(ones) + digits.label(21) + digits.label(22) + digits.label(23), reading.text());
        assertEquals(1 - ones, reading.others().size());
        assertEquals(reading.text(), reader.reject(0).read(sheet.picture()).text());
    }

    /** A is a 4 with a leg, and V two 1s with one foot. */
    @ParameterizedTest
    @ValueSource(strings = {"90,84,107,46 107,46,124,84 98,66,116,66", "90,84,109,46 109,46,128,84 97,70,121,70",
            "90,46,104,84 104,84,118,46", "90,46,110,84 110,84,130,46"})
    void aLetterIsNotCutIntoDigits(String strokes) {
        Sheet sheet = new Sheet(420, 200, 230);
        for (int i = 0; i < 4; i++) {
            sheet.digit(32 + i, (i == 0 ? 20 : 60) + i * 90, 40, 2);
        }
        for (String stroke : strokes.split(" ")) {
            int[] ends = Arrays.stream(stroke.split(",")).mapToInt(Integer::parseInt).toArray();
            sheet.stroke(ends[0], ends[1], ends[2], ends[3]);
        }
        Reading reading = sheet.read();
        assertEquals("3472", reading.text());
        assertFalse(reading.others().isEmpty(), "the letter is on the page");
    }

    /** As long as both pieces are digits, a mark may be cut. */
    @Test
    void digitsThatTouchAreCutApart() {
        Box first = fourDigits(90).read().digits().get(0).box();
        Box second = fourDigits(90).read().digits().get(1).box();
        Reading touching = fourDigits(90 - (second.left() - first.right()) - 3).read();
        assertEquals("3472", touching.text());
        assertTrue(touching.digits().get(1).box().left() <= touching.digits().get(0).box().right(), touching::toString);
    }

    /** Digits 3, 4, 7 and 2, the second of which is so far from the first. */
    private static Sheet fourDigits(int apart) {
        Sheet sheet = new Sheet(420, 200, 230);
        for (int i = 0; i < 4; i++) {
            sheet.digit(32 + i, 20 + (i == 1 ? apart : 90 * i), 40, 2);
        }
        return sheet;
    }

    /** Points beside digits, as on meters, leave them what they are, whether they are taken for a part of them or not. */
    @Test
    void aPointBesideADigitDoesNotChangeIt() {
        Sheet sheet = fourDigits(90);
        for (Reading.Digit digit : fourDigits(90).read().digits()) {
            sheet.dark(digit.box().right() + 5, digit.box().bottom() - 9, 9, 9);
        }
        Reading reading = sheet.read();
        assertEquals("3472", reading.text());
        assertTrue(reading.digits().stream().allMatch(digit -> digit.confidence() > 0.9), reading::toString);
        assertFalse(reading.others().isEmpty(), "points are no specks");
    }

    /** Sure digits stay, though something else on the page could be read as more of them in light ink. */
    @Test
    void twoSureDigitsAreNotReadInOtherInk() {
        PageReader stubborn = PageReader.of(pixels -> {
            Tensor outputs = Tensor.zeros(pixels.dim(0), 10);
            for (int i = 0; i < pixels.dim(0); i++) {
                outputs.data()[10 * i + 7] = 0.8f;
            }
            return outputs;
        });
        Sheet sheet = new Sheet(400, 400, 128);
        sheet.dark(20, 60, 20, 40);
        sheet.dark(70, 60, 20, 40);
        for (int i = 0; i < 4; i++) {
            sheet.fill(180 + i % 2 * 100, 60 + i / 2 * 200, 20, 40, 180);
        }
        assertEquals("77", stubborn.read(sheet.picture()).text());
    }

    /** Paper beyond a shadow, which is half of the page, looks like light ink, with one stroke in it. */
    @Test
    void digitsInADarkShadowAreRead() throws IOException {
        double right = right(List.of("41717386", "1097045667", "95126377501", "576453400350"),
                reader.read(Picture.read(Path.of("src/test/resources/digits/shadow.jpg"))));
        assertTrue(right >= 0.9, () -> right + " of the digits are right");
    }

    @Test
    void aPageOfThreeHundredDigitsIsRead() {
        Sheet sheet = new Sheet(1300, 1000, 230);
        for (int i = 0; i < 300; i++) {
            sheet.digit(i, 10 + i % 20 * 62, 10 + i / 20 * 64, 2);
        }
        List<String> lines = new ArrayList<>();
        for (int line = 0; line < 15; line++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                text.append(digits.label(line * 20 + i));
            }
            lines.add(text.toString());
        }
        Reading reading = sheet.read();
        assertEquals(15, reading.lines().size());
        double right = right(lines, reading);
        assertTrue(right >= 0.96, () -> right + " of 300 digits are right");
    }

    /** The share of the digits that are read at their place in their line. */
    private static double right(List<String> lines, Reading reading) {
        String[] read = reading.text().split("\n");
        int right = 0;
        for (int i = 0; i < Math.min(lines.size(), read.length); i++) {
            for (int at = 0; at < Math.min(lines.get(i).length(), read[i].length()); at++) {
                right += lines.get(i).charAt(at) == read[i].charAt(at) ? 1 : 0;
            }
        }
        return (double) right / String.join("", lines).length();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 254, 255})
    void onPaperOfOneColourIsNothing(int grey) {
        for (int[] sides : new int[][] {{1, 1}, {1, 500}, {500, 1}, {3, 2}, {28, 28}, {300, 200}}) {
            Reading reading = new Sheet(sides[0], sides[1], grey).read();
            assertEquals(0, reading.lines().size() + reading.others().size());
            assertEquals("", reading.text());
        }
    }

    @Test
    void inNoiseIsNothing() {
        Rng rng = new Rng(1, "test", 0);
        byte[] noise = new byte[300 * 200];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) Math.max(0, Math.min(255, 150 + 20 * rng.normal(i)));
        }
        assertEquals(0, reader.read(new Picture(300, 200, noise)).digits().size());
    }

    @Test
    void ruledLinesAndAFrameAreNothing() {
        Sheet sheet = new Sheet(600, 400, 220);
        for (int line = 0; line < 6; line++) {
            sheet.dark(0, 40 + 60 * line, 600, 2);
        }
        sheet.dark(30, 0, 2, 400);
        assertEquals(0, sheet.read().digits().size());
    }

    /** Strokes that reach over much of the page are no 1s, and digits beside them no specks, whether level rules cross them or not. */
    @ParameterizedTest
    @CsvSource({"false, 5", "true, 5", "false, 9"})
    void rulesOfATableAreNoOnes(boolean level, int thick) {
        Sheet sheet = new Sheet(900, 800, 230);
        for (int i = 0; i < 12; i++) {
            sheet.digit(20 + i, 130 + i % 4 * 100, 120 + i / 4 * 150, 2);
        }
        String expected = sheet.read().text();
        for (int i = 0; i < 5; i++) {
            sheet.dark(100 + i * 100, 90, thick, 460);
            sheet.dark(100, 90 + i * 150, level && i < 4 ? 400 : 0, thick);
        }
        assertEquals(expected, sheet.read().text());
    }

    /** One side of them is as dark as they are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 8})
    void edgesOfAShadowAreNoOnes(int softness) {
        Sheet sheet = new Sheet(900, 700, 230);
        for (int i = 0; i < 12; i++) {
            sheet.digit(20 + i, 30 + i % 6 * 70, 30 + i / 6 * 100, 2);
        }
        String expected = sheet.read().text();
        for (int i = 0; i < sheet.grey.length; i++) {
            double outside = StrictMath.hypot(i % 900 - 600, i / 900 - 520) - 150;
            sheet.grey[i] = (byte) ((sheet.grey[i] & 0xff) * (1 - 0.25 / (1 + StrictMath.exp(outside / softness))));
        }
        assertEquals(expected, sheet.read().text());
    }

    /** Any stroke may be a 1, so that a line of nothing else is unsure. */
    @ParameterizedTest
    @CsvSource({"1, 0.5", "7, 1"})
    void aLineOf1sIsDoubted(int digit, double confidence) {
        assertEquals(List.of(confidence, confidence, confidence), sameOutput(digit, 1).digits().stream().map(Reading.Digit::confidence).toList());
    }

    /** A net that is as sure of all marks the other way up leaves it open, unless it is very sure. */
    @ParameterizedTest
    @CsvSource({"0.9, true", "0.95, false", "0.5, false"})
    void aPageMayBeUpsideDown(float confidence, boolean mayBe) {
        Reading reading = sameOutput(7, confidence);
        assertEquals(mayBe, reading.mayBeUpsideDown());
        assertEquals(mayBe, reading.fields(Reading.Line::text, Object::toString).get("mayBeUpsideDown"));
    }

    /** What a net reads that takes all three marks of a page for one digit. */
    private static Reading sameOutput(int digit, float confidence) {
        Sheet sheet = new Sheet(400, 200, 230);
        for (int i = 0; i < 3; i++) {
            sheet.dark(40 + 100 * i, 60, 30, 50);
        }
        return PageReader.of(pixels -> {
            Tensor outputs = Tensor.zeros(pixels.dim(0), 10);
            for (int i = 0; i < pixels.dim(0); i++) {
                outputs.data()[10 * i + digit] = confidence;
            }
            return outputs;
        }).read(sheet.picture());
    }

    /** Each line has its own slope, as the camera stands aside: no stroke of them is a 1. */
    @ParameterizedTest
    @ValueSource(doubles = {-0.05, -0.02, -0.006, 0.006, 0.02, 0.05})
    void squaredPaperSeenFromAsideIsNothing(double tilt) {
        byte[] grey = new byte[600 * 500];
        for (int i = 0; i < grey.length; i++) {
            double x = 300 + (i % 600 - 300) * (1 + 2 * tilt * (i / 600) / 500);
            double away = Math.min(Math.abs(x % 30 - 15), Math.abs(i / 600 % 30 - 15));
            grey[i] = (byte) (away < 1 ? 130 : 235);
        }
        assertEquals(List.of(), reader.read(new Picture(600, 500, grey)).digits());
    }

    private static Picture turned(Picture picture, int quarters) {
        Picture turned = picture;
        for (int i = 0; i < quarters; i++) {
            Picture from = turned;
            byte[] grey = new byte[from.width() * from.height()];
            for (int at = 0; at < grey.length; at++) {
                grey[at] = (byte) from.grey(at / from.height(), from.height() - 1 - at % from.height());
            }
            turned = new Picture(from.height(), from.width(), grey);
        }
        return turned;
    }

    /** It is read as it is, but not trusted, and the reading has the turn that makes it upright. */
    @Test
    void aPageThatIsNotUprightIsNotTrusted() {
        Sheet sheet = new Sheet(700, 300, 230);
        for (int i = 0; i < 18; i++) {
            sheet.digit(20 + i, 20 + i % 9 * 70, 20 + i / 9 * 100, 2);
        }
        Picture upright = new Picture(700, 300, sheet.grey);
        assertEquals(0, reader.read(upright).turn());
        for (int quarters = 1; quarters < 4; quarters++) {
            Reading reading = reader.read(turned(upright, quarters));
            assertEquals(360 - 90 * quarters, reading.turn());
            assertFalse(reading.isOfDigits());
        }
    }

    /** A few digits that may be either way up stay as they are. */
    @Test
    void aPageStaysAsItIsIfNoDirectionIsMuchLikelier() {
        Sheet sheet = new Sheet(300, 120, 230);
        int zero = digits.label(3) == 0 ? 3 : 10;
        assertEquals(0, digits.label(zero));
        sheet.digit(zero, 30, 30, 2);
        assertEquals(0, reader.read(turned(new Picture(300, 120, sheet.grey), 2)).turn());
    }

    /**
     * Marks of which the net is unsure and that stand close are a word, unless they are so small that it is unsure of digits,
     * too.
     */
    @ParameterizedTest
    @CsvSource({"16, 6, 0", "19, 6, 0", "20, 0, 1", "40, 0, 1"})
    void smallDigitsAreNoWord(int height, int digits, int words) {
        Sheet sheet = new Sheet(400, 200, 230);
        for (int i = 0; i < 6; i++) {
            sheet.dark(20 + i * (height / 2 + 3 * height / 10 + (height < 20 ? 1 : 0)), 60, height / 2, height);
        }
        Reading reading = PageReader.of(pixels -> {
            Tensor outputs = Tensor.full(0.04f, pixels.dim(0), 10);
            for (int i = 0; i < pixels.dim(0); i++) {
                outputs.data()[10 * i + 5] = 0.64f;
            }
            return outputs;
        }).read(new Picture(400, 200, sheet.grey));
        assertEquals(digits, reading.digits().size(), reading::toString);
        assertEquals(words, reading.words());
    }

    @Test
    void aTextureIsRefused() {
        Sheet sheet = new Sheet(2000, 1600, 230);
        for (int i = 0; i < 99 * 79; i++) { // in no straight lines, which would be ruled ones
            int column = i % 99;
            int row = i / 99;
            sheet.dark(4 + 20 * column + 7 * row % 11, 4 + 20 * row + 7 * column % 11, 8, 9);
        }
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, sheet::read);
        assertTrue(e.getMessage().contains("at most 400 marks. Received: 7821 marks"), e::getMessage);
    }

    /** Anything may be on a picture: it is read, or refused as said. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void oddPagesAreReadOrRefused() {
        PageReader unsure = PageReader.of(pixels -> {
            Tensor outputs = Tensor.zeros(pixels.dim(0), 10);
            for (int i = 0; i < pixels.dim(0); i++) {
                outputs.data()[10 * i + i % 10] = i % 7 / 7f;
            }
            return outputs;
        });
        int read = 0;
        for (int i = 0; i < ODD_PAGES; i++) {
            Picture picture = OddPages.page(i);
            try {
                Reading reading = unsure.read(picture);
                read += reading.digits().isEmpty() ? 0 : 1;
                for (Reading.Digit digit : reading.digits()) {
                    assertTrue(digit.box().left() >= 0 && digit.box().right() <= picture.width() && digit.box().top() >= 0
                            && digit.box().bottom() <= picture.height(), "page " + i);
                    assertTrue((digit.confidence() >= PageReader.REJECT || !reading.isOfDigits()) && digit.value() >= 0 && digit.value() < 10);
                }
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().contains("marks"), "page " + i + ": " + e.getMessage());
            }
        }
        assertTrue(read > ODD_PAGES / 20, "digits were found on " + read + " pages");
    }

    @Test
    void anotherNetAndAnotherBoundAreRefused() {
        Model small = new Sequential(1, new Input(20), new Dense(10, "softmax"));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new PageReader(small));
        assertTrue(e.getMessage().contains("28 x 28") && e.getMessage().contains("Received: inputs of shapes [(20,)]"), e::getMessage);
        Model letters = new Sequential(1, new Input(784), new Dense(26, "softmax"));
        assertThrows(IllegalArgumentException.class, () -> new PageReader(letters));
        for (double bound : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> reader.reject(bound));
        }
        PageReader broken = PageReader.of(pixels -> Tensor.full(Float.NaN, pixels.dim(0), 10));
        Sheet sheet = new Sheet(100, 100, 230);
        sheet.digit(0, 20, 20, 2);
        assertThrows(IllegalArgumentException.class, () -> broken.read(new Picture(100, 100, sheet.grey)));
    }

    private static Sheet sixDigits() {
        Sheet sheet = new Sheet(500, 200, 230);
        for (int i = 0; i < 6; i++) {
            sheet.digit(i, 20 + i * 70, 60, 2);
        }
        return sheet;
    }

    @Test
    void aHigherBoundLeavesMoreOut() {
        Reading strict = reader.reject(1).read(sixDigits().picture());
        assertTrue(strict.digits().size() < 6);
        assertEquals(6, strict.digits().size() + strict.others().size());
    }

    @Test
    void readingCanBeStoppedBeforeTheNetIsAsked() {
        Picture page = sixDigits().picture();
        AtomicInteger asked = new AtomicInteger();
        PageReader counted = PageReader.of(pixels -> {
            asked.incrementAndGet();
            return Tensor.zeros(pixels.dim(0), PageReader.CLASSES);
        });
        AtomicInteger looks = new AtomicInteger();
        assertThrows(CancellationException.class, () -> counted.stopped(() -> looks.incrementAndGet() > 0).read(page));
        assertEquals(0, asked.get());
        assertEquals(1, looks.get());
        assertEquals(counted.read(page), counted.stopped(() -> false).read(page));
        assertTrue(asked.get() > 0);
    }

    @Test
    void aModelOfOtherClassesThanDigitsReadsNoPages() {
        Picture page = sixDigits().picture();
        assertEquals(new PageReader(net).read(page), PageReader.of(new SavedModel(net)).read(page));
        ImagePreprocessor numbers = ImagePreprocessor.ofNumbers(28, 28, 10);
        assertEquals(new PageReader(net).read(page), PageReader.of(new SavedModel(net).preprocessor(numbers)).read(page));
        List<String> names = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "nine");
        SavedModel named = new SavedModel(net).preprocessor(new ImagePreprocessor(28, 28, 1, new DigitForm(), names, 10));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> PageReader.of(named)).getMessage()
                .contains("Received: class 9 is nine"));
        SavedModel scaled = new SavedModel(net).preprocessor(new ImagePreprocessor(28, 28, 1, PictureForm.SCALED, numbers.labels(), 10));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> PageReader.of(scaled)).getMessage().contains("pictures in the form"));
    }

    /** Such as a brace before two lines, or the stroke between two columns. */
    @ParameterizedTest
    @CsvSource({"20, 150", "230, 150", "440, 260"})
    void aMarkAsTallAsSeveralLinesIsNoDigit(int left, int height) {
        Sheet sheet = new Sheet(500, 320, 230);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            sheet.digit(20 + i, 30 + i % 4 * 45 + (i % 4 > 1 ? 120 : 0), 20 + i / 4 * 90, 2);
            text.append(i > 0 && i % 4 == 0 ? "\n" : "").append(digits.label(20 + i));
        }
        Reading without = sheet.read();
        assertEquals(text.toString(), without.text());
        sheet.dark(left, 25, 5, height);
        Reading with = sheet.read();
        assertEquals(text.toString(), with.text());
        assertEquals(List.of(), with.others());
    }
}
