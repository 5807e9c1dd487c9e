package beras.tables;

import beras.data.DataException;
import beras.data.table.TableColumn;
import beras.data.table.TableFile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.models.Model;
import beras.saving.Predictor;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Rows of a table in memory: all of them, or as many chosen at random, each with the same chance. */
final class TableSample {

    private static final int FIRST_ROOM = 64;

    final TableSchema schema;
    private final int most;
    private final Rng rng;
    private float[] inputs;
    private float[] targets;
    int count; // of rows in memory
    long all; // how many rows there were

    private TableSample(TableSchema schema, int most, long seed) {
        this.schema = schema;
        this.most = most;
        this.rng = new Rng(seed, "explained rows", 0);
        this.inputs = new float[0];
        this.targets = new float[0];
    }

    /**
     * Reads a table in one pass.
     *
     * @param targets whether rows must have a target; else theirs are zeros
     * @param most    how many rows are kept at most
     * @throws DataException if the file is no table, a column is missing, or it has no row to keep
     */
    static TableSample of(TableFile file, TableSchema schema, boolean targets, int most, TableExplanation.Options options)
            throws DataException {
        TableSample sample = new TableSample(schema, most, options.seed);
        try (TableReader reader = targets ? TableReader.open(file, schema, options.rows) : TableReader.withoutTargets(file, schema)) {
            float[] row = new float[schema.width()];
            while (reader.next(row, 0)) {
                int at = targets || options.rows.test(reader.row()) ? sample.add(row) : -1;
                if (at >= 0 && targets) {
                    reader.target(sample.targets, at * schema.targetWidth());
                }
            }
            if (sample.count == 0) {
                throw new DataException(file + ": expected rows to explain a model on. Received: none of the chosen ones");
            }
            options.atEnd.accept(reader);
        }
        sample.inputs = Arrays.copyOf(sample.inputs, sample.count * schema.width());
        sample.targets = Arrays.copyOf(sample.targets, sample.count * schema.targetWidth());
        return sample;
    }

    /** Rows that are in memory already. */
    static TableSample of(TableSchema schema, Tensor inputs, Tensor targets) {
        int rows = inputs.rank() == 2 ? inputs.dim(0) : 0;
        if (rows == 0 || inputs.dim(1) != schema.width() || !targets.shape().is(rows, schema.targetWidth())) {
            throw new IllegalArgumentException("Rows to explain a model on have inputs (n, " + schema.width()
                    + ") and targets (n, "
                    + schema.targetWidth() + "), n at least 1. Received: " + inputs.shape() + " and " + targets.shape());
        }
        TableSample sample = new TableSample(schema, rows, 0);
        sample.inputs = inputs.toArray();
        sample.targets = targets.toArray();
        sample.count = rows;
        sample.all = rows;
        return sample;
    }

    /** Vitter's algorithm R: each row so far is kept with the same probability. Returns the place of the row; negative: none. */
    private int add(float[] row) {
        long place = all < most ? all : (long) (rng.uniform(all) * (all + 1));
        all++;
        if (place >= most) {
            return -1;
        }
        int at = (int) place;
        if (at == count) {
            if ((count + 1) * row.length > inputs.length) {
                int room = (int) Math.min(most, Math.max(FIRST_ROOM, 2L * count));
                inputs = Arrays.copyOf(inputs, room * row.length);
                targets = Arrays.copyOf(targets, room * schema.targetWidth());
            }
            count++;
        }
        System.arraycopy(row, 0, inputs, at * row.length, row.length);
        return at;
    }

    /**
     * A column that becomes features.
     *
     * @param place among the columns of the schema
     * @param first the place of its first feature
     */
    record Used(int place, TableColumn column, int first) {

        void copy(float[] from, int fromRow, float[] to, int toRow) {
            System.arraycopy(from, fromRow + first, to, toRow + first, column.width());
        }
    }

    /** The columns of a schema that become features, in order. */
    static List<Used> used(TableSchema schema) {
        List<Used> used = new ArrayList<>();
        int feature = 0;
        for (int i = 0; i < schema.columns().size(); i++) {
            TableColumn column = schema.columns().get(i);
            if (column.width() > 0) {
                used.add(new Used(i, column, feature));
            }
            feature += column.width();
        }
        return used;
    }

    void copy(int row, float[] to, int at) {
        System.arraycopy(inputs, row * schema.width(), to, at, schema.width());
    }

    /** The features of a column, {@code (count, width)}. */
    Tensor features(Used column) {
        int width = column.column.width();
        return Tensor.generate(i -> inputs[i / width * schema.width() + column.first + i % width], count, width);
    }

    /** The truth, {@code (count, targetWidth)}. */
    Tensor targets() {
        return Tensor.wrap(targets, count, schema.targetWidth());
    }

    /** Writes a row of features to predict. */
    interface RowWriter {
        void write(int row, float[] to, int at);
    }

    /** The outputs of a model for so many rows, {@code (rows, outputs)}. Safe in any number of threads. */
    Tensor outputs(Model model, int rows, RowWriter writer) {
        int width = schema.width();
        float[] batch = new float[Math.min(rows, Predictor.batchSize(Shape.of(width))) * width];
        return Predictor.outputs(model, rows, (from, to) -> {
            for (int row = from; row < to; row++) {
                writer.write(row, batch, (row - from) * width);
            }
            return Tensor.wrap(batch, batch.length / width, width).slice(0, to - from);
        });
    }

    Tensor outputs(Model model) {
        return outputs(model, count, this::copy);
    }

    Tensor shuffled(Model model, Used column, int[] order) {
        return outputs(model, count, (row, to, at) -> {
            copy(row, to, at);
            column.copy(inputs, order[row] * schema.width(), to, at);
        });
    }

    /** Does independent tasks, numbered from 0, so many at a time, and begins them in order: trials that others wait for come first. */
    static void inParallel(int threads, int tasks, IntConsumer task) {
        int workers = Math.max(1, Math.min(threads, tasks));
        ForkJoinPool pool = new ForkJoinPool(workers);
        AtomicInteger next = new AtomicInteger();
        try {
            // A stream stays in the pool in which it began; it would begin with the middle of the tasks.
            pool.submit(() -> IntStream.range(0, workers).parallel().forEach(worker -> {
                for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                    task.accept(i);
                }
            })).join();
        } finally {
            pool.shutdown();
        }
    }

    /** The number of rows of a table that fit into so many bytes, with the outputs of a model for them. */
    static int rowsIn(long bytes, TableSchema schema) {
        TableTarget target = schema.target();
        long row = Float.BYTES * (schema.width() + 2L * target.width());
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / row));
    }
}
