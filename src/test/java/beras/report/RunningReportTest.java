package beras.report;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.SGD;
import beras.runs.RunFolder;
import beras.runs.RunReader.Commands;
import beras.tensor.Tensor;
import beras.training.Callback;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.LambdaCallback;
import beras.training.Logs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a training that is running. */
class RunningReportTest {

    private static final Commands COMMANDS = new Commands() {

        @Override
        public String repeat(RunFolder folder, Map<String, ?> options, Map<String, String> provenance) {
            return "";
        }

        @Override
        public String resume(RunFolder folder) {
            return "";
        }

        @Override
        public String verify(String model, Map<String, String> options) {
            return "";
        }
    };

    @TempDir
    private Path folder;

    private static String read(Path report) {
        try {
            return Files.exists(report) ? Files.readString(report) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Epochs of a training whose clock stands still but for what this test lets pass. */
    private History fit(RunFolder of, AtomicLong clock, List<String> reports, Callback passes) {
        Sequential net = new Sequential(1, new Input(1), new Dense(1));
        net.compile(new SGD(0.1f), new MeanSquaredError());
        RunningReport report = new RunningReport(of, COMMANDS, 4, clock::get);
        Callback reads = new Callback() {

            @Override
            public boolean isLogger() {
                return true;
            }

            @Override
            public void onEpochEnd(int epoch, Logs logs) {
                reports.add(read(of.report()).replaceAll("(?s)^.*?<title>(.*?)</title>.*", "$1"));
            }
        };
        Tensor x = Tensor.of(new float[][] {{1}, {2}, {3}, {4}});
        return net.fit(Examples.of(x, x), new FitOptions().epochs(4).callbacks(passes, report, reads));
    }

    @Test
    void itIsWrittenAfterAnEpochIfTheLastTimeIsLongEnoughAgo() throws IOException {
        try (RunFolder of = new RunFolder(folder.resolve("timed"))) {
            of.begin(Map.of(), List.of(), false);
            Files.writeString(of.log(), "epoch,loss,val_loss\n0,0.5,0.5\n1,0.4,0.25\n");
            AtomicLong clock = new AtomicLong();
            List<String> reports = new ArrayList<>();
            fit(of, clock, reports, new LambdaCallback().onEpochEnd((epoch, logs) ->
                    clock.addAndGet(epoch == 1 ? TimeUnit.SECONDS.toNanos(2) : 1)));
            assertEquals(List.of("0 % timed", "50 % timed", "50 % timed", "50 % timed"), reports);
            String page = read(of.report());
            assertTrue(page.contains("Epoch 2 of 4 is done, about 2 s left."), page);
            assertTrue(page.contains("<dd>2, validation loss 0.25</dd>"), page);
            assertTrue(page.contains("<dt>examples a second</dt>\n<dd>4</dd>"), page);
        }
    }

    @Test
    void oneThatCannotBeWrittenIsAWarningAndCostsNothing() throws IOException {
        try (RunFolder of = new RunFolder(folder.resolve("broken"))) {
            of.begin(Map.of(), List.of(), false);
            Files.writeString(of.config(), "[");
            List<String> reports = new ArrayList<>();
            History history = fit(of, new AtomicLong(), reports, new Callback() { });
            assertEquals(4, history.epochs().size());
            assertTrue(history.warnings().get(0).startsWith("RunningReport failed, ")
                    && history.warnings().get(0).contains("config.json: expected what train has written"),
                    history.warnings()::toString);
        }
    }
}
