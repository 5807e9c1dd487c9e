package beras.callbacks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        return "\r - Epoch %2d: Batch %3d/%d : %s   ".formatted(epoch + 1, batch + 1, batches, braces(stats));
    }

    /** The line at the end of an epoch, of the means: {@code \r - Epoch  1: Average Stats : {'loss': 0.15}   \n}. */
    public static String epochLine(Map<String, List<Double>> stats, int epoch) {
        Map<String, Double> means = new LinkedHashMap<>();
        stats.forEach((name, values) -> means.put(name, mean(values)));
        return "\r - Epoch %2d: Average Stats : %s   \n".formatted(epoch + 1, braces(means));
    }

    private static String braces(Map<String, Double> stats) {
        List<String> parts = new ArrayList<>();
        stats.forEach((name, value) -> parts.add("'" + name + "': " + Math.round(value * 1e4) / 1e4));
        return "{" + String.join(", ", parts) + "}";
    }

    private Stats() {}
}
