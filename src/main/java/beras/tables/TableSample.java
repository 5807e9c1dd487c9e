package beras.tables;

import beras.compute.Compute;
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
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** Rows of a table in memory: all of them, or as many chosen at random, each with the same chance. */
final class TableSample {

    private static final int FIRST_ROOM = 64;

    private final TableSchema schema;
    private final int most;
    private final Rng rng;
    private float[] inputs;
    private float[] targets;
    private int count;
    private long all;

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
     * @param most  how many rows are kept at most
     * @param atEnd takes what was found while reading
     * @throws DataException if the file is no table, a column is missing, or it has no row with a target
     */
    static TableSample of(TableFile file, TableSchema schema, LongPredicate rows, int most, long seed,
            Consumer<TableReader> atEnd)
            throws DataException {
        TableSample sample = new TableSample(schema, most, seed);
        try (TableReader reader = TableReader.open(file, schema, rows)) {
            sample.read(file, reader, any -> true, (targets, at) -> reader.target(targets, at));
            atEnd.accept(reader);
        }
        return sample;
    }

    /** As {@link #of}, of rows whose target may be missing: theirs are zeros. */
    static TableSample withoutTargets(TableFile file, TableSchema schema, LongPredicate rows, int most, long seed,
            Consumer<TableReader> atEnd) throws DataException {
        TableSample sample = new TableSample(schema, most, seed);
        try (TableReader reader = TableReader.withoutTargets(file, schema)) {
            sample.read(file, reader, rows, (targets, at) -> { });
            atEnd.accept(reader);
        }
        return sample;
    }

    /** Writes the target of the row that was read last. */
    private interface Target {
        void write(float[] targets, int at);
    }

    private void read(TableFile file, TableReader reader, LongPredicate rows, Target target) throws DataException {
        float[] row = new float[schema.width()];
        while (reader.next(row, 0)) {
            if (rows.test(reader.row())) {
                add(row, target);
            }
        }
        if (count == 0) {
            throw new DataException(file + ": expected rows to explain a model on. Received: none of those that were asked for");
        }
        inputs = Arrays.copyOf(inputs, count * schema.width());
        targets = Arrays.copyOf(targets, count * schema.targetWidth());
    }

    /**
     * Rows that are in memory already.
     *
     * @throws IllegalArgumentException if there are none, or the shapes are not those of the schema
     */
    static TableSample of(TableSchema schema, Tensor inputs, Tensor targets) {
        int rows = inputs.rank() == 2 ? inputs.dim(0) : 0;
        if (rows == 0 || inputs.dim(1) != schema.width() || !targets.shape().is(rows, schema.targetWidth())) {
            throw new IllegalArgumentException("Rows to explain a model on have inputs (n, " + schema.width()
                    + ") and targets (n, "
                    + schema.targetWidth() + "), n at least 1. Received: " + inputs.shape() + " and " + targets.shape());
        }
        TableSample sample = new TableSample(schema, rows, 0);
        sample.inputs = numbers(inputs);
        sample.targets = numbers(targets);
        sample.count = rows;
        sample.all = rows;
        return sample;
    }

    private static float[] numbers(Tensor tensor) {
        Tensor flat = tensor.contiguous();
        return Arrays.copyOfRange(flat.data(), flat.offset(), flat.offset() + flat.size());
    }

    /** Vitter's algorithm R: each row so far is among those kept with the same chance. */
    private void add(float[] row, Target target) {
        long place = all < most ? all : (long) (rng.uniform(all) * (all + 1));
        all++;
        if (place >= most) {
            return;
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
        target.write(targets, at * schema.targetWidth());
    }

    TableSchema schema() {
        return schema;
    }

    /** Copies the features of a row. */
    void copy(int row, float[] to, int at) {
        System.arraycopy(inputs, row * schema.width(), to, at, schema.width());
    }

    /** How many rows are in memory. */
    int count() {
        return count;
    }

    /** How many rows there were. */
    long all() {
        return all;
    }

    /**
     * The features of a column.
     *
     * @param first the place of its first one
     */
    TableColumn.Rows rows(int first) {
        return new TableColumn.Rows() {

            @Override
            public int count() {
                return count;
            }

            @Override
            public float feature(int row, int feature) {
                return inputs[row * schema.width() + first + feature];
            }
        };
    }

    /** What is true, {@code (count, targetWidth)}. */
    Tensor targets() {
        return Tensor.wrap(targets, count, schema.targetWidth());
    }

    /** Where features come from: some array, from an index on. */
    record Features(float[] from, int at) {}

    /** Features of a row of this sample. */
    Features of(int row, int feature) {
        return new Features(inputs, row * schema.width() + feature);
    }

    /**
     * What a model gives for all rows, some features of which are others, {@code (count, outputs)}. Any number of threads may
     * ask.
     *
     * @param from   the first feature that is another
     * @param width  how many are
     * @param others what they are in each row
     */
    Tensor outputs(Model model, int from, int width, IntFunction<Features> others) {
        int features = schema.width();
        float[] batch = new float[Math.min(count, Predictor.batchSize(Shape.of(features))) * features];
        return Predictor.outputs(model, count, (first, end) -> {
            System.arraycopy(inputs, first * features, batch, 0, (end - first) * features);
            for (int row = first; row < end && width > 0; row++) {
                Features other = others.apply(row);
                System.arraycopy(other.from, other.at, batch, (row - first) * features + from, width);
            }
            return Tensor.wrap(batch, batch.length / features, features).slice(0, end - first);
        });
    }

    /** What a model gives for all rows as they are. */
    Tensor outputs(Model model) {
        return outputs(model, 0, 0, row -> null);
    }

    /** The place of a column's first feature; empty if no column with features has this name. */
    Optional<Integer> firstFeature(String column) {
        int feature = 0;
        for (var each : schema.columns()) {
            if (each.name().equals(column)) {
                return each.width() > 0 ? Optional.of(feature) : Optional.empty();
            }
            feature += each.width();
        }
        return Optional.empty();
    }

    /** Does independent tasks, numbered from 0, in as many threads as the kernels have. */
    static void inParallel(int tasks, IntConsumer task) {
        ForkJoinPool pool = new ForkJoinPool(Math.max(1, Math.min(Compute.threads(), tasks)));
        try {
            // A stream stays in the pool in which it began.
            pool.submit(() -> IntStream.range(0, tasks).parallel().forEach(task)).join();
        } finally {
            pool.shutdown();
        }
    }

    /** How many rows of a table may be kept in so many bytes, with what a model gives for them. */
    static int rowsIn(long bytes, TableSchema schema) {
        TableTarget target = schema.target();
        long row = Float.BYTES * (schema.width() + 2L * target.width());
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, bytes / row));
    }
}
