package beras.training;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The assignment's helpers for gathering and showing statistics. */
public final class Stats {

    /** Appends to each list of {@code all} the mean of the batch's values of the same name, making missing lists. */
    public static void updateMetrics(Map<String, List<Double>> all, Map<String, List<Double>> batch) {
        batch.forEach((name, values) -> all.computeIfAbsent(name, n -> new ArrayList<>()).add(mean(values)));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** The line for a batch: {@code \r - Epoch  1: Batch   3/10 : {'loss': 0.1235, 'acc': 0.5}   }; numbers are from 0. */
    public static String batchLine(Map<String, Double> stats, int epoch, int batch, int batches) {
        return String.format(Locale.ROOT, "\r - Epoch %2d: Batch %3d/%d : %s   ", epoch + 1, batch + 1, batches, braces(stats));
    }

    /** The line at the end of an epoch, of the means: {@code \r - Epoch  1: Average Stats : {'loss': 0.15}   \n}. */
    public static String epochLine(Map<String, List<Double>> stats, int epoch) {
        Map<String, Double> means = new LinkedHashMap<>();
        stats.forEach((name, values) -> means.put(name, mean(values)));
        return String.format(Locale.ROOT, "\r - Epoch %2d: Average Stats : %s   \n", epoch + 1, braces(means));
    }

    private static String braces(Map<String, Double> stats) {
        List<String> parts = new ArrayList<>();
        stats.forEach((name, value) -> parts.add("'" + name + "': " + rounded(value)));
        return "{" + String.join(", ", parts) + "}";
    }

    /** Four decimals at most and one at least, as Python prints a rounded number. */
    private static String rounded(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal decimal = BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return (decimal.scale() < 1 ? decimal.setScale(1) : decimal).toPlainString();
    }

    private Stats() {}
}
