package beras.tables;

import static org.junit.jupiter.api.Assertions.*;

import beras.config.InvalidDataException;
import beras.data.table.TableDataset;
import beras.data.table.TableFile;
import beras.data.table.TableParts;
import beras.models.Ensemble;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model file tells of the table that the model comes from. */
@Tag("tables")
class TableOriginTest {

    @TempDir
    Path folder;
    private TableFile file;
    private TableTraining training;

    @BeforeEach
    void prepare() throws IOException {
        file = TableFile.of(TinyTable.kinds(folder.resolve("kinds.csv")));
        training = TableTraining.of(file, "kind").change(recipe -> recipe.epochs(1));
    }

    /** The parts of a plain split would call rows held out that the fold was trained on. */
    @Test
    void theRowsOfAFoldAreFoundAgain() throws IOException {
        long[] tested = new long[TinyTable.ROWS];
        for (TableTraining.Fold fold : training.crossValidate(3)) {
            TableOrigin origin = TableOrigin.of(fold.model().saved().provenance());
            TableParts parts = origin.parts(file);
            assertTrue(origin.keptRowsApart());
            assertEquals(fold.measured().rows(), parts.testRows());
            assertEquals(fold.model().schema().rows(), LongStream.range(0, tested.length).filter(parts.training()).count());
            LongStream.range(0, tested.length).filter(parts.test()).forEach(row -> tested[(int) row]++);
        }
        assertTrue(LongStream.of(tested).allMatch(times -> times == 1));
    }

    /** What a network learned from is not what it is judged by. */
    @Test
    void theRowsThatEachNetHeldOutAreFoundAgain() throws IOException {
        TableModel model = training.change(recipe -> recipe.epochs(2)).fit();
        TableOrigin origin = TableOrigin.of(model.saved().provenance());
        List<LongPredicate> held = origin.validationRows(file, model.schema(), 10);
        int[] times = new int[TinyTable.ROWS];
        double right = 0;
        for (int net = 0; net < 10; net++) {
            long[] rows = LongStream.range(0, times.length).filter(held.get(net)).toArray();
            LongStream.of(rows).forEach(row -> times[(int) row]++);
            TableEvaluation ofNet = TableEvaluation.of(((Ensemble) model.model()).nets().get(net), model.schema(),
                    new TableDataset(file, model.schema(), held.get(net)));
            right += rows.length * ofNet.values().get("accuracy");
        }
        assertTrue(IntStream.of(times).allMatch(time -> time == 1));
        assertEquals(right / times.length, model.history().orElseThrow().best().get("val_accuracy"), 1e-9);
        assertEquals(TinyTable.ROWS, LongStream.range(0, times.length).filter(origin.trainingRows(file, 10)).count());
        assertEquals(TinyTable.ROWS / 10, LongStream.range(0, times.length).filter(origin.validationRows(file, model.schema(), 1).get(0)).count());
        Map<String, String> older = new HashMap<>(model.saved().provenance());
        older.remove("folds");
        assertEquals(1, TableOrigin.of(older).validationRows(file, model.schema(), 10).size());
        assertEquals(TinyTable.ROWS * 9 / 10,
                LongStream.range(0, times.length).filter(TableOrigin.of(older).trainingRows(file, 10)).count());
    }

    @Test
    void eachFoldHasItsOwnRowsToValidate() {
        TableTraining other = training.validationData(file);
        assertThrows(IllegalArgumentException.class, () -> other.crossValidate(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"split_share", "split_seed", "task", "target"})
    void whatLacksIsRefusedWhereItIsNeeded(String key) throws IOException {
        Map<String, String> provenance = new HashMap<>(training.fit().saved().provenance());
        assertTrue(TableOrigin.of(provenance).keptRowsApart());
        provenance.remove(key);
        TableOrigin origin = TableOrigin.of(provenance);
        assertEquals(!key.startsWith("split"), origin.keptRowsApart());
        assertThrows(InvalidDataException.class, () -> origin.parts(file));
    }

    @Test
    void whatIsWrittenByHandIsRefusedIfItIsNoSplit() throws IOException {
        Map<String, String> provenance = new HashMap<>(training.fit().saved().provenance());
        for (String fold : List.of("", "1", "0 of 3", "4 of 3", "one of 3", "1 of 1", "-1 of -1")) {
            provenance.put("fold", fold);
            assertThrows(InvalidDataException.class, () -> TableOrigin.of(provenance).parts(file), fold);
        }
        provenance.put("split", "time:");
        assertFalse(TableOrigin.of(provenance).keptRowsApart());
    }
}
