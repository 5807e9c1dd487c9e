package beras.cli;

import beras.data.DataException;
import beras.data.table.TableColumn;
import beras.data.table.TableFile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.feed.Prediction;
import beras.models.Model;
import beras.saving.Predictor;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Predicts the rows of a table one batch after the other, and writes them. */
final class RowPredictions {

    /** Of so many columns it is said in how many rows they have numbers beyond those of training. */
    private static final int SHOWN_BEYOND = 5;
    private static final String STRICT = " (--strict refuses it)";

    private final Model model;
    private final TableSchema schema;
    private final Console console;
    private final boolean probabilities;
    private final boolean strict;
    private final ScoreCheck check;
    private Function<Prediction, String> rendering;
    private PredictionWriter.Format format = PredictionWriter.Format.CSV;
    private List<String> kept = List.of(); // null: all

    /** @param model that gives probabilities of labels, if that is known */
    RowPredictions(Model model, TableSchema schema, ScoreCheck check, Console console, boolean probabilities, boolean strict) {
        this.model = model;
        this.check = check;
        this.schema = schema;
        this.console = console;
        this.probabilities = probabilities;
        this.strict = strict;
        this.rendering = schema.target()::render;
    }

    /** Writes predictions in another way than the target does; returns this. */
    RowPredictions rendering(Function<Prediction, String> newRendering) {
        rendering = newRendering;
        return this;
    }

    /** How to write them; default CSV. */
    RowPredictions format(PredictionWriter.Format newFormat) {
        format = newFormat;
        return this;
    }

    /**
     * Which columns of the table to copy.
     *
     * @param columns null: all
     */
    RowPredictions keep(List<String> columns) {
        kept = columns;
        return this;
    }

    void write(TableFile file, Writer out) throws IOException {
        int width = schema.width();
        int batch = Predictor.batchSize(Shape.of(width));
        float[] features = new float[batch * width];
        long[] lines = new long[batch];
        List<List<String>> cells = new ArrayList<>();
        try (TableReader reader = TableReader.withoutTargets(file, schema)) {
            if (strict) {
                reader.strict();
            }
            List<String> names = kept == null ? reader.columns() : kept;
            int[] places = new int[names.size()];
            for (int i = 0; i < places.length; i++) {
                places[i] = reader.column(names.get(i));
            }
            PredictionWriter writer = PredictionWriter.of(format, out, schema.target().name(),
                    probabilities ? schema.target().labels() : List.of(), names);
            int rows;
            long done = 0;
            do {
                cells.clear();
                rows = 0;
                while (rows < batch && reader.next(features, rows * width)) {
                    cells.add(cells(reader, places));
                    lines[rows++] = reader.line();
                }
                Tensor predicted = model.predict(Tensor.wrap(features, batch, width).slice(0, rows));
                write(predicted, lines, cells, done, file, writer);
                out.flush(); // for who reads through a pipe while rows still come
                done += rows;
            } while (rows == batch);
            describe(reader, schema, console, STRICT);
        }
    }

    private static List<String> cells(TableReader reader, int[] places) {
        List<String> cells = new ArrayList<>(places.length);
        for (int place : places) {
            cells.add(reader.cell(place));
        }
        return cells;
    }

    private void write(Tensor predicted, long[] lines, List<List<String>> cells, long done, TableFile file, PredictionWriter writer)
            throws IOException {
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
            check.look(prediction);
            writer.write(done + row + 1, cells.get(row), prediction, rendering.apply(prediction));
        }
    }

    /** Of many columns some numbers are always a little larger than those of training, so one line will do. */
    private static void describeBeyond(Map<String, Long> beyond, Console console) {
        if (beyond.isEmpty()) {
            return;
        }
        String most = beyond.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(SHOWN_BEYOND)
                .map(column -> column.getKey() + " (" + Text.count(column.getValue(), "row") + ")").collect(Collectors.joining(", "));
        console.err().println("Numbers beyond those of training count as the nearest of them: "
                + (beyond.size() <= SHOWN_BEYOND ? most : "in " + beyond.size() + " columns, most in " + most));
    }

    /**
     * Says how the file was written, and what its rows had that training had not.
     *
     * @param advice what to do about it; empty: nothing
     */
    static void describe(TableReader reader, TableSchema schema, Console console, String advice) {
        reader.remarks().forEach(console.err()::println);
        describeBeyond(reader.beyond(), console);
        for (TableColumn column : schema.columns()) {
            String name = "Column \"" + column.name() + "\"";
            long unlisted = reader.unlisted().getOrDefault(column.name(), 0L);
            if (unlisted > 0) {
                console.err().println(name + " has in " + Text.count(unlisted, "row")
                        + " a value that the model does not list: " + (column.others() > 0 ? "it counts as a rare one" : "it counts as none")
                        + advice);
            }
            long missing = reader.missing().getOrDefault(column.name(), 0L);
            if (missing > 0 && column.missing() == 0) {
                console.err().println(name + " has no value in " + Text.count(missing, "row")
                        + ", which no row to train on lacked: "
                        + column.ifMissing() + advice);
            }
        }
    }
}
