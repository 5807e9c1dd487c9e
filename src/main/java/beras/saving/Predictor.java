package beras.saving;

import beras.config.CheckReturnValue;
import beras.feed.ExampleShapes;
import beras.feed.Preprocessor;
import beras.models.Model;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Predicts from data as they are, such as rows of a table or images as bytes, or from the inputs of the model. However many
 * examples there are, no more than {@link #batchSize} go through the model at a time, to the same bits as one by one. Any number of
 * threads may use one at once, as long as none trains the model.
 */
public final class Predictor {

    /** The default number of examples that pass through a model at a time. */
    private static final int BATCH = 250;
    /** So many numbers, 64 MB, go in at a time, unless one example alone has more. */
    private static final int MOST_NUMBERS = 1 << 24;

    private final Model model;
    private final Preprocessor preprocessor;
    private final OptionalDouble bound;

    /** Inputs of a model that are made when they are needed. */
    @FunctionalInterface
    public interface Inputs {

        /** The inputs of some examples, of the size that the model takes and of any shape {@code (to - from, ...)}. */
        Tensor slice(int from, int to);
    }

    Predictor(Model model, Preprocessor preprocessor, OptionalDouble bound) {
        this.model = model;
        this.preprocessor = preprocessor;
        this.bound = bound;
    }

    /**
     * A predictor that rejects predictions of less confidence, see {@link Prediction#isRejected}; default: the threshold that
     * the model keeps, if any.
     *
     * @param newBound from 0, which rejects nothing, to 1
     * @throws IllegalArgumentException if it is not
     */
    @CheckReturnValue
    public Predictor reject(double newBound) {
        return new Predictor(model, preprocessor, OptionalDouble.of(Prediction.requireBound(newBound)));
    }

    /** The confidence below which predictions are rejected; empty if none is. */
    public OptionalDouble bound() {
        return bound;
    }

    /** The preprocessor, which makes inputs of the examples and decodes the outputs. */
    public Preprocessor preprocessor() {
        return preprocessor;
    }

    /** The model; its outputs are {@linkplain SavedModel#probabilities() probabilities} if its loss is known. */
    public Model model() {
        return model;
    }

    /**
     * The prediction for one example. An example is a row of a table: a map of values by the names of the columns, a list of
     * values in the order of the columns, or a record whose components have the names of columns. It may be an image, its
     * pixels from 0 to 255 row by row as a {@code byte[]}; or another type that the preprocessor takes, such as a picture
     * ({@code data.image.Picture}). A map may leave out columns.
     *
     * <pre>{@code
     * record Flat(double size, String colour) {}
     *
     * predictor.predict(new Flat(2.5, "red"));
     * }</pre>
     *
     * @throws IllegalArgumentException if it is of another kind, or a value is wrong or missing, naming the column
     */
    public Prediction predict(Object example) {
        Tensor input = Tensor.wrap(preprocessor.encode(example), preprocessor.inputShape().prepend(1));
        return decodeAll(model.predict(input)).get(0);
    }

    /**
     * The predictions for some rows (maps, records or lists) or images, bit-identical to {@link #predict} one by one. Many go
     * through the model at a time, which is much faster.
     *
     * @throws IllegalArgumentException if one is of another kind, or wrong, naming its number from 0
     */
    public List<Prediction> predictAll(List<?> examples) {
        Shape shape = preprocessor.inputShape();
        float[] numbers = new float[Math.min(batchSize(shape), examples.size()) * shape.size()];
        return decodeAll(outputs(model, examples.size(), (from, to) -> {
            preprocessor.encodeAll(examples, from, to - from, numbers);
            return Tensor.wrap(numbers, numbers.length / shape.size(), shape.size()).slice(0, to - from);
        }));
    }

    /**
     * Decodes outputs of the model, {@code (count, ...)}.
     *
     * @throws IllegalArgumentException if one of them is not finite, or they have another shape
     */
    public List<Prediction> decodeAll(Tensor outputs) {
        List<Prediction> predictions = preprocessor.decodeAll(outputs);
        return bound.isEmpty() ? predictions : predictions.stream().map(each -> each.rejectedBelow(bound.getAsDouble())).toList();
    }

    /**
     * The outputs, {@code (count, ...)}, of a model of one input and one output.
     *
     * @param inputs {@code (count, ...)}, each of the size that the model takes
     */
    public static Tensor outputs(Model model, Tensor inputs) {
        return outputs(model, inputs.dim(0), inputs::slice);
    }

    /**
     * The outputs, {@code (count, ...)}, of a model of one input and one output, for inputs that are made batch by batch.
     *
     * @param count how many examples there are
     */
    public static Tensor outputs(Model model, int count, Inputs inputs) {
        Tensor all = Tensor.zeros(model.outputShape().prepend(count).toArray());
        int width = model.outputShape().size();
        int batch = batchSize(model.inputShape());
        for (int from = 0; from < count; from += batch) {
            int to = Math.min(count, from + batch);
            Tensor part = inputs.slice(from, to);
            boolean fits = ExampleShapes.fits(part.shape().rest(), model.inputShape());
            Tensor given = model.predict(fits ? part : part.reshape(model.inputShape().prepend(to - from).toArray())).contiguous();
            System.arraycopy(given.data(), given.offset(), all.data(), from * width, given.size());
        }
        return all;
    }

    /**
     * How many examples of a shape are predicted at a time: {@value #BATCH}, or fewer if these would take more than 64 MB, at
     * least 1. The outputs do not depend on it.
     */
    public static int batchSize(Shape example) {
        return Math.max(1, Math.min(BATCH, MOST_NUMBERS / Math.max(1, example.size())));
    }
}
