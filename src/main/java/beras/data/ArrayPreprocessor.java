package beras.data;

import beras.config.Config;
import beras.config.InvalidDataException;
import beras.feed.Preprocessor;
import beras.prediction.Prediction;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Arrays of numbers, passed to a model unchanged, and its predictions: one of some labels, or numbers.
 *
 * <p>Training sees a number {@code y} standardised, as {@code (y - mean) / deviation}, so that a network learns prices of
 * 200,000 as well as shares of 0.2; {@link #restore} converts predictions back.
 */
public final class ArrayPreprocessor implements Preprocessor {

    private final Shape shape;
    private final List<String> labels; // empty: numbers
    private final double[] means; // of the numbers
    private final double deviation; // of the numbers

    private ArrayPreprocessor(Shape shape, List<String> labels, double[] means, double deviation) {
        this.shape = shape;
        this.labels = labels;
        this.means = means;
        this.deviation = deviation;
    }

    /**
     * A preprocessor for labels.
     *
     * @param shape of one example
     * @throws IllegalArgumentException if there are fewer than two labels
     */
    public static ArrayPreprocessor ofLabels(Shape shape, List<String> labels) {
        if (labels.size() < 2) {
            throw new IllegalArgumentException("A model of labels needs two of them at least. Received: " + labels);
        }
        return new ArrayPreprocessor(shape, List.copyOf(labels), new double[0], 1);
    }

    /**
     * A preprocessor for numbers.
     *
     * @param shape     of one example
     * @param means     one for each number, finite
     * @param deviation of all numbers, finite and above 0
     * @throws IllegalArgumentException if there is no mean, or a number is not as described
     */
    public static ArrayPreprocessor ofValues(Shape shape, double[] means, double deviation) {
        boolean finite = means.length > 0 && deviation > 0 && deviation <= Double.MAX_VALUE;
        for (double mean : means) {
            finite &= Double.isFinite(mean);
        }
        if (!finite) {
            throw new IllegalArgumentException("A model of numbers needs a finite mean for each, and a finite deviation above 0."
                    + " Received: " + means.length + " means and a deviation of " + deviation);
        }
        return new ArrayPreprocessor(shape, List.of(), means.clone(), deviation);
    }

    /**
     * Creates the preprocessor that {@link #config} describes.
     *
     * @throws IllegalArgumentException if it is no such config
     */
    public static ArrayPreprocessor of(Config config) {
        config.requireOnly("shape", "labels", "means", "deviation");
        int[] sizes = config.integers("shape");
        if (config.has("labels")) {
            return ofLabels(Shape.of(sizes), config.texts("labels"));
        }
        return ofValues(Shape.of(sizes), config.list("means").stream().mapToDouble(ArrayPreprocessor::number).toArray(),
                config.number("deviation"));
    }

    private static double number(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("An ArrayPreprocessor has lists of numbers. Received: " + value);
    }

    /** The labels, in the order of the outputs; empty if numbers are predicted. */
    public List<String> labels() {
        return labels;
    }

    /** The size of 1 in training, in units of the data; 1 for labels. */
    public double unit() {
        return deviation;
    }

    /** The mean of all numbers that were trained on; 0 for labels. */
    public double mean() {
        return Arrays.stream(means).average().orElse(0);
    }

    @Override
    public Shape inputShape() {
        return shape;
    }

    /** {@code (labels)}, or {@code (numbers)}. */
    @Override
    public Shape outputShape() {
        return Shape.of(labels.isEmpty() ? means.length : labels.size());
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if it is no {@code float[]}, {@code double[]} or {@link Tensor} of as many numbers as the
     *         model takes, or one of them is not finite
     */
    @Override
    public void encode(Object example, float[] out, int at) {
        float[] numbers = example instanceof float[] floats ? floats : example instanceof Tensor tensor ? tensor.toArray()
                : example instanceof double[] doubles ? floats(doubles) : null;
        if (numbers == null || numbers.length != shape.size()) {
            throw new IllegalArgumentException("An example must be a float[], a double[] or a Tensor of the " + shape.size()
                    + " numbers of " + shape + ". Received: " + (numbers != null ? numbers.length + " numbers"
                    : example == null ? "null" : example.getClass().getName()));
        }
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw new IllegalArgumentException("The numbers of an example must be finite. Received: " + numbers[i]
                        + " at index " + i);
            }
            out[at + i] = numbers[i];
        }
    }

    private static float[] floats(double[] doubles) {
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if one of them is not finite, or they are several numbers, for which {@link #restore} is
     */
    @Override
    public Prediction decode(float[] output, int at) {
        if (!labels.isEmpty()) {
            float[] own = new float[labels.size()];
            System.arraycopy(output, at, own, 0, own.length);
            return Prediction.ofLabels(labels, own);
        }
        if (means.length > 1) {
            throw new InvalidDataException("A prediction is a label or one number. Received: " + means.length
                    + " numbers, which an array can have");
        }
        return Prediction.ofValue(means[0] + deviation * output[at]);
    }

    /** Numbers {@code (count, numbers)} as training sees them. */
    public Tensor standardize(Tensor values) {
        Tensor flat = values.contiguous();
        float[] numbers = new float[flat.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) ((flat.data()[flat.offset() + i] - means[i % means.length]) / deviation);
        }
        return Tensor.wrap(numbers, values.shape());
    }

    /** The outputs of a model, {@code (count, outputs)}, in units of the data; for labels unchanged. */
    public Tensor restore(Tensor outputs) {
        if (!labels.isEmpty()) {
            return outputs;
        }
        Tensor flat = outputs.contiguous();
        float[] numbers = new float[flat.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) (means[i % means.length] + deviation * flat.data()[flat.offset() + i]);
        }
        return Tensor.wrap(numbers, outputs.shape());
    }

    @Override
    public Config config() {
        Config config = Config.of(getClass()).with("shape", Arrays.stream(shape.toArray()).boxed().toList());
        return labels.isEmpty()
                ? config.with("means", Arrays.stream(means).boxed().toList()).with("deviation", deviation)
                : config.with("labels", labels);
    }
}
