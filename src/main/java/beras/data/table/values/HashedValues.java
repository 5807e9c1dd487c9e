package beras.data.table.values;

import beras.tensor.Rng;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values of a column that has more than can be counted one by one: how many rows each bucket of their hashes has, and about how
 * many values there are. A function of the values alone, in whatever order they come.
 */
public final class HashedValues {

    /** So many of the smallest hashes estimate how many there are, within some three per cent (Bar-Yossef and others, 2002). */
    private static final int SMALLEST = 1 << 10;
    /** Longer values are cut in the sample. */
    private static final int LONGEST = 512;
    private static final String NAME = "hash ";

    private final long[] rows;
    private final TreeMap<Long, Sample> smallest = new TreeMap<>(); // signed, from the least long on

    /** A value that stands for others, and how many rows have it. */
    private static final class Sample {

            private final String value;
        private long rows;

        Sample(String value) {
            this.value = value.length() <= LONGEST ? value : value.substring(0, LONGEST);
        }
    }

    /** @param buckets a power of two */
    public HashedValues(int buckets) {
        rows = new long[buckets];
    }

    /** The one hash of texts in tables: FNV-1a over the UTF-16 code units, mixed as {@link Rng} does; the same on every machine. */
    public static long hash(String text) {
        return new Rng(0, text, 0).bits(0);
    }

    /**
     * The bucket of a text.
     *
     * @param buckets how many there are, a power of two
     */
    public static int bucket(String text, int buckets) {
        return (int) hash(text) & buckets - 1;
    }

    /** The name of a bucket. */
    public static String name(int bucket) {
        return NAME + bucket;
    }

    /** Whatever is among the smallest in the end has been since it first came, so that all of its rows are counted. */
    public void add(String value, long times) {
        rows[bucket(value, rows.length)] += times;
        long hash = hash(value);
        if (smallest.size() < SMALLEST || hash <= smallest.lastKey()) {
            smallest.computeIfAbsent(hash, any -> new Sample(value)).rows += times;
            if (smallest.size() > SMALLEST) {
                smallest.pollLastEntry();
            }
        }
    }

    /** About how many different values there are. */
    public int distinct() {
        if (smallest.size() < SMALLEST) {
            return smallest.size();
        }
        double share = ((smallest.lastKey() - Long.MIN_VALUE) >>> 11) * 0x1p-53; // of all hashes, up to the last of these
        return (int) Math.min(Integer.MAX_VALUE, (SMALLEST - 1) / share);
    }

    /** Values that are a sample of all, the same in whatever order they came, with how many rows have them; long ones are cut. */
    public Map<String, Long> sample() {
        Map<String, Long> sample = new TreeMap<>();
        smallest.values().forEach(each -> sample.merge(each.value, each.rows, Long::sum));
        return sample;
    }

    /** How many rows each bucket has that has any, by its name. */
    public Map<String, long[]> counts() {
        Map<String, long[]> counts = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] > 0) {
                counts.put(name(i), new long[] {rows[i]});
            }
        }
        return counts;
    }
}
