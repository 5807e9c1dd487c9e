package beras.metrics;

import java.util.Arrays;

/** An accumulator of several sums for each column, all 0 at first: {@code sums[kind][column]}. */
abstract class ColumnSums implements Metric.Accumulator {

    private final String who;
    final double[][] sums;

    /** The number of columns is that of the first batch. */
    ColumnSums(Metric metric, int kinds) {
        this(metric, kinds, 0);
    }

    ColumnSums(Metric metric, int kinds, int columns) {
        this.who = metric.typeName();
        this.sums = new double[kinds][columns];
    }

    /** The number of columns; 0 before the first batch, unless it is fixed. */
    final int columns() {
        return sums[0].length;
    }

    /**
     * Sets the number of columns at the first batch.
     *
     * @throws IllegalArgumentException if a later batch has another
     */
    final void requireColumns(int columns) {
        if (columns() == 0) {
            Arrays.setAll(sums, kind -> new double[columns]);
        }
        if (columns != columns()) {
            throw new IllegalArgumentException(
                    who + " needs batches of one width, " + columns() + " since the first. Received: " + columns);
        }
    }

    /** The mean of the {@link #results}. */
    @Override
    public double result() {
        return Mean.of(results());
    }

    @Override
    public abstract double[] results();

    @Override
    public final double[] state() {
        return Arrays.stream(sums).flatMapToDouble(Arrays::stream).toArray();
    }

    @Override
    public final void restore(double[] state) {
        int columns = columns() == 0 ? state.length / sums.length : columns();
        Arrays.setAll(sums, kind -> Arrays.copyOfRange(state, kind * columns, (kind + 1) * columns));
    }
}
