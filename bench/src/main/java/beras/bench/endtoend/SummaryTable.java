package beras.bench.endtoend;

import static beras.bench.endtoend.ResultFiles.decimals;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;

/** Prints summaries: a table for each task, with a column for each library. */
final class SummaryTable {

    private static final String LEFT = "%-24s";
    private static final String COLUMN = "%-34s";

    static void print(List<Summary> summaries, PrintStream out) {
        summaries.stream().collect(groupingBy(Summary::task, LinkedHashMap::new, toList())).forEach((task, ofTask) -> {
            out.printf("%n%s: median (least to most) of the runs, as a multiple of BERAS's%n", task);
            ofTask.stream().collect(groupingBy(Summary::measure, LinkedHashMap::new, toList())).forEach((measure, row) -> {
                if (measure.ordinal() == 0) {
                    out.printf(LEFT, "");
                    row.forEach(summary -> out.printf(COLUMN, title(summary)));
                    out.println();
                }
                out.printf(LEFT, (measure.title(task.data()) + " " + measure.unit()).strip());
                row.forEach(summary -> out.printf(COLUMN, cell(summary)));
                out.println();
            });
        });
    }

    private static String title(Summary summary) {
        String runs = summary.disturbedRuns() + " of " + summary.runs();
        return summary.library() + " " + summary.version() + (summary.disturbedRuns() == 0 ? "" : " (" + runs + " disturbed)");
    }

    private static String cell(Summary summary) {
        if (Double.isNaN(summary.median())) {
            return "-";
        }
        return digits(summary.median()) + " (" + digits(summary.min()) + " to " + digits(summary.max()) + ")"
                + (Double.isNaN(summary.toBeras()) ? "" : " x" + digits(summary.toBeras()));
    }

    /** Three digits or more. */
    private static String digits(double value) {
        return decimals(value, value >= 100 ? 0 : value >= 10 ? 1 : 2);
    }

    private SummaryTable() {}
}
