package beras.evaluation;

import beras.metrics.Mean;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * The usual measures of a regression. With {@code e(i)} the prediction less the truth {@code y(i)} of example i:
 *
 * <ul>
 * <li>{@code mse}: the mean of {@code e^2}; {@code rmse}: its square root; {@code mae}: the mean of {@code |e|}.
 * <li>{@code median_absolute_error}: the median of {@code |e|}, which few large errors do not move; of an even number the mean of
 *     the two in the middle. {@code max_error}: the largest {@code |e|}.
 * <li>{@code r2}: {@code 1 - sum e^2 / sum (y - mean y)^2}, the share of the variance that is explained: 1 is perfect, 0 as good as
 *     the mean of the truth. Where all truth is equal: 1 if there is no error, else 0, as in scikit-learn.
 * <li>{@code baseline_mae}, {@code baseline_r2}: the values of always predicting the mean of the training.
 * </ul>
 *
 * <p>n log n steps. Immutable; keeps none of the numbers.
 *
 * @param examples            the number of examples
 * @param trainingMean        the mean of the truth in training, which the baseline predicts
 * @param mse                 the mean squared error
 * @param mae                 the mean absolute error
 * @param medianAbsoluteError the median of the absolute errors
 * @param maxError            the largest absolute error
 * @param r2                  the share of the variance that is explained
 * @param baselineMae         the mean absolute error of always predicting the training's mean: a useful model is below it
 * @param baselineR2          the {@code r2} of always the training's mean, 0 or less
 */
public record RegressionReport(int examples, double trainingMean, double mse, double mae, double medianAbsoluteError, double maxError,
        double r2, double baselineMae, double baselineR2) {

    /**
     * With the baseline of the truth's own mean.
     *
     * @throws IllegalArgumentException if there are no examples, or not as many of both
     */
    public static RegressionReport of(double[] predicted, double[] actual) {
        return of(predicted, actual, mean(actual));
    }

    /**
     * A report on some examples.
     *
     * @param trainingMean the mean of the truth in training, which the baseline predicts
     * @throws IllegalArgumentException if there are no examples, or not as many of both
     */
    public static RegressionReport of(double[] predicted, double[] actual, double trainingMean) {
        if (predicted.length != actual.length || predicted.length == 0) {
            throw new IllegalArgumentException("A RegressionReport needs predictions of at least one example, and as many true"
                    + " numbers. Received: " + predicted.length + " and " + actual.length);
        }
        double[] errors = new double[predicted.length];
        double mean = mean(actual);
        double squares = 0;
        double sum = 0;
        double variation = 0;
        double baseSquares = 0;
        double baseSum = 0;
        for (int i = 0; i < errors.length; i++) {
            errors[i] = Math.abs(predicted[i] - actual[i]);
            sum += errors[i];
            squares += errors[i] * errors[i];
            variation += (actual[i] - mean) * (actual[i] - mean);
            baseSquares += (trainingMean - actual[i]) * (trainingMean - actual[i]);
            baseSum += Math.abs(trainingMean - actual[i]);
        }
        Arrays.sort(errors);
        int middle = errors.length / 2;
        double median = errors.length % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2;
        return new RegressionReport(errors.length, trainingMean, squares / errors.length, sum / errors.length, median,
                errors[errors.length - 1], explained(squares, variation), baseSum / errors.length, explained(baseSquares, variation));
    }

    /**
     * A report on all numbers of two tensors of one shape, such as {@code (n, 1)}.
     *
     * @throws IllegalArgumentException if they are empty, or not of one shape
     */
    public static RegressionReport of(Tensor predicted, Tensor actual) {
        if (!predicted.shape().equals(actual.shape())) {
            throw new IllegalArgumentException("A RegressionReport needs predictions and truth of one shape. Received: "
                    + predicted.shape() + " and " + actual.shape());
        }
        return of(numbers(predicted, number -> number), numbers(actual, number -> number));
    }

    /** The numbers of a tensor in double precision, each changed by {@code unit}, such as into the units of the data. */
    public static double[] numbers(Tensor tensor, DoubleUnaryOperator unit) {
        float[] numbers = tensor.toArray();
        return IntStream.range(0, numbers.length).mapToDouble(i -> unit.applyAsDouble(numbers[i])).toArray();
    }

    /** The mean, which rounding must not move beyond the numbers: equal ones would seem to vary. */
    private static double mean(double[] numbers) {
        DoubleSummaryStatistics range = Arrays.stream(numbers).summaryStatistics();
        return Math.min(range.getMax(), Math.max(range.getMin(), Mean.of(numbers)));
    }

    private static double explained(double squares, double variation) {
        return variation == 0 ? squares == 0 ? 1 : 0 : 1 - squares / variation;
    }

    /** All numbers by name, in order. */
    public Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("mse", mse);
        values.put("mae", mae);
        values.put("rmse", rmse());
        values.put("r2", r2);
        values.put("median_absolute_error", medianAbsoluteError);
        values.put("max_error", maxError);
        values.put("baseline_mae", baselineMae);
        values.put("baseline_r2", baselineR2);
        return Collections.unmodifiableMap(values);
    }

    /** The root of the mean squared error. */
    public double rmse() {
        return Math.sqrt(mse);
    }

    /** All numbers by name. */
    @Override
    public String toString() {
        return "RegressionReport" + values() + " of " + examples + " examples";
    }
}
