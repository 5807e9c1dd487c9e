package beras.tables;

import beras.data.DataException;
import beras.data.table.TableColumn;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableParts;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableSplit;
import beras.data.table.TableTarget;
import beras.data.table.TargetMeans;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.files.Background;
import beras.metrics.Metric;
import beras.models.Model;
import beras.models.ReadListener;
import beras.models.TrainingData;
import beras.prediction.ConformalScores;
import beras.tables.TableRows.Source;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A table for training: its rows are split, and its schema is learnt from the training rows. */
public final class PreparedTable implements TrainingData {

    private final TableFile file;
    private final Optional<TableFile> validationFile;
    private final TableSplit split;
    private final TableParts parts;
    private final String fold; // such as 2 of 5; empty if the table is split in two
    private final TargetMeans means;
    private final TableSchema schema;
    private final List<String> remarks = new ArrayList<>();
    private final long validationRows;
    private final String buffer;
    private Background<String> hash; // null: it is not computed ahead

    /**
     * Splits a table and learns its schema.
     *
     * @param validationFile validation rows in a separate file; then none are split off
     * @param buffer         among how many rows to shuffle, or {@code all}; empty: as many as the table alone decides
     * @param given          the parts of the rows; empty: the split decides
     * @param fold           the number of this fold and of all folds, in the form of {@link TableOrigin#fold}; empty without
     *     folds
     * @throws DataException if a file is no table, see {@link TableSchema#infer} and {@link TableSplit#parts}, or is a pipe
     */
    PreparedTable(TableFile file, String target, TableOptions options, TableSplit split, Optional<TableFile> validationFile,
            Optional<String> buffer, Optional<TableParts> given, String fold) throws IOException {
        this.file = file.rereadable().keepRows();
        this.validationFile = validationFile.isPresent() ? Optional.of(validationFile.get().rereadable().keepRows())
                : validationFile;
        this.split = split;
        this.fold = fold;
        TableOptions remarked = options.onRemark(remarks::add);
        this.parts = given.isPresent() ? given.get()
                : (validationFile.isPresent() ? TableSplit.random(0) : split).parts(this.file, target, remarked);
        TableOptions training = remarked.rows(parts.training());
        this.means = TargetMeans.learn(this.file, TableSchema.infer(this.file, target, training), training);
        this.schema = means.schema();
        this.validationRows = validationFile.isPresent() ? count(this.validationFile.get()) : parts.validationRows();
        this.buffer = buffer.orElseGet(() -> TableRows.defaultBuffer(TableRows.bytes(schema), schema.rows() + validationRows));
    }

    private PreparedTable(PreparedTable table, TableTarget target) {
        this.file = table.file;
        this.validationFile = table.validationFile;
        this.split = table.split;
        this.fold = table.fold;
        this.parts = table.parts;
        this.means = table.means.with(target);
        this.schema = means.schema();
        this.validationRows = table.validationRows;
        this.buffer = table.buffer;
        this.hash = table.hash;
        this.remarks.addAll(table.remarks);
    }

    /** The same table, with another target of the same numbers. */
    PreparedTable with(TableTarget target) {
        return new PreparedTable(this, target);
    }

    /** Whether each target in a separate file of validation rows is possible for the schema: a Poisson target is not negative. */
    boolean fitsValidationFile() {
        if (validationFile.isPresent()) {
            try (TableReader reader = TableReader.training(validationFile.get(), schema, any -> true)) {
                float[] row = new float[schema.width()];
                while (reader.next(row, 0)) { } // reads the targets
            } catch (DataException e) { // the rows were read before, with any target
                return false;
            }
        }
        return true;
    }

    void remark(String sentence) {
        remarks.add(sentence);
    }

    /** Computes the hash for {@link #provenance} in the background. */
    PreparedTable hashing() {
        hash = Background.startLater("beras-hash", file::sha256);
        return this;
    }

    /** How many rows with a target and a weight a file has; all are checked. */
    private long count(TableFile other) throws IOException {
        long rows = 0;
        float[] row = new float[schema.width()];
        Set<String> absent = new LinkedHashSet<>(labels());
        try (TableReader reader = TableReader.training(other, schema, any -> true)) {
            while (reader.next(row, 0)) {
                rows++;
                if (!absent.isEmpty()) {
                    absent.remove(labels().get((int) reader.target()));
                }
            }
            reader.remarks().forEach(remark -> remarks.add(other + ": " + remark));
        }
        if (!absent.isEmpty()) {
            remarks.add(TableSplit.without(other + ": none of the " + rows, absent));
        }
        return rows;
    }

    /** The schema, learnt from the training rows. */
    public TableSchema schema() {
        return schema;
    }

    /** The part of each row of the table. */
    public TableParts parts() {
        return parts;
    }

    /** How many rows there are to validate. */
    public long validationRows() {
        return validationRows;
    }

    /** Remarks on the form of the files, and on parts left out; whole sentences without full stops. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    // ------------------------------------------------------------------------------------------ as data to train on

    @Override
    public Shape inputShape() {
        return Shape.of(schema.width());
    }

    @Override
    public Shape targetShape() {
        return schema.target().targetShape();
    }

    @Override
    public List<String> labels() {
        return schema.target().labels();
    }

    @Override
    public double[] balancedClassWeights() {
        return schema.target().balancedClassWeights();
    }

    @Override
    public String neededOutputs() {
        int width = schema.targetWidth();
        return ": the target " + schema.target().name() + " needs " + width + (width == 1 ? " output" : " outputs")
                + ", so the last layer needs as many units, or an output is added after layers that do not end in softmax,"
                + " sigmoid or linear";
    }

    @Override
    public long examples() {
        return schema.rows();
    }

    /** The accuracy, or errors in units of the table. */
    @Override
    public List<Metric> metrics() {
        return TableDefaults.metrics(schema.target().task(), schema.target().unit());
    }

