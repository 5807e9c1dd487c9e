package beras.cli;

import static beras.cli.Commands.*;
import static org.junit.jupiter.api.Assertions.*;

import beras.cli.terminal.Exit;
import beras.data.ClassWeights;
import beras.data.Splits;
import beras.data.image.WrittenImages;
import beras.data.table.TablePreprocessor;
import beras.data.table.TableSchema;
import beras.data.table.TableTarget;
import beras.saving.ModelFile;
import beras.tables.TinyTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which examples are held out for validation, and that nothing of them is learnt. */
@Tag("cli")
class HeldOutTest {

    @TempDir
    Path folder;

    /** By the split's seed alone; the counts of the schema are of training rows. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, -7})
    void theSplitSaysWhichRowsOfATableAreHeldOut(long seed) throws IOException {
        Path table = TinyTable.kinds(folder.resolve("kinds.csv"));
        Path model = folder.resolve("m.beras");
        Commands.assertExit(Exit.DONE, run("train", "--data", table, "--target", "kind", "--out", model, "--epochs", 1,
                "--validation-split", 0.3, "--split", "random", "--split-seed", seed));
        TableSchema schema = ((TablePreprocessor) ModelFile.load(model).preprocessor().orElseThrow()).schema();
        LongPredicate heldOut = Splits.rows(Splits.random(TinyTable.ROWS, 0.3, 0, seed).validation());
        TableTarget.Labels target = (TableTarget.Labels) schema.target();
        List<Long> expected = target.labels().stream().map(label -> LongStream.range(0, TinyTable.ROWS)
                .filter(row -> !heldOut.test(row) && TinyTable.kind(row).equals(label)).count()).toList();
        assertEquals(expected, target.counts());
    }

    /** The part to train on has few of some digits, the part to validate many. */
    private Path unevenDigits() throws IOException {
        Path digits = TinyDigits.write(folder.resolve("digits"));
        WrittenImages.idx(digits.resolve("train-labels-idx1-ubyte"), labels());
        return digits;
    }

    private static byte[] labels() {
        byte[] labels = new byte[TinyDigits.TRAIN];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (i < TinyDigits.TRAIN / 2 ? i % 13 % 10 : 9 - i % 17 % 10);
        }
        return labels;
    }

    private static String byLabel(byte[] labels) {
        double[] weights = ClassWeights.balanced(IntStream.range(0, labels.length).map(i -> labels[i]).toArray(), 10);
        return IntStream.range(0, 10).mapToObj(digit -> digit + "=" + weights[digit]).collect(Collectors.joining(","));
    }

    @Test
    void balancedWeightsCountTheImagesToTrainOn() throws IOException {
        Path digits = unevenDigits();
        String balanced = hash(digits, "balanced");
        byte[] all = labels();
        LongPredicate held = Splits.rows(Splits.share(IntStream.range(0, all.length).map(i -> all[i]).toArray(), 0.5, 1));
        byte[] trained = new byte[TinyDigits.TRAIN / 2];
        int next = 0;
        for (int i = 0; i < all.length; i++) {
            if (!held.test(i)) {
                trained[next++] = all[i];
            }
        }
        assertEquals(trained.length, next);
        assertEquals(hash(digits, byLabel(trained)), balanced);
        assertNotEquals(hash(digits, byLabel(all)), balanced);
    }

    private String hash(Path digits, String classWeight) {
        return run("train", "--data", digits, "--out", folder.resolve("m.beras"), "--force", "--json", "--epochs", 1,
                "--layers", "10:softmax", "--validation-split", 0.5, "--class-weight", classWeight).hash();
    }
}
