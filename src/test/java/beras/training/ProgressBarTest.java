package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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

    private static ProgressBar begun(ProgressBar bar, int batches) {
        bar.onTrainBegin(new FakeTraining(5));
        bar.onEpochBegin(0, batches);
        return bar;
    }

    @Test
    void writesALineForEachEpochAndNothingBetween() {
        ProgressBar bar = begun(new ProgressBar(out), 469);
        for (int batch = 0; batch < 469; batch++) {
            bar.onBatchBegin(batch);
        }
        assertEquals("", out.toString());
        bar.onEpochEnd(0, FakeTraining.logs(List.of("loss", "accuracy", "val_loss"), new double[] {0.345678, 0.9012, 12}, 3.2));
        bar.onEpochBegin(1, 469);
        bar.onBatchBegin(468);
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
        bar.onBatchBegin(0);
        bar.onBatchBegin(1);
        bar.onEpochEnd(0, logs(0.0001, 1));
        assertEquals("Epoch 1/5 - 2/10 - 0s - 50us/step - loss: 1.0000\n", out.toString());
    }

    @Test
    void theNumberOfBatchesMayBeUnknown() {
        ProgressBar bar = begun(new ProgressBar(out), -1);
        bar.onBatchBegin(6);
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
        bar.onBatchBegin(0);
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

    @Test
    void eachLineIsFlushed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(new BufferedOutputStream(bytes), false, StandardCharsets.UTF_8);
        begun(new ProgressBar(print), 4).onEpochEnd(0, logs(1, 0.5));
        assertTrue(bytes.toString(StandardCharsets.UTF_8).endsWith("loss: 0.5000\n"));
    }
}