    /** With the defaults of {@link TableDefaults}. */
    @Override
    public Recipe complete(Recipe given) {
        return TableDefaults.complete(given, schema).validationSplit(validationFile.isPresent() ? 0 : split.share());
    }

    @Override
    public int patience(Recipe recipe) {
        return validationRows == 0 ? 0 : TableDefaults.patience(schema.rows(), recipe.batchSize());
    }

    /** The rows as numbers. */
    public TableRows open() throws DataException {
        return open(remark -> { });
    }

    /**
     * The rows as numbers.
     *
     * @throws DataException if the table has changed
     * @throws beras.config.SettingException if the heap is too small for the rows that are to be shuffled
     */
    @Override
    public TableRows open(ReadListener listener) throws DataException {
        Source toTrain = new Source(file, parts.training(), schema.rows());
        Source toValidate = validationFile.isPresent() ? new Source(validationFile.get(), any -> true, validationRows)
                : new Source(file, parts.validation(), validationRows);
        TableRows rows = new TableRows(means, toTrain, toValidate, parts, buffer, Runtime.getRuntime().maxMemory());
        file.requireUnchanged();
        if (validationFile.isPresent()) {
            validationFile.get().requireUnchanged();
        }
        for (TableColumn column : schema.columns()) { // the cells of training rows are reported already
            String sentence = rows.unreadable().get(column.name());
            if (sentence != null && column.missing() == 0) {
                listener.onRemark(sentence);
            }
        }
        listener.onRemark(describe(rows));
        return rows;
    }

    /** The place of the rows, their parts, and how they are shuffled. */
    private String describe(TableRows rows) {
        String how = validationFile.isPresent() ? " (" + validationFile.get() + ")"
                : validationRows > 0 ? " (" + parts.how() + ")" : "";
        return schema.rows() + (schema.rows() == 1 ? " row" : " rows") + " to train on and " + validationRows + " to validate" + how
                + ", of " + schema.width() + (schema.width() == 1 ? " feature" : " features") + ", are "
                + (rows.inMemory() ? "kept in memory" : "encoded again in each epoch") + "; shuffled "
                + (buffer.equals(TableRows.ALL) ? "as a whole" : "among " + buffer + " at a time");
    }

    @Override
    public Optional<Examples> test() {
        return Optional.empty();
    }

    @Override
    public Optional<ConformalScores> conformalScores(Model model, UnaryOperator<Tensor> probabilities, Batches validation) {
        boolean byNet = model.nets().size() > 1 && TableRows.holdsOutByNet(parts, buffer);
        long rows = validationRows + (byNet ? schema.rows() : 0);
        return HeldOutScores.of(schema.target(), model, probabilities, validation, rows);
    }

    /**
     * The cells of validation rows as they are in the table, below the names of all columns, each with its line first.
     *
     * @param places the indices of the rows among {@link TableRows#validation}
     * @param nets   as there
     * @throws DataException if the table has changed
     */
    public List<List<String>> heldOut(List<Long> places, int nets) throws IOException {
        TableFile from = validationFile.orElse(file);
        int folds = nets > 1 && TableRows.holdsOutByNet(parts, buffer) ? Math.min(nets, parts.folds()) : 1;
        List<List<Long>> rows = Stream.generate(() -> (List<Long>) new ArrayList<Long>()).limit(folds).toList();
        float[] features = new float[schema.width()];
        try (TableReader reader = TableReader.training(from, schema, any -> true)) {
            while (reader.next(features, 0)) {
                int fold = validationFile.isPresent() ? 0 : parts.fold(reader.row());
                if (fold >= 0 && fold < folds) {
                    rows.get(fold).add(reader.row());
                }
            }
        }
        List<Long> all = rows.stream().flatMap(List::stream).toList();
        List<Long> wanted = places.stream().map(place -> all.get(place.intValue())).toList();
        List<List<String>> cells = new ArrayList<>(Collections.nCopies(1 + wanted.size(), List.of()));
        try (TableReader reader = TableReader.training(from, schema, wanted::contains)) {
            cells.set(0, Stream.concat(Stream.of("line"), reader.columns().stream()).toList());
            while (reader.next(features, 0)) {
                cells.set(1 + wanted.indexOf(reader.row()), Stream.concat(Stream.of(Long.toString(reader.line())),
                        IntStream.range(0, reader.columns().size()).mapToObj(reader::cell)).toList());
            }
        }
        from.requireUnchanged();
        return cells;
    }

    @Override
    public TablePreprocessor preprocessor() {
        return new TablePreprocessor(schema);
    }

    /** So that the validation rows can be found again, see {@link TableOrigin}. */
    @Override
    public Map<String, String> provenance() throws IOException {
        Map<String, String> provenance = TableOrigin.provenance(file, hash == null ? file.sha256() : hash.getOrRetry(), schema.rows(),
                schema.target().name(), schema.target().task(), split, fold, validationFile);
        provenance.put("shuffle_buffer", buffer);
        if (TableRows.holdsOutByNet(parts, buffer)) {
            provenance.put(TableOrigin.FOLDS, Integer.toString(parts.folds()));
        }
        schema.sampleWeight().ifPresent(weight -> provenance.put(TableOrigin.SAMPLE_WEIGHT, weight.name()));
        return provenance;
    }
}
