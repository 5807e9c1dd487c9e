package beras.cli;

import static org.junit.jupiter.api.Assertions.*;

import beras.cli.terminal.ProgressLine;
import beras.cli.terminal.Terminal;
import beras.training.Logs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The progress line, and the properties of its terminal. */
@Tag("cli")
class ProgressLineTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private ProgressLine line(int width) {
        return new ProgressLine(new PrintStream(written, true, StandardCharsets.UTF_8), new Terminal(Map.of("COLUMNS", Integer.toString(width)), false, true, () -> 0));
    }

    /** After so many seconds. */
    private static Logs logs(double seconds, double... numbers) {
        Map<String, Double> values = new LinkedHashMap<>();
        List<String> names = List.of("loss", "accuracy", "top_3", "auc");
        for (int i = 0; i < numbers.length; i++) {
            values.put(names.get(i), numbers[i]);
        }
        return new Logs(values, seconds);
    }

    @Test
    void aWideTerminalShowsAll() {
        ProgressLine line = line(200);
        line.begin("Epoch 1/3", 60_000, 2);
        assertEquals("Epoch 1/3 [========>                       ] loss 0.7000, 3.0 s/11 s left, 15k/s, accuracy 0.8000, top 3 0.9000",
                line.text(15_000, logs(1, 0.7, 0.8, 0.9), 200));
        assertEquals("Epoch 1/3 [================================] loss 0.7000, 0.00 s/8.0 s left, 15k/s, accuracy 0.8000",
                line.text(60_000, logs(4, 0.7, 0.8), 200));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "82 | 'Epoch 1/1 [==>     ] loss 0.7000, 3.0 s left, 15k/s, accuracy 0.8000, top 3 0.9000'",
        "81 | 'Epoch 1/1 [=====>               ] loss 0.7000, 3.0 s left, 15k/s, accuracy 0.8000'",
        "79 | 'Epoch 1/1 [====>              ] loss 0.7000, 3.0 s left, 15k/s, accuracy 0.8000'",
        "40 | 'Epoch 1/1 [====>           ] loss 0.7000'",
        "30 | 'Epoch 1/1 [==>     ] loss 0.70'",
        "1  | 'E'",
        "0  | ''"})
    void aNarrowOneLessAndNeverMoreThanFits(int width, String expected) {
        ProgressLine line = line(80);
        line.begin("Epoch 1/1", 60_000, 0);
        assertEquals(expected, line.text(15_000, logs(1, 0.7, 0.8, 0.9), width));
    }

    @ParameterizedTest
    @CsvSource({"1, 99 s, 1", "1.005, 99 s, 1", "1.02, 2 min, 1", "60, 99 min, 0", "90, 2 h, 0", "0.000001, 0.00 s, 1000k", "0.00000004, 0.00 s, 25M"})
    void timesAndRatesAreShort(double seconds, String left, String rate) {
        ProgressLine line = line(120);
        line.begin("Epoch 1/1", 100, 0);
        String text = line.text(1, logs(seconds, 0.5), 120);
        assertTrue(text.endsWith("] loss 0.5000, " + left + " left, " + rate + "/s"), text);
    }

    @Test
    void anEpochWithoutExamplesHasALine() {
        ProgressLine line = line(80);
        line.begin("Epoch 1/1", 0, 0);
        assertTrue(line.text(0, logs(0, 0.5), 79).startsWith("Epoch 1/1 [>"));
    }

    /** However short the epochs are. */
    @Test
    void itIsDrawnAtMostTenTimesASecond() {
        ProgressLine line = line(80);
        long began = System.nanoTime();
        for (int epoch = 0; epoch < 200; epoch++) {
            line.begin("Epoch", 100, 0);
            for (int done = 1; done <= 100; done++) {
                line.step(done, logs(done * 1e-3, 0.5, 0.9));
            }
            line.clear();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        long drawn = written.toString(StandardCharsets.UTF_8).chars().filter(c -> c == ']').count();
        assertTrue(drawn >= 1 && drawn <= 1 + 10 * seconds, drawn + " times in " + seconds + " s");
    }

    @Test
    void whatWasDrawnIsWiped() {
        ProgressLine line = line(60);
        line.clear();
        assertEquals("", written.toString(StandardCharsets.UTF_8));
        line.begin("Epoch 1/1", 100, 0);
        line.step(50, logs(1, 0.5, 0.9));
        line.clear();
        String text = written.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("\rEpoch 1/1 [") && text.endsWith("/s\r" + " ".repeat(text.indexOf('\r', 1) - 1) + "\r"), text);
        assertFalse(text.contains("\u001b") || text.contains("\n"), text);
    }

    // --------------------------------------------------------------------------------------------------- the terminal

    @Test
    void theWidthIsThatOfColumnsOfTheTerminalOrUnlimited() {
        assertEquals(132, new Terminal(Map.of(), true, false, () -> 132).width());
        assertEquals(132, new Terminal(Map.of("COLUMNS", "0"), false, true, () -> 132).width());
        assertEquals(57, new Terminal(Map.of("COLUMNS", " 57 "), true, true, () -> 132).width());
        assertEquals(57, new Terminal(Map.of("COLUMNS", "57"), false, false, () -> 132).width());
        assertEquals(Integer.MAX_VALUE, new Terminal(Map.of(), false, false, () -> 132).width());
    }

    @Test
    @Timeout(60)
    void aTerminalThatDoesNotSayItsWidthIsNotAwaitedForEver() {
        assertEquals(80, new Terminal(Map.of(), true, true, () -> 0).width());
        assertEquals(80, new Terminal(Map.of(), true, true, () -> {
            throw new IOException("no stty");
        }).width());
        CountDownLatch never = new CountDownLatch(1);
        assertEquals(80, new Terminal(Map.of(), true, true, () -> {
            never.await();
            return 132;
        }).width());
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "' 57 ', 57", "0, 0", "-3, 0", "wide, 0", "'', 0", ", 0"})
    void columnsAreANumberOrNone(String variable, int expected) {
        assertEquals(expected, Terminal.columns(variable));
    }
}
