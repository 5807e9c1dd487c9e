package beras.cli;

import beras.data.DataException;
import beras.data.TableColumn;
import beras.data.TableFile;
import beras.data.TableReader;
import beras.data.TableSchema;
import beras.data.TableTarget;
import beras.feed.Prediction;
import beras.models.Model;
import beras.tensor.Tensor;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Predicts the rows of a table one batch after the other, and writes them as CSV. */
final class RowPredictions {

    private static final String STRICT = " (--strict refuses it)";

    private final Model model;
    private final TableSchema schema;
    private final Console console;
    private final boolean probabilities;
    private final boolean strict;

    RowPredictions(Model model, TableSchema schema, Console console, boolean probabilities, boolean strict) {
        this.model = model;
        this.schema = schema;
        this.console = console;
        this.probabilities = probabilities;
        this.strict = strict;
    }

    void write(TableFile file, Writer writer) throws IOException {
        CSVPrinter csv = new CSVPrinter(writer, CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get());
        csv.printRecord(header());
        int width = schema.width();
        float[] features = new float[Predictions.BATCH * width];
        long[] lines = new long[Predictions.BATCH];
        try (TableReader reader = TableReader.withoutTargets(file, schema)) {
            if (strict) {
                reader.strict();
            }
            int rows;
            long done = 0;
            do {
                rows = 0;
                while (rows < Predictions.BATCH && reader.next(features, rows * width)) {
                    lines[rows++] = reader.line();
                }
                Tensor predicted = model.predict(Tensor.wrap(features, Predictions.BATCH, width).slice(0, rows));
                print(predicted, lines, done, file, csv);
                done += rows;
            } while (rows == Predictions.BATCH);
            describe(reader, schema, console, STRICT);
        }
    }

    private List<String> header() {
        List<String> header = new ArrayList<>(List.of("row", schema.target().name()));
        if (probabilities) {
            schema.target().labels().forEach(label -> header.add(schema.target().name() + " = " + label));
        }
        return header;
    }

    private void print(Tensor predicted, long[] lines, long done, TableFile file, CSVPrinter csv) throws IOException {
        TableTarget target = schema.target();
        Tensor outputs = predicted.contiguous();
        for (int row = 0; row < predicted.dim(0); row++) {
            Prediction prediction;
            try {
                prediction = target.decode(outputs.data(), outputs.offset() + row * target.width());
            } catch (IllegalArgumentException e) {
                throw new DataException(file + ": line " + lines[row] + ": expected a row like those that were trained on. "
                        + e.getMessage() + ". Correct the row or leave it out", e);
            }
            List<Object> cells = new ArrayList<>(List.of(done + row + 1, target.render(prediction)));
            if (probabilities) {
                prediction.probabilities().values().forEach(probability -> cells.add(probability.floatValue())); // all digits
            }
            csv.printRecord(cells);
        }
    }

    /**
     * Says how the file was written, and what its rows had that training had not.
     *
     * @param advice what to do about it; empty: nothing
     */
    static void describe(TableReader reader, TableSchema schema, Console console, String advice) {
        reader.remarks().forEach(console.err()::println);
        for (TableColumn column : schema.columns()) {
            String name = "Column \"" + column.name() + "\"";
            long unlisted = reader.unlisted().getOrDefault(column.name(), 0L);
            if (unlisted > 0) {
                boolean rare = column instanceof TableColumn.Category category && category.others() > 0;
                console.err().println(name + " has in " + Text.count(unlisted, "row")
                        + " a value that the model does not list: " + (rare ? "it counts as a rare one" : "it counts as none")
                        + advice);
            }
            long missing = reader.missing().getOrDefault(column.name(), 0L);
            if (missing > 0 && column.missing() == 0) {
                console.err().println(name + " has no value in " + Text.count(missing, "row")
                        + ", which no row to train on lacked: "
                        + (column instanceof TableColumn.Category ? "it counts as none" : "the mean stands there")
                        + advice);
            }
        }
    }
}
