package beras.cli;

import beras.metrics.ConfusionMatrix;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** What a confusion matrix tells, as tables for people and as arrays for programs. */
final class ClassReport {

    /** More classes make a matrix that no terminal shows. */
    private static final int MOST_SHOWN = 25;
    private static final int WIDEST = 20;
    private static final int NUMBER_WIDTH = 11;

    private final List<String> labels;
    private final ConfusionMatrix matrix;

    /**
     * @param labels of the classes
     */
    ClassReport(List<String> labels, ConfusionMatrix matrix) {
        this.labels = labels;
        this.matrix = matrix;
    }

    /** Prints the matrix, unless it is too wide, and a line for each class. */
    void print(PrintStream out) {
        List<String> shown = labels.stream().map(label -> Text.cut(label, WIDEST)).toList();
        int width = shown.stream().mapToInt(String::length).max().orElse(0);
        if (labels.size() <= MOST_SHOWN) {
            printMatrix(out, shown, width);
        }
        width = Math.max(width, "class".length());
        out.println();
        out.println(Text.left("class", width) + number("precision") + number("recall") + number("f1") + number("support"));
        for (int c = 0; c < labels.size(); c++) {
            out.println(Text.left(shown.get(c), width) + number(Text.decimals(matrix.precision(c), 4))
                    + number(Text.decimals(matrix.recall(c), 4)) + number(Text.decimals(matrix.f1(c), 4))
                    + number(whole(matrix.support(c))));
        }
    }

    private void printMatrix(PrintStream out, List<String> shown, int width) {
        double[][] counts = matrix.counts();
        int cell = Math.max(width, whole(Arrays.stream(counts).flatMapToDouble(Arrays::stream).max().orElse(0)).length()) + 2;
        out.println();
        out.println("Confusion matrix: a row for each true class, a column for each predicted one");
        StringBuilder header = new StringBuilder(" ".repeat(width));
        shown.forEach(label -> header.append(Text.right(label, cell)));
        out.println(header);
        for (int row = 0; row < counts.length; row++) {
            StringBuilder line = new StringBuilder(Text.left(shown.get(row), width));
            for (double count : counts[row]) {
                line.append(Text.right(whole(count), cell));
            }
            out.println(line);
        }
    }

    private static String number(String text) {
        return Text.right(text, NUMBER_WIDTH);
    }

    private static String whole(double count) {
        return Long.toString((long) count);
    }

    /** Adds what {@link #print} prints to a JSON object. */
    void addTo(Map<String, Object> fields) {
        fields.put("labels", labels);
        fields.put("confusion", Arrays.stream(matrix.counts())
                .map(row -> Arrays.stream(row).mapToObj(count -> (long) count).toList()).toList());
        fields.put("precision", each(matrix::precision));
        fields.put("recall", each(matrix::recall));
        fields.put("f1", each(matrix::f1));
        fields.put("support", each(matrix::support).stream().map(Double::longValue).toList());
    }

    private List<Double> each(IntToDoubleFunction number) {
        List<Double> numbers = new ArrayList<>();
        for (int c = 0; c < labels.size(); c++) {
            numbers.add(number.applyAsDouble(c));
        }
        return numbers;
    }
}
