package beras.bench.endtoend;

import java.util.Arrays;
import java.util.List;

/**
 * One party's training run in one process, with its measurements; NaN if unavailable.
 *
 * @param run        from 1
 * @param peakMb     most memory it had at once
 * @param otherCores cores that other processes used meanwhile
 */
record Trial(String library, String version, String backend, Task task, int run, List<Epoch> epochs, double wallSeconds,
        double peakMb, double otherCores) {

    /** Above this, times are not to be trusted. */
    private static final double DISTURBING_CORES = 0.35;

    boolean disturbed() {
        return otherCores > DISTURBING_CORES;
    }

    /** Seconds of an epoch; NaN if there was no such epoch. */
    double epochSeconds(int number) {
        return epochs.stream().filter(epoch -> epoch.number() == number).mapToDouble(Epoch::seconds).findFirst()
                .orElse(Double.NaN);
    }

    /** Seconds of an epoch after the first, the median of them all. */
    double steadySeconds() {
        return median(epochs.stream().skip(1).mapToDouble(Epoch::seconds).toArray());
    }

    /** Seconds from the start of the process to the first good accuracy on the test images. */
    double secondsToGood() {
        return epochs.stream().filter(epoch -> 100 * epoch.testAccuracy() >= task.data().goodPercent())
                .mapToDouble(Epoch::sinceStart).findFirst().orElse(Double.NaN);
    }

    /** NaN of nothing, and of anything with NaN. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted); // NaN last
        int n = sorted.length;
        return n == 0 || Double.isNaN(sorted[n - 1]) ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
