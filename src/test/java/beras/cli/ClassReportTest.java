package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.models.ClassReport;
import beras.cli.terminal.Console;
import beras.cli.terminal.Result;
import beras.cli.terminal.Terminal;
import beras.evaluation.ClassificationReport;
import beras.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cli")
class ClassReportTest {

    private static String printed(ClassificationReport report, Consumer<ClassReport> add) {
        Result result = new Result();
        add.accept(new ClassReport(report, result));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            result.print(new Console(out, OutputStream.nullOutputStream(), Terminal.NONE), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String print(List<String> labels, int[][] rows) {
        return printed(report(labels, rows), report -> report.add(true));
    }

    /** Of confident rows: how many, the true class, the predicted class. */
    private static ClassificationReport report(List<String> labels, int[][] rows) {
        List<Integer> truth = new ArrayList<>();
        List<Integer> predicted = new ArrayList<>();
        for (int[] row : rows) {
            for (int i = 0; i < row[0]; i++) {
                truth.add(row[1]);
                predicted.add(row[2]);
            }
        }
        int classes = labels.size();
        return ClassificationReport.of(labels,
                Tensor.generate(i -> predicted.get(i / classes) == i % classes ? 1 : 0, truth.size(), classes),
                Tensor.generate(truth::get, truth.size()));
    }

    private static final int[][] ROWS = {{12345, 0, 0}, {5, 0, 1}, {3, 1, 0}, {1, 1, 1}};

    private static ClassificationReport two() {
        return ClassificationReport.of(List.of("it's no", "yes"),
                Tensor.generate(i -> (2 * i + 1) / 16f, 8, 1), Tensor.of(0f, 0f, 1f, 0f, 0f, 0f, 1f, 1f),
                new ClassificationReport.Options().trainingCounts(List.of(3L, 4L)));
    }

    @Test
    void columnsStandOneBelowTheOther() {
        assertEquals("""
                Confusion matrix: a row for each true class, a column for each predicted one
                                                         a                  bird  a very lo... a class
                a                                    12345                     5                     0
                bird                                     3                     1                     0
                a very lo... a class                     0                     0                     0

                class                 precision     recall         f1    support
                a                        0.9998     0.9996     0.9997      12350
                bird                     0.1667     0.2500     0.2000          4
                a very lo... a class     0.0000     0.0000     0.0000          0
                macro mean               0.5832     0.6248     0.5998      12354
                weighted mean            0.9995     0.9994     0.9994      12354

                balanced accuracy     0.6248  mean recall of the classes
                baseline accuracy     0.9997  of always a, the most frequent in training
                log loss              0.0103
                Brier score           0.0013
                AUC                   0.6248  mean over the classes, each against the rest
                average precision     0.5208  mean over the classes, each against the rest
                calibration error     0.0006
                """,
                print(List.of("a", "bird", "a very long name of a class"), ROWS));
    }

    @Test
    void manyClassesHaveNoMatrixButALineEach() {
        List<String> labels = IntStream.range(0, 26).mapToObj(Integer::toString).toList();
        String printed = print(labels, ROWS);
        assertFalse(printed.contains("Confusion"), printed);
        assertEquals(28 + 1 + 8, printed.lines().count());
        assertTrue(print(labels.subList(0, 25), ROWS).contains("Confusion"));
    }

    @Test
    void whatIsNotDefinedIsNotPrinted() {
        String printed = print(List.of("a", "b"), new int[][] {{3, 0, 0}});
        assertFalse(printed.contains("AUC") || printed.contains("average") || printed.contains("NaN"), printed);
        assertTrue(printed.contains("of always a, the most frequent in training"), printed);
    }

    /** The positive label is the rarer one, {@code it's no}: its scores are 15/16, 13/16 down to 1/16. */
    @Test
    void thresholdsAreATable() {
        assertEquals("""
                Where it's no is predicted above a threshold (--threshold, --positive):
                threshold  precision     recall         f1   balanced  predicted
                0.1           0.7143     1.0000     0.8333     0.6667     0.8750
                0.2           0.8333     1.0000     0.9091     0.8333     0.7500
                0.3           0.8333     1.0000     0.9091     0.8333     0.7500
                0.4           0.8000     0.8000     0.8000     0.7333     0.6250
                0.5           0.7500     0.6000     0.6667     0.6333     0.5000
                0.6           0.6667     0.4000     0.5000     0.5333     0.3750
                0.7           1.0000     0.4000     0.5714     0.7000     0.2500
                0.8           1.0000     0.4000     0.5714     0.7000     0.2500
                0.9           1.0000     0.2000     0.3333     0.6000     0.1250
                0.2           0.8333     1.0000     0.9091     0.8333     0.7500  best f1 here
                0.2           0.8333     1.0000     0.9091     0.8333     0.7500  best balanced accuracy here
                0.2           0.8333     1.0000     0.9091     0.8333     0.7500  best accuracy here

                Choose a threshold on validation rows, not to test: on those that it was chosen on it looks better than it is
                """, printed(two(), ClassReport::addThresholds));
    }

    @Test
    void programsGetFields() {
        Result result = new Result();
        new ClassReport(report(List.of("a", "b", "c"), ROWS), result).add(true);
        Map<String, Object> fields = result.fields();
        assertEquals(List.of("accuracy", "balanced_accuracy", "baseline_accuracy", "log_loss", "brier_score", "auc",
                "average_precision", "calibration_error", "macro_precision", "macro_recall", "macro_f1", "weighted_precision",
                "weighted_recall", "weighted_f1", "baseline", "labels", "confusion", "precision", "recall", "f1", "support",
                "calibration"), List.copyOf(fields.keySet()));
        assertEquals(List.of(List.of(12345L, 5L, 0L), List.of(3L, 1L, 0L), List.of(0L, 0L, 0L)), fields.get("confusion"));
        assertEquals(List.of(12350L, 4L, 0L), fields.get("support"));
        assertEquals(List.of(12345 / 12350.0, 0.25, 0.0), fields.get("recall"));
        Result two = new Result();
        new ClassReport(two(), two).addThresholds();
        Map<String, Object> thresholds = two.fields();
        assertEquals("it's no", thresholds.get("positive"));
        assertEquals(9, ((List<?>) thresholds.get("thresholds")).size());
        assertEquals(0.875, ((Map<?, ?>) thresholds.get("best_accuracy")).get("accuracy"));
        assertEquals(0.2, ((Map<?, ?>) thresholds.get("best_f1")).get("threshold"));
    }
}
