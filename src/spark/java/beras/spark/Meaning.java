package beras.spark;

import beras.data.rows.Decimal;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.Sigmoid;
import beras.models.Model;
import beras.prediction.Encoding;
import beras.prediction.Prediction;
import beras.saving.SavedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The meaning of a model's outputs in the columns of Spark ML, whose evaluators compare {@code prediction} with the label's
 * column, and take the second number of {@code rawPrediction} for the score of the positive class.
 */
final class Meaning {

    private static final double SMALLEST = Float.MIN_VALUE; // in place of a probability of 0, whose logarithm is infinite

    private final int width;
    private final boolean classes; // else a number
    private final boolean named; // the labels are from the data
    private final List<String> labels; // of the classes
    private final boolean numeric; // the labels are as many different numbers
    private final double[] values; // the value of prediction for each class
    private final boolean logits; // the outputs are no probabilities yet
    private final Encoding.Regression regression; // for any numbers

    /** For a model of one output, which is a row of numbers. */
    Meaning(SavedModel saved) {
        Model net = saved.model();
        Model probable = saved.probabilities(); // differs if the loss is from logits
        Layer last = probable.last();
        Optional<Encoding.Meaning> told = saved.preprocessor().flatMap(preprocessor -> preprocessor.encoding())
                .map(Encoding::meaning);
        width = net.outputShape().size();
        named = told.isPresent() && told.get() instanceof Encoding.Labels;
        classes = named || told.isEmpty() && (width > 1 || last instanceof Sigmoid);
        labels = named ? ((Encoding.Labels) told.get()).labels() : classes ? numbers(Math.max(2, width)) : List.of();
        double[] numbers = labels.stream().mapToDouble(label -> Decimal.parse(label) + 0.0).toArray(); // 0, not -0
        numeric = Arrays.stream(numbers).filter(Double::isFinite).distinct().count() == numbers.length;
        values = numeric ? numbers : IntStream.range(0, labels.size()).asDoubleStream().toArray();
        logits = probable != net || last instanceof Dense || last.typeName().equals("Linear") || last instanceof LogSoftmax;
        regression = told.isPresent() && told.get() instanceof Encoding.Regression named ? named
                : new Encoding.Regression(0, 1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }

    private static List<String> numbers(int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(Integer.toString(i));
        }
        return List.copyOf(numbers);
    }

    /** Whether the outputs are of classes; else of a number. */
    boolean isOfClasses() {
        return classes;
    }

    /** Whether the labels are from the data, not numbers in place of missing ones. */
    boolean isNamed() {
        return named;
    }

    /** Whether {@code prediction} has the numbers that the labels are; else their indices. */
    boolean isNumeric() {
        return numeric;
    }

    /** The labels in the order of the classes; empty for numbers. */
    List<String> labels() {
        return labels;
    }

    /**
     * The number of an output.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    double value(float[] outputs, int at) {
        return Prediction.ofValue(regression.value(outputs[at])).value();
    }

    /**
     * The outputs for the classes, one for each; of one output that of the first class beside it.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    float[] scores(float[] outputs, int at) {
        float[] scores = width == labels.size() ? Arrays.copyOfRange(outputs, at, at + width)
                : new float[] {logits ? -outputs[at] : 1 - outputs[at], outputs[at]};
        Prediction.ofLabels(labels, scores); // rejects values that are not finite
        return scores;
    }

    /** The class of the largest score, of equal ones the first. */
    int best(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /** The value of {@code prediction} for a class: its label if all labels are numbers, else its index. */
    double value(int best) {
        return values[best];
    }

    /** The probability of each class. */
    double[] probabilities(float[] scores) {
        double[] probabilities = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = scores[i];
        }
        return logits ? softmax(width == 1 ? new double[] {0, scores[1]} : probabilities) : probabilities;
    }

    private static double[] softmax(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = StrictMath.exp(logits[i] - largest);
            sum += logits[i];
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] /= sum;
        }
        return logits;
    }

    /**
     * A score of each class that is not bounded, as Spark's logistic regression gives it: of two classes the log-odds of the second
     * and its negative, of more the logarithm of the probability, but for a constant.
     */
    double[] raw(float[] scores) {
        double[] raw = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            raw[i] = logits ? scores[i] : StrictMath.log(Math.max(SMALLEST, scores[i]));
        }
        if (raw.length == 2) {
            double odds = width == 1 && logits ? raw[1] : raw[1] - raw[0];
            return new double[] {-odds, odds};
        }
        return raw;
    }
}
