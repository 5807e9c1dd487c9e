package beras.data.image;

import static beras.data.Refusals.assertBadData;
import static beras.data.Refusals.assertRefused;
import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.feed.Preprocessor;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Reshape;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.tensor.Shape;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import own.Edges;
import own.Forms;

/** Forms are found by their names, and those of others as well. */
@Tag("data")
class PictureFormTest {

    private static final Class<IllegalArgumentException> REFUSED = IllegalArgumentException.class;
    private static final Picture DOT = new Picture(1, 1, new byte[] {51});

    @Test
    void areFoundByTheirNames() {
        PictureForm digit = PictureForm.of("digit");
        assertSame(digit, PictureForm.of("digit"));
        assertSame(digit, PictureForm.ofGrey());
        assertTrue(digit.isOfGrey() && digit.showsInk());
        assertSame(PictureForm.SCALED, PictureForm.of("scaled"));
        assertFalse(PictureForm.SCALED.isOfGrey() || PictureForm.SCALED.showsInk());
        assertRefused(REFUSED, () -> PictureForm.of("Digit"), "[digit, scaled]. Received: Digit");
    }

    @ParameterizedTest
    @CsvSource({"digit, 28, 28, 1, true", "digit, 28, 28, 3, false", "digit, 28, 27, 1, false", "digit, 27, 28, 1, false",
        "scaled, 5, 7, 1, true", "scaled, 28, 28, 3, true", "scaled, 5, 7, 2, false", "scaled, 5, 7, 4, false"})
    void makeImagesOfTheirSize(String name, int height, int width, int channels, boolean makes) {
        assertEquals(makes, PictureForm.of(name).makes(height, width, channels));
    }

    @Test
    void otherSizesAreRefusedWithThatOfTheForm() {
        assertBadData(() -> PictureForms.pixels(PictureForm.of("digit"), DOT, 9, 8, 1, "a.png"),
                "a.png: a picture becomes an image of 28 x 28 in the form digit. Received: a model that takes images of 9 x 8. Give it");
        assertBadData(() -> PictureForms.pixels(PictureForm.SCALED, DOT, 9, 8, 4, "a.png"),
                "a.png: a picture becomes an image of 1 or 3 channels in the form scaled. Received: a model that takes images of 9 x 8 x 4. Give it");
        assertBadData(() -> PictureForms.pixels(new Edges(), DOT, 2, 1, 3, "a.png"), "an image of 1 x 2 x 3 in the form edges. Received: a model that takes images of 2 x 1 x 3");
    }

    @Test
    void onlySomeHaveOutliers() {
        Images images = ImagesTest.random(3, 1);
        assertRefused(REFUSED, () -> PictureForm.SCALED.withOutliers(images, images, 0.5, 1), "images of 5 x 7 in the form scaled");
        assertRefused(REFUSED, () -> PictureForm.of("digit").withOutliers(images, images, 0.5, 1), "28 x 28. Received: 5 x 7");
        for (double share : new double[] {0, -0.1, 1.1, Double.NaN}) {
            assertRefused(REFUSED, () -> PictureForm.requireOutlierShare(share), "above 0 and at most 1. Received: " + share);
        }
        assertEquals(1, PictureForm.requireOutlierShare(1));
    }

    /** Files of before forms had names: of digits, whose form they do not name. */
    @Test
    void filesThatNameNoFormAreOfGreyImages() throws IOException {
        ImagePreprocessor digits = (ImagePreprocessor) ModelFile.load(Path.of("src/test/resources/digits/digits.beras")).preprocessor()
                .orElseThrow();
        assertFalse(digits.config().has("pictures"));
        assertSame(PictureForm.of("digit"), digits.form());
        ImagePreprocessor named = (ImagePreprocessor) Preprocessor.of(digits.config().with("pictures", "digit"));
        assertSame(digits.form(), named.form());
        assertEquals("digit", named.config().text("pictures"));
    }

    @Test
    void modelsThatTellNoSidesTakeWhatGreyPicturesBecome() {
        ImagePreprocessor digits = ImagePreprocessor.ofGrey(new Sequential(new Input(784), new Dense(3))).orElseThrow();
        assertEquals("28 x 28 x 1, [0, 1, 2]", digits.height() + " x " + digits.width() + " x " + digits.channels() + ", " + digits.labels());
        assertEquals(Shape.of(3), digits.outputShape());
        for (Model other : List.of(new Sequential(new Input(783), new Dense(3)), new Sequential(new Input(28, 28), new Flatten(), new Dense(3)),
                new Sequential(new Input(784), new Dense(4), new Reshape(2, 2)))) {
            assertEquals(Optional.empty(), ImagePreprocessor.ofGrey(other), other::summary);
        }
    }

    @Test
    void ofOthersAreFoundOnTheClassPath(@TempDir Path folder) throws Exception {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(PictureForm.class.getName()), Edges.class.getName() + "\n");
        List<URL> classPath = new ArrayList<>(List.of(folder.toUri().toURL()));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Path.of(entry).toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader program = new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(program); // where preprocessors are looked for
            assertEquals(List.of("digit false", "edges [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]", "scaled [0.2, 0.2, 0.2, 0.0, 0.0, 0.0]"),
                    program.loadClass(Forms.class.getName()).getMethod("lines", String[].class)
                            .invoke(null, (Object) new String[] {"edges", "scaled"}));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void areFoundOnTheModulePath() throws Exception {
        Path classes = Path.of(PictureForm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> module = List.of("--module-path", classes.toString(), "--add-modules", "beras");
        assertEquals(List.of("digit true", "scaled [0.2, 0.2, 0.2, 0.0, 0.0, 0.0]"), FreshJvm.run(module, Forms.class, "scaled"));
    }
}
