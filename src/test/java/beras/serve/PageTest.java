package beras.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.SavedModel;
import beras.training.FitOptions;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages in a real browser. With the system property {@code beras.pictures} naming a folder, what they look like is written
 * there.
 */
@Tag("serve")
@Timeout(240)
class PageTest {

    /** A three, in shares of the paper. */
    private static final double[][] THREE = {{.32, .25}, {.40, .18}, {.52, .16}, {.63, .21}, {.66, .30}, {.61, .40}, {.50, .46}, {.45, .47},
        {.53, .48}, {.64, .54}, {.68, .65}, {.63, .76}, {.52, .83}, {.40, .82}, {.31, .75}};

    @TempDir
    private static Path folder;

    private static Chromium browser;
    private static SavedModel digitsModel;
    private static ModelServer digits;
    private static ModelServer table;
    private static ModelServer amounts;

    @BeforeAll
    static void start() throws Exception {
        Chromium.require();
        Sequential model = new Sequential(1, new Input(784), new Dense(64, "relu"), new Dense(10, "softmax"));
        model.compile("adam", "categorical_crossentropy");
        model.fit(ImageSets.load(Path.of("data")).train(), new FitOptions().epochs(1));
        ServerOptions options = new ServerOptions().port(0);
        digitsModel = new SavedModel(model).preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10));
        digits = ModelServer.start(digitsModel, options);
        table = ModelServer.start(ServedModels.labels(), options);
        amounts = ModelServer.start(ServedModels.amounts(), options);
        browser = new Chromium(folder.resolve("profile"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            digits.close();
            table.close();
            amounts.close();
        }
    }

    private static void show(String name, int width, boolean dark) throws Exception {
        byte[] picture = browser.picture(width, dark);
        assertTrue(picture.length > 5000, name);
        String pictures = System.getProperty("beras.pictures");
        if (pictures != null) {
            Files.write(Files.createDirectories(Path.of(pictures)).resolve(name + ".png"), picture);
        }
    }

    private static void showAll(String name) throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {390, 1100}) {
                show(name + (dark ? "-dark-" : "-light-") + width, width, dark);
                double wide = browser.evaluate("document.documentElement.scrollWidth").getAsDouble();
                assertTrue(wide <= width, name + ": " + wide + " pixels wide on a screen of " + width);
            }
        }
    }

    /** All that the page has asked for was of its server, and the console is empty. */
    private static void assertClean(ModelServer server) {
        assertEquals(List.of(), browser.requested().stream()
                .filter(address -> !address.startsWith(server.address()) && !address.startsWith("data:")).toList());
        assertEquals(List.of(), browser.complaints());
    }

    private static JsonObject paper() throws Exception {
        return browser.evaluate("(() => { document.querySelector('#board').scrollIntoView({block: 'center'});"
                + " const box = document.querySelector('#board').getBoundingClientRect();"
                + " return {x: box.x, y: box.y, size: box.width}; })()").getAsJsonObject();
    }

    private interface Pointer {
        void at(String type, double x, double y) throws Exception;
    }

    private static void draw(Pointer pointer, String down, String move, String up) throws Exception {
        JsonObject paper = paper();
        double size = paper.get("size").getAsDouble();
        for (int i = 0; i < THREE.length; i++) {
            pointer.at(i == 0 ? down : move, paper.get("x").getAsDouble() + THREE[i][0] * size,
                    paper.get("y").getAsDouble() + THREE[i][1] * size);
        }
        pointer.at(up, paper.get("x").getAsDouble() + THREE[THREE.length - 1][0] * size,
                paper.get("y").getAsDouble() + THREE[THREE.length - 1][1] * size);
    }

    private static void awaitThree() throws Exception {
        browser.await("document.querySelector('#answer b')?.textContent === '3'");
    }

    @Test
    void aThreeThatIsDrawnIsReadAsThree() throws Exception {
        browser.picture(1100, false);
        browser.open(digits.address());
        browser.await("!document.querySelector('#images').hidden");
        assertEquals("A model of images of 28 × 28 pixels, with 10 labels", browser.text("#what"));

        draw(browser::mouse, "mousePressed", "mouseMoved", "mouseReleased");
        awaitThree();
        assertEquals(10, browser.evaluate("document.querySelectorAll('#labels li').length").getAsInt());
        assertTrue(browser.text("#labels .best .share").matches("\\d+\\.\\d%"), browser.text("#labels .best .share"));
        browser.await("!document.querySelector('#views').hidden");
        String seen = "document.querySelector('#seen').getContext('2d').getImageData(0, 0, 28, 28).data"
                + ".filter((value, i) => i % 4 === 3 && value > 128).length";
        int ink = browser.evaluate(seen).getAsInt();
        assertTrue(ink > 40 && ink < 300, ink + " pixels of ink");
        showAll("digit");

        browser.evaluate("document.querySelector('#clear').click()");
        browser.await("document.querySelector('#answer').textContent === '' && document.querySelector('#views').hidden");
        show("empty-dark-1100", 1100, true);
        show("empty-light-390", 390, false);
        draw(browser::touch, "touchStart", "touchMove", "touchEnd");
        awaitThree();
        browser.evaluate("document.querySelector('#undo').click()");
        browser.await("document.querySelector('#answer').textContent === ''");
        assertClean(digits);
    }

    @Test
    void theKeyboardDrawsToo() throws Exception {
        browser.open(digits.address());
        browser.await("!document.querySelector('#images').hidden");
        browser.evaluate("document.querySelector('#board').focus()");
        browser.key(" ", 32);
        for (int i = 0; i < 14; i++) {
            browser.key("ArrowDown", 40);
        }
        browser.await("document.querySelector('#answer b')?.textContent === '1'");
        browser.key("Backspace", 8);
        browser.await("document.querySelector('#answer').textContent === ''");
        browser.key("ArrowLeft", 37);
        assertEquals("", browser.text("#answer"), "the pen is up");
        assertClean(digits);
    }

    @Test
    void aPictureIsChosenAndOneOfNothingIsSaid() throws Exception {
        browser.open(digits.address());
        browser.await("!document.querySelector('#images').hidden");
        Path seven = folder.resolve("seven.png");
        BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setStroke(new BasicStroke(12));
        graphics.drawPolyline(new int[] {90, 170, 125}, new int[] {40, 40, 160}, 3);
        graphics.dispose();
        ImageIO.write(image, "png", seven.toFile());
        choose(seven);
        browser.await("document.querySelector('#answer b')?.textContent === '7'");
        choose(Files.writeString(folder.resolve("broken.png"), "no picture"));
        browser.await("document.querySelector('#problem').textContent.includes('expected a picture')");
        assertEquals("", browser.text("#answer"));
        assertEquals(1, browser.complaints().stream().filter(each -> each.contains("400 (Bad Request)")).count());
        assertEquals(1, browser.complaints().size(), () -> browser.complaints().toString());
    }

    /** Grey and smaller, with what it resembles most, none of the bars marked, and never 100 %. */
    @Test
    void whatIsNoDigitIsSaidToBeNone() throws Exception {
        try (ModelServer strict = ModelServer.start(digitsModel, new ServerOptions().port(0).reject(1))) {
            browser.open(strict.address());
            browser.await("!document.querySelector('#images').hidden");
            draw(browser::mouse, "mousePressed", "mouseMoved", "mouseReleased");
            browser.await("document.querySelector('#answer').textContent.includes('closest: 3')");
            assertTrue(browser.text("#answer").matches("no digit closest: 3, \\d+\\.\\d%"), browser.text("#answer"));
            assertFalse(browser.text("#answer").contains("100"));
            assertEquals(0, browser.evaluate("document.querySelectorAll('#labels .best').length").getAsInt());
            String colour = "getComputedStyle(document.querySelector('%s')).color";
            assertEquals(browser.evaluate(String.format(colour, "#draw-help")), browser.evaluate(String.format(colour, "#answer b")));
            showAll("no-digit");
            assertClean(strict);
        }
    }

    @Test
    void aModelOfColoursTakesPicturesAndNothingIsDrawn() throws Exception {
        Path green = folder.resolve("green.png");
        BufferedImage image = new BufferedImage(40, 60, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.GREEN);
        graphics.fillOval(5, 10, 30, 40);
        graphics.dispose();
        ImageIO.write(image, "png", green.toFile());
        try (ModelServer colours = ModelServer.start(ServedModels.colours(), new ServerOptions().port(0))) {
            browser.open(colours.address());
            browser.await("!document.querySelector('#images').hidden");
            assertEquals("Choose a picture", browser.text("#draw-title"));
            draw(browser::mouse, "mousePressed", "mouseMoved", "mouseReleased");
            assertEquals("", browser.text("#answer"), "nothing can be drawn");
            choose(green);
            browser.await("document.querySelector('#answer b')?.textContent === 'green'");
            show("colours", 900, false);
            assertClean(colours);
        }
    }

    private static void choose(Path file) throws Exception {
        int root = browser.send("DOM.getDocument", "{}").getAsJsonObject("root").get("nodeId").getAsInt();
        int input = browser.send("DOM.querySelector", "{'nodeId':" + root + ",'selector':'#file'}").get("nodeId").getAsInt();
        browser.send("DOM.setFileInputFiles", "{'nodeId':" + input + ",'files':['" + file + "']}");
    }

    @Test
    void theFormOfATablePredicts() throws Exception {
        browser.open(table.address());
        browser.await("document.querySelector('#answer b')");
        assertEquals("A model of a table: it predicts kind", browser.text("#what"));
        assertEquals("[\"size, cm\",\"preis\",\"colour\",\"when\"]",
                browser.evaluate("[...document.querySelectorAll('#fields label')].map(label => label.textContent)").toString());
        assertEquals(3, browser.evaluate("document.querySelectorAll('#labels li').length").getAsInt());
        String first = browser.text("#labels");
        browser.evaluate("(() => { const field = document.querySelector('#fields input'); field.value = '9.5';"
                + " field.dispatchEvent(new Event('change', {bubbles: true})); })()");
        browser.await("document.querySelector('#labels').textContent !== " + new JsonPrimitive(first));
        showAll("table");
        assertClean(table);
        browser.open(amounts.address());
        browser.await("document.querySelector('#answer b')");
        assertTrue(browser.text("#answer").matches("-?[\\d.]+ price"), browser.text("#answer"));
        assertClean(amounts);
    }

    @Test
    void everyFieldHasItsLabel() throws Exception {
        for (ModelServer server : List.of(digits, table)) {
            browser.open(server.address());
            browser.await("!document.querySelector('#images').hidden || document.querySelector('#answer b')");
            assertEquals("[]", browser.evaluate("[...document.querySelectorAll('input, select, button, canvas')]"
                    + ".filter(each => !each.labels?.length && !each.textContent.trim() && !each.getAttribute('aria-label'))"
                    + ".map(each => each.outerHTML)").toString());
            assertFalse(browser.evaluate("document.documentElement.lang").getAsString().isEmpty());
        }
    }

    @Test
    void thePageForProgramsShowsAllPaths() throws Exception {
        browser.open(digits.address() + "api");
        browser.await("document.querySelectorAll('#operations h2').length > 0");
        assertEquals("[\"POST /predict\",\"POST /explain\",\"GET /model\",\"GET /healthz\",\"GET /metrics\"]",
                browser.evaluate("[...document.querySelectorAll('#operations h2')].map(title => title.textContent)").toString());
        showAll("api");
        assertClean(digits);
    }
}
