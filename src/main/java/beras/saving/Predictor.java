package beras.saving;

import beras.feed.Prediction;
import beras.feed.Preprocessor;
import beras.models.Model;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Predicts from data as they are: rows of a table, or images as bytes. Any number of threads may use one at once, as long as none
 * trains the model.
 */
public final class Predictor {

    /** So many examples go through a model at a time if nothing speaks against it. */
    private static final int BATCH = 250;
    /** So many numbers, 64 MB, go in at a time, unless one example alone has more. */
    private static final int MOST_NUMBERS = 1 << 24;

    private final Model model;
    private final Preprocessor preprocessor;

    Predictor(Model model, Preprocessor preprocessor) {
        this.model = model;
        this.preprocessor = preprocessor;
    }

    /**
     * What the model says about one row of a table, its values by the names of the columns.
     *
     * @throws IllegalArgumentException if a column is missing, or a value is wrong, naming the column
     */
    public Prediction predict(Map<String, ?> row) {
        return predictOne(row);
    }

    /**
     * As {@link #predict(Map)}, the values in the order of the columns.
     *
     * @throws IllegalArgumentException if there are more or fewer values than columns, or one is wrong
     */
    public Prediction predict(List<?> row) {
        return predictOne(row);
    }

    /**
     * As {@link #predict(Map)}, of a record whose components have the names of columns; others may be there.
     *
     * <pre>{@code
     * record Flat(double size, String colour) {}
     *
     * predictor.predict(new Flat(2.5, "red"));
     * }</pre>
     *
     * @throws IllegalArgumentException if a column is missing, a value is wrong, or the record is in a package that is not open
     */
    public Prediction predict(Record row) {
        return predictOne(row);
    }

    /**
     * What the model says about an image.
     *
     * @param pixels 0 to 255, row by row
     * @throws IllegalArgumentException if it has another number of pixels
     */
    public Prediction predict(byte[] pixels) {
        return predictOne(pixels);
    }

    /**
     * What the model says about an example of any other kind that its preprocessor takes, such as a picture
     * ({@code data.image.Picture}).
     *
     * @throws IllegalArgumentException if it is of another kind, or wrong
     */
    public Prediction predict(Object example) {
        return predictOne(example);
    }

    private Prediction predictOne(Object example) {
        Tensor input = Tensor.wrap(preprocessor.encode(example), preprocessor.inputShape().prepend(1));
        return preprocessor.decodeAll(model.predict(input)).get(0);
    }

    /**
     * What the model says about each of some rows (maps, records or lists) or images, to the same bits as one by one. Many go
     * through the model at a time, which is much faster.
     *
     * @throws IllegalArgumentException if one is of another kind, or wrong, naming its number from 0
     */
    public List<Prediction> predictAll(List<?> examples) {
        List<Prediction> predictions = new ArrayList<>(examples.size());
        int size = preprocessor.inputShape().size();
        int atOnce = batchSize(preprocessor.inputShape());
        float[] inputs = new float[Math.min(atOnce, examples.size()) * size];
        for (int from = 0; from < examples.size(); from += atOnce) {
            int count = Math.min(atOnce, examples.size() - from);
            preprocessor.encodeAll(examples, from, count, inputs);
            Tensor batch = Tensor.wrap(inputs, preprocessor.inputShape().prepend(inputs.length / size)).slice(0, count);
            predictions.addAll(preprocessor.decodeAll(model.predict(batch)));
        }
        return predictions;
    }

    /**
     * How many examples of a shape are predicted at a time: {@value #BATCH}, or fewer if these would take more than 64 MB, at
     * least 1. What a model gives does not depend on it.
     */
    public static int batchSize(Shape example) {
        return Math.max(1, Math.min(BATCH, MOST_NUMBERS / Math.max(1, example.size())));
    }
}
