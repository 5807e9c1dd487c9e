package beras.evaluation;

import beras.metrics.Rows;
import beras.tensor.Tensor;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/**
 * Counts how often each class was predicted as each: rows are the true classes, columns the predicted ones. Not safe for use by
 * several threads at once.
 *
 * <pre>{@code
 * ConfusionMatrix matrix = new ConfusionMatrix(3);
 * matrix.add(0, 2, 1);                                    // one of class 0 taken for class 2
 * System.out.println(matrix);
 * }</pre>
 */
public final class ConfusionMatrix {

    /** Up to so many classes are shown one by one. */
    private static final int SHOWN = 20;
    private static final MathContext DIGITS = new MathContext(5);

    private final double[][] counts;

    /**
     * @param classes at least 2
     * @throws IllegalArgumentException if there are less
     */
    public ConfusionMatrix(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("A ConfusionMatrix needs at least 2 classes. Received: " + classes);
        }
        counts = new double[classes][classes];
    }

    ConfusionMatrix(double[][] counts) {
        this.counts = counts;
    }

    /**
     * Counts one example.
     *
     * @param weight its weight, usually 1
     * @throws IllegalArgumentException if a class is not from 0 to the number of classes - 1
     */
    public void add(int truth, int predicted, double weight) {
        counts[Rows.requireClass(truth, counts.length)][Rows.requireClass(predicted, counts.length)] += weight;
    }

    /**
     * Counts a batch: the predicted class is that of the first largest score.
     *
     * @param predictions scores {@code (batch, classes)}; for 2 classes also {@code (batch, 1)}, where more than 0.5 is class 1
     * @param truth       one-hot {@code (batch, classes)}, or labels {@code (batch)} or {@code (batch, 1)}
     * @param weights     the weight of each example, {@code (batch)} or {@code (batch, 1)}; null: all 1
     * @throws IllegalArgumentException if the shapes do not fit, or a label is no class
     */
    public void update(Tensor predictions, Tensor truth, Tensor weights) {
        int[] actual = Rows.trueClasses("ConfusionMatrix", predictions, truth, counts.length);
        Rows rows = Rows.of("ConfusionMatrix", predictions, truth, weights);
        int[] predicted = rows.predictedClasses();
        for (int r = 0; r < rows.count(); r++) {
            add(actual[r], predicted[r], rows.weight(r));
        }
    }

    /** The number of classes. */
    public int classes() {
        return counts.length;
    }

    /** All counts, as a new array: row by true class, column by predicted class. */
    public double[][] counts() {
        return Arrays.stream(counts).map(double[]::clone).toArray(double[][]::new);
    }

    /** How often a class is true. */
    public double support(int index) {
        double sum = 0;
        for (double count : counts[index]) {
            sum += count;
        }
        return sum;
    }

    /** How often a class was predicted. */
    public double predicted(int index) {
        double sum = 0;
        for (double[] row : counts) {
            sum += row[index];
        }
        return sum;
    }

    /** The share of a class's predictions that are right; 0 if it was never predicted. */
    public double precision(int index) {
        return ratio(counts[index][index], predicted(index));
    }

    /** The share of a class's examples that were found; 0 if there are none. */
    public double recall(int index) {
        return ratio(counts[index][index], support(index));
    }

    /** The harmonic mean of a class's precision and recall; 0 if it was never right. */
    public double f1(int index) {
        return ratio(2 * counts[index][index], predicted(index) + support(index));
    }

    /** The share of all examples whose class was found; 0 if there are none. */
    public double accuracy() {
        double right = 0;
        double all = 0;
        for (int i = 0; i < counts.length; i++) {
            right += counts[i][i];
            all += support(i);
        }
        return ratio(right, all);
    }

    static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    /** A table with a row for each true class and a column for each predicted one; of many classes the accuracy alone. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("ConfusionMatrix of " + counts.length + " classes, accuracy "
                + Math.rint(1e4 * accuracy()) / 1e4);
        if (counts.length > SHOWN) {
            return text.toString();
        }
        text.append("; rows are true classes, columns predicted ones");
        int width = Arrays.stream(counts).flatMapToDouble(Arrays::stream).mapToInt(count -> count(count).length()).max().orElse(1);
        for (int row = -1; row < counts.length; row++) {
            text.append('\n').append(cell(row < 0 ? "" : "" + row, 2));
            for (int column = 0; column < counts.length; column++) {
                text.append(' ').append(cell(row < 0 ? "" + column : count(counts[row][column]), Math.max(2, width)));
            }
        }
        return text.toString();
    }

    /** Whole numbers without a fraction; where examples have weights there are others. */
    private static String count(double count) {
        return count == Math.rint(count) && Math.abs(count) < 1e15 ? Long.toString((long) count)
                : Double.toString(new BigDecimal(count).round(DIGITS).doubleValue());
    }

    private static String cell(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
