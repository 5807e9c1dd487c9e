package beras.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("model")
class ProgressBarTest {

    private final StringBuilder out = new StringBuilder();

    private static Logs logs(double seconds, double loss) {
        return FakeTraining.logs(List.of("loss"), new double[] {loss}, seconds);
    }

    private static void batch(ProgressBar bar, int batch, Logs logs) {
        bar.onBatchBegin(batch);
        if (bar.wantsBatches()) {
            bar.onBatchEnd(batch, logs);
        }
    }

    private static ProgressBar begun(ProgressBar bar, int batches) {
        bar.onTrainBegin(new FakeTraining(5));
        bar.onEpochBegin(0, batches);
        return bar;
    }

    /** What a terminal shows of the last line, once it has followed every carriage return. */
    private static String seen(CharSequence written) {
        char[] line = new char[500];
        Arrays.fill(line, ' ');
        int at = 0;
        for (char c : written.toString().toCharArray()) {
            if (c == '\r') {
                at = 0;
            } else if (c != '\n') {
                line[at++] = c;
            }
        }
        return new String(line).stripTrailing();
    }

    // ---------------------------------------------------------------------------------------------- a line an epoch

    @Test
    void writesALineForEachEpochAndNothingBetween() {
        ProgressBar bar = begun(new ProgressBar(out), 469);
        for (int batch = 0; batch < 469; batch++) {
            batch(bar, batch, logs(batch, 1));
        }
        assertEquals("", out.toString());
        bar.onEpochEnd(0, FakeTraining.logs(List.of("loss", "accuracy", "val_loss"), new double[] {0.345678, 0.9012, 12}, 3.2));
        bar.onEpochBegin(1, 469);
        batch(bar, 468, logs(1, 1));
        bar.onEpochEnd(1, logs(469.4, 0.25));
        bar.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        assertEquals("""
                Epoch 1/5 - 469/469 - 3s - 7ms/step - loss: 0.3457 - accuracy: 0.9012 - val_loss: 12.0000
                Epoch 2/5 - 469/469 - 469s - 1s/step - loss: 0.2500
                """, out.toString());
    }

    @Test
    void anEpochThatWasStoppedTellsHowFarItCame() {
        ProgressBar bar = begun(new ProgressBar(out), 10);
        batch(bar, 0, logs(0, 1));
        batch(bar, 1, logs(0, 1));
        bar.onEpochEnd(0, logs(0.0001, 1));
        assertEquals("Epoch 1/5 - 2/10 - 0s - 50us/step - loss: 1.0000\n", out.toString());
    }

    @Test
    void theNumberOfBatchesMayBeUnknown() {
        ProgressBar bar = begun(new ProgressBar(out), -1);
        batch(bar, 6, logs(0, 1));
        bar.onEpochEnd(0, logs(7, 1));
        assertEquals("Epoch 1/5 - 7/7 - 7s - 1s/step - loss: 1.0000\n", out.toString());
    }

    @Test
    void anEpochMayBeGoneOnWithAfterItsLastBatch() {
        begun(new ProgressBar(out), 469).onEpochEnd(0, logs(469, 1));
        assertEquals("Epoch 1/5 - 469/469 - 469s - 1s/step - loss: 1.0000\n", out.toString());
    }

    @Test
    void smallNumbersAreNotShownAsZero() {
        ProgressBar bar = begun(new ProgressBar(out), 1);
        batch(bar, 0, logs(1, 1));
        bar.onEpochEnd(0, FakeTraining.logs(List.of("a", "b", "c", "d", "e"),
                new double[] {0.0001234567, -0.0001, 0, Double.NaN, Double.POSITIVE_INFINITY}, 1));
        assertTrue(out.toString().endsWith(" - a: 1.2346e-04 - b: -1.0000e-04 - c: 0.0000 - d: NaN - e: Infinity\n"),
                out.toString());
    }

    @Test
    void theLineDoesNotDependOnTheLanguageOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            writesALineForEachEpochAndNothingBetween();
        } finally {
            Locale.setDefault(before);
        }
    }

    // ------------------------------------------------------------------------------------------------ a live terminal

    @Test
    void aBarGrowsAndIsReplacedByTheLine() {
        ProgressBar bar = begun(new ProgressBar(out).live(true), 4);
        batch(bar, 0, logs(1, 0.5));
        assertEquals("\rEpoch 1/5 1/4 [=====>..............] 1s 1s/step - loss: 0.5000", out.toString());
        batch(bar, 3, logs(2, 0.25));
        assertEquals("Epoch 1/5 4/4 [====================] 2s 500ms/step - loss: 0.2500", seen(out));
        bar.onEpochEnd(0, logs(2, 0.25));
        assertEquals("Epoch 1/5 - 4/4 - 2s - 500ms/step - loss: 0.2500", seen(out));
        assertTrue(out.toString().endsWith("\n"), "the line is left to stay");
        int written = out.length();
        bar.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        assertEquals(written, out.length());
    }

    @Test
    void theBarIsDrawnTenTimesASecondAtMost() {
        ProgressBar bar = begun(new ProgressBar(out).live(true), 1000);
        for (int batch = 0; batch < 1000; batch++) {
            batch(bar, batch, logs(batch / 1024.0, 0.5));
        }
        assertEquals(10, out.chars().filter(c -> c == '\r').count());
        bar.onEpochBegin(1, 1000);
        batch(bar, 0, logs(0.0001, 0.5));
        assertTrue(out.toString().contains("Epoch 2/5 1/1000"), "the first batch of an epoch is shown at once");
    }

    @Test
    void noBarIsShownWhereTheNumberOfBatchesIsUnknown() {
        batch(begun(new ProgressBar(out).live(true), -1), 6, logs(7, 0.5));
        assertEquals("\rEpoch 1/5 7/Unknown 7s 1s/step - loss: 0.5000", out.toString());
    }

    @Test
    void noBarIsWiderThanATerminal() {
        Logs wide = FakeTraining.logs(List.of("a".repeat(50), "b".repeat(50)), new double[2], 1);
        ProgressBar bar = begun(new ProgressBar(out).live(true), 4);
        batch(bar, 0, wide);
        assertEquals(80, out.length());
        bar.onEpochEnd(0, wide);
        assertTrue(seen(out).endsWith("b: 0.0000"), "the line that stays is whole");
    }

    @Test
    void aBarThatWasBrokenOffIsFollowedByAClearLine() {
        ProgressBar bar = begun(new ProgressBar(out).live(true), 4);
        batch(bar, 0, logs(1, 0.5));
        bar.onTrainEnd(Outcome.of(Outcome.Kind.FINISHED));
        assertTrue(out.toString().endsWith("loss: 0.5000\n"), out.toString());
    }

    // -------------------------------------------------------------------------------------------------------- output

    @Test
    void eachPieceIsFlushed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(new BufferedOutputStream(bytes), false, StandardCharsets.UTF_8);
        batch(begun(new ProgressBar(print).live(true), 4), 0, logs(1, 0.5));
        assertTrue(bytes.toString(StandardCharsets.UTF_8).endsWith("loss: 0.5000"));
    }
}
