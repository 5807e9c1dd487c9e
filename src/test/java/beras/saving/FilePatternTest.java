package beras.saving;

import static beras.training.FakeTraining.logs;
import static org.junit.jupiter.api.Assertions.*;

import beras.training.Logs;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected texts are what Python makes of the same formats. */
@Tag("saving")
class FilePatternTest {

    private static final Logs LOGS = logs("loss", 1.0 / 3, "val_loss", 12.125, "tiny", -0.00001234, "nan", Double.NaN);

    @ParameterizedTest
    @CsvSource(textBlock = """
            model.beras,                       model.beras
            {epoch},                           7
            {epoch:d},                         7
            {epoch:02d},                       07
            {epoch:02},                        07
            {epoch:3d},                        '  7'
            {epoch:010d}.beras,                0000000007.beras
            {loss:.2f},                        0.33
            {loss:f},                          0.333333
            {loss:.0f},                        0
            {loss:8.3f},                       '   0.333'
            {loss:08.3f},                      0000.333
            {loss:.3e},                        3.333e-01
            {loss:e},                          3.333333e-01
            {val_loss:.2f},                    12.12
            {val_loss:.3e},                    1.212e+01
            {val_loss},                        12.125
            {tiny:.1e},                        -1.2e-05
            {tiny:09.6f},                      -0.000012
            {nan:.2f},                         NaN
            m-{epoch:02d}-{val_loss:.1f}.beras, m-07-12.1.beras
            {{{epoch}}}{{x}},                  {7}{x}
            a+b(c)[d],                         a+b(c)[d]
            """)
    void namesAreAsPythonFormatsThem(String pattern, String expected) {
        FilePattern files = new FilePattern(pattern);
        assertEquals(Path.of(expected), files.file(6, LOGS));
        assertTrue(files.fits(expected), "fits itself");
    }

    @Test
    void theFolderIsTakenAsItIs() {
        FilePattern files = new FilePattern("/some/where/{epoch}");
        assertEquals(Path.of("/some/where"), files.folder);
        assertEquals(Path.of("/some/where/1"), files.file(0, LOGS));
        assertEquals(Path.of(""), new FilePattern("model").folder);
    }

    @ParameterizedTest
    @CsvSource({"{epoch:02d}.beras, 12.beras, true", "{epoch:02d}.beras, 123.beras, true", "{epoch}.beras, x.beras, false",
        "{epoch}.beras, 1.beras.bak, false", "{epoch}.beras, 1xberas, false", "m-{loss:.2f}, m-0.25, true",
        "m-{loss:.2f}, m--1e-3, true", "m-{loss:.2f}, m-best, false", "m-{loss:.2f}, m-, false", "m, m, true", "m, mm, false"})
    void namesFitThatAnEpochCouldGive(String pattern, String name, boolean fits) {
        assertEquals(fits, new FilePattern(pattern).fits(name));
    }

    @Test
    void theNameDoesNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(Path.of("07-0.33"), new FilePattern("{epoch:02d}-{loss:.2f}").file(6, LOGS));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "folder/", "{epoch", "epoch}", "{}", "{epoch:}x}", "{a b}", "{epoch:.2f}", "{epoch:02x}",
        "{epoch:0d}", "{loss:.2}", "{loss:d}", "{loss:.f}", "{loss:.100f}", "{loss:100.2f}", "{loss:,.2f}", "{epoch}/model",
        "a}b/model"})
    void otherPatternsAreRefused(String pattern) {
        Exception e = assertThrows(IllegalArgumentException.class, () -> new FilePattern(pattern));
        assertTrue(e.getMessage().endsWith("Received: \"" + pattern + "\""), e.getMessage());
    }

    @Test
    void aNumberThatIsNotInTheLogsIsRefusedNamingWhatThereIs() {
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> new FilePattern("{val_accuracy:.2f}").file(0, logs("loss", 1)));
        assertEquals("There is no val_accuracy in these logs, only [loss]", e.getMessage());
    }
}
