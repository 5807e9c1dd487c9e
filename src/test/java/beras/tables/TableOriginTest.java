package beras.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.table.TableFile;
import beras.data.table.TableParts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        assertThrows(IllegalStateException.class, () -> origin.parts(file));
    }

    @Test
    void whatIsWrittenByHandIsRefusedIfItIsNoSplit() throws IOException {
        Map<String, String> provenance = new HashMap<>(training.fit().saved().provenance());
        for (String fold : List.of("", "1", "0 of 3", "4 of 3", "one of 3", "1 of 1", "-1 of -1")) {
            provenance.put("fold", fold);
            assertThrows(IllegalStateException.class, () -> TableOrigin.of(provenance).parts(file), fold);
        }
        provenance.put("split", "time:");
        assertFalse(TableOrigin.of(provenance).keptRowsApart());
    }
}
