package beras.cli.models;

import beras.cli.terminal.Console;
import beras.data.table.TableFile;
import beras.data.table.TableTarget;
import beras.prediction.ConformalSets;
import beras.prediction.Prediction;
import beras.tables.TableModel;
import beras.tables.TablePredictions;
import beras.tables.TablePredictions.Row;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How the predictions for the rows of a table are written.
 *
 * @param probabilities whether with the probability of each label
 * @param strict        whether to refuse what was not in training
 * @param kept          columns of the table to copy; empty: all
 * @param rendering     of predictions, if it is not that of the target
 * @param sets          what gives intervals or sets; empty: none are written
 */
record RowPredictions(PredictionWriter.Format format, boolean probabilities, boolean strict, Optional<List<String>> kept,
        Optional<Function<Prediction, String>> rendering, Optional<ConformalSets> sets) {

    private static final String ADVICE = " (--strict refuses it)";

    void write(TableModel model, TableFile file, ScoreCheck check, Console console, Writer out) throws IOException {
        TableTarget target = model.schema().target();
        Function<Prediction, String> text = rendering.orElse(target::render);
        try (TablePredictions rows = model.predict(file)) {
            if (strict) {
                rows.strict();
            }
            List<String> columns = kept.orElseGet(rows::columns);
            rows.keep(columns);
            PredictionWriter writer = PredictionWriter.of(format, out, target.name(), probabilities ? target.labels() : List.of(),
                    sets.map(each -> new SetFields(each, target)), columns);
            for (List<Row> batch = rows.next(); !batch.isEmpty(); batch = rows.next()) {
                for (Row row : batch) {
                    check.look(row.prediction());
                    writer.write(row.number(), row.cells(), row.prediction(), text.apply(row.prediction()));
                }
                out.flush(); // for who reads through a pipe while rows still come
            }
            rows.remarks(ADVICE).forEach(console.err()::println);
        }
    }
}
