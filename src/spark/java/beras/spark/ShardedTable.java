package beras.spark;

import beras.config.ConfigText;
import beras.data.DataException;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
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
import java.util.function.Consumer;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * The rows of a DataFrame in logical shards, whose number is a setting, and not that of partitions or executors. {@link RowKey}
 * determines the shard of a row and its place in it: so the shards are independent of the order of the rows. The schema is
 * inferred on the driver, from the first rows of each shard, a million at most together: for a smaller DataFrame from all.
 */
final class ShardedTable implements AutoCloseable {

    /** The schema is inferred from so many rows at most. */
    private static final int SAMPLE = 1 << 20;

    private final TableSchema schema;
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
     * @throws DataException if the rows cannot be learnt from, see {@link TableSchema#infer}; if each column alone determines
     *     the target; or if a weight or the mark of a validation row is missing
     */
    ShardedTable(Dataset<?> dataset, TableColumns columns, Cells cells, int shards, long seed) throws IOException {
        this.partitions = Math.min(shards,
                powerOfTwo(dataset.sparkSession().sparkContext().defaultParallelism()));
        JavaPairRDD<Long, byte[]> sorted = dataset.as(WholeRow.taken(dataset.schema())).javaRDD()
                .mapToPair(row -> keyed(row, cells, columns.names().size(), seed))
                .repartitionAndSortWithinPartitions(new Places(shards, partitions));
        List<Attempt<Seen>> seen = sorted.mapPartitions(part -> seen(part, columns, shards)).collect();
        if (seen.isEmpty()) {
            throw new DataException(TableColumns.NAME + ": expected rows to train on. Received: none");
        }
        MessageDigest digest = Sha256.begin();
        List<String[]> sample = new ArrayList<>();
        BitSet validation = new BitSet();
        long trained = 0;
        long without = 0;
        double weight = 0;
        for (Attempt<Seen> shard : seen) {
            Seen next = shard.get();
            digest.update(next.sha256);
            trained += next.trained;
            without += next.withoutTarget;
            weight += next.weight;
            for (byte[] row : next.sample) {
                sample.add(RowKey.cells(row, columns.cells()));
                validation.set(sample.size() - 1, columns.isValidation(sample.get(sample.size() - 1)));
            }
        }
        if (columns.weight() != null && weight == 0) {
            throw new DataException(TableColumns.NAME + ": column " + Columns.quoted(columns.weight())
                    + ": expected a row to train on of a weight above 0. Received: none");
        }
        this.sha256 = HexFormat.of().formatHex(digest.digest());
        this.withoutTarget = without;
        if (trained == 0) {
            throw new DataException(TableColumns.NAME + ": expected rows to train on. Received: none"
                    + (without > 0 ? ", for " + without + " have no target" : ""));
        }
        TableSchema learnt = TableSchema.infer(TableColumns.NAME, columns.rows(sample.iterator()), columns.target(),
                columns.options().rows(row -> !validation.get((int) row)));
        this.schema = new TableSchema(learnt.target(), learnt.columns(), trained, learnt.missing(), learnt.sampleWeight());
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

    /** The rows of one shard after the other, rows of one key in the order of their bytes. */
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
     * The statistics of a shard.
     *
     * @param sample  its first rows, with the smallest hashes
     * @param trained how many rows are to train on
     * @param weight  of these together
     */
    private record Seen(ArrayList<byte[]> sample, long trained, long withoutTarget, double weight, byte[] sha256) implements Serializable {

        private static final long serialVersionUID = 1;

        static Seen of(Ordered ordered, int number, TableColumns columns, int most) throws DataException {
            MessageDigest digest = Sha256.begin();
            ArrayList<byte[]> sample = new ArrayList<>();
            long trained = 0;
            long without = 0;
            double weight = 0;
            while (ordered.has(number)) {
                byte[] row = ordered.row();
                digest.update(row);
                String[] cells = RowKey.cells(row, columns.cells());
                if (!columns.hasTarget(cells)) {
                    without++;
                    continue;
                }
                double own = columns.weight(cells);
                if (!columns.isValidation(cells)) {
                    trained++;
                    weight += own;
                }
                if (sample.size() < most) {
                    sample.add(row);
                }
            }
            return new Seen(sample, trained, without, weight, digest.digest());
        }
    }

    private static Iterator<Attempt<Seen>> seen(Iterator<Tuple2<Long, byte[]>> part, TableColumns columns, int shards)
            throws Exception {
        Ordered ordered = new Ordered(part, shards);
        List<Attempt<Seen>> all = new ArrayList<>();
        while (!ordered.isAtEnd()) {
            int number = ordered.shard();
            all.add(Attempt.of(() -> Seen.of(ordered, number, columns, Math.max(1, SAMPLE / shards))));
            while (ordered.has(number)) { // if it failed
                ordered.row();
            }
        }
        return all.iterator();
    }

    private static Iterator<Shard> encoded(Iterator<Tuple2<Long, byte[]>> part, TableColumns columns, String text, int shards,
            int each) throws DataException {
        TableSchema schema = TableSchema.of(ConfigText.parse(text));
        Ordered ordered = new Ordered(part, shards);
        int first = TaskContext.getPartitionId() * each;
        List<Shard> all = new ArrayList<>(); // also without rows
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
     * Reports remarks for a person, in sentences.
     *
     * @param warnings receives conditions that may make the result worthless
     */
    void describe(Consumer<String> remarks, Consumer<String> warnings) {
        if (withoutTarget > 0) {
            remarks.accept(withoutTarget + (withoutTarget == 1 ? " row has" : " rows have") + " no value of the target, and "
                    + (withoutTarget == 1 ? "is" : "are") + " left out");
        }
        for (TableSchema.Remark remark : schema.remarks()) {
            boolean isWarning = remark.kind() == TableSchema.Remark.Kind.LEFT_OUT || remark.kind() == TableSchema.Remark.Kind.DOUBT;
            (isWarning ? warnings : remarks).accept(remark.text());
        }
    }

    @Override
    public void close() {
        encoded.unpersist(false);
    }
}
