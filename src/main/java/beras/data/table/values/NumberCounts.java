package beras.data.table.values;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers in ascending order, each with how often it is there.
 *
 * @param before how many are before each, and at the end how many there are
 */
public record NumberCounts(double[] values, long[] before) {

    /** Counts a number so many times. */
    public static void add(Map<Double, Long> counts, double number, long times) {
        double unsigned = number + 0.0; // of both zeros the positive one
        counts.merge(unsigned, times, Long::sum);
    }

    /** Counts equal ones together. */
    public static NumberCounts of(double[] numbers) {
        TreeMap<Double, Long> times = new TreeMap<>();
        for (double number : numbers) {
            add(times, number, 1);
        }
        return of(times);
    }

    /** @param times how often each number is there */
    public static NumberCounts of(SortedMap<Double, Long> times) {
        double[] values = new double[times.size()];
        long[] before = new long[times.size() + 1];
        int place = 0;
        for (Map.Entry<Double, Long> each : times.entrySet()) {
            values[place] = each.getKey();
            before[place + 1] = before[place] + each.getValue();
            place++;
        }
        return new NumberCounts(values, before);
    }

    /** These numbers and further ones. */
    public NumberCounts and(double... more) {
        TreeMap<Double, Long> times = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            add(times, values[i], count(i));
        }
        for (double number : more) {
            add(times, number, 1);
        }
        return of(times);
    }

    /** How many numbers there are. */
    public long count() {
        return before[values.length];
    }

    /** How often one of {@link #values} is there. */
    public long count(int place) {
        return before[place + 1] - before[place];
    }

    /** The quantile at a share of the numbers, interpolated linearly. */
    public double quantile(double share) {
        double rank = share * (count() - 1);
        long below = (long) rank;
        double part = rank - below;
        return part == 0 ? ranked(below) : (1 - part) * ranked(below) + part * ranked(below + 1);
    }

    private double ranked(long rank) {
        int place = Arrays.binarySearch(before, rank);
        return values[place >= 0 ? place : -place - 2];
    }
}
