package beras.report;

import beras.data.DataException;
import beras.data.table.Table;
import beras.models.Model;
import beras.runs.EpochNumbers;
import beras.training.Evaluation;
import beras.training.History;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** HTML for notebooks; with the Java kernel JJava, {@code display(NotebookHtml.of(history), "text/html")} shows curves. */
public final class NotebookHtml {

    private static final int ROWS = 10;

    /** The layers of a model, their shapes and weights: its {@linkplain Model#summary summary}. */
    public static String of(Model model) {
        return new Html().add("pre", model.summary()).toString();
    }

    /** How training went: a chart of the loss and of each metric by epoch, and of the learning rate if it changes. */
    public static String of(History history) {
        int count = history.epochs().size();
        Map<String, double[]> values = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int epoch = i;
            history.epochs().get(i).values().forEach((name, value) -> values.computeIfAbsent(name,
                    any -> IntStream.range(0, count).mapToDouble(row -> Double.NaN).toArray())[epoch] = value);
        }
        EpochNumbers numbers = new EpochNumbers(IntStream.rangeClosed(1, count).toArray(), values);
        return new Html().open("style").raw(Svg.STYLE).close("style").add("p", history.toString()).plots(CurveCharts.of(numbers, OptionalInt.empty())).toString();
    }

    /** The numbers of an evaluation. */
    public static String of(Evaluation evaluation) {
        Map<String, String> values = new TreeMap<>();
        evaluation.values().forEach((name, value) -> values.put(name.replace('_', ' '), Labels.number(value)));
        return new Html().table(evaluation.examples() + " examples", values).toString();
    }

    /**
     * The first rows of a table.
     *
     * @throws DataException if it cannot be read
     */
    public static String of(Path table) throws DataException {
        try (Table rows = Table.open(table)) {
            List<List<String>> first = new ArrayList<>();
            while (first.size() < ROWS && rows.next()) {
                first.add(IntStream.range(0, rows.columns().size()).mapToObj(rows::cell).toList());
            }
            return new Html().table("The first rows of " + table, rows.columns(), first).toString();
        }
    }

    private NotebookHtml() {}
}
