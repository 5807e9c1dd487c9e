package beras.digits;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.fuzz.Origin;
import beras.models.Model;
import beras.prediction.Calibration;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads pages that are made of MNIST's digits. {@code -Dberas.pages=100} sets how many of each kind, {@code -Dberas.pages.model=FILE}
 * the network, {@code -Dberas.pages.seed=11} another seed, and {@code -Dberas.pages.out=FILE} takes the results as CSV: of pages of test
 * digits, and of half as many of digits that the network was not trained on either, the last tenth of MNIST's training images (of
 * {@code train --validation-split 0.1}).
 */
@Tag("data")
@Tag("fuzz")
class PageReaderPagesTest {

    private static final int COUNT = Integer.getInteger("beras.pages", 8);
    private static final String OUT = System.getProperty("beras.pages.out");
    /**
     * One net, so that tests are quick; the guide recommends three with batch normalization. It is of {@code train --layers
     * conv:16x5:relu,padding=same,max_pool:2,conv:32x5:relu,max_pool:2,128:relu,dropout:0.2,10:softmax --augment
     * shift=2,rotate=12,zoom=0.1,shear=0.1,unchanged=0.33 --outliers 0.2 --validation-split 0.1 --epochs 8 --lr-schedule
     * cosine}, as its provenance says.
     */
    private static final Path NET = Path.of(System.getProperty("beras.pages.model", "src/test/resources/digits/digits.beras"));
    private static final long SEED = Long.getLong("beras.pages.seed", 3);
    private static final long HELD_OUT_SEED = 2;
    private static final long TILTED_SEED = 4;
    /** The least confidence that the guide recommends. */
    private static final double MIN_CONFIDENCE = 0.7;

    private static ImageSets mnist;
    private static PageReader reader;

    @BeforeAll
    static void load() throws IOException {
        mnist = ImageSets.load(Path.of("data"));
        reader = PageReader.of(ModelFile.load(NET));
    }

    private static Map<Pages.Kind, PageScore> read(Images digits, long seed, int count) {
        Map<Pages.Kind, PageScore> scores = new EnumMap<>(Pages.Kind.class);
        for (Pages.Kind kind : Pages.Kind.values()) {
            PageScore score = new PageScore();
            for (int i = 0; i < count; i++) {
                Pages.Page page = Pages.page(digits, kind, seed, i);
                score.add(page, reader.read(page.picture()));
            }
            scores.put(kind, score);
        }
        return scores;
    }

    private static PageScore all(Map<Pages.Kind, PageScore> scores) {
        PageScore all = new PageScore();
        scores.values().forEach(all::add);
        return all;
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void pagesOfEachKindAreRead() throws IOException {
        Map<Pages.Kind, PageScore> scores = read(mnist.test(), SEED, COUNT);
        if (OUT != null) {
            write(scores);
        }
        PageScore all = all(scores);
        assertEquals(Pages.Kind.values().length * COUNT, all.pages);
        assertTrue(scores.get(Pages.Kind.CLEAN).right() >= 0.95, () -> "of clean pages " + scores.get(Pages.Kind.CLEAN).right());
        assertTrue(all.right() >= 0.94, () -> "of all pages " + all.right());
        for (Pages.Kind kind : List.of(Pages.Kind.TILTED, Pages.Kind.SQUARED, Pages.Kind.TABLE,
                Pages.Kind.HAND, Pages.Kind.BOXES)) {
            assertTrue(scores.get(kind).right() >= 0.94, () -> "of pages " + kind + " " + scores.get(kind).right());
        }
        assertTrue(scores.get(Pages.Kind.WORDS).right() >= 0.92, () -> "of pages with words " + scores.get(Pages.Kind.WORDS).right());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"SQUARED", "TABLE", "HAND", "BOXES"})
    void pagesThatTheCameraSeesFromAsideAreRead(Pages.Kind kind) {
        PageScore score = new PageScore();
        int index = 0;
        for (double tilt : new double[] {-0.05, -0.02, -0.005, 0.005, 0.02, 0.05}) {
            for (boolean upper : new boolean[] {true, false}) {
                Pages.Page page = Pages.tilted(mnist.test(), kind, TILTED_SEED, index++, upper ? tilt : 0, upper ? 0 : tilt);
                score.add(page, reader.read(page.picture()));
            }
        }
        assertTrue(score.right() >= (kind == Pages.Kind.WORDS ? 0.85 : 0.94), () -> "of tilted pages " + kind + " " + score.right());
    }

    private static void write(Map<Pages.Kind, PageScore> scores) throws IOException {
        Images held = mnist.train().slice(mnist.train().count() * 9 / 10, mnist.train().count());
        Path file = Path.of(OUT);
        Files.writeString(file, Origin.line() + "digits_of,pages,count,digits,right,wrong,missed,added,lines,lines_right,things,min_confidence,sent,"
                + "false_sends,pages_sent,false_on_pages_sent\n");
        write(file, "held out", read(held, HELD_OUT_SEED, (COUNT + 1) / 2));
        write(file, "test", scores);
    }

    private static void write(Path file, String of, Map<Pages.Kind, PageScore> scores) throws IOException {
        for (Map.Entry<Pages.Kind, PageScore> entry : scores.entrySet()) {
            write(file, of, entry.getKey().name().toLowerCase(Locale.ROOT), entry.getValue());
        }
        Map<Pages.Kind, PageScore> ofDigits = new EnumMap<>(scores);
        ofDigits.remove(Pages.Kind.WORDS);
        write(file, of, "all without words", all(ofDigits));
    }

