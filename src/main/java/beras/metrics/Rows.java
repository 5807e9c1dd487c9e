package beras.metrics;

import beras.kernels.Backend;
import beras.losses.Loss;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.tensor.Tensor;

/**
 * One batch as an accumulator reads it: rows of predictions along the last axis, the truth of each, and its weight. Each maker
 * checks that the shapes fit, and throws an IllegalArgumentException that names the metric if they do not.
 */
public final class Rows {

    /** The alternative for one column. */
    static final String YES_OR_NO = "For a yes or no take binary_accuracy, or the name accuracy where a model is compiled";

    private static final Loss SPARSE = new SparseCategoricalCrossEntropy();

    private final Tensor predictions;
    private final Tensor truth;
    private final Tensor weights;
    private final int count;
    private final int width;
    private final int rowsPerWeight;

    private Rows(String who, Tensor predictions, Tensor truth, Tensor weights) {
        this.predictions = predictions.contiguous();
        this.truth = truth.contiguous();
        this.width = predictions.dim(-1);
        this.count = width == 0 ? 0 : predictions.size() / width;
        if (weights == null) {
            this.weights = null;
            this.rowsPerWeight = 1;
            return;
        }
        int batch = predictions.dim(0);
        if (weights.rank() == 0 || weights.dim(0) != batch || weights.size() != batch && weights.size() != count) {
            throw new IllegalArgumentException(who + " needs one weight for each of " + batch + " examples. Received: weights of"
                    + " shape " + weights.shape());
        }
        this.weights = weights.contiguous();
        this.rowsPerWeight = weights.size() == batch && batch > 0 ? count / batch : 1;
    }

    /** Predictions and truth of one shape. If it is {@code (batch)}, every number is a row. */
    public static Rows ofNumbers(Metric metric, Tensor predictions, Tensor truth, Tensor weights) {
        requireFit(metric, predictions.rank() >= 1 && predictions.shape().equals(truth.shape()),
                "predictions and truth of one shape (batch) or (batch, n)", predictions, truth);
        return of(metric.typeName(), predictions, truth, weights);
    }

    /** Scores of classes, and of one shape with them a truth that is one-hot, or a distribution. */
    public static Rows ofClasses(Metric metric, Tensor predictions, Tensor truth, Tensor weights) {
        requireFit(metric, predictions.rank() >= 2 && predictions.shape().equals(truth.shape()),
                "predictions and truth of one shape (batch, n)", predictions, truth);
        return of(metric.typeName(), predictions, truth, weights);
    }

    /** Scores of classes {@code (batch, n)}, and labels {@code (batch)} or {@code (batch, 1)}. */
    public static Rows ofLabels(Metric metric, Tensor predictions, Tensor truth, Tensor weights) {
        requireFit(metric, predictions.rank() >= 2 && SPARSE.takes(predictions.shape(), truth.shape()),
                "predictions (batch, n) and labels (batch) or (batch, 1)", predictions, truth);
        return of(metric.typeName(), predictions, truth, weights);
    }

    /**
     * Rejects one column, where the largest prediction is always the only one.
     *
     * @param cure the alternative
     */
    Rows requireSeveral(Metric metric, String cure) {
        if (width == 1) {
            throw new IllegalArgumentException(metric.typeName() + " is of the largest of several predictions, and"
                    + " of one column that is always the same. Received: predictions of shape " + predictions.shape() + ". " + cure);
        }
        return this;
    }

    private static void requireFit(Metric metric, boolean fits, String needs, Tensor predictions, Tensor truth) {
        if (!fits) {
            throw new IllegalArgumentException(metric.typeName() + " needs " + needs + ". Received: "
                    + predictions.shape() + " and " + truth.shape() + cure(predictions, truth));
        }
    }

    /** The advice for truth that another metric takes; empty if none does. */
    private static String cure(Tensor predictions, Tensor truth) {
        if (predictions.rank() < 2) {
            return "";
        }
        return predictions.shape().equals(truth.shape()) ? ". For one-hot targets take the metric that is not sparse, such as"
                + " categorical_accuracy"
                : SPARSE.takes(predictions.shape(), truth.shape()) ? ". For labels of classes take a sparse metric, such as"
                + " sparse_categorical_accuracy, or make them one-hot: new OneHotEncoder().forward(labels)" : "";
    }

