package beras.report;

import beras.files.WholeFile;
import beras.runs.RunFolder;
import beras.runs.RunReader.Commands;
import beras.saving.Version;
import beras.training.Callback;
import beras.training.Logs;
import beras.training.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Writes the report of a training run in progress, after an epoch, for at most a tenth of the time. */
public final class RunningReport implements Callback {

    /** After a report has been written, none is written for this many times the time that it took, and for at least so long. */
    private static final int PAUSES = 9;
    private static final long SHORTEST_PAUSE = TimeUnit.SECONDS.toNanos(2);

    private final RunFolder folder;
    private final Commands commands;
    private final long examples;
    private final LongSupplier clock;
    private Training training;
    private int first; // epoch of this training, which may be resumed
    private long begin;
    private long next;

    /**
     * Reports a training run whose metrics are written to the folder by a logger called before this callback.
     *
     * @param commands as of {@link beras.runs.RunReader}
     * @param examples of an epoch
     * @param clock    as {@link System#nanoTime}
     */
    public RunningReport(RunFolder folder, Commands commands, long examples, LongSupplier clock) {
        this.folder = folder;
        this.commands = commands;
        this.examples = examples;
        this.clock = clock;
    }

    @Override
    public boolean isLogger() {
        return true;
    }

    @Override
    public void onTrainBegin(Training begun) {
        training = begun;
        first = begun.resumedEpoch().orElse(0);
        begin = clock.getAsLong();
    }

    @Override
    public void onEpochBegin(int epoch, int batches) {
        if (epoch == first) {
            write(epoch, OptionalDouble.empty(), OptionalDouble.empty());
        }
    }

    @Override
    public void onEpochEnd(int epoch, Logs logs) {
        long now = clock.getAsLong();
        if (now - next >= 0) {
            int done = epoch + 1;
            double seconds = (now - begin) / (double) TimeUnit.SECONDS.toNanos(1);
            write(done, OptionalDouble.of(seconds / (done - first) * (training.epochs() - done)),
                    OptionalDouble.of(examples * (double) (done - first) / seconds));
        }
    }

    private void write(int done, OptionalDouble left, OptionalDouble rate) {
        long start = clock.getAsLong();
        try {
            byte[] page = RunReport.running(RunReports.reader(folder, commands).readRunning(), Version.get(), done, training.epochs(), left,
                    rate);
            WholeFile.write(folder.report(), true, out -> out.write(page));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            long end = clock.getAsLong();
            next = end + Math.max(SHORTEST_PAUSE, PAUSES * (end - start));
        }
    }
}
