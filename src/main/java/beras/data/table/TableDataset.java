package beras.data.table;

import beras.data.DataException;
import beras.data.Splits;
import beras.feed.Dataset;
import beras.feed.Example;
import beras.feed.ExampleSpec;
import beras.files.FileStamp;
import beras.tensor.Shape;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;

/**
 * Rows of a table as a stream, read from the file in every epoch: inputs {@code (width)}, targets as
 * {@link TableReader#target(float[], int)} writes them.
 *
 * <p>The file must stay unchanged after the dataset was made: a pass over a changed file fails. So does a second pass over a
 * stream.
 *
 * <p>An error in the file is thrown as an {@link UncheckedIOException} whose cause is the {@link DataException}.
 */
public final class TableDataset implements Dataset {

    private final TableFile file;
    private final TableSchema schema;
    private final LongPredicate rows;
    private final Optional<FileStamp> stamp; // empty: the file was not there, or cannot change
    private final Optional<TargetMeans> means; // of rows that these were learnt from
    private final boolean weighted;
    private Consumer<TableReader> atEnd = reader -> { };

    /**
     * @param rows which rows to read, counted from 0, such as {@link Splits#validationRows}
     */
    public TableDataset(TableFile file, TableSchema schema, LongPredicate rows) {
        this(file, schema, rows, Optional.empty(), false);
    }

    private TableDataset(TableFile file, TableSchema schema, LongPredicate rows, Optional<TargetMeans> means, boolean weighted) {
        this.means = means;
        this.weighted = weighted;
        this.file = Objects.requireNonNull(file);
        this.schema = Objects.requireNonNull(schema);
        this.rows = Objects.requireNonNull(rows);
        this.stamp = file.stamp();
    }

    /**
     * Training or validation rows, with the sample weights of the schema.
     *
     * @param rows  which rows to read, counted from 0
     * @param means the out-of-fold target encoding of training rows; empty for validation rows
     */
    public static TableDataset training(TableFile file, TableSchema schema, LongPredicate rows, Optional<TargetMeans> means) {
        return new TableDataset(file, schema, rows, means, schema.sampleWeight().isPresent());
    }

    /**
     * Calls a listener at the end of each pass, with the reader's counts of missing and unlisted values; in the thread that
     * reads.
     *
     * @return this
     */
    public TableDataset atEnd(Consumer<TableReader> listener) {
        atEnd = Objects.requireNonNull(listener);
        return this;
    }

    private void requireSame() {
        if (stamp.isPresent() && !stamp.get().holds()) {
            throw new UncheckedIOException(new DataException(file + ": expected the table to stay as it is while it is in use. Received: another"
                    + " size or time of change. Begin again when nobody writes to it"));
        }
    }

    @Override
    public ExampleSpec spec() {
        return new ExampleSpec(List.of(Shape.of(schema.width())), List.of(Shape.of(schema.targetWidth())), weighted);
    }

    @Override
    public Reader open(int epoch) {
        try {
            requireSame();
            return new Rows(weighted ? TableReader.training(file, schema, rows) : TableReader.open(file, schema, rows));
        } catch (DataException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Rows implements Reader {

        private final TableReader reader;
        private boolean ended;

        Rows(TableReader reader) {
            this.reader = reader;
        }

        @Override
        public boolean next(Example into) {
            try {
                boolean read = reader.next(into.input(0), 0);
                if (read) {
                    reader.target(into.target(0), 0);
                    if (means.isPresent()) {
                        means.get().encode(reader, into.input(0), 0);
                    }
                    if (weighted) {
                        into.weight(reader.weight());
                    }
                } else {
                    requireSame(); // else rows of two tables were mixed
                    if (!ended) {
                        ended = true;
                        atEnd.accept(reader);
                    }
                }
                return read;
            } catch (DataException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                reader.close();
            } catch (DataException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