    /**
     * The true class of each row.
     *
     * @param who         the caller, for the error
     * @param predictions scores {@code (batch, classes)}; for 2 classes also {@code (batch, 1)}
     * @param truth       one-hot {@code (batch, classes)}, or labels {@code (batch)} or {@code (batch, 1)}
     * @throws IllegalArgumentException if the shapes do not fit, or a label is no class
     */
    public static int[] trueClasses(String who, Tensor predictions, Tensor truth, int classes) {
        int width = predictions.rank() == 2 ? predictions.dim(1) : 0;
        boolean labels = width > 0 && SPARSE.takes(predictions.shape(), truth.shape());
        boolean yesOrNo = width == 1 && classes == 2;
        if (width != classes && !yesOrNo || !labels && !truth.shape().equals(predictions.shape())) {
            throw new IllegalArgumentException(who + " needs scores (batch, " + classes
                    + ") and a truth of that shape, or labels (batch) or (batch, 1). Received: " + predictions.shape() + " and "
                    + truth.shape());
        }
        Rows rows = Rows.of(who, predictions, truth, null);
        if (!labels) {
            return rows.argMax(rows.truth());
        }
        int[] all = new int[rows.count()];
        for (int r = 0; r < all.length; r++) {
            all[r] = requireClass(rows.label(r), classes);
        }
        return all;
    }

    /**
     * The number of a class.
     *
     * @throws IllegalArgumentException unless it is a whole number from 0 to {@code classes - 1}
     */
    public static int requireClass(double number, int classes) {
        if (!(number >= 0 && number < classes && number == (int) number)) {
            throw new IllegalArgumentException(
                    "A class must be a whole number from 0 to " + (classes - 1) + ". Received: " + number);
        }
        return (int) number;
    }

    /** Predictions with a truth of any shape, as they are; of rank 1, every number is a row. */
    public static Rows of(String who, Tensor predictions, Tensor truth, Tensor weights) {
        boolean numbers = predictions.rank() == 1;
        return new Rows(who, numbers ? column(predictions) : predictions,
                numbers ? column(truth) : truth, weights);
    }

    private static Tensor column(Tensor numbers) {
        return numbers.reshape(numbers.size(), 1);
    }

    /** The number of rows. */
    public int count() {
        return count;
    }

    /** The number of predictions in a row. */
    public int width() {
        return width;
    }

    /** All predictions, contiguous; never of rank 1. */
    public Tensor predictions() {
        return predictions;
    }

    /** The whole truth, contiguous. */
    public Tensor truth() {
        return truth;
    }

    /** The {@code i}-th prediction of a row. */
    public float prediction(int row, int i) {
        return predictions.data()[predictions.offset() + row * width + i];
    }

    /** The truth of a prediction, where it has the predictions' shape. */
    public float truth(int row, int i) {
        return truth.data()[truth.offset() + row * width + i];
    }

    /** The truth of a row, where it is a label. */
    public float label(int row) {
        return truth.data()[truth.offset() + row];
    }

    /** The weight of a row; 1 without weights. */
    public double weight(int row) {
        return weights == null ? 1 : weights.data()[weights.offset() + row / rowsPerWeight];
    }

    /**
     * The weight of a number, of which there is one for each row, or one for each example; 1 without weights.
     *
     * @param count of all such numbers
     * @throws IllegalArgumentException if there are more weights
     */
    double weight(int number, int count) {
        if (isWeighted() && weights.size() > count) {
            throw new IllegalArgumentException("There must be one weight for each of " + count + " examples, of which a metric has one"
                    + " number each. Received: weights of shape " + weights.shape());
        }
        return isWeighted() ? weights.data()[weights.offset() + (int) ((long) number * weights.size() / count)] : 1;
    }

    boolean isWeighted() {
        return weights != null;
    }

    /** The number of examples. */
    int batch() {
        return predictions.dim(0);
    }

    /** The predicted class of each row: that of the first largest score; of one column, 1 if it is above {@link Metrics#THRESHOLD}. */
    public int[] predictedClasses() {
        int[] classes = argMax(predictions);
        for (int r = 0; r < count && width == 1; r++) {
            classes[r] = prediction(r, 0) > Metrics.THRESHOLD ? 1 : 0;
        }
        return classes;
    }

    /** The index of the first largest element of each row of {@code x}, which has the predictions' shape. */
    public int[] argMax(Tensor x) {
        int[] largest = new int[count];
        Backend.sums().rowArgMax(x.block(), largest, 0);
        return largest;
    }
}
