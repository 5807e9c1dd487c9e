package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.DataException;
import beras.data.table.TableFile;
import beras.data.table.TableReader;
import beras.data.table.TableSchema;
import beras.prediction.Prediction;
import beras.tables.TablePredictions.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table in, a prediction for each row out. */
@Tag("tables")
class TablePredictionsTest {

    @TempDir
    Path folder;

    private TableModel kinds() throws IOException {
        return TableTraining.of(TinyTable.kinds(folder.resolve("kinds.csv")), "kind")
                .change(recipe -> recipe.epochs(1).ensemble(1)).fit();
    }

    private static List<Row> all(TablePredictions predictions) throws IOException {
        List<Row> all = new ArrayList<>();
        for (List<Row> batch = predictions.next(); !batch.isEmpty(); batch = predictions.next()) {
            all.addAll(batch);
        }
        return all;
    }

    /** More rows than go through the model at a time. */
    @Test
    void eachRowGetsThePredictionOfItsValues() throws IOException {
        TableModel model = kinds();
        Path rows = folder.resolve("kinds.csv");
        try (TablePredictions predictions = model.predict(TableFile.of(rows)).keep(List.of("id", "colour"))) {
            assertEquals(List.of("id", "size", "colour", "age", "planet", "kind"), predictions.columns());
            List<Row> all = all(predictions);
            assertEquals(TinyTable.ROWS, all.size());
            List<String> lines = Files.readAllLines(rows);
            for (Row row : all) {
                String[] cells = lines.get((int) row.number()).split(",");
                assertEquals(row.number() + 1, row.line());
                assertEquals(List.of(cells[0], cells[2]), row.cells());
                Prediction expected = model.predict(Map.of("size", cells[1], "colour", cells[2], "age", cells[3]));
                assertEquals(expected.toString(), row.prediction().toString());
            }
            assertEquals(List.of("Numbers outside the training range are clipped to it: size (1 row)"), predictions.remarks(""));
            assertEquals(List.of(), predictions.next());
        }
    }

    @Test
    void aColumnOfWhichNoRowIsLikeTrainingIsAWarning() throws IOException {
        TableModel model = kinds();
        for (int unlike : new int[] {5, 4}) {
            Path rows = Files.writeString(folder.resolve("rows.csv"), "size,colour,age\n" + "x,pink,4e9\n".repeat(unlike)
                    + (unlike == 5 ? "" : "3,red,4\n"));
            try (TablePredictions predictions = model.predict(TableFile.of(rows))) {
                all(predictions);
                assertEquals(unlike == 5, predictions.remarks("").contains("Warning: none of the 5 rows has a value like those of training in the"
                        + " columns \"size\", \"colour\", \"age\": predictions cannot depend on it as in training. Check for another unit, spelling"
                        + " or order of columns"), predictions.remarks("")::toString);
            }
        }
        assertEquals("{missing={age=1}, clipped={size=1}, unknown={colour=1}}",
                model.counts(List.of(Map.of("size", 4e9, "colour", "pink"))).toString());
    }

    @Test
    void whatTrainingNeverSawIsToldOrRefused() throws IOException {
        TableModel model = kinds();
        Path rows = Files.writeString(folder.resolve("rows.csv"), "size,colour,age\n3,pink,4\n777,red,4\n?,pink,NA\n4,,5\n");
        try (TablePredictions predictions = model.predict(TableFile.of(rows))) {
            assertEquals(4, all(predictions).size());
            assertEquals(List.of("Numbers outside the training range are clipped to it: size (1 row)",
                    "Column \"size\": 1 row has no value (none was missing in training); using the training median. Why?",
                    "Column \"colour\": 2 rows have a category not seen in training; treated as unknown. Why?",
                    "Column \"colour\": 1 row has no value (none was missing in training); treated as unknown. Why?"),
                    predictions.remarks(". Why?"));
        }
        try (TablePredictions predictions = model.predict(TableFile.of(rows)).strict()) {
            Exception e = assertThrows(DataException.class, predictions::next);
            assertTrue(e.getMessage().startsWith(rows + ": line 2, column 2 (colour): "), e.getMessage());
        }
    }

    @Test
    void aColumnThatIsMissingIsNamed() throws IOException {
        TableModel model = kinds();
        Path rows = Files.writeString(folder.resolve("rows.csv"), "size,age\n3,4\n");
        assertTrue(assertThrows(DataException.class, () -> model.predict(TableFile.of(rows))).getMessage().contains("colour"));
        try (TablePredictions predictions = model.predict(TableFile.of(folder.resolve("kinds.csv")))) {
            Exception e = assertThrows(DataException.class, () -> predictions.keep(List.of("no such")));
            assertTrue(e.getMessage().contains("no such"), e.getMessage());
        }
    }

    @Test
    void aRowWhoseOutputIsNotFiniteIsNamed() throws IOException {
        TableModel model = TableTraining.of(TinyTable.prices(folder.resolve("prices.csv")), "price")
                .change(recipe -> recipe.epochs(1).ensemble(1)).fit();
        model.model().weights().forEach(weight -> weight.assign(3e38f));
        try (TablePredictions predictions = model.predict(TableFile.of(folder.resolve("prices.csv")))) {
            Exception e = assertThrows(DataException.class, predictions::next);
            assertTrue(e.getMessage().startsWith(folder.resolve("prices.csv") + ": line 2: expected a row like those that were"
                    + " trained on. "), e.getMessage());
        }
    }

    /** So few rows as fit into 64 MB as numbers go through the model at a time. */
    @Test
    void wideRowsTakeNoMoreMemoryThanAFewOfThem() throws Exception {
        String header = IntStream.range(0, WideTable.COLUMNS).mapToObj(WideTable::name).collect(Collectors.joining(","));
        Path rows = TinyTable.write(folder.resolve("wide.csv"), header, WideTable.ROWS, row -> String.join(",", WideTable.row()));
        TableModel wide = TableModel.of(WideTable.model());
        TableSchema schema = wide.schema();
        long ofValues = WideTable.allocated(Long.MAX_VALUE, () -> {
            try (TableReader reader = TableReader.withoutTargets(TableFile.of(rows), schema)) {
                return reader.columns();
            }
        });
        long bytes = WideTable.allocated(ofValues + WideTable.MOST_BYTES, () -> {
            try (TablePredictions predictions = wide.predict(TableFile.of(rows))) {
                List<Row> all = all(predictions);
                assertEquals(WideTable.ROWS, all.size());
                return all;
            }
        });
        assertTrue(bytes - ofValues < WideTable.MOST_BYTES, bytes + " bytes, of which values take " + ofValues);
    }
}
