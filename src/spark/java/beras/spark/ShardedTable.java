package beras.spark;

import beras.data.DataException;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTally;
import beras.files.Sha256;
import beras.tensor.Shape;
import java.io.IOException;
import java.io.Serializable;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
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
 * The rows of a DataFrame in logical shards, whose number is a setting, and not that of partitions or executors. Which shard a
 * row is in, and where in it, {@link RowKey} says: so the shards are the same however the rows come. What the columns are is
 * learnt shard by shard, and put together in the order of the shards.
 */
final class ShardedTable implements AutoCloseable {

    private final TableSchema schema;
    private final long withoutTarget;
    private final String sha256;
    private final int shards;
    private final int partitions;
    private final int[] rows;
    private final JavaRDD<Shard> encoded;

    /**
     * Looks at all rows, twice.
     *
     * @param shards a power of two
     * @throws DataException if nothing can be learnt of the rows, as {@link TableSchema#infer} says
     */
    ShardedTable(Dataset<?> dataset, TableColumns columns, Cells cells, int shards, long seed) throws IOException {
        this.shards = shards;
        this.partitions = Math.min(shards,
                powerOfTwo(dataset.sparkSession().sparkContext().defaultParallelism()));
        JavaPairRDD<Long, byte[]> sorted = dataset.as(WholeRow.taken(dataset.schema())).javaRDD()
                .mapToPair(row -> keyed(row, cells, seed))
                .repartitionAndSortWithinPartitions(new Places(shards, partitions));
        List<Seen> seen = sorted.mapPartitions(part -> seen(part, columns, shards)).collect();
        if (seen.isEmpty()) {
            throw new DataException(TableColumns.NAME + ": expected rows to train on. Received: none");
        }
        TableTally all = null;
        MessageDigest digest = Sha256.begin();
        for (Seen shard : seen) {
            TableTally tally = shard.tally.get();
            digest.update(shard.sha256);
            if (all == null) {
                all = tally;
            } else {
                all.add(tally);
            }
        }
        this.sha256 = HexFormat.of().formatHex(digest.digest());
        this.withoutTarget = all.withoutTarget();
        this.schema = all.schema(TableColumns.NAME, columns.rows(List.<String[]>of().iterator()), columns.missing(),
                columns.target(),
                columns.options());
        String learnt = schema.toJson();
        int each = shards / partitions;
        this.encoded = sorted.mapPartitions(part -> encoded(part, columns, learnt, shards, each))
                .persist(StorageLevel.MEMORY_AND_DISK());
        this.rows = encoded.map(Shard::rows).collect().stream().mapToInt(count -> count).toArray();
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

    private static Tuple2<Long, byte[]> keyed(InternalRow row, Cells cells, long seed) {
        String[] texts = new String[cells.count()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = cells.text(row, i);
        }
        byte[] bytes = RowKey.bytes(texts);
        return new Tuple2<>(RowKey.of(bytes, seed), bytes);
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

    /** What was seen of a shard. */
    private record Seen(Attempt<TableTally> tally, byte[] sha256) implements Serializable {

        private static final long serialVersionUID = 1;
    }

    private static Iterator<Seen> seen(Iterator<Tuple2<Long, byte[]>> part, TableColumns columns, int shards) {
        Ordered ordered = new Ordered(part, shards);
        List<Seen> all = new ArrayList<>();
        while (!ordered.isAtEnd()) {
            int number = ordered.shard();
            MessageDigest digest = Sha256.begin();
            Iterator<String[]> rows = new Iterator<>() {

                @Override
                public boolean hasNext() {
                    return ordered.has(number);
                }

                @Override
                public String[] next() {
                    byte[] row = ordered.row();
                    digest.update(row);
                    return RowKey.cells(row, columns.names().size());
                }
            };
            Attempt<TableTally> tally = Attempt.of(() -> TableTally.of(TableColumns.NAME, columns.rows(rows), columns.missing(),
                    columns.target(), columns.options()));
            rows.forEachRemaining(row -> { }); // if it failed
            all.add(new Seen(tally, digest.digest()));
        }
        return all.iterator();
    }

    private static Iterator<Shard> encoded(Iterator<Tuple2<Long, byte[]>> part, TableColumns columns, String json, int shards,
            int each) {
        TableSchema schema = TableSchema.fromJson(json);
        Ordered ordered = new Ordered(part, shards);
        Encoder encoder = new Encoder(columns, schema);
        int first = TaskContext.getPartitionId() * each;
        List<Shard> all = new ArrayList<>(); // also those without rows
        for (int number = first; number < first + each; number++) {
            Floats inputs = new Floats(schema.width());
            Floats targets = new Floats(schema.targetWidth());
            while (ordered.has(number)) {
                encoder.add(ordered.row(), inputs, targets);
            }
            all.add(new Shard(number, inputs.count, schema.width(), schema.targetWidth(), inputs.trimmed(), targets.trimmed()));
        }
        return all.iterator();
    }

    /** Turns rows into numbers, and leaves out those without a target. */
    private static final class Encoder {

        private final TableColumns columns;
        private final TablePreprocessor preprocessor;
        private final int target;
        private final Object[] row;

        Encoder(TableColumns columns, TableSchema schema) {
            this.columns = columns;
            this.preprocessor = new TablePreprocessor(schema).lenient();
            this.target = columns.targetPlace();
            this.row = new Object[columns.names().size() - 1];
        }

        void add(byte[] bytes, Floats inputs, Floats targets) {
            String[] cells = RowKey.cells(bytes, columns.names().size());
            Object truth = columns.value(target, cells[target]);
            if (preprocessor.isMissing(truth)) {
                return;
            }
            for (int i = 0; i < row.length; i++) {
                int column = i < target ? i : i + 1;
                row[i] = columns.value(column, cells[column]);
            }
            preprocessor.encode(Arrays.asList(row), inputs.room(), inputs.at());
            preprocessor.encodeTarget(truth, targets.room(), targets.at());
            inputs.count++;
            targets.count++;
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

    Shape inputShape() {
        return Shape.of(schema.width());
    }

    /** The SHA-256 of all rows, in the order of the shards. */
    String sha256() {
        return sha256;
    }

    int shards() {
        return shards;
    }

    /** How many partitions the shards are in, a power of two: each has as many shards, which follow each other. */
    int partitions() {
        return partitions;
    }

    /** How many rows with a target each shard has. */
    int[] rows() {
        return rows;
    }

    JavaRDD<Shard> encoded() {
        return encoded;
    }

    /** Tells what a person should know, in sentences. */
    void describe(Consumer<String> remarks) {
        if (withoutTarget > 0) {
            remarks.accept(withoutTarget + (withoutTarget == 1 ? " row has" : " rows have") + " no value of the target, and "
                    + (withoutTarget == 1 ? "is" : "are") + " left out");
        }
        schema.remarks().forEach(remark -> remarks.accept(remark.text()));
    }

    @Override
    public void close() {
        encoded.unpersist(false);
    }
}
