package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.ImagePreprocessor;
import beras.data.image.ImageSets;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.digits.Box;
import beras.digits.PageReader;
import beras.digits.Reading;
import beras.layers.Dense;
import beras.layers.Input;
import beras.models.Sequential;
import beras.saving.ModelFile;
import beras.saving.SavedModel;
import beras.tables.TableModel;
import beras.tables.TableTraining;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
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
@Tag("process")
@Timeout(240)
class PageTest {

    /** A three, in shares of the paper. */
    private static final double[][] THREE = {{.32, .25}, {.40, .18}, {.52, .16}, {.63, .21}, {.66, .30}, {.61, .40}, {.50, .46}, {.45, .47},
        {.53, .48}, {.64, .54}, {.68, .65}, {.63, .76}, {.52, .83}, {.40, .82}, {.31, .75}};

    /** A net that reads pages. */
    private static final Path PAGES = Path.of("src/test/resources/digits/digits.beras");

    @TempDir
    private static Path folder;

    private static Chromium browser;
    private static SavedModel digitsModel;
    private static ModelServer digits;
    private static ModelServer table;
    private static ModelServer values;

    @BeforeAll
    static void start() throws Exception {
        Chromium.require();
        Sequential model = new Sequential(1, new Input(784), new Dense(64, "relu"), new Dense(10, "softmax"));
        model.compile("adam", "categorical_crossentropy");
        model.fit(ImageSets.load(Path.of("data")).train(), new FitOptions().epochs(1));
        ServerOptions options = new ServerOptions().port(0);
        digitsModel = new SavedModel(model).preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10));
        digits = ModelServer.start(digitsModel, options.about(Map.of("file", "digits.beras", "saved", "2026-12-01T14:02:00Z", "data", "data",
                "examples", "60000", "measured", Map.of("test_loss", 0.0712, "test_accuracy", 0.97859))));
        table = ModelServer.start(ServedModels.labels(), options);
        values = ModelServer.start(ServedModels.values(), options);
        browser = new Chromium(folder.resolve("profile"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
            digits.close();
            table.close();
            values.close();
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
                assertAccessible(name + (dark ? ", dark, " : ", light, ") + width);
            }
        }
    }

    /** Each of these needs a name. */
    private static final Set<String> NAMED = Set.of("button", "link", "textbox", "combobox", "checkbox", "slider", "progressbar",
            "image", "application", "tab", "tabpanel", "tablist", "dialog", "Date", "DateTime", "spinbutton");

    /** What axe-core calls a violation and can be told without it: names, references, contrast, the size of what is pressed. */
    private static final String FAULTS = """
            (() => {
              const faults = [];
              const all = [...document.querySelectorAll('body *')].filter(each => each.checkVisibility());
              const rgb = colour => colour.match(/[\\d.]+/g).map(Number);
              const light = colour => [.2126, .7152, .0722].reduce((sum, share, i) => sum + share * (colour[i] / 255 <= .04045
                  ? colour[i] / 255 / 12.92 : ((colour[i] / 255 + .055) / 1.055) ** 2.4), 0);
              const ground = each => { const colour = rgb(getComputedStyle(each).backgroundColor);
                return colour[3] === 0 ? each.parentElement ? ground(each.parentElement) : [255, 255, 255] : colour; };
              for (const each of all) {
                const style = getComputedStyle(each);
                const hasText = [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim());
                if (hasText && !each.closest('svg, [aria-hidden]')) {
                  const [less, more] = [light(rgb(style.color)), light(ground(each))].sort((one, other) => one - other);
                  const size = parseFloat(style.fontSize);
                  const least = size >= 24 || size >= 18.6 && style.fontWeight >= 700 ? 3 : 4.5;
                  if ((more + .05) / (less + .05) < least) {
                    faults.push(`contrast ${((more + .05) / (less + .05)).toFixed(2)}: ${each.outerHTML.slice(0, 200)}`);
                  }
                }
                for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'for']) {
                  (each.getAttribute(name) ?? '').split(' ').filter(id => id && !document.getElementById(id))
                      .forEach(id => faults.push(`${name}: there is no ${id}`));
                }
                const box = each.getBoundingClientRect();
                if (each.matches('button, input:not([type=file])') && (box.width < 24 || box.height < 24)
                    && !each.matches('label input')) {
                  faults.push(`small: ${each.outerHTML.slice(0, 200)}`);
                }
              }
              const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
              faults.push(...ids.filter((id, i) => ids.indexOf(id) < i).map(id => `two of ${id}`));
              if (!document.documentElement.lang || !document.title) {
                faults.push('no language or title');
              }
              return faults;
            })()""";

    /** With the system property {@code beras.axe} naming axe.min.js, all that it checks, too. */
    private static void assertAccessible(String what) throws Exception {
        assertEquals("[]", browser.evaluate(FAULTS).toString(), what);
        for (JsonElement each : browser.send("Accessibility.getFullAXTree", "{}").getAsJsonArray("nodes")) {
            JsonObject node = each.getAsJsonObject();
            if (!node.get("ignored").getAsBoolean() && NAMED.contains(node.getAsJsonObject("role").get("value").getAsString())) {
                assertTrue(node.has("name") && !node.getAsJsonObject("name").get("value").getAsString().isBlank(),
                        what + ": " + node);
            }
        }
        String axe = System.getProperty("beras.axe");
        if (axe != null) {
            browser.evaluate("{" + Files.readString(Path.of(axe)) + "}; null");
            assertEquals("[]", browser.evaluate("axe.run().then(found => found.violations.map(each =>"
                    + " [each.id, each.nodes.map(node => [node.html.slice(0, 200), node.failureSummary])]))").toString(), what);
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
        assertTrue(browser.text("#who").matches("digits\\.beras, saved \\d+ (Nov|Dec) 2026, \\d\\d:02, trained on data \\(60,000 examples\\),"
                + " test accuracy 97\\.8%"), browser.text("#who"));

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

    // -------------------------------------------------------------------------------------------------------- pages

    /** Two lines of test digits on white, each several times as large as in MNIST. */
    private static BufferedImage writtenPage(int times, int grain) throws IOException {
        Images digits = ImageSets.load(Path.of("data")).test();
        BufferedImage page = new BufferedImage(260 * times, 140 * times, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 12; i++) {
            byte[] pixels = digits.pixels(i);
            int left = times * (20 + i % 6 * 38);
            int top = times * (20 + i / 6 * 60);
            for (int at = 0; at < times * times * pixels.length; at++) {
                int x = at % (28 * times);
                int y = at / (28 * times);
                page.setRGB(left + x, top + y, 0x10101 * (pixels[y / times * 28 + x / times] & 0xff));
            }
        }
        Random random = new Random(1);
        for (int y = 0; y < page.getHeight(); y++) {
            for (int x = 0; x < page.getWidth(); x++) {
                int level = 235 - (page.getRGB(x, y) & 0xff) * 8 / 10;
                page.setRGB(x, y, 0x10101 * (level + (grain == 0 ? 0 : random.nextInt(grain))));
            }
        }
        return page;
    }

    private static Path written(String name, BufferedImage page) throws IOException {
        Path file = folder.resolve(name);
        assertTrue(ImageIO.write(page, name.substring(name.indexOf('.') + 1), file.toFile()));
        return file;
    }

    /** What is read of a file without a browser, line by line. */
    private static Reading readHere(Path file) throws IOException {
        return PageReader.of(ModelFile.load(PAGES)).read(Picture.read(file));
    }

    private static long asked(String path) {
        return browser.requested().stream().filter(address -> address.endsWith(path)).count();
    }

    private static void awaitPage() throws Exception {
        browser.await("!document.querySelector('#reading').hidden");
    }

    private static void setBound(double bound) throws Exception {
        browser.evaluate("(() => { const minimum = document.querySelector('#minimum'); minimum.value = " + bound
                + "; minimum.dispatchEvent(new Event('input', {bubbles: true})); })()");
    }

    private static int count(String selector) throws Exception {
        return browser.evaluate("document.querySelectorAll('" + selector + "').length").getAsInt();
    }

    @Test
    void aPageIsReadWithBoxesLinesAndABoundThatWorksAtOnce() throws Exception {
        Path file = written("page.png", writtenPage(2, 8));
        Reading expected = readHere(file);
        assertEquals(2, expected.lines().size(), expected::text);
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0))) {
            browser.picture(1100, false);
            browser.open(pages.address());
            browser.await("!document.querySelector('#images').hidden");
            choose(file);
            awaitPage();
            assertEquals(expected.text(), browser.text("#text"));
            assertEquals(expected.digits().size(), count("#boxes g[data-index]"));
            Box box = expected.digits().get(0).box();
            assertEquals("520 280 " + box.left() + " " + box.top() + " " + box.width() + " " + box.height(),
                    browser.evaluate("(() => { const view = document.querySelector('#boxes').viewBox.baseVal;"
                    + " const box = document.querySelector('#boxes g[data-index] rect');"
                    + " return [view.width, view.height,"
                    + " ...['x', 'y', 'width', 'height'].map(name => box.getAttribute(name))].join(' '); })()")
                    .getAsString());
            assertTrue(browser.evaluate("document.querySelector('#board').hidden").getAsBoolean());
            showAll("page");

            long requests = browser.requested().size();
            setBound(1);
            int unsure = (int) expected.digits().stream().filter(digit -> digit.confidence() < 1).count();
            assertTrue(unsure > 0 && unsure == count("#text .unsure") && unsure == count("#boxes .unsure"), unsure + " unsure"
                    + " digits");
            assertTrue(browser.text("#read").endsWith(", " + unsure + " of them unsure"), browser.text("#read"));
            browser.evaluate("document.querySelector('#marks').click()");
            assertEquals(unsure, browser.text("#text").chars().filter(each -> each == '?').count());
            setBound(PageReader.REJECT);
            assertEquals(0, count("#text .unsure"));
            assertEquals(expected.text(), browser.text("#text"));
            assertTrue(browser.text("#read").endsWith("all of them sure"), browser.text("#read"));
            assertEquals(requests, browser.requested().size(), "the bound asks for nothing");

            browser.evaluate("document.querySelector('#clear').click()");
            browser.await("document.querySelector('#reading').hidden && !document.querySelector('#board').hidden");
            draw(browser::mouse, "mousePressed", "mouseMoved", "mouseReleased");
            browser.await("document.querySelector('#answer b')");
            assertEquals(1, asked("/read"), "what is drawn is one digit");
            assertClean(pages);
        }
    }

    /** Whoever waits sees it, and can stop it by keyboard. */
    @Test
    void whatIsComputedIsSaidAndCanBeStopped() throws Exception {
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0))) {
            browser.open(pages.address());
            browser.await("!document.querySelector('#images').hidden");
            // an answer takes long enough to be seen
            browser.evaluate("window.fetch = (fetched => (path, options) => new Promise((done, fail) => {"
                    + " options.signal.addEventListener('abort', () => fail(options.signal.reason));"
                    + " window.answered = () => done(fetched(path, options)); }))(window.fetch)");
            choose(written("page.png", writtenPage(2, 8)));
            browser.await("document.querySelector('#doing').textContent.startsWith('Reading the page')");
            assertEquals("true", browser.evaluate("document.querySelector('#result').ariaBusy").getAsString());
            browser.await("document.querySelector('#seconds').textContent === '1 s'");
            showAll("page-busy");
            browser.evaluate("document.querySelector('#stop').focus()");
            browser.key("Enter", 13);
            browser.await("document.querySelector('#problem').textContent === 'Stopped'");
            assertEquals("false", browser.evaluate("document.querySelector('#result').ariaBusy").getAsString());
            assertEquals("result-title", browser.evaluate("document.activeElement.id").getAsString());
            assertTrue(browser.evaluate("document.querySelector('#busy').hidden").getAsBoolean());
            choose(written("page.png", writtenPage(2, 8)));
            browser.await("document.querySelector('#doing').textContent.startsWith('Reading the page')");
            browser.evaluate("window.answered()");
            awaitPage();
            assertClean(pages);
        }
    }

    /** A visitor sees a prediction after one click, or one key. */
    @Test
    void examplesAreReadWithOneClick() throws Exception {
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0))) {
            browser.picture(1100, false);
            browser.open(pages.address());
            browser.await("!document.querySelector('#examples').hidden");
            showAll("examples");
            List<String> names = browser.evaluate("[...document.querySelectorAll('.example')].map(each => each.ariaLabel)")
                    .getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
            assertEquals(List.of("Try the digit 3", "Try the digit 5", "Try the digit 8", "Try a table", "Try a sudoku"), names);
            for (int i = 0; i < 3; i++) {
                press("[aria-label=\"" + names.get(i) + "\"]");
                browser.await("document.querySelector('#answer b')?.textContent === '" + names.get(i).charAt(14) + "'");
            }
            showAll("example-digit");
            press("[aria-label=\"Try a table\"]");
            awaitPage();
            showAll("example-table");
            assertEquals("45   790  12\n308  ·    64\n27   516  83\n9    142  70", browser.text("#text"));
            assertEquals("45,790,12\r\n308,,64\r\n27,516,83\r\n9,142,70\r\n", saved("csv", "table.csv"));
            JsonObject json = JsonParser.parseString(saved("json", "table.json")).getAsJsonObject();
            assertEquals("45\t790\t12\n308\t\t64\n27\t516\t83\n9\t142\t70", json.get("text").getAsString());
            assertEquals("[\"308\",\"\",\"64\"]", json.getAsJsonArray("rows").get(1).toString());
            JsonObject line = json.getAsJsonArray("lines").get(1).getAsJsonObject();
            assertEquals("30864", line.get("text").getAsString());
            assertEquals(Set.of("digit", "confidence", "byHand", "box"),
                    line.getAsJsonArray("digits").get(0).getAsJsonObject().keySet());
            press("#gaps", " ");
            assertEquals("4579012\n30864\n2751683\n914270", browser.text("#text"));
            assertEquals("4579012\r\n30864\r\n2751683\r\n914270\r\n", saved("csv", "table.csv"));
            press("#gaps", " ");
            press("[aria-label=\"Try a sudoku\"]");
            browser.await("document.querySelectorAll('#text span').length > 25");
            showAll("example-sudoku");
            assertEquals("""
                    5 3 · · 7 · · · ·
                    6 · · 1 9 5 · · ·
                    · 9 8 · · · · 6 ·
                    8 · · · 6 · · · 3
                    4 · · 8 · 3 · · 1
                    7 · · · 2 · · · 6
                    · 6 · · · · 2 8 ·
                    · · · 4 1 9 · · 5
                    · · · · 8 · · 7 9""", browser.text("#text"));
            assertClean(pages);
            browser.open(pages.address() + "#table");
            awaitPage();
            assertTrue(browser.text("#text").startsWith("45   790  12\n"), browser.text("#text"));
        }
    }

    private static void press(String selector) throws Exception {
        press(selector, "Enter");
    }

    /** A key on an element. */
    private static void press(String selector, String key) throws Exception {
        browser.evaluate("document.querySelector('" + selector + "').focus()");
        browser.key(key, key.equals("Enter") ? 13 : key.charAt(0));
    }

    /** What a button saves as a file of this name. */
    private static String saved(String button, String name) throws Exception {
        Path file = folder.resolve("saved").resolve(name);
        Files.deleteIfExists(file);
        browser.send("Browser.setDownloadBehavior", "{'behavior':'allow','downloadPath':'" + file.getParent() + "'}");
        press("#" + button);
        for (int i = 0; i < 500 && (!Files.exists(file) || Files.size(file) == 0); i++) { // it is moved to an empty file of its name
            browser.evaluate("new Promise(done => setTimeout(done, 20))");
        }
        return Files.readString(file);
    }

    /** Without a mouse; what is copied is what was corrected. */
    @Test
    void digitsAreCorrectedByKeyboard() throws Exception {
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0))) {
            browser.picture(1100, false);
            browser.send("Browser.grantPermissions", "{'permissions':['clipboardReadWrite','clipboardSanitizedWrite']}");
            browser.send("Emulation.setFocusEmulationEnabled", "{'enabled':true}");
            browser.open(pages.address());
            browser.await("!document.querySelector('#examples').hidden");
            press("[aria-label=\"Try a table\"]");
            awaitPage();
            assertEquals("[\"0\"]", browser.evaluate("[...document.querySelectorAll('#text [tabindex=\"0\"]')]"
                    + ".map(each => each.dataset.index)").toString());
            double bound = browser.evaluate("(async () => { const said = await (await fetch('read', {method: 'POST', headers:"
                    + " {'Content-Type': 'image/png'}, body: await new Promise(done =>"
                    + " document.querySelector('#photo').toBlob(done))})).json(); const all = said.lines.flatMap(line =>"
                    + " line.digits.map(digit => digit.confidence)).sort(); return (all[1] + all[2]) / 2; })()").getAsDouble();
            browser.evaluate("document.querySelector('#minimum').step = 'any'");
            setBound(bound);
            assertEquals(2, count("#text .unsure"));
            assertEquals(browser.evaluate("[...document.querySelectorAll('#text .unsure')].map(each => each.dataset.index)"),
                    browser.evaluate("[...document.querySelectorAll('#text [tabindex=\"0\"]')].map(each => each.dataset.index)"));
            String whole = browser.text("#text");

            browser.evaluate("document.querySelector('#result-title').focus()");
            browser.key("Tab", 9);
            String first = chosen();
            assertEquals("true", browser.evaluate("String(document.activeElement.classList.contains('unsure'))").getAsString());
            assertTrue(browser.text("#chosen").endsWith(", unsure"), browser.text("#chosen"));
            browser.key("7", '7');
            assertEquals("7, by hand", browser.evaluate("document.activeElement.ariaLabel").getAsString());
            assertTrue(browser.text("#read").endsWith("1 by hand, 1 of them unsure"), browser.text("#read"));
            assertTrue(browser.text("#chosen").contains("by hand. It was read as "), browser.text("#chosen"));
            showAll("page-corrected");
            browser.key("n", 'n');
            String second = chosen();
            assertFalse(second.equals(first));
            browser.key("Enter", 13);
            assertTrue(browser.text("#read").endsWith("2 by hand, all of them sure"), browser.text("#read"));
            browser.key("Delete", 46);
            assertTrue(browser.text("#read").startsWith("24 digits in 4 lines"), browser.text("#read"));
            press("#copy");
            browser.await("document.querySelector('#copy').textContent === 'Copied'");
            String copied = browser.evaluate("navigator.clipboard.readText()").getAsString();
            assertEquals(corrected(whole, Integer.parseInt(first), "7", Integer.parseInt(second)), copied.replaceAll("\\s", ""));
            assertEquals(copied.replace("\t", ",").replace("\n", "\r\n") + "\r\n", saved("csv", "table.csv"));
            assertEquals(2, saved("json", "table.json").split("\"byHand\": true").length);

            press("#text [data-index=\"" + second + "\"]", "Escape");
            press("#text [data-index=\"" + first + "\"]", "Escape");
            assertEquals(whole, browser.text("#text"));
            browser.key("ArrowRight", 39);
            assertEquals(Integer.parseInt(first) + 1, Integer.parseInt(chosen()));
            browser.key("ArrowDown", 40);
            assertFalse(chosen().isEmpty());
            assertClean(pages);
        }
    }

    private static String chosen() throws Exception {
        return browser.evaluate("document.activeElement.dataset.index").getAsString();
    }

    /** The digits of a text with another one at an index, and without the one at another. */
    private static String corrected(String text, int index, String digit, int without) {
        StringBuilder digits = new StringBuilder(text.replaceAll("\\D", ""));
        digits.replace(index, index + 1, digit);
        return digits.deleteCharAt(without).toString();
    }

    @Test
    void thePhotographIsEnlargedOnAPhone() throws Exception {
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0))) {
            browser.picture(390, false);
            browser.open(pages.address());
            browser.await("!document.querySelector('#examples').hidden");
            press("[aria-label=\"Try a sudoku\"]");
            awaitPage();
            double before = photoWidth();
            press("#enlarge");
            browser.await("document.querySelector('#zoom').open");
            assertTrue(photoWidth() >= 600 && photoWidth() >= 1.9 * before, photoWidth() + " pixels");
            assertEquals("unzoom", browser.evaluate("document.activeElement.id").getAsString());
            show("page-zoom", 390, false);
            assertAccessible("page-zoom");
            browser.key("Escape", 27);
            browser.await("!document.querySelector('#zoom').open && document.querySelector('#paper #photo')");
            assertEquals(before, photoWidth());
            assertEquals("enlarge", browser.evaluate("document.activeElement.id").getAsString());
            JsonObject corner = browser.evaluate("(() => { document.querySelector('#photo').scrollIntoView({block: 'center'});"
                    + " const box = document.querySelector('#photo').getBoundingClientRect(); return {x: box.right - 8, y: box.bottom - 8}; })()").getAsJsonObject();
            tap(corner.get("x").getAsDouble(), corner.get("y").getAsDouble());
            browser.await("document.querySelector('#zoom').open");
            assertTrue(browser.evaluate("document.querySelector('#zoom').scrollLeft").getAsDouble() > 100,
                    "the corner is in sight");
            tap(100, 100);
            browser.await("!document.querySelector('#zoom').open");
            assertClean(pages);
        }
    }

    private static void tap(double x, double y) throws Exception {
        browser.touch("touchStart", x, y);
        browser.touch("touchEnd", x, y);
    }

    private static double photoWidth() throws Exception {
        return browser.evaluate("document.querySelector('#photo').getBoundingClientRect().width").getAsDouble();
    }

    @Test
    void aPageThatIsUpsideDownIsReported() throws Exception {
        BufferedImage page = writtenPage(2, 8);
        BufferedImage turned = new BufferedImage(page.getWidth(), page.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < page.getHeight(); y++) {
            for (int x = 0; x < page.getWidth(); x++) {
                turned.setRGB(page.getWidth() - 1 - x, page.getHeight() - 1 - y, page.getRGB(x, y));
            }
        }
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0))) {
            browser.open(pages.address());
            browser.await("!document.querySelector('#images').hidden");
            choose(written("turned.png", turned));
            awaitPage();
            assertTrue(browser.text("#page-note").startsWith("The page is not upright: turn the picture clockwise by 180°."),
                    browser.text("#page-note"));
            show("page-upside-down", 1100, false);
            assertClean(pages);
        }
    }

    /** A net that believes in nothing takes no mark for a digit. */
    @Test
    void aPageWithoutDigitsIsSaidToBeOne() throws Exception {
        Sequential unsure = new Sequential(1, new Input(784), new Dense(10, "softmax"));
        unsure.weights().get(0).assign(Tensor.zeros(784, 10));
        try (ModelServer none = ModelServer.start(new SavedModel(unsure).preprocessor(ImagePreprocessor.ofNumbers(28, 28, 10)),
                new ServerOptions().port(0))) {
            browser.open(none.address());
            browser.await("!document.querySelector('#images').hidden");
            choose(written("page.png", writtenPage(2, 8)));
            awaitPage();
            assertEquals("No digits", browser.text("#read"));
            assertEquals(0, count("#boxes g[data-index]"));
            assertEquals("12 things in grey: no digit.", browser.text("#page-note"));
            assertTrue(browser.evaluate("document.querySelector('#of-digits').hidden").getAsBoolean());
            show("page-without-digits", 1100, false);
            assertClean(none);
        }
    }

    /** Whole it would be more than the server takes; what is sent is of as many pixels as the server looks at. */
    @Test
    void aLargePhotographIsMadeSmallerBeforeItIsSent() throws Exception {
        Path file = written("large.png", writtenPage(12, 12));
        assertTrue(Files.size(file) > 2 << 20, Files.size(file) + " bytes");
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0).maxBody(2 << 20))) {
            browser.open(pages.address());
            browser.await("!document.querySelector('#images').hidden");
            choose(file);
            awaitPage();
            assertEquals(2, browser.text("#text").lines().count(), browser.text("#text"));
            assertEquals(expectedText(), browser.text("#text"));
            int pixels = browser.evaluate("document.querySelector('#photo').width *"
                    + " document.querySelector('#photo').height").getAsInt();
            assertTrue(pixels > 3_900_000 && pixels < 4_010_000, pixels + " pixels");
            assertClean(pages);
        }
    }

    private static String expectedText() throws IOException {
        Images digits = ImageSets.load(Path.of("data")).test();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            text.append(i == 6 ? "\n" : "").append(digits.label(i));
        }
        return text.toString();
    }

    /** A camera that was held upright writes the rows of a photograph as columns, and how it was held. */
    @Test
    void aPhotographIsTurnedAsItsExifSays() throws Exception {
        BufferedImage page = writtenPage(12, 12);
        BufferedImage turned = new BufferedImage(page.getHeight(), page.getWidth(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < page.getHeight(); y++) {
            for (int x = 0; x < page.getWidth(); x++) {
                turned.setRGB(y, page.getWidth() - 1 - x, page.getRGB(x, y));
            }
        }
        byte[] jpeg = Files.readAllBytes(written("turned.jpg", turned));
        byte[] exif = {(byte) 0xff, (byte) 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3,
                0, 0, 0, 1,
            0, 6, 0, 0, 0, 0, 0, 0};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.write(exif);
        out.write(jpeg, 2, jpeg.length - 2);
        Path file = Files.write(folder.resolve("turned.jpg"), out.toByteArray());
        try (ModelServer pages = ModelServer.start(ModelFile.load(PAGES), new ServerOptions().port(0))) {
            browser.open(pages.address());
            browser.await("!document.querySelector('#images').hidden");
            choose(file);
            awaitPage();
            assertEquals(expectedText(), browser.text("#text"));
            assertTrue(browser.evaluate("document.querySelector('#photo').width >"
                    + " document.querySelector('#photo').height").getAsBoolean());
            assertClean(pages);
        }
    }

    @Test
    void whatIsNoPictureIsSaidWithItsNameAndNotSent() throws Exception {
        browser.open(digits.address());
        browser.await("!document.querySelector('#images').hidden");
        Map<String, String> files = new LinkedHashMap<>();
        files.put("notes.txt", "notes.txt is no picture. Choose a PNG, JPEG, BMP or GIF");
        files.put("IMG_1.HEIC", "IMG_1.HEIC is a HEIC picture, which this browser cannot open. Convert it to JPEG or PNG");
        files.put("empty.png", "empty.png is empty");
        for (Map.Entry<String, String> each : files.entrySet()) {
            String name = each.getKey();
            choose(Files.writeString(folder.resolve(name), name.startsWith("IMG") ? "\0\0\0\30ftypheic" : name.startsWith("empty")
                    ? "" : "hello"));
            browser.await("document.querySelector('#problem').textContent.startsWith(" + new JsonPrimitive(each.getValue())
                    + ")");
            assertEquals("", browser.text("#answer"));
        }
        show("no-picture", 390, true);
        assertEquals(0, asked("/explain") + asked("/read"));
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
        BufferedImage blank = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
        choose(written("blank.png", blank));
        browser.await("document.querySelector('#problem').textContent === 'blank.png is not a picture of a digit, but one in"
                + " which nothing is written. Take it with more light, or nearer'");
        assertEquals("", browser.text("#answer"));
        assertEquals("none", browser.evaluate("getComputedStyle(document.querySelector('#answer'),"
                + " '::before').content").getAsString());
        assertEquals(1, browser.complaints().stream().filter(each -> each.contains("400 (Bad Request)")).count());
        assertEquals(1, browser.complaints().size(), () -> browser.complaints().toString());
        choose(seven);
        browser.await("document.querySelector('#answer b')?.textContent === '7'");
        assertEquals("", browser.text("#problem"));
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
            assertEquals(browser.evaluate(String.format(colour, "#draw-help")), browser.evaluate(String.format(colour, "#answer"
                    + " b")));
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
            assertEquals("", browser.text("#remark"));
            show("colours", 900, false);
            choose(written("wide.png", new BufferedImage(60, 40, BufferedImage.TYPE_INT_RGB)));
            browser.await("document.querySelector('#remark').textContent.startsWith('The picture has another shape than 4 × 6:"
                    + " black bars fill the rest.')");
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
        assertTrue(browser.text("#answer").endsWith(", not sure"), browser.text("#answer"));
        assertEquals(1, count("#answer .doubtful"));
        String first = browser.text("#labels");
        browser.evaluate("(() => { const field = document.querySelector('#fields input'); field.value = '9.5';"
                + " field.dispatchEvent(new Event('change', {bubbles: true})); })()");
        browser.await("document.querySelector('#labels').textContent !== " + new JsonPrimitive(first));
        showAll("table");
        assertClean(table);
        assertEquals("", browser.text("#remark"), "9.5 is within 0 to 10");
        set("size, cm", "4900");
        browser.await("document.querySelector('#remark').textContent === 'Not like the rows of training: size, cm'");
        assertEquals("4900 is far above all of training, which had 0 to 10. It counts as 10", said("size, cm"));
        assertTrue(browser.text("#answer").length() > 0, "it is answered");
        showAll("table-outside");
        set("size, cm", "-1");
        browser.await("document.querySelector('.said').textContent === '-1 is below all of training, which had 0 to 10. It counts"
                + " as 0'");
        assertClean(table);
        browser.open(values.address());
        browser.await("document.querySelector('#answer b')");
        assertTrue(browser.text("#answer").matches("-?[\\d.]+ price"), browser.text("#answer"));
        assertClean(values);
    }

    private static String field(String name) {
        return "[...document.querySelectorAll('#fields label')].find(label => label.textContent === " + new JsonPrimitive(name)
                + ").control";
    }

    private static void set(String name, String value) throws Exception {
        browser.evaluate("(() => { const field = " + field(name) + "; field.value = " + new JsonPrimitive(value)
                + "; field.dispatchEvent(new Event('change', {bubbles: true})); })()");
    }

    /** What is said of a field's value, by what describes the field. */
    private static String said(String name) throws Exception {
        return browser.evaluate("document.getElementById(" + field(name) + ".getAttribute('aria-describedby').split('"
                + " ')[0]).textContent")
                .getAsString();
    }

    @Test
    void fieldsInErrorAreMarked() throws Exception {
        browser.open(table.address());
        browser.await("document.querySelector('#answer b')");
        set("size, cm", "abc");
        browser.await("document.querySelector('#problem').textContent === 'There is no answer, for the model cannot take what is"
                + " in size, cm'");
        assertEquals("true", browser.evaluate(field("size, cm") + ".ariaInvalid").getAsString());
        assertEquals("Expected a finite number, as in a column of numbers. Received: \"abc\"", said("size, cm"));
        assertEquals(1, count("[aria-invalid]"));
        assertEquals("none", browser.evaluate("getComputedStyle(document.querySelector('#answer'),"
                + " '::before').content").getAsString());
        assertFalse(browser.evaluate("document.activeElement === " + field("size, cm")).getAsBoolean(), "who goes on to type is"
                + " not called back");
        set("preis", "x");
        browser.await("document.querySelectorAll('[aria-invalid]').length === 2");
        browser.evaluate("document.querySelector('#row button').click()");
        browser.await("document.activeElement === " + field("size, cm"));
        showAll("table-wrong");
        set("preis", "");
        set("size, cm", "7");
        browser.await("document.querySelector('#answer b')");
        assertEquals(0, count("[aria-invalid]"));
        assertEquals("", said("size, cm"));
        assertEquals("", browser.text("#problem"));
    }

    /** As one that was fitted to rows has, whose numbers have a median. */
    @Test
    void aFormBeginsWithNumbersOfTraining() throws Exception {
        Path data = folder.resolve("kinds.csv");
        StringBuilder rows = new StringBuilder("size,kind\n");
        for (int i = 0; i < 200; i++) {
            rows.append(i / 10.0).append(i < 100 ? ",small\n" : ",large\n");
        }
        TableModel fitted = TableTraining.of(Files.writeString(data, rows), "kind").change(recipe -> recipe.epochs(1)).fit();
        try (ModelServer server = ModelServer.start(fitted.saved(), new ServerOptions().port(0))) {
            browser.open(server.address());
            browser.await("document.querySelector('#answer b')");
            assertTrue(browser.evaluate(field("size") + ".value").getAsString().matches("[\\d.]+"));
            assertTrue(browser.text(".note:not([hidden])").length() > 0);
            set("size", "1000");
            browser.await("document.querySelector('#remark').textContent === 'Not like the rows of training: size'");
            assertClean(server);
        }
    }

    @Test
    void thePageForProgramsShowsAllPaths() throws Exception {
        browser.open(digits.address() + "api");
        browser.await("document.querySelectorAll('#operations h2').length > 0");
        assertEquals("[\"POST /predict\",\"POST /explain\",\"POST /read\",\"GET /model\",\"GET /healthz\",\"GET /metrics\"]",
                browser.evaluate("[...document.querySelectorAll('#operations h2')].map(title => title.textContent)").toString());
        assertEquals("curl --data-binary @picture.png -H 'Content-Type: image/png' " + digits.address() + "read", program(2));
        assertEquals("curl " + digits.address() + "healthz", program(4));
        assertTrue(browser.text("#about").contains(" and 8 MB, "), browser.text("#about"));
        showAll("api");
        press("#predict-curl", "End");
        browser.await("document.activeElement.id === 'predict-Java' && document.activeElement.ariaSelected === 'true'");
        assertEquals(6, count("[role=tab][aria-selected=true][data-language=Java][tabindex=\"0\"]"));
        showAll("api-java");
        browser.key("ArrowRight", 39);
        browser.await("document.activeElement.id === 'predict-curl' && document.activeElement.ariaSelected === 'true'");
        browser.key("ArrowLeft", 37);
        browser.await("document.activeElement.id === 'predict-Java'");
        assertClean(digits);
    }

    /** The program for a call in the language that is chosen. */
    private static String program(int call) throws Exception {
        return browser.evaluate("document.querySelectorAll('.program pre')[" + call + "].textContent").getAsString();
    }

    /** As they stand there: all print what the server answers. */
    @Test
    void programsInAllLanguagesRun() throws Exception {
        Path work = Files.createDirectories(folder.resolve("programs"));
        ImageIO.write(writtenPage(2, 8), "png", work.resolve("picture.png").toFile());
        for (ModelServer server : List.of(table, digits)) {
            browser.open(server.address() + "api");
            browser.await("document.querySelectorAll('.program pre').length > 0");
            JsonElement expected = null;
            for (String language : List.of("curl", "Java", "Python", "JavaScript")) {
                browser.evaluate("document.querySelector('[data-language=" + language + "]').click()");
                String program = program(0);
                if (language.equals("curl") && server == table) {
                    assertEquals("curl --json '{\"rows\":[{\"size, cm\":5,\"preis\":5,\"colour\":\"02\","
                            + "\"when\":\"2024-01-31\"}]}' " + table.address() + "predict", program);
                }
                List<String> command = switch (language) {
                    case "curl" -> List.of("sh", "-c", program);
                    case "Java" -> List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            Files.writeString(work.resolve("Ask.java"), program).toString());
                    case "Python" -> List.of("python3", Files.writeString(work.resolve("ask.py"), program).toString());
                    default -> List.of("node", Files.writeString(work.resolve("ask.mjs"), program).toString());
                };
                if (isMissing(command.get(0))) {
                    continue;
                }
                Process process = new ProcessBuilder(command).directory(work.toFile())
                        .redirectError(work.resolve("errors").toFile()).start();
                String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertEquals(0, process.waitFor(), () -> language + ": " + program);
                assertTrue(printed.contains("predictions"), language + ": " + printed);
                JsonElement answer = JsonParser.parseReader(lenient(printed));
                expected = expected == null ? answer : expected;
                assertEquals(expected, answer, language);
            }
        }
    }

    /** Python and JavaScript quote by apostrophes, or not at all, which is read alike. */
    private static JsonReader lenient(String printed) {
        JsonReader reader = new JsonReader(new StringReader(printed));
        reader.setStrictness(Strictness.LENIENT);
        return reader;
    }

    private static boolean isMissing(String program) {
        return !program.contains("/") && Stream.of(System.getenv("PATH").split(":")).noneMatch(each ->
                Files.isExecutable(Path.of(each, program)));
    }
}
