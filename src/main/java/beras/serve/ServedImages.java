package beras.serve;

import static beras.serve.Json.object;

import beras.config.InvalidDataException;
import beras.data.DataException;
import beras.data.image.ImageExplanation;
import beras.data.image.ImageExplanation.Saliency;
import beras.data.image.ImagePreprocessor;
import beras.data.image.Images;
import beras.data.image.Picture;
import beras.data.image.PictureLimits;
import beras.prediction.Prediction;
import beras.prediction.PredictionFields;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.serve.Routes.Route;
import beras.tensor.Tensor;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A model of images: arrays of pixels from 0 to 255, or a picture, which becomes an image as in training. */
final class ServedImages extends Served {

    private static final String IMAGES = "images";
    /** The types of pictures that are taken. */
    static final List<String> PICTURES = List.of("image/png", "image/jpeg", "image/bmp", "image/gif");
    /** The name of a body's picture in messages. */
    static final String NAME = "The picture";
    private static final int BRIGHTEST = 255;
    /** Pixels of an image that an example shows. */
    private static final int MOST_SHOWN = 64;
    /** So large a picture takes no more memory than {@link ModelServer} counts for a worker. */
    static final int MOST_PIXELS = 25_000_000;

    private final ImagePreprocessor meaning;
    private final ImageExplanation explanation;
    private final int height;
    private final int width;
    private final int channels;
    private final Optional<ServedPages> pages;

    ServedImages(Predictor predictor, SavedModel saved, ImagePreprocessor meaning, ServerOptions options) {
        super(predictor, new PredictionFields(Prediction::label, Optional.empty()), options.maxRows, IMAGES, takesPictures(meaning)
                ? Stream.concat(Stream.of(Response.JSON), PICTURES.stream()).toList() : List.of(Response.JSON), meaning.labels());
        this.meaning = meaning;
        this.pages = takesPictures(meaning) ? ServedPages.of(saved, options.bound) : Optional.empty();
        this.explanation = new ImageExplanation(saved.uncalibrated().probabilities(), meaning); // by its softmax
        this.height = meaning.height();
        this.width = meaning.width();
        this.channels = meaning.channels();
    }

    /** Whether pictures can be converted to its inputs. */
    private static boolean takesPictures(ImagePreprocessor meaning) {
        return meaning.form().makes(meaning.height(), meaning.width(), meaning.channels());
    }

    @Override
    Map<String, Route> operations() {
        Map<String, Route> operations = super.operations();
        operations.put("/explain", new Route(Routes.POST, types, (request, limit) -> Response.predicted(explain(request, limit), 1)));
        pages.ifPresent(reader -> operations.put("/read", new Route(Routes.POST, PICTURES, reader::read)));
        return operations;
    }

    @Override
    Predictions predict(Request request, WorkLimit limit) throws Refusal {
        Images images = images(request, limit);
        return new Predictions(images.count() == 0 ? List.of() : predict(inputs(images), limit), Optional.empty());
    }

    /** The prediction for the one image of a request, the image as the model receives it, and the effect of each pixel. */
    private byte[] explain(Request request, WorkLimit limit) throws Refusal {
        Images images = images(request, limit);
        if (images.count() != 1) {
            throw Refusal.bad("Expected one image to explain. Received: " + images.count());
        }
        limit.check();
        Tensor input = inputs(images);
        Prediction prediction = predict(input, limit).get(0);
        Saliency saliency = saliency(input);
        float[] products = saliency.gradient().multiply(input.reshape(saliency.gradient().shape().toArray())).toArray();
        float[] contributions = new float[height * width];
        for (int i = 0; i < products.length; i++) {
            contributions[i / channels] += products[i];
        }
        byte[] bytes = images.pixels(0);
        return Json.bytes(object("prediction", fields(prediction), "height", height, "width", width, "channels", channels,
                "pixels", IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray(), "contributions", contributions));
    }

    private Saliency saliency(Tensor input) throws Refusal {
        try {
            return explanation.saliency(input);
        } catch (InvalidDataException e) {
            throw Refusal.bad("Expected an image like those that were trained on. " + e.getMessage());
        }
    }

    private Tensor inputs(Images images) {
        return images.inputs().reshape(predictor.model().inputShape().prepend(images.count()).toArray());
    }

