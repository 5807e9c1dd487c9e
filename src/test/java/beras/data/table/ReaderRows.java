package beras.data.table;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** All rows of a reader from here on, or of a table, in memory. */
public final class ReaderRows {

    /** The features, {@code (count, width)}. */
    public static Tensor inputs(TableReader reader) throws DataException {
        List<float[]> inputs = new ArrayList<>();
        float[] row = new float[reader.width()];
        while (reader.next(row, 0)) {
            inputs.add(row.clone());
        }
        return tensor(inputs, row.length);
    }

    /** Inputs, targets, and weights if not all are 1. */
    static Examples examples(TableReader reader) throws DataException {
        List<float[]> inputs = new ArrayList<>();
        List<float[]> targets = new ArrayList<>();
        List<float[]> weights = new ArrayList<>();
        float[] row = new float[reader.width()];
        float[] target = new float[reader.targetWidth()];
        while (reader.next(row, 0)) {
            reader.target(target, 0);
            inputs.add(row.clone());
            targets.add(target.clone());
            weights.add(new float[] {reader.weight()});
        }
        return Examples.of(List.of(tensor(inputs, row.length)), List.of(tensor(targets, target.length)),
                weights.stream().allMatch(weight -> weight[0] == 1) ? null : tensor(weights, 1).reshape(inputs.size()));
    }

    /** The names of the columns and the cells of all rows of a table, of which this is remarked. */
    static List<List<String>> cells(TableFile file, String... remarks) throws DataException {
        return cells(file, received -> assertEquals(List.of(remarks), received));
    }

    static List<List<String>> cells(TableFile file, Consumer<List<String>> remarks) throws DataException {
        List<List<String>> rows = new ArrayList<>();
        try (Table table = Table.open(file)) {
            rows.add(table.columns());
            while (table.next()) {
                assertEquals(rows.size() - 1, table.row());
                rows.add(IntStream.range(0, table.columns().size()).mapToObj(table::cell).toList());
            }
            assertFalse(table.next(), "the end stays the end");
            remarks.accept(table.remarks());
        }
        return rows;
    }

    private static Tensor tensor(List<float[]> rows, int width) {
        return rows.isEmpty() ? Tensor.zeros(0, width) : Tensor.of(rows.toArray(float[][]::new));
    }

    private ReaderRows() {}
}
