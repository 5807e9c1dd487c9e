package beras.serve;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.Config;
import beras.data.image.ImageExplanation;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Picture;
import beras.data.table.CategoryColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.digits.DigitForm;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.models.Sequential;
import beras.prediction.Calibration;
import beras.prediction.ConformalScores;
import beras.prediction.Prediction;
import beras.saving.SavedModel;
import beras.serve.RawHttp.Answer;
import beras.tables.WideTable;
import beras.tensor.Tensor;
import beras.training.Recipe;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is predicted from requests, and what is said of those that have something wrong in them. */
@Tag("serve")
class PredictRequestTest {

    private static final ServerOptions OPTIONS = new ServerOptions().port(0).maxRows(5);
    private static final String ROW = "{\"size, cm\":2.5,\"preis\":1.5,\"colour\":\"red\",\"when\":\"2024-01-31 12:30\"}";

    private static ModelServer images;
    private static ModelServer labels;
    private static ModelServer values;

    @BeforeAll
    static void start() throws IOException {
        images = ModelServer.start(ServedModels.images(), OPTIONS);
        labels = ModelServer.start(ServedModels.labels(), OPTIONS);
        values = ModelServer.start(ServedModels.values(), OPTIONS);
    }

    @AfterAll
    static void stop() {
        images.close();
        labels.close();
        values.close();
    }

    private static Answer post(ModelServer server, String path, String json) throws IOException {
        return RawHttp.exchange(server.port(), RawHttp.post(path, json));
    }

    private static List<JsonObject> predictions(Answer answer) {
        assertEquals(200, answer.status(), answer::toString);
        assertEquals("application/json", answer.headers().get("content-type"));
        List<JsonObject> predictions = new ArrayList<>();
        answer.json().getAsJsonArray("predictions")
                .forEach(each -> predictions.add(each.getAsJsonObject()));
        return predictions;
    }

