package beras.serve;

import beras.config.InvalidDataException;
import beras.data.image.ImagePreprocessor;
import beras.data.table.CellCounts;
import beras.data.table.TablePreprocessor;
import beras.models.Model;
import beras.prediction.Prediction;
import beras.prediction.PredictionFields;
import beras.saving.Predictor;
import beras.saving.SavedModel;
import beras.serve.Routes.Route;
import beras.tensor.Tensor;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.HttpStatus;

/** A model with the code that predicts from requests. Safe in several threads. */
abstract class Served {

    /** So many rows are predicted between checks of the {@link WorkLimit}. */
    private static final int ROWS_AT_ONCE = 32;
    /** Where the answer has the counts of the cells of a table. */
    static final String COUNTS = "counts";

    final Predictor predictor;
    final PredictionFields form;
    final int maxRows;
    final List<String> types;
    final List<String> labels;
    private final String examples;

    /**
     * @param examples the name of its examples, such as {@code rows}
     * @param types    of bodies that are taken
     * @param labels   empty if a number is predicted
     */
    Served(Predictor predictor, PredictionFields form, int maxRows, String examples, List<String> types, List<String> labels) {
        this.predictor = predictor;
        this.form = form;
        this.maxRows = maxRows;
        this.examples = examples;
        this.types = types;
        this.labels = labels;
    }

    /**
     * A model of a table or of images.
     *
     * @throws IllegalArgumentException if it is neither, its held-out scores cannot guarantee the coverage of the options, or
     *     its outputs are no probabilities to compare with their threshold
     */
    static Served of(SavedModel saved, ServerOptions options) {
        Model model = saved.probabilities();
        if (saved.preprocessor().orElse(null) instanceof TablePreprocessor table) {
            if (options.bound.isPresent()) {
                throw new InvalidDataException("Expected a model of images for a bound of confidence. Received: one of a"
                        + " table");
            }
            return new ServedTable(saved.predictor(), table, options.maxRows, options.coverage.isEmpty() ? Optional.empty()
                    : Optional.of(saved.sets(options.coverage.getAsDouble())));
        }
        if (options.coverage.isPresent()) {
            throw new InvalidDataException("Expected a model of a table for intervals and sets. Received: one without columns");
        }
        Optional<ImagePreprocessor> images = saved.preprocessor().isPresent()
                ? saved.preprocessor().filter(ImagePreprocessor.class::isInstance).map(ImagePreprocessor.class::cast)
                : ImagePreprocessor.of(model).or(() -> ImagePreprocessor.ofGrey(model));
        if (images.isEmpty()) {
            throw new InvalidDataException("Expected a model of a table, or of images whose height and width it records."
                    + " Received: one with inputs of shapes " + model.inputShapes() + " and outputs of shapes "
                    + model.outputShapes() + ". Use such a model from Java");
        }
        Predictor predictor = saved.predictor(images.get());
        if (options.bound.orElse(0) > 0) {
            requireProbabilities(predictor);
        }
        return new ServedImages(options.bound.isEmpty() ? predictor : predictor.reject(options.bound.getAsDouble()),
                saved, images.get(), options);
    }

    /**
     * Refuses a bound that would reject nothing: outputs for black and for white images distinguish logits from probabilities.
     */
    private static void requireProbabilities(Predictor predictor) {
        Model model = predictor.model();
        int[] shape = model.inputShape().prepend(1).toArray();
        for (Tensor input : List.of(Tensor.zeros(shape), Tensor.ones(shape))) {
            for (Prediction prediction : predictor.decodeAll(model.predict(input))) {
                if (!prediction.hasProbabilities()) {
                    throw new InvalidDataException("Expected a model that gives probabilities, from 0 to 1 with a sum of 1,"
                            + " for a bound of confidence. Received: scores " + prediction.scores().values()
                            + ". If these are logits, add an output activation, else leave the bound out");
                }
            }
        }
    }

