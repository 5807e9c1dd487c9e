package beras.serve;

import static beras.serve.Json.object;

import beras.data.DataException;
import beras.data.image.DigitForm;
import beras.data.image.ImageExplanation;
import beras.data.image.ImageExplanation.Saliency;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.feed.Prediction;
import beras.models.Model;
import beras.tensor.Tensor;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A model of grey images: arrays of pixels from 0 to 255, or a picture of a digit, which becomes an image as MNIST's were made. */
final class ServedImages extends Served {

    private static final String IMAGES = "images";
    private static final List<String> PICTURES = List.of("image/png", "image/jpeg", "image/bmp", "image/gif");
    private static final String NAME = "The picture";
    private static final int BRIGHTEST = 255;

    private final Model model;
    private final ImagePreprocessor meaning;
    private final ImageExplanation explanation;
    private final int height;
    private final int width;

    ServedImages(Model model, ImagePreprocessor meaning, int maxRows) {
        super(maxRows);
        this.model = model;
        this.meaning = meaning;
        this.explanation = new ImageExplanation(model, meaning);
        this.height = meaning.height();
        this.width = meaning.width();
    }

    /** Whether pictures can be made into what it takes. */
    private boolean isOfDigits() {
        return height == DigitForm.SIDE && width == DigitForm.SIDE;
    }

    @Override
    List<Prediction> predict(Request request) throws Refusal {
        Images images = images(request);
        return images.count() == 0 ? List.of() : decode(model.predict(inputs(images)));
    }

    /** What the model says of the one image of a request, what it sees, and what each pixel did to that. */
    byte[] explain(Request request) throws Refusal {
        Images images = images(request);
        if (images.count() != 1) {
            throw Refusal.bad("Expected one image to explain. Received: " + images.count());
        }
        Tensor input = inputs(images);
        Saliency saliency = saliency(input);
        float[] contributions = saliency.gradient().multiply(input.reshape(saliency.gradient().shape().toArray())).toArray();
        return Json.written(json -> {
            json.beginObject().name("prediction");
            write(json, saliency.prediction());
            json.name("height").value(height).name("width").value(width).name("pixels").beginArray();
            for (byte pixel : images.pixels(0)) {
                json.value(pixel & 0xff);
            }
            json.endArray().name("contributions").beginArray();
            for (float contribution : contributions) {
                json.value(contribution);
            }
            json.endArray().endObject();
        });
    }

    private Saliency saliency(Tensor input) throws Refusal {
        try {
            return explanation.saliency(input);
        } catch (IllegalArgumentException e) {
            throw Refusal.bad("Expected an image like those that were trained on. " + e.getMessage());
        }
    }

    private Tensor inputs(Images images) {
        return images.inputs().reshape(model.inputShape().prepend(images.count()).toArray());
    }

    private List<Prediction> decode(Tensor outputs) throws Refusal {
        try {
            return meaning.decodeAll(outputs);
        } catch (IllegalArgumentException e) {
            throw Refusal.bad("Expected images like those that were trained on. " + e.getMessage());
        }
    }

    private Images images(Request request) throws Refusal {
        byte[] pixels = request.type().equals(Response.JSON) ? array(request.body()) : picture(request.body());
        return new Images(pixels, height, width, null, 0);
    }

    private static byte[] picture(byte[] body) throws Refusal {
        try {
            return DigitForm.of(Picture.read(new ByteArrayInputStream(body), NAME), NAME);
        } catch (DataException e) {
            throw Refusal.bad(e.getMessage());
        }
    }

    private byte[] array(byte[] body) throws Refusal {
        return Json.read(body, json -> {
            Pixels pixels = new Pixels(height * width);
            readAll(json, IMAGES, (images, index) -> image(images, pixels));
            return Arrays.copyOf(pixels.bytes, pixels.count);
        });
    }

    /** Pixels of one image after the other, as many as come. */
    private static final class Pixels {

        private byte[] bytes;
        private int count;

        Pixels(int first) {
            bytes = new byte[first];
        }

        void add(int pixel) {
            if (count == bytes.length) {
                bytes = Arrays.copyOf(bytes, 2 * count);
            }
            bytes[count++] = (byte) pixel;
        }
    }

    /** Row after row, or a row of rows. */
    private void image(Json json, Pixels pixels) throws IOException, Refusal {
        json.require(JsonToken.BEGIN_ARRAY, "an array of pixels");
        JsonReader reader = json.reader();
        reader.beginArray();
        if (reader.peek() == JsonToken.BEGIN_ARRAY) {
            for (int row = 0; row < height; row++) {
                json.require(JsonToken.BEGIN_ARRAY, "an array of " + width + " pixels, the row " + row + " of " + height);
                reader.beginArray();
                readPixels(json, width, pixels);
                reader.endArray();
            }
        } else {
            readPixels(json, height * width, pixels);
        }
        json.require(JsonToken.END_ARRAY, "an image of " + height + " x " + width + " pixels");
        reader.endArray();
    }

    private static void readPixels(Json json, int count, Pixels pixels) throws IOException, Refusal {
        JsonReader reader = json.reader();
        for (int i = 0; i < count; i++) {
            if (reader.peek() != JsonToken.NUMBER) {
                throw json.unexpected("a pixel from 0 to " + BRIGHTEST + ", " + count + " in all");
            }
            int pixel = json.wholeNumber();
            if (pixel < 0 || pixel > BRIGHTEST) {
                throw Refusal.bad(reader.getPreviousPath() + ": expected a pixel from 0 to " + BRIGHTEST + ". Received: " + pixel);
            }
            pixels.add(pixel);
        }
        if (reader.peek() != JsonToken.END_ARRAY) {
            throw json.unexpected("the end after " + count + " pixels");
        }
    }

    @Override
    List<String> types() {
        List<String> types = new ArrayList<>(List.of(Response.JSON));
        if (isOfDigits()) {
            types.addAll(PICTURES);
        }
        return types;
    }

    @Override
    List<String> labels() {
        return meaning.labels();
    }

    @Override
    String render(Prediction prediction) {
        throw new AssertionError("an image has a label");
    }

    @Override
    Map<String, Object> description() {
        return object("kind", IMAGES, "labels", labels(), "height", height, "width", width, "pictures", isOfDigits());
    }

    @Override
    Map<String, Object> requestSchema() {
        Map<String, Object> pixel = object("type", "integer", "minimum", 0, "maximum", BRIGHTEST);
        Map<String, Object> flat = object("type", "array", "minItems", height * width, "maxItems", height * width, "items", pixel);
        Map<String, Object> rows = object("type", "array", "minItems", height, "maxItems", height, "items",
                object("type", "array", "minItems", width, "maxItems", width, "items", pixel));
        return object("type", "object", "required", List.of(IMAGES), "additionalProperties", false, "properties",
                object(IMAGES, object("type", "array", "maxItems", maxRows(), "items", object("oneOf", List.of(flat, rows)))));
    }
}
