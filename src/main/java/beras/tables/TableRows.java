package beras.tables;

import beras.config.SettingException;
import beras.data.DataException;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableParts;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TargetMeans;
import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.Examples;
import beras.metrics.Metric;
import beras.models.TrainingSet;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** The training and validation rows of a table, as numbers: in memory, or encoded again in each epoch. */
public final class TableRows implements TrainingSet {

    /** In memory are rows that take no more than this share of the heap. */
    private static final int SHARE_OF_HEAP = 4;
    /** More than this share of it cannot be had for rows. */
    private static final double MOST_OF_HEAP = 0.75;
    /** The bytes of a row in a buffer besides its numbers. */
    private static final int ROW_OVERHEAD = 128;
    private static final int AHEAD = 2;
    /** A buffer of all rows. */
    static final String ALL = "all";

    record Source(TableFile file, LongPredicate rows, long count) {}

    private final TargetMeans means;
    private final TableSchema schema;
    private final Source toTrain;
    private final Source toValidate;
    private final TableParts parts;
    private final String buffer;
    private final int atATime;
    private final Part training; // also the rows to validate, if all are in memory and of one file
    private final Part validating;
    private final Map<String, String> unreadable = new LinkedHashMap<>();

    /**
     * @param parts  the parts of the rows in the training file
     * @param buffer among how many rows to shuffle, or all
     * @param heap   the bytes of the heap: determines where the rows are kept
     */
    TableRows(TargetMeans means, Source toTrain, Source toValidate, TableParts parts, String buffer, long heap) throws DataException {
        this.means = means;
        this.schema = means.schema();
        this.toTrain = toTrain;
        this.toValidate = toValidate;
        this.parts = parts;
        long count = toTrain.count + toValidate.count;
        long bytes = bytes(schema);
        boolean fits = bytes * count <= heap / SHARE_OF_HEAP && (long) schema.width() * count < Integer.MAX_VALUE;
        this.buffer = buffer;
        requireRoom(bytes, count, heap);
        double left = heap * MOST_OF_HEAP - (fits ? bytes * count : 0);
        this.atATime = this.buffer.equals(ALL) ? Integer.MAX_VALUE : (int) Math.max(1, left / buffered(bytes, count));
        boolean inMemory = fits || this.buffer.equals(ALL);
        boolean together = toTrain.file.equals(toValidate.file);
        if (together && inMemory) {
            training = new Part(new Source(toTrain.file, toTrain.rows.or(toValidate.rows), count), true);
            validating = training;
            read(List.of(training));
            return;
        }
        training = new Part(toTrain, inMemory);
        validating = new Part(toValidate, inMemory);
        if (together) {
            read(List.of(training, validating));
        } else {
            read(List.of(training));
            read(List.of(validating));
        }
    }

    /** How many bytes the numbers of a row take, besides its weight: so equal weights shuffle as none do. */
    static long bytes(TableSchema schema) {
        return Float.BYTES * (long) (schema.width() + schema.targetWidth());
    }

    /** Among how many rows of so many bytes to shuffle, which does not depend on the heap, for it decides the weights. */
    static String defaultBuffer(long bytes, long count) {
        long rows = Math.max(1, TableDefaults.SHUFFLE_BYTES / (bytes + ROW_OVERHEAD));
        return rows >= count ? ALL : Long.toString(rows);
    }

    private void requireRoom(long bytes, long count, long heap) {
        double needed = buffer.equals(ALL) ? (double) bytes * count : buffered(bytes, count);
        if (needed > heap * MOST_OF_HEAP) {
            throw new SettingException("shuffleBuffer", toTrain.file + ": " + (buffer.equals(ALL) ? "all " + count : buffer)
                    + " rows are to be shuffled at a time, which take " + (long) (needed / (1 << 20)) + " MB, and the heap has "
                    + (heap >> 20) + " MB. Start Java with a larger -Xmx, or shuffle among fewer rows");
        }
    }

    /** How many bytes the rows of a buffer take. */
    private double buffered(long bytes, long count) {
        return Math.min(count, Double.parseDouble(buffer)) * (bytes + ROW_OVERHEAD);
    }

    /** Rejects a text that is neither {@code all} nor a number of rows. */
    static String requireBuffer(String text) {
        if (!text.equals(ALL) && !text.matches("[1-9]\\d{0,8}")) {
            throw new SettingException("shuffleBuffer", "it must be all, or a number of rows from 1 to 999999999. Received: " + text);
        }
        return text;
    }

    /** Reads parts of one file, in one pass. */
    private void read(List<Part> parts) throws DataException {
        float[] row = new float[schema.width()];
        float[] target = new float[schema.targetWidth()];
        boolean isTrained = parts.get(0).source.file.equals(toTrain.file);
        try (TableReader reader = TableReader.training(parts.get(0).source.file, schema,
                number -> parts.stream().anyMatch(part -> part.source.rows.test(number)))) {
            while (reader.next(row, 0)) {
                reader.target(target, 0);
                if (isTrained && toTrain.rows.test(reader.row())) {
                    means.encode(reader, row, 0);
                }
                for (Part part : parts) {
                    if (part.source.rows.test(reader.row())) {
                        part.add(reader, row, target);
                    }
                }
            }
            reader.unreadable().forEach(unreadable::putIfAbsent);
        }
        for (Part part : parts) {
            if (part.count < part.source.count) {
                throw new DataException(part.source.file + ": the file became shorter while it was read");
            }
        }
    }

