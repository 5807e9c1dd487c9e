package beras.data;

import beras.feed.Dataset;
import beras.feed.Example;
import beras.feed.ExampleSpec;
import beras.tensor.Shape;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongPredicate;

/**
 * Rows of a table as a stream, read from the file in every epoch: inputs {@code (width)}, targets as
 * {@link TableReader#target(float[], int)} writes them.
 *
 * <p>What is wrong with the file comes as an {@link UncheckedIOException} whose cause is the {@link DataException}.
 */
public final class TableDataset implements Dataset {

    private final Path path;
    private final TableSchema schema;
    private final LongPredicate rows;

    /**
     * @param rows which rows to read, counted from 0, such as {@link Splits#validationRows}
     */
    public TableDataset(Path path, TableSchema schema, LongPredicate rows) {
        this.path = Objects.requireNonNull(path);
        this.schema = Objects.requireNonNull(schema);
        this.rows = Objects.requireNonNull(rows);
    }

    @Override
    public ExampleSpec spec() {
        return ExampleSpec.of(Shape.of(schema.width()), Shape.of(schema.targetWidth()));
    }

    @Override
    public Reader open(int epoch) {
        try {
            return new Rows(TableReader.open(path, schema, rows));
        } catch (DataException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Rows(TableReader reader) implements Reader {

        @Override
        public boolean next(Example into) {
            try {
                boolean read = reader.next(into.input(0), 0);
                if (read) {
                    reader.target(into.target(0), 0);
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
