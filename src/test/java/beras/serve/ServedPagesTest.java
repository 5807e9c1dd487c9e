package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.config.Config;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Picture;
import beras.digits.Box;
import beras.digits.PageReader;
import beras.digits.Reading;
import beras.prediction.Calibration;
import beras.saving.SavedModel;
import beras.serve.RawHttp.Answer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code POST /read}: pages of digits. */
@Tag("serve")
@Timeout(120)
class ServedPagesTest {

    private static final String PNG = "image/png";

    private static ModelServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ModelServer.start(ServedModels.digits(), new ServerOptions().port(0));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Lines of strokes of several forms. */
    private static byte[] page(int width, int height, int size) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(Color.BLACK);
        graphics.setStroke(new BasicStroke(size / 12f));
        int count = 0;
        for (int y = size; y + size < height; y += 2 * size) {
            for (int x = size; x + size < width; x += 3 * size / 2, count++) {
                switch (count % 4) {
                    case 0 -> graphics.drawPolyline(new int[] {x, x + size / 2, x + size / 5}, new int[] {y, y, y + size}, 3);
                    case 1 -> graphics.drawOval(x, y, size / 2, size);
                    case 2 -> graphics.drawLine(x + size / 4, y, x + size / 4, y + size);
                    default -> graphics.drawPolyline(new int[] {x + size / 2, x, x, x + size / 2}, new int[] {y, y, y + size / 2,
                            y + size}, 4);
                }
            }
        }
        graphics.dispose();
        return png(image);
    }

    private static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    private static Reading readHere(byte[] png) throws IOException {
        return PageReader.of(ServedModels.digits()).read(Picture.read(new ByteArrayInputStream(png), "page"));
    }

    private static void assertBox(Box expected, JsonObject at) {
        assertEquals("[" + expected.left() + "," + expected.top() + "," + expected.width() + "," + expected.height() + "]",
                at.get("box").toString());
    }

    // ---------------------------------------------------------------------------------------------------- what it says

    /** The bound of a model is for single images, that of the options for pages, too. */
    @Test
    void theBoundOfTheOptionsCountsOnPages() throws IOException {
        Config config = Config.of("Calibration").with("temperature", 1.0).with("examples", 1).with("bound", 1.0)
                .with("outliers", 1).with("outliersBelow", 1);
        SavedModel bounded = ServedModels.digits().calibration(Calibration.of(config));
        byte[] page = page(500, 300, 40);
        assertEquals(readHere(page).text(), textOf(bounded, new ServerOptions(), page));
        assertEquals("", textOf(bounded, new ServerOptions().reject(1), page));
    }

    private static String textOf(SavedModel model, ServerOptions options, byte[] page) throws IOException {
        try (ModelServer one = ModelServer.start(model, options.port(0))) {
            Answer answer = RawHttp.exchange(one.port(), RawHttp.post("/read", PNG, page));
            return answer.json().get("text").getAsString();
        }
    }

    /** The second page is read at half of its resolution, and its boxes are those of the file. */
    @Test
    void aPageIsReadAsTheReaderOfPagesReadsIt() throws IOException {
        for (byte[] page : List.of(page(500, 300, 40), page(2400, 2000, 160))) {
            Reading expected = readHere(page);
            assertTrue(expected.digits().size() > 10, expected::text);
            Answer answer = RawHttp.exchange(server.port(), RawHttp.post("/read", PNG, page));
            assertEquals(200, answer.status(), answer::body);
            JsonObject read = answer.json();
            assertEquals(expected.text(), read.get("text").getAsString());
            assertEquals(expected.degrees(), read.get("degrees").getAsDouble());
            JsonArray lines = read.getAsJsonArray("lines");
            assertEquals(expected.lines().size(), lines.size());
            int at = 0;
            for (JsonElement line : lines) {
                StringBuilder text = new StringBuilder();
                for (JsonElement each : line.getAsJsonObject().getAsJsonArray("digits")) {
                    Reading.Digit digit = expected.digits().get(at++);
                    JsonObject said = each.getAsJsonObject();
                    assertEquals(Integer.toString(digit.value()), said.get("digit").getAsString());
                    assertEquals(digit.confidence(), said.get("confidence").getAsDouble());
                    assertBox(digit.box(), said);
                    text.append(digit.value());
                }
                assertEquals(text.toString(), line.getAsJsonObject().get("text").getAsString());
            }
            assertEquals(expected.digits().size(), at);
            assertEquals(expected.others().size(), read.getAsJsonArray("others").size());
            for (int i = 0; i < expected.others().size(); i++) {
                assertBox(expected.others().get(i).box(), read.getAsJsonArray("others").get(i).getAsJsonObject());
            }
        }
    }

    @Test
    void anEmptyPageHasNoLines() throws IOException {
        BufferedImage image = new BufferedImage(300, 200, BufferedImage.TYPE_BYTE_GRAY);
        Answer answer = RawHttp.exchange(server.port(), RawHttp.post("/read", PNG, png(image)));
        assertEquals(200, answer.status(), answer::body);
        assertTrue(answer.body().contains("\"text\":\"\"") && answer.body().contains("\"lines\":[]"), answer::body);
    }

    @Test
    void digitsAreCounted() throws IOException {
        byte[] page = page(500, 300, 40);
        try (ModelServer counted = ModelServer.start(ServedModels.digits(), new ServerOptions().port(0))) {
            assertEquals(200, RawHttp.exchange(counted.port(), RawHttp.post("/read", PNG, page)).status());
            String metrics = RawHttp.exchange(counted.port(), RawHttp.get("/metrics")).body();
            assertTrue(metrics.contains("beras_predicted_rows_total " + readHere(page).digits().size() + "\n"), metrics);
        }
    }

    // -------------------------------------------------------------------------------------------------- what it refuses

    @Test
    void whatIsNoPageIsRefused() throws IOException {
        BufferedImage texture = new BufferedImage(1200, 1200, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < 1200; y++) {
            for (int x = 0; x < 1200; x++) {
                texture.getRaster().setSample(x, y, 0, x % 12 < 4 && y % 16 < 8 ? 0 : 255);
            }
        }
        Answer crowded = RawHttp.exchange(server.port(), RawHttp.post("/read", PNG, png(texture)));
        assertEquals(400, crowded.status(), crowded::body);
        assertTrue(crowded.body().contains("The picture: expected a page of digits, with at most 400 marks. Received: "), crowded::body);
        Answer broken = RawHttp.exchange(server.port(), RawHttp.post("/read", PNG, new byte[100]));
        assertEquals(400, broken.status());
        assertTrue(broken.body().contains("The picture: expected a picture as PNG, JPEG, BMP or GIF"), broken::body);
        Answer json = RawHttp.exchange(server.port(), RawHttp.post("/read", "application/json", RawHttp.bytes("{\"images\":[]}")));
        assertEquals(415, json.status());
        assertEquals("image/png, image/jpeg, image/bmp, image/gif", json.headers().get("accept-post"));
        assertEquals(405, RawHttp.exchange(server.port(), RawHttp.get("/read")).status());
    }

    @Test
    void onlyModelsOfDigitsReadPages() throws IOException {
        List<String> letters = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");
        SavedModel digits = ServedModels.digits();
        ImagePreprocessor form = (ImagePreprocessor) digits.preprocessor().orElseThrow();
        SavedModel ofLetters = new SavedModel(digits.model()).preprocessor(new ImagePreprocessor(28, 28, 1, form.form(), letters,
                10));
        for (SavedModel other : List.of(ServedModels.colours(), ServedModels.labels(), ofLetters)) {
            try (ModelServer none = ModelServer.start(other, new ServerOptions().port(0))) {
                assertEquals(404, RawHttp.exchange(none.port(), RawHttp.post("/read", PNG, page(100, 100, 20))).status());
                assertFalse(RawHttp.exchange(none.port(), RawHttp.get("/openapi.json")).body().contains("\"/read\""));
                assertFalse(RawHttp.exchange(none.port(), RawHttp.get("/model")).body().contains("\"pages\":true"));
            }
        }
        assertTrue(RawHttp.exchange(server.port(), RawHttp.get("/model")).body().contains("\"pages\":true"));
    }

    // ------------------------------------------------------------------------------------------------------ its limits

    private static ServedPages pages() {
        return ServedPages.of(ServedModels.digits(), OptionalDouble.empty()).orElseThrow();
    }

    @Test
    void readingEndsWhenTheClientHasLeft() throws Exception {
        Request request = new Request(PNG, page(500, 300, 40));
        assertTrue(pages().read(request, WorkLimitTest.watched(() -> false)).examples() > 10);
        assertTrue(assertThrows(Refusal.class, () -> pages().read(request, WorkLimitTest.watched(() -> true)))
                .getMessage().contains("stays open"));
    }

    /** As in a server with one worker. */
    @Test
    void aFullPageFitsIntoASmallHeap() throws Exception {
        assertEquals(List.of("true"), FreshJvm.run(List.of("-Xmx128m"), Program.class));
    }

    static final class Program {

        public static void main(String[] arguments) throws Exception {
            System.out.println(pages().read(new Request(PNG, page(2000, 2000, 60)),
                    WorkLimitTest.endless()).examples() > 200);
        }
    }

    // ---------------------------------------------------------------------------------------------------- description

    @Test
    void theDescriptionIsOfTheAnswer() throws IOException {
        JsonObject api = RawHttp.exchange(server.port(), RawHttp.get("/openapi.json")).json();
        JsonObject read = api.getAsJsonObject("paths").getAsJsonObject("/read").getAsJsonObject("post");
        assertEquals("[image/png, image/jpeg, image/bmp, image/gif]",
                read.getAsJsonObject("requestBody").getAsJsonObject("content").keySet().toString());
        JsonObject schema = read.getAsJsonObject("responses").getAsJsonObject("200").getAsJsonObject("content")
                .getAsJsonObject("application/json").getAsJsonObject("schema");
        JsonObject answer = RawHttp.exchange(server.port(), RawHttp.post("/read", PNG, page(500, 300, 40))).json();
        assertDescribed(schema, answer, "$");
    }

    /** All that is there is described, and all that is required is there. */
    private static void assertDescribed(JsonObject schema, JsonElement value, String place) {
        if (value.isJsonObject()) {
            assertEquals("object", schema.get("type").getAsString(), place);
            assertEquals(schema.getAsJsonObject("properties").keySet(), value.getAsJsonObject().keySet(), place);
            for (String name : value.getAsJsonObject().keySet()) {
                assertDescribed(schema.getAsJsonObject("properties").getAsJsonObject(name), value.getAsJsonObject().get(name),
                        place + "." + name);
            }
        } else if (value.isJsonArray()) {
            assertEquals("array", schema.get("type").getAsString(), place);
            for (JsonElement each : value.getAsJsonArray()) {
                assertDescribed(schema.getAsJsonObject("items"), each, place + "[]");
            }
        } else {
            String type = schema.get("type").getAsString();
            JsonPrimitive primitive = value.getAsJsonPrimitive();
            assertTrue(primitive.isString() ? type.equals("string") : primitive.isBoolean() ? type.equals("boolean")
                    : type.equals("number") || type.equals("integer"), place);
        }
    }
}
