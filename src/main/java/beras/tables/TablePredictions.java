package beras.tables;

import beras.data.DataException;
import beras.data.table.TableFile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.prediction.Prediction;
import beras.saving.InputBuffer;
import beras.saving.Predictor;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The predictions of a model for the rows of a table of any length, a batch at a time; see
 * {@link TableModel#predict(TableFile)}. Only the rows of one batch are in memory. For one thread.
 *
 * <pre>{@code
 * try (TablePredictions rows = model.predict(TableFile.of(file)).keep(List.of("id"))) {
 *     for (List<Row> batch = rows.next(); !batch.isEmpty(); batch = rows.next()) {
 *         batch.forEach(row -> System.out.println(row.cells().get(0) + ": " + row.prediction()));
 *     }
 *     rows.remarks("").forEach(System.err::println);
 * }
 * }</pre>
 */
public final class TablePredictions implements Closeable {

    private final Predictor predictor;
    private final TableFile file;
    private final TableSchema schema;
    private final TableReader reader;
    private final InputBuffer inputs;
    private int[] kept = {}; // the places of the columns whose cells are given
    private long done;

    /**
     * A row and its prediction.
     *
     * @param number of the row, from 1
     * @param line   of the file, from 1
     * @param cells  of the columns that are kept, as they are in the file
     */
    public record Row(long number, long line, List<String> cells, Prediction prediction) {}

    TablePredictions(Predictor predictor, TableSchema schema, TableFile file) throws IOException {
        this.predictor = predictor;
        this.file = file;
        this.schema = schema;
        this.inputs = new InputBuffer(Shape.of(schema.width()));
        this.reader = TableReader.withoutTargets(file, schema);
    }

    /**
     * Rejects the values that {@link TableReader#strict} rejects; returns this. By default they are encoded, and
     * {@link #remarks} reports them.
     */
    public TablePredictions strict() {
        reader.strict();
        return this;
    }

    /** The columns of the file. */
    public List<String> columns() {
        return reader.columns();
    }

    /**
     * Gives the cells of some columns with each row; returns this. Default: none.
     *
     * @throws DataException if the file has no such column
     */
    public TablePredictions keep(List<String> columns) throws DataException {
        int[] places = new int[columns.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = reader.column(Objects.requireNonNull(columns.get(i)));
        }
        kept = places;
        return this;
    }

    /**
     * The next rows in the order of the file; empty after the last.
     *
     * @throws DataException if a row is damaged or refused, or the model gives something for it that is not finite, naming its line
     */
    public List<Row> next() throws IOException {
        List<Long> lines = new ArrayList<>();
        List<List<String>> cells = new ArrayList<>();
        while (!inputs.isFull() && reader.next(inputs.array(), inputs.at())) {
            inputs.add();
            lines.add(reader.line());
            cells.add(Arrays.stream(kept).mapToObj(reader::cell).toList());
        }
        if (lines.isEmpty()) {
            return List.of();
        }
        Tensor outputs = Predictor.outputs(predictor.model(), inputs.take());
        List<Row> rows = new ArrayList<>(lines.size());
        for (int row = 0; row < lines.size(); row++) {
            try {
                Prediction prediction = schema.target().decode(outputs.data(), outputs.offset() + row * schema.targetWidth());
                rows.add(new Row(++done, lines.get(row), cells.get(row), prediction));
            } catch (IllegalArgumentException e) {
                throw new DataException(file + ": line " + lines.get(row) + ": expected a row like those that were trained on. "
                        + e.getMessage() + ". Correct the row or leave it out", e);
            }
        }
        return rows;
    }

    /** Remarks on the rows so far, see {@link TableRemarks#of}. */
    public List<String> remarks(String advice) {
        return TableRemarks.of(reader, schema, advice);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
