package beras.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.DataException;
import beras.saving.ModelFile;
import beras.tables.SearchSpace;
import beras.tables.TableTraining;
import beras.tables.TableTraining.Fold;
import beras.tables.TrialResult;
import beras.tables.Tuning;
import beras.tables.TuningListener;
import beras.tables.TuningResult;
import beras.training.Callback;
import beras.training.DivergedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Trials and folds by executors give what one machine gives. */
@Tag("spark")
@ExtendWith(Cluster.class)
class SparkTablesTest {

    private static final Path PENGUINS = Path.of("data/penguins.csv");
    private static final int TRIALS = 20;

    @TempDir
    Path folder;

    private static TableTraining penguins(UnaryOperator<Path> file) {
        return TableTraining.of(file.apply(PENGUINS), "species").change(recipe -> recipe.epochs(4));
    }

    private static Tuning options(Tuning tuning) {
        return tuning.trials(TRIALS).threads(2).space(new SearchSpace().layers("8:relu|16:relu,8:relu").batchSize("32,64"));
    }

    @Test
    void twentyTrialsGiveTheTableOfOneMachine() throws IOException {
        List<TrialResult> told = new ArrayList<>();
        TuningResult found = SparkTables.of(Cluster.session(), SparkTablesTest::penguins)
                .tune(tuning -> options(tuning).listener(new TuningListener() {

                    @Override
                    public void onResult(TrialResult result) {
                        told.add(result);
                    }
                }));
        TuningResult local = options(Tuning.of(penguins(file -> file))).run();
        assertTrue(found.finished());
        assertEquals(TRIALS, found.trials().size());
        assertEquals(local.trials(), found.trials());
        assertTrue(told.size() > TRIALS, told::toString);
        assertEquals(ModelFile.weightsSha256(local.model().orElseThrow().model()),
                ModelFile.weightsSha256(found.model().orElseThrow().model()));
        assertEquals(local.model().orElseThrow().saved().provenance(), found.model().orElseThrow().saved().provenance());
        assertEquals(local.model().orElseThrow().history().orElseThrow().bestEpoch(),
                found.model().orElseThrow().history().orElseThrow().bestEpoch());
    }

    @Test
    void aTuningMayBeBrokenOffAndGoneOnWith() throws IOException {
        List<TrialResult> known = new ArrayList<>();
        SparkTables tables = SparkTables.of(Cluster.session(), SparkTablesTest::penguins);
        TuningResult broken = tables.tune(tuning -> options(tuning).trials(6).listener(new TuningListener() {

            @Override
            public boolean interrupted() {
                return known.size() >= 4;
            }

            @Override
            public void onResult(TrialResult result) {
                known.add(result);
            }
        }));
        assertFalse(broken.finished());
        TuningResult resumed = tables.tune(tuning -> options(tuning).trials(6).resume(known));
        assertEquals(options(Tuning.of(penguins(file -> file))).trials(6).run().trials(), resumed.trials());
    }

    @Test
    void foldsAreThoseOfOneMachine() throws IOException {
        List<Fold> folds = SparkTables.of(Cluster.session(), SparkTablesTest::penguins).crossValidate(3);
        List<Fold> local = penguins(file -> file).crossValidate(3);
        assertEquals(3, folds.size());
        for (int i = 0; i < 3; i++) {
            assertEquals(local.get(i).measured().values(), folds.get(i).measured().values());
            assertEquals(ModelFile.weightsSha256(local.get(i).model().model()), ModelFile.weightsSha256(folds.get(i).model()
                    .model()));
            assertEquals(local.get(i).model().saved().provenance(), folds.get(i).model().saved().provenance());
            assertEquals(local.get(i).remarks(), folds.get(i).remarks());
        }
    }

    @Test
    void whatIsWrongIsToldAsOnOneMachine() throws IOException {
        SparkTables few = SparkTables.of(Cluster.session(), SparkTablesTest::penguins);
        assertThrows(IllegalArgumentException.class, () -> few.crossValidate(1));
        assertThrows(DataException.class, () -> few.crossValidate(1000));
        SparkTables diverging = SparkTables.of(Cluster.session(), file -> penguins(file)
                .change(recipe -> recipe.optimizer("sgd(1e30)")));
        assertThrows(DivergedException.class, () -> diverging.crossValidate(2));
        assertThrows(IllegalArgumentException.class, () -> SparkTables.of(Cluster.session(), file -> penguins(file)
                .callbacks(new Callback() {})));
        Path broken = Files.writeString(folder.resolve("broken.csv"), "a,b\n1,2\n1\n");
        SparkTables lines = SparkTables.of(Cluster.session(), file -> TableTraining.of(file.apply(broken), "b"));
        assertTrue(assertThrows(DataException.class, () -> lines.tune(tuning -> tuning)).getMessage().contains("line 3"));
    }
}