    /** The operations that programs request by POST, by path; {@code openapi.json} describes them. */
    Map<String, Route> operations() {
        Map<String, Route> operations = new LinkedHashMap<>();
        operations.put("/predict", new Route(Routes.POST, types, (request, limit) -> {
            Predictions predicted = predict(request, limit);
            return Response.predicted(json(predicted), predicted.predictions().size());
        }));
        return operations;
    }

    /**
     * The model's predictions of the examples of a request.
     *
     * @param counts of the cells of a table
     */
    record Predictions(List<Prediction> predictions, Optional<CellCounts> counts) {}

    abstract Predictions predict(Request request, WorkLimit limit) throws Refusal;

    /** The description of the model for the page and programs. */
    abstract Map<String, Object> description();

    /** The schema of a request in JSON, as OpenAPI has it. */
    abstract Map<String, Object> requestSchema();

    /** A request in JSON as an example; empty if it would be too long to read. */
    abstract Optional<Object> example();

    /** Reads {@code {"EXAMPLES": [...]}}, element by element. */
    final void readAll(Json json, Element element) throws IOException, Refusal {
        String expected = "an object {\"" + examples + "\": [...]}";
        json.require(JsonToken.BEGIN_OBJECT, expected);
        json.reader.beginObject();
        if (json.reader.peek() != JsonToken.NAME || !json.reader.nextName().equals(examples)) {
            throw json.wrong(expected, "another key, or none");
        }
        json.require(JsonToken.BEGIN_ARRAY, "an array");
        json.reader.beginArray();
        int count = 0;
        while (json.reader.hasNext()) {
            if (count == maxRows) {
                throw new Refusal(HttpStatus.SC_REQUEST_TOO_LONG, "Expected at most " + maxRows + " " + examples
                        + ". Received: more. Send them in several requests");
            }
            element.read(json, count++);
        }
        json.reader.endArray();
        json.require(JsonToken.END_OBJECT, "nothing beside \"" + examples + "\"");
        json.reader.endObject();
    }

    /** Reads an element of an array. */
    interface Element {
        void read(Json json, int index) throws IOException, Refusal;
    }

    /** The predictions for all rows of inputs, to the bits of a single call. */
    final List<Prediction> predict(Tensor inputs, WorkLimit limit) throws Refusal {
        int count = inputs.shape().dim(0);
        List<Prediction> predictions = new ArrayList<>(count);
        for (int from = 0; from < count; from += ROWS_AT_ONCE) {
            limit.check();
            Tensor outputs = predictor.model().predict(inputs.slice(from, Math.min(count, from + ROWS_AT_ONCE)));
            try {
                predictions.addAll(predictor.decodeAll(outputs));
            } catch (InvalidDataException e) {
                throw Refusal.bad("Expected " + examples + " like those that were trained on. " + e.getMessage());
            }
        }
        return predictions;
    }

    final byte[] json(Predictions predicted) {
        return Json.written(json -> {
            json.beginObject().name("predictions").beginArray();
            for (Prediction prediction : predicted.predictions) {
                Json.write(json, fields(prediction));
            }
            json.endArray();
            if (predicted.counts.isPresent()) {
                Json.write(json.name(COUNTS), predicted.counts.get().byKind());
            }
            json.endObject();
        });
    }

    /**
     * The fields of {@code predict --format jsonl --probabilities}, under names that are the same for all models; scores
     * that are no probabilities have another name.
     */
    final Map<String, Object> fields(Prediction prediction) {
        Map<String, Object> all = Json.object(prediction.isLabel() ? "label" : "prediction", form.value(prediction));
        if (prediction.isRejected()) {
            all.put("closest", prediction.label());
        }
        if (prediction.isLabel()) {
            all.put(prediction.hasProbabilities() ? "probabilities" : "scores", PredictionFields.scores(prediction));
        }
        List<Object> values = form.setValues(prediction);
        for (int i = 0; i < values.size(); i++) {
            all.put(form.setNames().get(i), values.get(i));
        }
        return all;
    }
}
