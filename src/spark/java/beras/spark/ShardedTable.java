package beras.spark;

import beras.config.ConfigText;
import beras.data.DataException;
import beras.data.table.IgnoredColumn;
import beras.data.table.Leakage;
import beras.data.table.TableColumn;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTally;
import beras.files.Sha256;
import java.io.IOException;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The rows of a DataFrame in logical shards, whose number is a setting, and not that of partitions or executors. Which shard a
 * row is in, and where in it, {@link RowKey} says: so the shards are the same however the rows come. What the columns are is
 * learnt shard by shard, and put together in the order of the shards.
 */
final class ShardedTable implements AutoCloseable {

    private static final int LISTED = 20;

    private final TableSchema schema;
    private final List<String> doubts = new ArrayList<>();
    private final long withoutTarget;
    private final String sha256;
    private final int partitions;
    private final int[] rows;
    private final long validationRows;
    private final JavaRDD<Shard> encoded;

    /**
     * Looks at all rows, twice.
     *
     * @param shards a power of two
     * @throws DataException if nothing can be learnt of the rows, as {@link TableSchema#infer} says; or if all columns tell the
     *     target by themselves, or a weight or whether a row is to validate is missing
     */
    ShardedTable(Dataset<?> dataset, TableColumns columns, Cells cells, int shards, long seed) throws IOException {
        this.partitions = Math.min(shards,
                powerOfTwo(dataset.sparkSession().sparkContext().defaultParallelism()));
        JavaPairRDD<Long, byte[]> sorted = dataset.as(WholeRow.taken(dataset.schema())).javaRDD()
                .mapToPair(row -> keyed(row, cells, columns.names().size(), seed))
                .repartitionAndSortWithinPartitions(new Places(shards, partitions));
        Seen all = all(sorted.mapPartitions(part -> seen(part, columns, shards)).collect());
        if (columns.weight() != null && all.weight == 0) {
            throw new DataException(TableColumns.NAME + ": column " + Columns.quoted(columns.weight())
                    + ": expected a row to train on of a weight above 0. Received: none");
        }
        this.sha256 = HexFormat.of().formatHex(all.sha256);
        this.withoutTarget = all.tally.withoutTarget();
        TableSchema learnt = all.tally.schema(TableColumns.NAME, columns.rows(List.<String[]>of().iterator()), columns.missing(),
                columns.target(), columns.options());
        this.schema = withoutLeaks(learnt, columns, all.leakage.found(columns.task()));
        String text = schema.config().toString();
        int each = shards / partitions;
        this.encoded = sorted.mapPartitions(part -> encoded(part, columns, text, shards, each))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            List<int[]> counts = encoded.map(shard -> new int[] {shard.rows(), shard.validationRows()}).collect();
            this.rows = counts.stream().mapToInt(count -> count[0]).toArray();
            this.validationRows = counts.stream().mapToLong(count -> count[1]).sum();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What all shards were seen to hold, in their order. */
    private static Seen all(List<Attempt<Seen>> shards) throws IOException {
        if (shards.isEmpty()) {
            throw new DataException(TableColumns.NAME + ": expected rows to train on. Received: none");
        }
        Seen all = null;
        MessageDigest digest = Sha256.begin();
        double weight = 0;
        for (Attempt<Seen> shard : shards) {
            Seen next = shard.get();
            digest.update(next.sha256);
            weight += next.weight;
            if (all == null) {
                all = next;
            } else {
                all.tally.add(next.tally);
                all.leakage.add(next.leakage);
            }
        }
        return new Seen(all.tally, all.leakage, weight, digest.digest());
    }

    /**
     * Leaves out columns that are the target in other words, unless somebody has named the columns to learn from, or a type for
     * this one. What stays in spite of it is told by {@link #describe}.
     */
    private TableSchema withoutLeaks(TableSchema learnt, TableColumns columns, Map<Integer, Leakage.Finding> found)
            throws DataException {
        List<TableColumn> kept = new ArrayList<>(learnt.columns());
        String target = Columns.quoted(columns.target());
        for (int i = 0; i < kept.size(); i++) {
            TableColumn column = kept.get(i);
            Leakage.Finding finding = found.get(columns.names().indexOf(column.name()));
            if (finding == null || column.width() == 0) {
                continue;
            }
            if (finding == Leakage.Finding.SAME && !columns.chosen() && !columns.types().containsKey(column.name())) {
                kept.set(i, new IgnoredColumn(column.name(), column.missing(), "it tells the target " + target
                        + " by itself, value for value, as if one was made from the other; name it in inputCols to learn from it"));
                doubts.add("Column " + Columns.quoted(column.name()) + " is left out: " + kept.get(i).note());
            } else {
                doubts.add("Column " + Columns.quoted(column.name()) + " tells the target " + target + " by itself, without an"
                        + " exception: leave it out if it was made from the target, or will not be known when it is to be"
                        + " predicted. Set inputCols without it, or columnTypes to \"" + column.name() + "=ignored\"");
            }
        }
        TableSchema schema = new TableSchema(learnt.target(), kept, learnt.rows(), learnt.missing(),
                learnt.sampleWeight());
        if (schema.width() == 0) {
            throw new DataException(TableColumns.NAME + ": expected a column to learn from, besides the target. Received: none. "
                    + schema.remarks().stream().map(TableSchema.Remark::text).limit(LISTED).collect(Collectors.joining(", ")));
        }
        return schema;
    }

    private static int powerOfTwo(int least) {
        return least <= 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    /** Which partition the rows of a key are in: whole shards that follow each other. */
    private static final class Places extends Partitioner {

        private static final long serialVersionUID = 1;

        private final int shards;
        private final int partitions;

        Places(int shards, int partitions) {
            this.shards = shards;
            this.partitions = partitions;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            return RowKey.shard((Long) key, shards) / (shards / partitions);
        }
    }

    private static Tuple2<Long, byte[]> keyed(InternalRow row, Cells cells, int ofTable, long seed) {
        byte[] bytes = RowKey.bytes(cells.texts(row));
        return new Tuple2<>(RowKey.of(bytes, ofTable, seed), bytes);
    }

    // ---------------------------------------------------------------------------------------------------- in tasks

    /** The rows of one shard after the other, those of one key in the order of their bytes. */
    private static final class Ordered {

        private final Iterator<Tuple2<Long, byte[]>> rows;
        private final int shards;
        private final List<byte[]> run = new ArrayList<>(); // of one key
        private int at;
        private int shard;
        private Tuple2<Long, byte[]> next; // null: none

        Ordered(Iterator<Tuple2<Long, byte[]>> rows, int shards) {
            this.rows = rows;
            this.shards = shards;
            this.next = rows.hasNext() ? rows.next() : null;
            fill();
        }

        private void fill() {
            run.clear();
            at = 0;
            if (next == null) {
                return;
            }
            long key = next._1();
            shard = RowKey.shard(key, shards);
            while (next != null && next._1() == key) {
                run.add(next._2());
                next = rows.hasNext() ? rows.next() : null;
            }
            run.sort(Arrays::compare);
        }

        /** Whether there is a row of this shard. */
        boolean has(int number) {
            return !run.isEmpty() && shard == number;
        }

        boolean isAtEnd() {
            return run.isEmpty();
        }

        int shard() {
            return shard;
        }

        byte[] row() {
            byte[] row = run.get(at++);
            if (at == run.size()) {
                fill();
            }
            return row;
        }
    }

    /**
     * What was seen of some shards.
     *
     * @param weight of the rows to train on together
     */
    private record Seen(TableTally tally, Leakage leakage, double weight, byte[] sha256) implements Serializable {

        private static final long serialVersionUID = 1;
    }

    /** The rows of one shard for the first pass. */
    private static final class Rows implements Iterator<String[]> {

        private final Ordered ordered;
        private final int number;
        private final TableColumns columns;
        private final Leakage leakage;
        private final MessageDigest digest = Sha256.begin();
        private final BitSet validation = new BitSet();
        private int count;
        private double weight;
        private DataException wrong; // null: nothing so far

        Rows(Ordered ordered, TableColumns columns) {
            this.ordered = ordered;
            this.number = ordered.shard();
            this.columns = columns;
            this.leakage = new Leakage(columns.names().size(), columns.targetPlace());
        }

        @Override
        public boolean hasNext() {
            return ordered.has(number);
        }

        @Override
        public String[] next() {
            byte[] row = ordered.row();
            digest.update(row);
            String[] cells = RowKey.cells(row, columns.cells());
            if (columns.hasTarget(cells)) {
                look(cells);
            }
            count++;
            return cells;
        }

        private void look(String[] cells) {
            try {
                double own = columns.weight(cells);
                if (columns.isValidation(cells)) {
                    validation.set(count);
                } else {
                    weight += own;
                    leakage.add(cells);
                }
            } catch (DataException e) {
                wrong = wrong == null ? e : wrong;
            }
        }

        Seen seen() throws DataException {
            TableTally tally = TableTally.of(TableColumns.NAME, columns.rows(this), columns.missing(), columns.target(),
                    columns.options().rows(row -> !validation.get((int) row)));
            if (wrong != null) {
                throw wrong;
            }
            return new Seen(tally, leakage, weight, digest.digest());
        }
    }

    private static Iterator<Attempt<Seen>> seen(Iterator<Tuple2<Long, byte[]>> part, TableColumns columns, int shards)
            throws Exception {
        Ordered ordered = new Ordered(part, shards);
        List<Attempt<Seen>> all = new ArrayList<>();
        while (!ordered.isAtEnd()) {
            Rows rows = new Rows(ordered, columns);
            all.add(Attempt.of(rows::seen));
            rows.forEachRemaining(row -> { }); // if it failed
        }
        return all.iterator();
    }

    private static Iterator<Shard> encoded(Iterator<Tuple2<Long, byte[]>> part, TableColumns columns, String text, int shards,
            int each) throws DataException {
        TableSchema schema = TableSchema.of(ConfigText.parse(text));
        Ordered ordered = new Ordered(part, shards);
        int first = TaskContext.getPartitionId() * each;
        List<Shard> all = new ArrayList<>(); // also those without rows
        for (int number = first; number < first + each; number++) {
            Encoder training = new Encoder(columns, schema);
            Encoder validation = new Encoder(columns, schema);
            while (ordered.has(number)) {
                String[] cells = RowKey.cells(ordered.row(), columns.cells());
                if (columns.hasTarget(cells)) {
                    (columns.isValidation(cells) ? validation : training).add(cells);
                }
            }
            all.add(new Shard(number, schema.width(), schema.targetWidth(), training.rows(), validation.rows()));
        }
        return all.iterator();
    }

    /** Turns rows into numbers. */
    private static final class Encoder {

        private final TableColumns columns;
        private final TablePreprocessor preprocessor;
        private final int target;
        private final Object[] row;
        private final Floats inputs;
        private final Floats targets;
        private final Floats weights;

        Encoder(TableColumns columns, TableSchema schema) {
            this.columns = columns;
            this.preprocessor = new TablePreprocessor(schema).lenient();
            this.target = columns.targetPlace();
            this.row = new Object[columns.names().size() - 1];
            this.inputs = new Floats(schema.width());
            this.targets = new Floats(schema.targetWidth());
            this.weights = columns.weight() == null ? null : new Floats(1);
        }

        void add(String[] cells) throws DataException {
            for (int i = 0; i < row.length; i++) {
                int column = i < target ? i : i + 1;
                row[i] = columns.value(column, cells[column]);
            }
            preprocessor.encode(Arrays.asList(row), inputs.room(), inputs.at());
            preprocessor.encodeTarget(columns.value(target, cells[target]), targets.room(), targets.at());
            inputs.count++;
            targets.count++;
            if (weights != null) {
                weights.room()[weights.at()] = (float) columns.weight(cells);
                weights.count++;
            }
        }

        Shard.Rows rows() {
            return new Shard.Rows(inputs.count, inputs.trimmed(), targets.trimmed(), weights == null ? null : weights.trimmed());
        }
    }

    /** Rows of floats that grow. */
    private static final class Floats {

        private static final int FIRST_ROWS = 64;

        private final int size;
        private int count;
        private float[] values;

        Floats(int size) {
            this.size = size;
            this.values = new float[FIRST_ROWS * size];
        }

        int at() {
            return count * size;
        }

        float[] room() {
            long needed = (count + 1L) * size;
            if (needed > values.length) {
                if (needed > Integer.MAX_VALUE - 8) {
                    throw new IllegalArgumentException("A shard must fit into an array. Received: more than " + count
                            + " rows of "
                            + size + " numbers in one. Use more shards");
                }
                values = Arrays.copyOf(values, (int) Math.min(2L * values.length, Integer.MAX_VALUE - 8));
            }
            return values;
        }

        float[] trimmed() {
            return Arrays.copyOf(values, count * size);
        }
    }

    // -------------------------------------------------------------------------------------------------- on the driver

    TableSchema schema() {
        return schema;
    }

    /** The SHA-256 of all rows, in the order of the shards. */
    String sha256() {
        return sha256;
    }

    /** How many partitions the shards are in, a power of two: each has as many shards, which follow each other. */
    int partitions() {
        return partitions;
    }

    /** How many rows to train on each shard has. */
    int[] rows() {
        return rows;
    }

    /** How many rows there are to validate. */
    long validationRows() {
        return validationRows;
    }

    JavaRDD<Shard> encoded() {
        return encoded;
    }

    /**
     * Tells what a person should know, in sentences.
     *
     * @param warnings takes what may make the result worthless
     */
    void describe(Consumer<String> remarks, Consumer<String> warnings) {
        if (withoutTarget > 0) {
            remarks.accept(withoutTarget + (withoutTarget == 1 ? " row has" : " rows have") + " no value of the target, and "
                    + (withoutTarget == 1 ? "is" : "are") + " left out");
        }
        schema.remarks().stream().map(TableSchema.Remark::text).filter(text -> !doubts.contains(text)).forEach(remarks);
        doubts.forEach(warnings);
    }

    @Override
    public void close() {
        encoded.unpersist(false);
    }
}