    /** The rows of one source, added one by one to arrays of the very size, or only counted. */
    private final class Part {

        private final Source source;
        private long count;
        private final Examples examples; // null: they do not fit into memory
        private final float[] inputs;
        private final float[] targets;
        private final float[] weights; // null: all rows count the same
        private final byte[] folds; // for each row, from 0, the network that validates it; -1: none

        Part(Source source, boolean inMemory) throws DataException {
            this.source = source;
            if (inMemory && source.count * Math.max(schema.width(), schema.targetWidth()) > Integer.MAX_VALUE - 8) {
                throw new DataException(source.file + ": all " + source.count + " rows do not fit into an array, let alone the"
                        + " heap. Shuffle among fewer");
            }
            int size = inMemory ? (int) source.count : 0;
            inputs = new float[size * schema.width()];
            targets = new float[size * schema.targetWidth()];
            folds = new byte[size];
            weights = isWeighted() ? new float[size] : null;
            examples = !inMemory ? null : Examples.of(List.of(Tensor.wrap(inputs, size, schema.width())),
                    List.of(Tensor.wrap(targets, size, schema.targetWidth())), weights == null ? null : Tensor.wrap(weights, size));
        }

        void add(TableReader reader, float[] row, float[] target) throws DataException {
            if (count == source.count) {
                throw new DataException(source.file + ": the file became longer while it was read");
            }
            int index = (int) count++;
            if (examples == null) {
                return;
            }
            folds[index] = (byte) (toValidate.rows.test(reader.row()) ? 0 : parts.fold(reader.row()));
            System.arraycopy(row, 0, inputs, index * row.length, row.length);
            System.arraycopy(target, 0, targets, index * target.length, target.length);
            if (weights != null) {
                weights[index] = reader.weight();
            }
        }

        Dataset rows() {
            return examples != null ? Dataset.of(examples) : TableDataset.training(source.file, schema, source.rows,
                    this == training ? Optional.of(means) : Optional.empty());
        }
    }

    /** Cells in columns of numbers that are none, a sentence by column. */
    public Map<String, String> unreadable() {
        return Collections.unmodifiableMap(unreadable);
    }

    /** Among how many rows they are shuffled: a number, or all. */
    public String buffer() {
        return buffer;
    }

    /** The number of networks that may go through the rows at a time, so that the buffers of all fit into the heap. */
    public int atATime() {
        return atATime;
    }

    // -------------------------------------------------------------------------------------------- as a training set

    @Override
    public Shape inputShape() {
        return Shape.of(schema.width());
    }

    @Override
    public Shape targetShape() {
        return Shape.of(schema.targetWidth());
    }

    @Override
    public long examples() {
        return toTrain.count;
    }

    /** The accuracy, or errors in units of the table. */
    @Override
    public List<Metric> metrics() {
        return TableDefaults.metrics(schema.target().task(), schema.target().unit());
    }

    @Override
    public boolean isWeighted() {
        return schema.sampleWeight().isPresent();
    }

    /**
     * Batches to train on, in another order in each epoch. If rows are held out at random and all are shuffled at once, each
     * network of an ensemble holds out another fold.
     */
    @Override
    public Batches training(int batchSize, long seed, int nets) {
        if (!buffer.equals(ALL)) {
            Dataset rows = inMemory() ? Dataset.of(fold(0, false)) : training.rows();
            return rows.shuffle(Integer.parseInt(buffer), seed).batch(batchSize).prefetch(AHEAD);
        }
        if (!holdsOutByNet(nets)) {
            return Batches.shuffled(fold(0, false), batchSize, seed);
        }
        List<Batches> each = new ArrayList<>();
        for (int net = 0; net < nets; net++) {
            each.add(Batches.shuffled(fold(net % parts.folds(), false), batchSize, new Rng(seed, "net", net).bits(0)));
        }
        return Batches.ofNets(each);
    }

    @Override
    public Optional<Batches> validation(int batchSize, int nets) {
        if (toValidate.count == 0) {
            return Optional.empty();
        }
        if (!inMemory()) {
            return Optional.of(validating.rows().batch(batchSize).prefetch(AHEAD));
        }
        if (!holdsOutByNet(nets)) {
            return Optional.of(Batches.of(fold(0, true), batchSize));
        }
        List<Batches> each = new ArrayList<>();
        for (int net = 0; net < nets; net++) {
            each.add(Batches.of(net < parts.folds() ? fold(net, true) : training.examples.select(), batchSize)); // each row once
        }
        return Optional.of(Batches.ofNets(each));
    }

    /**
     * If rows are held out at random and all are shuffled at once. With more networks than folds two hold out the same, and the
     * first of them validates.
     */
    @Override
    public boolean holdsOutByNet(int nets) {
        return nets > 1 && holdsOutByNet(parts, buffer);
    }

    /** Whether each network of an ensemble holds out other rows, with these parts and this shuffling. */
    static boolean holdsOutByNet(TableParts parts, String buffer) {
        return parts.folds() > 1 && buffer.equals(ALL);
    }

    /** Rows in memory: the held-out ones of the fold, or all others. */
    private Examples fold(int fold, boolean held) {
        if (training != validating) {
            return (held ? validating : training).examples;
        }
        return training.examples.select(IntStream.range(0, training.folds.length).filter(row -> training.folds[row] == fold == held).toArray());
    }

    /** Whether the rows are in memory; else they are encoded again in each epoch. */
    public boolean inMemory() {
        return training.examples != null;
    }
}