    private static void write(Path file, String of, String kind, PageScore score) throws IOException {
        Files.writeString(file, String.format(Locale.ROOT, "%s,%s,%d,%d,%.4f,%d,%d,%d,%d,%.4f,%d,%s,%.4f,%.4f,%d,%.4f%n", of, kind,
                score.pages, score.digits, score.right(), score.wrong, score.missed, score.added, score.lines,
                (double) score.linesRight / score.lines, score.things, MIN_CONFIDENCE,
                (double) score.sent(MIN_CONFIDENCE) / score.digits, score.falseSends(MIN_CONFIDENCE),
                score.pagesSent(MIN_CONFIDENCE), score.falseOnPagesSent(MIN_CONFIDENCE)), StandardOpenOption.APPEND);
    }

    /** The sun shines on a part with four straight sides, and on one that looks like light ink. */
    @ParameterizedTest
    @ValueSource(ints = {30, 49})
    void sunOnAPartOfAPageIsNoInk(int index) {
        PageScore score = new PageScore();
        Pages.Page page = Pages.page(mnist.test(), Pages.Kind.UNEVEN, SEED, index);
        score.add(page, reader.read(page.picture()));
        assertTrue(score.right() >= 0.9, () -> "right " + score.right());
    }

    @Test
    void aPageIsAFunctionOfItsSeed() {
        Pages.Page first = Pages.page(mnist.test(), Pages.Kind.NOISY, SEED, 5);
        Pages.Page again = Pages.page(mnist.test(), Pages.Kind.NOISY, SEED, 5);
        assertEquals(first.lines(), again.lines());
        for (int x = 0; x < first.picture().width(); x++) {
            assertEquals(first.picture().grey(x, 50), again.picture().grey(x, 50));
        }
    }

    /** As if a net had read it: by the same rules as the pages. */
    @Test
    void changesAreCountedAsTheyAre() {
        PageScore score = new PageScore();
        score.add(new Pages.Page(null, List.of("123", "45", "9"), 0), reading("1729", "45", "88", "9"));
        assertEquals(6, score.digits);
        assertEquals(2, score.linesRight);
        assertEquals(1, score.wrong);
        assertEquals(3, score.added);
        assertEquals(0, score.missed);
        assertEquals(9, score.sent(0));
        assertEquals(4.0 / 9, score.falseSends(0));
        assertEquals(1, score.pagesSent(0.9));
        assertEquals(4.0 / 9, score.falseOnPagesSent(0.9));
        assertEquals(0, score.pagesSent(0.91));
        List<Reading.Digit> unsure = List.of(new Reading.Digit(1, 0.5, new Box(0, 0, 1, 1)), new Reading.Digit(2, 0.9, new Box(0, 0, 1, 1)));
        score.add(new Pages.Page(null, List.of("12"), 0),
                new Reading(List.of(new Reading.Line(unsure)), List.of(), 0, 0.7, 0, 0, false));
        assertEquals(1, score.pagesSent(0.9), "a page with an unsure digit is not sent");
        assertEquals(2, score.pagesSent(0.5));
        assertEquals(4.0 / 11, score.falseOnPagesSent(0.5));
        PageScore less = new PageScore();
        less.add(new Pages.Page(null, List.of("123", "45", "9"), 0), reading("13", "9"));
        assertEquals(3, less.missed);
        assertEquals(0.5, less.right());
    }

    /** The net's own confidence tells what is a word or upside down; that of digits is calibrated. */
    @Test
    void aCalibrationChangesTheConfidenceOfDigitsAlone() throws IOException {
        Model net = ModelFile.load(NET).model();
        Picture page = Pages.page(mnist.test(), Pages.Kind.WORDS, 1, 0).picture();
        Reading plain = reader.reject(0).read(page);
        Config config = Config.of("Calibration").with("temperature", 3.0).with("examples", 1);
        PageReader calibrated = PageReader.of(new SavedModel(net).calibration(Calibration.of(config)));
        Reading reading = calibrated.reject(0).read(page);
        assertTrue(plain.words() > 0, "the page has words");
        assertEquals(plain.confidence(), reading.confidence());
        assertEquals(plain.words(), reading.words());
        assertEquals(plain.text(), reading.text());
        for (int i = 0; i < plain.digits().size(); i++) {
            assertTrue(reading.digits().get(i).confidence() < plain.digits().get(i).confidence());
        }
        double bound = 0.75;
        PageReader bounded = PageReader.of(new SavedModel(net).calibration(Calibration.of(
                config.with("bound", bound).with("outliers", 1).with("outliersBelow", 1))));
        assertEquals(calibrated.read(page), bounded.read(page), "the bound is for images that stand alone");
        assertTrue(bounded.reject(bound).read(page).digits().size() < bounded.read(page).digits().size());
        assertEquals(calibrated.reject(PageReader.REJECT).read(page), calibrated.read(page));
    }

    private static Reading reading(String... lines) {
        List<Reading.Line> read = new ArrayList<>();
        for (String line : lines) {
            read.add(new Reading.Line(line.chars().mapToObj(c -> new Reading.Digit(c - '0', 0.9, new Box(0, 0, 1, 1))).toList()));
        }
        return new Reading(read, List.of(), 0, 0.9, 0, 0, false);
    }
}