    private static void assertSame(List<Prediction> expected, List<JsonObject> received) {
        assertEquals(expected.size(), received.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).label(), received.get(i).get("label").getAsString());
            Map<String, Double> shares = new HashMap<>();
            received.get(i).getAsJsonObject("probabilities").entrySet()
                    .forEach(share -> shares.put(share.getKey(), (double) Float.parseFloat(share.getValue().getAsString())));
            assertEquals(expected.get(i).probabilities(), shares);
        }
    }

    // ----------------------------------------------------------------------------------------------------- tables

    /** Programs that look for probabilities shall not find logits. */
    @Test
    void scoresThatAreNoProbabilitiesAreNotCalledSo() throws Exception {
        TableSchema schema = ServedModels.schema(new TableTarget.Labels("kind", List.of("big", "small"), List.of(1L, 1L)));
        SavedModel logits = new SavedModel(new Sequential(1, new Input(schema.width()), new Dense(2)))
                .preprocessor(new TablePreprocessor(schema));
        Request request = new Request("", ("{\"rows\":[" + ROW + "]}").getBytes(StandardCharsets.UTF_8));
        Served unknown = Served.of(logits, new ServerOptions().maxRows(1));
        String scores = new String(unknown.json(unknown.predict(request, WorkLimitTest.endless())), StandardCharsets.UTF_8);
        assertTrue(scores.contains("\"scores\":{\"big\":") && !scores.contains("probabilities"), scores);
        Served known = Served.of(logits.recipe(new Recipe().loss("cross-entropy(from_logits=true)")), new ServerOptions().maxRows(1));
        Served.Predictions answer = known.predict(request, WorkLimitTest.endless());
        assertTrue(answer.predictions().get(0).hasProbabilities(), answer::toString);
        assertTrue(new String(known.json(answer), StandardCharsets.UTF_8).contains("\"probabilities\":{"));
    }

    /** Forty rows of a million numbers take 160 MB: they go through the model in parts. */
    @Test
    void wideRowsTakeNoMoreMemoryThanAFewOfThem() throws Exception {
        String row = IntStream.range(0, WideTable.COLUMNS).mapToObj(i -> "\"" + WideTable.name(i) + "\":\"other\"")
                .collect(Collectors.joining(",", "{", "}"));
        String ends = ",{}]}";
        String rows = "{\"rows\":[" + String.join(",", Collections.nCopies(WideTable.ROWS, row));
        Served served = Served.of(WideTable.model(), new ServerOptions().maxRows(1000));
        long bytes = WideTable.allocated(WideTable.MOST_BYTES, () -> {
            List<Prediction> all = served.predict(new Request("", (rows + "]}").getBytes(StandardCharsets.UTF_8)),
                    WorkLimitTest.endless()).predictions();
            assertEquals(WideTable.ROWS, all.size());
            assertEquals(0.5, all.get(WideTable.ROWS - 1).confidence());
            return all;
        });
        assertTrue(bytes < WideTable.MOST_BYTES, bytes + " bytes");
        Refusal refusal = assertThrows(Refusal.class,
                () -> served.predict(new Request("", (rows + ends).getBytes(StandardCharsets.UTF_8)), WorkLimitTest.endless()));
        assertTrue(refusal.getMessage().startsWith("$.rows[" + WideTable.ROWS + "]: "), refusal.getMessage());
    }

    @Test
    void rowsGiveTheBitsOfThePredictor() throws IOException {
        Map<String, Object> missing = new HashMap<>();
        missing.put("size, cm", "7");
        missing.put("preis", null);
        missing.put("colour", null);
        missing.put("when", null);
        List<Map<String, Object>> rows = List.of(Map.of("size, cm", 2.5, "preis", 1.5, "colour", "red", "when", "2024-01-31 12:30"),
                missing, Map.of("size, cm", 99, "preis", "1.234,5", "colour", 2, "when", "31.01.2024"),
                Map.of("size, cm", 1, "preis", 1, "colour", true, "when", "18:00"));
        String json = "{\"rows\":[" + ROW + ",{\"size, cm\":\"7\",\"preis\":null,\"colour\":null,\"when\":null},"
                + "{\"when\":\"31.01.2024\",\"colour\":2,\"preis\":\"1.234,5\",\"size, cm\":99,\"more\":[{\"a\":[]}]},"
                + "{\"size, cm\":1,\"preis\":1,\"colour\":true,\"when\":\"18:00\"}]}";
        assertSame(ServedModels.labels().predictor().predictAll(rows), predictions(post(labels, "/predict", json)));
        assertEquals(List.of(), predictions(post(labels, "/predict", "{\"rows\":[]}")));
    }

    @Test
    void whatIsUnlikeTrainingIsCountedInTheAnswer() throws IOException {
        String json = "{\"rows\":[{\"colour\":2.0,\"size, cm\":1},{\"colour\":2e0,\"size, cm\":10.5,\"id\":1,\"preis\":3},"
                + "{\"colour\":\"mauve\",\"size, cm\":2.5}]}";
        Answer answer = post(labels, "/predict", json);
        List<Map<String, Object>> rows = List.of(Map.of("colour", "02", "size, cm", 1), Map.of("colour", 2, "size, cm", 10, "preis", "3,0"),
                Map.of("colour", "pink", "size, cm", 2.5));
        assertSame(ServedModels.labels().predictor().predictAll(rows), predictions(answer));
        assertEquals("{\"missing\":{\"preis\":2,\"when\":3},\"clipped\":{\"size, cm\":1},\"unknown\":{\"colour\":1}}",
                answer.json().get("counts").toString());
        assertEquals("{}", post(labels, "/predict", "{\"rows\":[" + ROW + "]}").json().get("counts")
                .toString());
        Answer misspelt = post(labels, "/predict", "{\"rows\":[{\"colour\":2,\"Size cm\":1}]}");
        assertEquals(400, misspelt.status());
        assertTrue(misspelt.body().contains("Received the keys: Size cm. Did you mean size, cm?"), misspelt.body());
    }

    /** In a table where decimals come after a comma, a point of JSON is still one. */
    @Test
    void numbersOfJsonAreNumbers() throws IOException {
        String row = ROW.replace("\"preis\":1.5", "\"preis\":1.234");
        Map<String, Object> expected = Map.of("size, cm", 2.5, "preis", 1.234, "colour", "red", "when", "2024-01-31 12:30");
        assertSame(List.of(ServedModels.labels().predictor().predict(expected)),
                predictions(post(labels, "/predict", "{\"rows\":[" + row + "]}")));
    }

    /** Programs that read whole numbers beside empty cells, such as pandas, send them with a point. */
    @Test
    void aWholeNumberWithAPointIsTheSameCategory() throws Exception {
        TableSchema schema = new TableSchema(new TableTarget.Labels("kind", List.of("big", "small"), List.of(1L, 1L)),
                List.of(new CategoryColumn("code", 0, "", List.of("1", "2"), 3)), 100);
        Served served = Served.of(new SavedModel(new Sequential(1, new Input(schema.width()), new Dense(2, "softmax")))
                .preprocessor(new TablePreprocessor(schema)), new ServerOptions());
        List<String> answers = new ArrayList<>();
        for (String code : List.of("1", "1.0", "1e0", "\"1\"", "2")) {
            Request request = new Request("", ("{\"rows\":[{\"code\":" + code + "}]}").getBytes(StandardCharsets.UTF_8));
            answers.add(new String(served.json(served.predict(request, WorkLimitTest.endless())), StandardCharsets.UTF_8));
        }
        assertEquals(List.of(answers.get(0), answers.get(0), answers.get(0)), answers.subList(1, 4));
        assertNotEquals(answers.get(0), answers.get(4));
        assertFalse(answers.get(1).contains("unknown"), answers.get(1));
    }

    @Test
    void valuesHaveTheDigitsThatMeanSomething() throws IOException {
        Prediction expected = ServedModels.values().predictor()
                .predict(Map.of("size, cm", 2.5, "preis", 1.5, "colour", "red", "when", "2024-01-31 12:30"));
        String value = predictions(post(values, "/predict", "{\"rows\":[" + ROW + "]}")).get(0).get("prediction").getAsString();
        assertEquals(ServedModels.schema(new TableTarget.Regression("price", 1000, 123.456)).target().render(expected),
                value);
    }

    /** As {@code predict --interval} has them, in the schema of the answers, too. */
    @Test
    void intervalsAndSetsAreInTheAnswersIfTheServerIsToGiveThem() throws IOException {
        SavedModel value = ServedModels.values().conformalScores(ConformalScores.ofValues(new double[10],
                new double[] {5, 5, 5, 5, 5, 5,
            5, 5, 5, 5}));
        try (ModelServer server = ModelServer.start(value, OPTIONS.interval(0.9))) {
            JsonObject received = predictions(post(server, "/predict", "{\"rows\":[" + ROW + "]}")).get(0);
            assertEquals(List.of("prediction", "lower", "upper"), List.copyOf(received.keySet()));
            double predicted = received.get("prediction").getAsDouble();
            assertEquals(predicted - 5, received.get("lower").getAsDouble(), 1e-3);
            assertEquals(predicted + 5, received.get("upper").getAsDouble(), 1e-3);
            assertEquals("[\"prediction\",\"lower\",\"upper\"]", answerSchema(server).get("required").toString());
            assertEquals(0.9, RawHttp.exchange(server.port(), RawHttp.get("/model")).json()
                    .get("interval").getAsDouble());
        }
        SavedModel label = ServedModels.labels().conformalScores(ConformalScores.ofLabels(new double[10]));
        try (ModelServer server = ModelServer.start(label, OPTIONS.interval(0.9))) {
            JsonObject received = predictions(post(server, "/predict", "{\"rows\":[" + ROW + "]}")).get(0);
            assertEquals(List.of("label", "probabilities", "set"), List.copyOf(received.keySet()));
            assertEquals(3, received.getAsJsonArray("set").size());
            assertEquals(received.get("label"), received.getAsJsonArray("set").get(0));
            assertEquals("[\"label\",\"set\"]", answerSchema(server).get("required").toString());
        }
        assertFalse(answerSchema(labels).getAsJsonObject("properties").has("set"));
    }

    private static JsonObject answerSchema(ModelServer server) throws IOException {
        return RawHttp.exchange(server.port(), RawHttp.get("/openapi.json")).json()
                .getAsJsonObject("components").getAsJsonObject("schemas").getAsJsonObject("Prediction");
    }

    @Test
    void aModelThatCannotPromiseIsNotServedWithIntervals() {
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> ModelServer.start(ServedModels.values(), OPTIONS.interval(0.9)))
                .getMessage().startsWith("intervals and sets need the scores of held-out rows"));
        assertEquals("Expected a model of a table for intervals and sets. Received: one without columns",
                assertThrows(IllegalArgumentException.class, () -> ModelServer.start(ServedModels.images(), OPTIONS.interval(0.9)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.interval(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = {
        "{\"rows\":[ROW,{}]}                             | $.rows[1]: A row must have a value of a column, such as \"size, cm\". Received the keys: none.",
        "{\"rows\":[{\"size, cm\":1,\"size, cm\":2}]}    | expected each column once",
        "{\"rows\":[{\"colour\":null,\"colour\":\"x\"}]}  | expected each column once",
        "{\"rows\":[{\"colour\":\"x\",\"colour\":\"x\"}]}   | expected each column once",
        "{\"rows\":[{\"size, cm\":[1]}]}                 | $.rows[0].size, cm: expected a number, a text, true, false or null. Received: an array",
        "{\"rows\":[ROW2]}                               | Column \"size, cm\": expected a finite number",
        "{\"rows\":[1]}                                  | $.rows[0]: expected an object with a value for each column. Received: the number \"1\"",
        "{\"rows\":{}}                                   | $.rows: expected an array. Received: an object",
        "{\"images\":[]}                                 | expected an object {\"rows\": [...]}",
        "[]                                              | $: expected an object {\"rows\": [...]}. Received: an array",
        "{\"rows\":[]} x                                 | $: expected JSON",
        "{\"rows\":[],\"x\":1}                           | expected nothing beside \"rows\"",
        "{\"rows\":[{\"size, cm\":NaN}]}                 | expected JSON",
        "{\"rows\":[{\"size, cm\":1e999}]}               | expected JSON",
        "{'rows':[]}                                     | expected JSON",
        "{\"rows\":[{                                    | expected more JSON",
        "''                                              | expected more JSON",
    })
    void whatIsWrongIsSaidWithItsPlace(String json, String message) throws IOException {
        Answer answer = post(labels, "/predict", json.replace("ROW2", ROW.replace("2.5", "\"x\"")).replace("ROW", ROW));
        assertEquals(400, answer.status());
        JsonObject problem = answer.json();
        assertEquals(400, problem.get("status").getAsInt());
        assertTrue(problem.get("detail").getAsString().contains(message), answer.body());
        assertEquals("application/problem+json", answer.headers().get("content-type"));
        assertFalse(answer.headers().containsKey("connection"), "the request is whole, so the connection stays");
    }

    /** The advice of the library that reads it is for programmers. */
    @Test
    void malformedJsonIsSaidWithItsPlaceAlone() throws IOException {
        String detail = post(labels, "/predict", "{\"rows\":[{a:1}]}").json().get("detail")
                .getAsString();
        assertEquals("$.rows[0].: expected JSON. Received: something else (malformed JSON at line 1 column 12 path $.rows[0].)", detail);
    }

    /** So that a form can mark each of its fields. */
    @Test
    void allColumnsThatAreWrongInARowAreTold() throws IOException {
        String good = "{\"size, cm\":1,\"preis\":1,\"colour\":null,\"when\":null}";
        Answer answer = post(labels, "/predict", "{\"rows\":[" + good + ",{\"size,"
                + " cm\":\"abc\",\"preis\":2,\"colour\":\"red\",\"when\":\"never\"}]}");
        assertEquals(400, answer.status());
        JsonObject problem = answer.json();
        JsonArray errors = problem.getAsJsonArray("errors");
        assertEquals(2, errors.size(), answer::body);
        assertEquals("size, cm", errors.get(0).getAsJsonObject().get("column").getAsString());
        assertEquals("when", errors.get(1).getAsJsonObject().get("column").getAsString());
        for (JsonElement error : errors) {
            assertEquals(1, error.getAsJsonObject().get("row").getAsInt());
        }
        assertEquals(problem.get("detail").getAsString(), "$.rows[1]: "
                + errors.get(0).getAsJsonObject().get("detail").getAsString());
        assertTrue(errors.get(1).getAsJsonObject().get("detail").getAsString().endsWith("Received: \"never\""), answer::body);
        assertFalse(post(labels, "/predict", "{").json().has("errors"));
    }

    /** It can be sent as it is. */
    @Test
    void theDescriptionHasARequestThatIsAnswered() throws IOException {
        for (ModelServer each : List.of(labels, values)) {
            JsonElement example = RawHttp.exchange(each.port(), RawHttp.get("/openapi.json")).json().getAsJsonObject("paths").getAsJsonObject("/predict").getAsJsonObject("post")
                    .getAsJsonObject("requestBody").getAsJsonObject("content").getAsJsonObject("application/json").get("example");
            assertEquals("{\"rows\":[{\"size, cm\":5,\"preis\":5,\"colour\":\"02\",\"when\":\"2024-01-31\"}]}",
                    example.toString());
            assertEquals(200, post(each, "/predict", example.toString()).status());
        }
    }

    @Test
    void whatIsNotUtf8IsRefused() throws IOException {
        byte[] request = RawHttp.post("/predict", "{\"rows\":[],\"x\":\"?\"}");
        request[request.length - 3] = (byte) 0xff;
        assertEquals(400, RawHttp.exchange(labels.port(), request).status());
    }

    @Test
    void moreRowsThanAllowedAreRefused() throws IOException {
        assertEquals(5, predictions(post(labels, "/predict", "{\"rows\":[" + (ROW + ",").repeat(4) + ROW + "]}")).size());
        Answer more = post(labels, "/predict", "{\"rows\":[" + (ROW + ",").repeat(5) + ROW + "]}");
        assertEquals(413, more.status());
        assertTrue(more.body().contains("Expected at most 5 rows. Received: more"), more.body());
    }

    // ----------------------------------------------------------------------------------------------------- images

    private static byte[] pixels(int seed) {
        byte[] pixels = new byte[ServedModels.PIXELS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * seed);
        }
        return pixels;
    }

    private static String json(byte[] pixels, boolean nested) {
        JsonArray image = new JsonArray();
        JsonArray row = image;
        for (int i = 0; i < pixels.length; i++) {
            if (nested && i % 28 == 0) {
                row = new JsonArray();
                image.add(row);
            }
            row.add(pixels[i] & 0xff);
        }
        return image.toString();
    }

    private static byte[] picture() throws IOException {
        BufferedImage image = new BufferedImage(200, 260, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, 200, 260);
        graphics.setColor(Color.BLACK);
        graphics.setStroke(new BasicStroke(18));
        graphics.drawLine(110, 30, 80, 220);
        graphics.dispose();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return png.toByteArray();
    }

    @Test
    void imagesGiveTheBitsOfThePredictor() throws IOException {
        List<byte[]> all = List.of(pixels(1), pixels(7), new byte[ServedModels.PIXELS]);
        String body = "{\"images\":[" + json(all.get(0), false) + "," + json(all.get(1), true) + "," + json(all.get(2), false) + "]}";
        assertSame(ServedModels.images().predictor().predictAll(all), predictions(post(images, "/predict", body)));
        assertEquals(List.of(), predictions(post(images, "/predict", "{\"images\":[]}")));
    }

    @Test
    void aPictureIsPreparedAsTheCommandPredictDoes() throws IOException {
        byte[] png = picture();
        byte[] digit = new DigitForm().pixels(Picture.read(new ByteArrayInputStream(png), "it"), 28, 28, 1, "it");
        List<Prediction> expected = List.of(ServedModels.images().predictor().predict(digit));
        assertSame(expected, predictions(RawHttp.exchange(images.port(), RawHttp.post("/predict", "image/png", png))));
        assertSame(expected, predictions(RawHttp.exchange(images.port(), RawHttp.post("/predict", "IMAGE/PNG; x=y", png))));
    }

    @Test
    void imagesInColoursArePredictedAndExplained() throws IOException {
        byte[] png = picture();
        ImagePreprocessor meaning = (ImagePreprocessor) ServedModels.colours().preprocessor().orElseThrow();
        byte[] pixels = meaning.pixels(Picture.read(new ByteArrayInputStream(png), "it"), "it");
        assertEquals(72, pixels.length);
        List<Prediction> expected = List.of(ServedModels.colours().predictor().predict(pixels));
        try (ModelServer colours = ModelServer.start(ServedModels.colours(), OPTIONS)) {
            assertSame(expected, predictions(RawHttp.exchange(colours.port(), RawHttp.post("/predict", "image/png", png))));
            List<Integer> numbers = new ArrayList<>();
            for (byte pixel : pixels) {
                numbers.add(pixel & 0xff);
            }
            assertSame(expected, predictions(post(colours, "/predict", "{\"images\":[" + numbers + "]}")));
            List<List<Integer>> rows = new ArrayList<>();
            for (int row = 0; row < 6; row++) {
                rows.add(numbers.subList(12 * row, 12 * row + 12));
            }
            assertSame(expected, predictions(post(colours, "/predict", "{\"images\":[" + rows + "]}")));
            assertTrue(post(colours, "/predict", "{\"images\":[[1,2]]}").body().contains("72 in all"));
            JsonObject explained = RawHttp.exchange(colours.port(), RawHttp.post("/explain", "image/png", png)).json();
            assertEquals(3, explained.get("channels").getAsInt());
            assertEquals(numbers.toString().replace(" ", ""), explained.getAsJsonArray("pixels").toString());
            assertEquals(24, explained.getAsJsonArray("contributions").size());
        }
    }

    @Test
    void anExplanationHasWhatTheNetSeesAndWhatSpoke() throws IOException {
        byte[] png = picture();
        byte[] digit = new DigitForm().pixels(Picture.read(new ByteArrayInputStream(png), "it"), 28, 28, 1, "it");
        Answer answer = RawHttp.exchange(images.port(), RawHttp.post("/explain", "image/png", png));
        assertEquals(200, answer.status(), answer::toString);
        JsonObject explained = answer.json();
        assertSame(List.of(ServedModels.images().predictor().predict(digit)), List.of(explained.getAsJsonObject("prediction")));
        Tensor input = Tensor.generate(i -> (digit[i] & 0xff) / 255f, 1, ServedModels.PIXELS);
        float[] gradient = new ImageExplanation(ServedModels.images().model(), ImagePreprocessor.ofNumbers(28, 28, 10))
                .saliency(input).gradient().toArray();
        int spoke = 0;
        float[] contributions = new float[ServedModels.PIXELS];
        float[] expected = new float[ServedModels.PIXELS];
        for (int i = 0; i < expected.length; i++) {
            assertEquals(digit[i] & 0xff, explained.getAsJsonArray("pixels").get(i).getAsInt());
            contributions[i] = explained.getAsJsonArray("contributions").get(i).getAsFloat();
            expected[i] = gradient[i] * input.toArray()[i];
            spoke += contributions[i] == 0 ? 0 : 1;
        }
        assertArrayEquals(expected, contributions, 1e-7f);
        assertTrue(spoke > 20, spoke + " pixels");
        String two = "{\"images\":[" + json(digit, false) + "," + json(digit, false) + "]}";
        assertTrue(post(images, "/explain", two).body().contains("Expected one image to explain. Received: 2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[1,2]      | $.images[0][2]: expected a pixel from 0 to 255, 784 in all. Received: the end of the array",
        "[1,256]    | $.images[0][1]: expected a pixel from 0 to 255. Received: 256",
        "[7,0.5]    | $.images[0][1]: expected a whole number. Received: \"0.5\"",
        "[1e99]     | $.images[0][0]: expected a whole number. Received: \"1e99\"",
        "[-1]       | $.images[0][0]: expected a pixel from 0 to 255. Received: -1",
        "[null]     | expected a pixel from 0 to 255, 784 in all. Received: null",
        "[[]]       | $.images[0][0][0]: expected a pixel from 0 to 255, 28 in all",
        "LONGER     | expected the end after 784 pixels",
        "\"x\"      | $.images[0]: expected an array of pixels. Received: a text",
    })
    void imagesThatAreNoneAreRefused(String image, String message) throws IOException {
        String longer = json(pixels(1), false).replace("]", ",0]");
        Answer answer = post(images, "/predict", "{\"images\":[" + image.replace("LONGER", longer) + "]}");
        assertEquals(400, answer.status());
        assertTrue(answer.json().get("detail").getAsString().contains(message),
                answer.body());
    }

    @Test
    void picturesThatAreNoneAreRefused() throws IOException {
        ByteArrayOutputStream blank = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB), "png", blank);
        byte[] huge = picture();
        huge[16] = 0x7f; // the width in the header
        for (Map.Entry<String, byte[]> each : Map.of("in which nothing is written", blank.toByteArray(), "another format", new byte[100],
                "broken or cut off", Arrays.copyOf(picture(), 60), "Make it smaller", huge).entrySet()) {
            Answer answer = RawHttp.exchange(images.port(), RawHttp.post("/predict", "image/png", each.getValue()));
            assertEquals(400, answer.status());
            assertTrue(answer.body().contains(each.getKey()), answer.body());
        }
    }

    /** One that comes from another program, and tells nothing but its layers. */
    @Test
    void aModelWithoutItsPreprocessorTakesImagesToo() throws IOException {
        Sequential net = new Sequential(1, new Input(6, 5, 1), new Flatten(), new Dense(2, "softmax"));
        try (ModelServer server = ModelServer.start(new SavedModel(net), OPTIONS)) {
            JsonArray image = new JsonArray();
            for (int i = 0; i < 30; i++) {
                image.add(i);
            }
            JsonObject prediction = predictions(post(server, "/predict", "{\"images\":[" + image + "]}")).get(0);
            float[] expected = net.predict(Tensor.generate(i -> i / 255f, 1, 6, 5, 1)).toArray();
            JsonElement first = prediction.getAsJsonObject("probabilities").get("0");
            assertEquals(expected[0], Float.parseFloat(first.getAsString()));
            assertEquals(415, RawHttp.exchange(server.port(), RawHttp.post("/predict", "image/png", picture())).status());
        }
    }

    @Test
    void otherModelsAreRefused() {
        Sequential net = new Sequential(1, new Input(4), new Dense(2, "softmax"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ModelServer.start(new SavedModel(net), OPTIONS)).getMessage()
                .startsWith("Expected a model of a table, or of images"));
    }

    // ------------------------------------------------------------------------------------------------ descriptions

    @Test
    void theDescriptionsAreOfTheModel() throws IOException {
        JsonObject table = RawHttp.exchange(labels.port(), RawHttp.get("/model")).json();
        assertEquals("kind", table.get("target").getAsString());
        assertEquals(4, table.getAsJsonArray("columns").size(), "the ignored one is not asked for");
        assertEquals("[{\"name\":\"size, cm\",\"type\":\"numeric\",\"missing\":0,\"least\":0.0,\"most\":10.0,\"mean\":5.0,"
                + "\"deviation\":2.0},{\"name\":\"preis\",\"type\":\"numeric\",\"missing\":1,\"mean\":5.0,\"deviation\":2.0,"
                + "\"decimalMark\":\",\"},{\"name\":\"colour\",\"type\":\"category\",\"missing\":1,\"values\":[\"02\",\"red\"],"
                + "\"others\":3,\"spellings\":\"WORDS\"},{\"name\":\"when\",\"type\":\"date\",\"missing\":0,\"monthFirst\":false,"
                + "\"parts\":[\"WEEKDAY\",\"TIME\"],\"meanDays\":0.0,\"deviationDays\":0.0,\"meanYear\":0.0,\"deviationYear\":0.0}]",
                table.get("columns").toString());
        JsonObject api = RawHttp.exchange(labels.port(), RawHttp.get("/openapi.json")).json();
        JsonObject row = api.getAsJsonObject("paths").getAsJsonObject("/predict").getAsJsonObject("post").getAsJsonObject("requestBody")
                .getAsJsonObject("content").getAsJsonObject("application/json").getAsJsonObject("schema").getAsJsonObject("properties")
                .getAsJsonObject("rows").getAsJsonObject("items");
        JsonObject properties = row.getAsJsonObject("properties");
        assertEquals("{\"type\":[\"number\",\"string\",\"null\"],\"description\":\"Training had 0.0 to 10.0; what lies beyond counts as"
                + " the nearest. null is a missing value.\"}", properties.get("size, cm").toString());
        assertEquals("{\"type\":[\"number\",\"string\",\"null\"],\"description\":\"null is a missing value.\"}",
                properties.get("preis").toString());
        assertEquals("{\"type\":[\"number\",\"string\",\"boolean\",\"null\"],\"description\":\"A category. null is a missing value.\","
                + "\"examples\":[\"02\",\"red\"]}", properties.get("colour").toString());
        assertEquals("[\"number\",\"string\",\"null\"]", properties.getAsJsonObject("when").get("type").toString());
        assertFalse(row.has("required"), "what is left out is missing");
        assertEquals("[\"predictions\",\"counts\"]", api.getAsJsonObject("paths").getAsJsonObject("/predict").getAsJsonObject("post")
                .getAsJsonObject("responses").getAsJsonObject("200").getAsJsonObject("content").getAsJsonObject("application/json")
                .getAsJsonObject("schema").get("required").toString());
        JsonObject images28 = RawHttp.exchange(images.port(), RawHttp.get("/openapi.json")).json();
        for (String path : images28.getAsJsonObject("paths").keySet()) {
            boolean get = images28.getAsJsonObject("paths").getAsJsonObject(path).has("get");
            assertEquals(get ? 200 : 405, RawHttp.exchange(images.port(), RawHttp.get(path)).status(), path);
        }
    }

    @Test
    void theFormOfImagesTellsWhetherPicturesAreTakenAndDrawn() {
        assertEquals("pictures true, drawing true", described(ServedModels.images()));
        assertEquals("pictures true, drawing false", described(ServedModels.colours()));
        SavedModel small = new SavedModel(new Sequential(1, new Input(35), new Dense(2, "softmax")));
        assertEquals("pictures false, drawing false", described(small.preprocessor(ImagePreprocessor.ofNumbers(5, 7, 2))));
        SavedModel ofDigits = new SavedModel(new Sequential(1, new Input(ServedModels.PIXELS), new Dense(2, "softmax")));
        assertEquals("pictures true, drawing true", described(ofDigits), "though it tells no sides");
    }

    private static String described(SavedModel saved) {
        Map<String, Object> description = Served.of(saved, new ServerOptions().maxRows(1)).description();
        return "pictures " + description.get("pictures") + ", drawing " + description.get("drawing");
    }

    // ---------------------------------------------------------------------------------------------------- no label

    private static SavedModel bounded(double bound) {
        return ServedModels.images().calibration(Calibration.of(Config.of("Calibration").with("temperature", 0.5).with("examples",
                9)
                .with("bound", bound).with("outliers", 4).with("outliersBelow", 3)));
    }

    @Test
    void anImageOfNoLabelIsSaidToBeSuch() throws Exception {
        byte[] pixels = new byte[ServedModels.PIXELS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i % 128);
        }
        String ramp = "{\"images\":[" + Arrays.toString(pixels) + "]}";
        SavedModel saved = bounded(0.99);
        Prediction expected = saved.predictor().predict(pixels);
        assertTrue(expected.isRejected());
        try (ModelServer server = ModelServer.start(saved, OPTIONS)) {
            JsonObject said = predictions(post(server, "/predict", ramp)).get(0);
            assertTrue(said.get("label").isJsonNull(), said::toString);
            assertEquals(expected.label(), said.get("closest").getAsString());
            assertEquals((float) expected.confidence(), said.getAsJsonObject("probabilities").get(expected.label()).getAsFloat());
            JsonObject explained = post(server, "/explain", ramp).json();
            assertEquals(said, explained.getAsJsonObject("prediction"));
            assertEquals(post(images, "/explain", ramp).json().get("contributions"),
                    explained.get("contributions"), "pixels are explained by the softmax that was trained");
            JsonObject schema = answerSchema(server).getAsJsonObject("properties");
            assertEquals("[\"string\",\"null\"]", schema.getAsJsonObject("label").get("type").toString());
            assertTrue(schema.getAsJsonObject("label").getAsJsonArray("enum").get(10).isJsonNull());
            assertEquals("string", schema.getAsJsonObject("closest").get("type").getAsString());
            JsonObject model = RawHttp.exchange(server.port(), RawHttp.get("/model")).json();
            assertEquals(0.99, model.get("bound").getAsDouble());
            assertEquals("no digit", model.get("rejection").getAsString());
        }
        try (ModelServer server = ModelServer.start(saved, OPTIONS.reject(0))) {
            JsonObject said = predictions(post(server, "/predict", ramp)).get(0);
            assertEquals(expected.label(), said.get("label").getAsString());
            assertFalse(said.has("closest"));
        }
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.reject(2));
        assertThrows(IllegalArgumentException.class, () -> ModelServer.start(ServedModels.labels(), OPTIONS.reject(0.5)));
        assertFalse(answerSchema(images).getAsJsonObject("properties").has("closest"));
    }
}
