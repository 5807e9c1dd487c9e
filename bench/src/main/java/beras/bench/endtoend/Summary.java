package beras.bench.endtoend;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * One measure of one library's runs of a task.
 *
 * @param median  over the runs, as {@code min} and {@code max}; all three are NaN if a run lacks the measure
 * @param toBeras {@code median} as a multiple of BERAS's; NaN if the two do not compare
 */
record Summary(Task task, String library, String version, Measure measure, double median, double min, double max,
        double toBeras, int runs, long disturbedRuns) {

    /** Task by task, measure by measure, library by library. */
    static List<Summary> of(List<Trial> trials) {
        List<Summary> summaries = new ArrayList<>();
        trials.stream().collect(groupingBy(Trial::task, LinkedHashMap::new, toList())).forEach((task, ofTask) -> {
            Map<String, List<Trial>> libraries =
                    ofTask.stream().collect(groupingBy(Trial::library, LinkedHashMap::new, toList()));
            for (Measure measure : Measure.values()) {
                double beras = median(measure, libraries.getOrDefault("beras", List.of()));
                for (List<Trial> runs : libraries.values()) {
                    summaries.add(of(measure, runs, measure.unit().isEmpty() ? Double.NaN : beras));
                }
            }
        });
        return summaries;
    }

    private static Summary of(Measure measure, List<Trial> runs, double beras) {
        Trial any = runs.get(0);
        double median = median(measure, runs);
        return new Summary(any.task(), any.library(), any.version(), measure, median,
                values(measure, runs).min().orElseThrow(), values(measure, runs).max().orElseThrow(), median / beras,
                runs.size(), runs.stream().filter(Trial::disturbed).count());
    }

    private static double median(Measure measure, List<Trial> runs) {
        return Trial.median(values(measure, runs).toArray());
    }

    private static DoubleStream values(Measure measure, List<Trial> runs) {
        return runs.stream().mapToDouble(measure::of);
    }
}
