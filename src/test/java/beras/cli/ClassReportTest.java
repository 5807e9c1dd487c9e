package beras.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.metrics.ConfusionMatrix;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cli")
class ClassReportTest {

    private static String print(List<String> labels, ConfusionMatrix matrix) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ClassReport(labels, matrix).print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private static ConfusionMatrix matrix() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        matrix.add(0, 0, 12345);
        matrix.add(0, 1, 5);
        matrix.add(1, 0, 3);
        matrix.add(1, 1, 1);
        return matrix;
    }

    @Test
    void columnsStandOneBelowTheOther() {
        assertEquals("""

                Confusion matrix: a row for each true class, a column for each predicted one
                                                         a                  bird  a very long name ...
                a                                    12345                     5                     0
                bird                                     3                     1                     0
                a very long name ...                     0                     0                     0

                class                 precision     recall         f1    support
                a                        0.9998     0.9996     0.9997      12350
                bird                     0.1667     0.2500     0.2000          4
                a very long name ...     0.0000     0.0000     0.0000          0
                """,
                print(List.of("a", "bird", "a very long name of a class"), matrix()));
    }

    @Test
    void manyClassesHaveNoMatrixButALineEach() {
        List<String> labels = IntStream.range(0, 26).mapToObj(Integer::toString).toList();
        String printed = print(labels, new ConfusionMatrix(26));
        assertFalse(printed.contains("Confusion"), printed);
        assertEquals(28, printed.lines().count());
        assertTrue(print(labels.subList(0, 25), new ConfusionMatrix(25)).contains("Confusion"));
    }

    @Test
    void programsGetArrays() {
        Map<String, Object> fields = new LinkedHashMap<>();
        new ClassReport(List.of("a", "b", "c"), matrix()).addTo(fields);
        assertEquals(List.of("labels", "confusion", "precision", "recall", "f1", "support"), List.copyOf(fields.keySet()));
        assertEquals(List.of(List.of(12345L, 5L, 0L), List.of(3L, 1L, 0L), List.of(0L, 0L, 0L)), fields.get("confusion"));
        assertEquals(List.of(12350L, 4L, 0L), fields.get("support"));
        assertEquals(List.of(12345 / 12350.0, 0.25, 0.0), fields.get("recall"));
    }
}
