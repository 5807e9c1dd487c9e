package beras.data.table;

import beras.data.DataException;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** All rows of a reader from here on, in memory. */
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

    private static Tensor tensor(List<float[]> rows, int width) {
        return rows.isEmpty() ? Tensor.zeros(0, width) : Tensor.of(rows.toArray(float[][]::new));
    }

    private ReaderRows() {}
}
