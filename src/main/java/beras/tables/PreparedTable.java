package beras.tables;

import beras.data.DataException;
import beras.data.table.TableFile;
import beras.data.table.TableOptions;
import beras.data.table.TableParts;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableSplit;
import beras.metrics.Metric;
import beras.tables.TableRows.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table made ready to train on: its rows are split, and what its columns are is learnt from those to train on. */
public final class PreparedTable {

    private final TableFile file;
    private final Optional<TableFile> validationFile;
    private final TableSplit split;
    private final TableParts parts;
    private final String fold; // such as 2 of 5; empty if the table is split in two
    private final TableSchema schema;
    private final List<String> remarks = new ArrayList<>();
    private final long validationRows;

    private PreparedTable(TableFile file, String target, TableOptions options, TableSplit split, Optional<TableFile> validationFile,
            TableParts given, String fold) throws IOException {
        this.file = file.rereadable().keepRows();
        this.validationFile = validationFile.isPresent() ? Optional.of(validationFile.get().rereadable().keepRows())
                : validationFile;
        this.split = split;
        this.fold = fold;
        this.parts = given != null ? given
                : (validationFile.isPresent() ? TableSplit.random(0) : split).parts(this.file, target, options);
        this.schema = TableSchema.infer(this.file, target, options.rows(parts.training()).onRemark(remarks::add));
        this.validationRows = validationFile.isPresent() ? count(this.validationFile.get()) : parts.validationRows();
    }

    /**
     * Splits a table and learns its schema.
     *
     * @param validation rows to validate in a file of their own; then none are split off
     * @throws DataException if a file is no table, see {@link TableSchema#infer} and {@link TableSplit#parts}, or is a pipe
     */
    static PreparedTable of(TableFile file, String target, TableOptions options, TableSplit split, Optional<TableFile> validation)
            throws IOException {
        return new PreparedTable(file, target, options, split, validation, null, "");
    }

    /**
     * A table whose rows are split already.
     *
     * @param fold which of how many folds the parts are, as {@link TableOrigin#fold} says it
     */
    static PreparedTable ofFold(TableFile file, String target, TableOptions options, TableSplit split, TableParts parts,
            String fold) throws IOException {
        return new PreparedTable(file, target, options, split, Optional.empty(), parts, fold);
    }

    /** How many rows with a target a file has; all are checked. */
    private long count(TableFile other) throws IOException {
        long rows = 0;
        float[] row = new float[schema.width()];
        try (TableReader reader = TableReader.open(other, schema, any -> true)) {
            while (reader.next(row, 0)) {
                rows++;
            }
            reader.remarks().forEach(remark -> remarks.add(other + ": " + remark));
        }
        return rows;
    }

    /** What the columns are, learnt from the rows to train on. */
    public TableSchema schema() {
        return schema;
    }

    /** Which rows of the table are for what. */
    public TableParts parts() {
        return parts;
    }

    /** How many rows there are to validate. */
    public long validationRows() {
        return validationRows;
    }

    /** How the files were found to be written, and what was left out; whole sentences without full stops. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** What is reported by epoch: the accuracy, or errors in units of the table. */
    public List<Metric> metrics() {
        return TableDefaults.metrics(schema.target().task(), schema.target().unit());
    }

    /**
     * The rows as numbers.
     *
     * @param buffer among how many rows to shuffle, or {@code all}; empty: as many as the table alone decides
     * @throws DataException if the table is not what it was
     * @throws IllegalArgumentException if the heap is too small for the rows that are to be shuffled
     */
    public TableRows rows(Optional<String> buffer) throws DataException {
        Source toTrain = new Source(file, parts.training(), schema.rows());
        Source toValidate = validationFile.isPresent() ? new Source(validationFile.get(), any -> true, validationRows)
                : new Source(file, parts.validation(), validationRows);
        TableRows rows = new TableRows(schema, toTrain, toValidate, buffer.orElse(null), Runtime.getRuntime().maxMemory());
        file.requireUnchanged();
        if (validationFile.isPresent()) {
            validationFile.get().requireUnchanged();
        }
        return rows;
    }

    /** What makes rows to predict the numbers that the model takes. */
    public TablePreprocessor preprocessor() {
        return new TablePreprocessor(schema);
    }

    // ------------------------------------------------------------------------------------------------- provenance

    /** The hash of the table, for {@link #provenance}; takes a pass over the file. */
    public String sha256() throws IOException {
        return file.sha256();
    }

    /**
     * What a model file tells of the rows, so that those to validate can be found again.
     *
     * @param sha256 of the table
     */
    public Map<String, String> provenance(String sha256) throws IOException {
        return TableOrigin.provenance(file, sha256, schema.rows(), schema.target().name(), schema.target().task(), split,
                fold, validationFile);
    }
}