    private Images images(Request request, WorkLimit limit) throws Refusal {
        byte[] pixels = request.type().equals(Response.JSON) ? array(request.body())
                : withPicture(request.body(), limit, picture -> meaning.pixels(picture, NAME));
        return new Images(pixels, height, width, channels, null, 0);
    }

    /** A use of a picture. */
    interface Use<T> {
        T of(Picture picture) throws DataException, Refusal;
    }

    /** Reads the picture of a body for a use of it, which the limit may end by a {@link CancellationException}, too. */
    static <T> T withPicture(byte[] body, WorkLimit limit, Use<T> use) throws Refusal {
        try {
            return use.of(Picture.read(new ByteArrayInputStream(body), NAME, new PictureLimits(MOST_PIXELS, limit::isOver)));
        } catch (DataException e) {
            throw Refusal.bad(e.getMessage());
        } catch (CancellationException e) {
            limit.check();
            throw e;
        }
    }

    private byte[] array(byte[] body) throws Refusal {
        return Json.read(body, json -> {
            ByteArrayOutputStream pixels = new ByteArrayOutputStream();
            readAll(json, (images, index) -> image(images, pixels));
            return pixels.toByteArray();
        });
    }

    /** Row after row, or a row of rows, the channels of a pixel side by side. */
    private void image(Json json, ByteArrayOutputStream pixels) throws IOException, Refusal {
        json.require(JsonToken.BEGIN_ARRAY, "an array of pixels");
        JsonReader reader = json.reader;
        reader.beginArray();
        if (reader.peek() == JsonToken.BEGIN_ARRAY) {
            for (int row = 0; row < height; row++) {
                json.require(JsonToken.BEGIN_ARRAY, "an array of " + width * channels + " pixels, the row " + row + " of " + height);
                reader.beginArray();
                readPixels(json, width * channels, pixels);
                reader.endArray();
            }
        } else {
            readPixels(json, height * width * channels, pixels);
        }
        json.require(JsonToken.END_ARRAY, "an image of " + Images.sides(height, width, channels) + " pixels");
        reader.endArray();
    }

    private static void readPixels(Json json, int count, ByteArrayOutputStream pixels) throws IOException, Refusal {
        JsonReader reader = json.reader;
        for (int i = 0; i < count; i++) {
            if (reader.peek() != JsonToken.NUMBER) {
                throw json.unexpected("a pixel from 0 to " + BRIGHTEST + ", " + count + " in all");
            }
            int pixel = json.wholeNumber();
            if (pixel < 0 || pixel > BRIGHTEST) {
                throw Refusal.bad(reader.getPreviousPath() + ": expected a pixel from 0 to " + BRIGHTEST + ". Received: " + pixel);
            }
            pixels.write(pixel);
        }
        if (reader.peek() != JsonToken.END_ARRAY) {
            throw json.unexpected("the end after " + count + " pixels");
        }
    }

    @Override
    Map<String, Object> description() {
        Map<String, Object> description = object("kind", IMAGES, "labels", labels, "height", height, "width", width, "channels",
                channels,
                "pictures", takesPictures(meaning), "drawing", takesPictures(meaning) && meaning.form().showsInk(), "pages",
                pages.isPresent());
        predictor.bound().ifPresent(bound -> description.putAll(object("bound", bound, "rejection", meaning.rejection())));
        return description;
    }

    @Override
    Map<String, Object> requestSchema() {
        Map<String, Object> pixel = object("type", "integer", "minimum", 0, "maximum", BRIGHTEST);
        Map<String, Object> flat = object("type", "array", "minItems", height * width * channels, "maxItems", height * width * channels, "items", pixel);
        Map<String, Object> rows = object("type", "array", "minItems", height, "maxItems", height, "items",
                object("type", "array", "minItems", width * channels, "maxItems", width * channels, "items", pixel));
        return object("type", "object", "required", List.of(IMAGES), "additionalProperties", false, "properties",
                object(IMAGES, object("type", "array", "maxItems", maxRows, "items", object("oneOf", List.of(flat, rows)))));
    }

    @Override
    Optional<Object> example() {
        int count = height * width * channels;
        return count > MOST_SHOWN ? Optional.empty() : Optional.of(object(IMAGES, List.of(Collections.nCopies(count, 0))));
    }
}
