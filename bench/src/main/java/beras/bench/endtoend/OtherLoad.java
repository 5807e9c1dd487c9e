package beras.bench.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The cores that other processes use: those of the machine, less those of this process and its ended children. From Linux;
 * elsewhere it is NaN.
 */
final class OtherLoad {

    /** The unit of {@code /proc}, on every Linux, whatever the kernel's own clock. */
    private static final double TICKS_PER_SECOND = 100;
    private static final double QUIET_CORES = 0.3;
    private static final int PATIENCE_SECONDS = 30;

    private final long startNanos = System.nanoTime();
    private final long startTicks = otherTicks();

    /** The mean since this object was made. */
    double cores() {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        // Ticks are counted apart for the machine and for each process: a small difference may be below 0.
        return startTicks < 0 ? Double.NaN : Math.max(0, (otherTicks() - startTicks) / TICKS_PER_SECOND / seconds);
    }

    /** Returns when the machine is quiet, or patience is at its end. */
    static void awaitQuiet() throws InterruptedException {
        double cores = Double.POSITIVE_INFINITY;
        for (int seconds = 0; seconds < PATIENCE_SECONDS && cores > QUIET_CORES; seconds++) {
            OtherLoad load = new OtherLoad();
            TimeUnit.SECONDS.sleep(1);
            cores = load.cores();
        }
    }

    private static long otherTicks() {
        try {
            // cpu user nice system idle iowait irq softirq steal; the guests behind are within user and nice
            long machine = sum(Files.readString(Path.of("/proc/stat")), 1, 2, 3, 6, 7, 8);
            // pid (name) state, ten numbers, then utime stime cutime cstime; the name may hold anything, blanks too
            String process = Files.readString(Path.of("/proc/self/stat"));
            return machine - sum(process.substring(process.lastIndexOf(')')), 12, 13, 14, 15);
        } catch (IOException e) {
            return -1;
        }
    }

    private static long sum(String words, int... chosen) {
        String[] all = words.split(" +");
        return IntStream.of(chosen).mapToLong(i -> Long.parseLong(all[i])).sum();
    }
}
