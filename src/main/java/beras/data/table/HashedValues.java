package beras.data.table;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The values of a column that has more than can be counted one by one: how many rows each bucket of their hashes has, and about how
 * many values there are. A function of the values alone, in whatever order and parts they come.
 */
final class HashedValues implements Serializable {

    private static final long serialVersionUID = 1;

    /** So many of the smallest hashes tell how many there are, within some three per cent (Bar-Yossef and others, 2002). */
    private static final int SMALLEST = 1 << 10;
    private static final String NAME = "hash ";

    private final long[] rows;
    private final TreeSet<Long> smallest = new TreeSet<>(); // signed, from the least long on

    /** @param buckets a power of two */
    HashedValues(int buckets) {
        rows = new long[buckets];
    }

    /** What stands for the values of a bucket. */
    static String name(int bucket) {
        return NAME + bucket;
    }

    int buckets() {
        return rows.length;
    }

    void add(String value, long times) {
        rows[TextHash.bucket(value, rows.length)] += times;
        keep(TextHash.of(value));
    }

    private void keep(long hash) {
        if (smallest.size() < SMALLEST) {
            smallest.add(hash);
        } else if (hash < smallest.last() && smallest.add(hash)) {
            smallest.pollLast();
        }
    }

    /** Takes in others of as many buckets. */
    void add(HashedValues next) {
        for (int i = 0; i < rows.length; i++) {
            rows[i] += next.rows[i];
        }
        next.smallest.forEach(this::keep);
    }

    /** About how many different values there are. */
    int distinct() {
        if (smallest.size() < SMALLEST) {
            return smallest.size();
        }
        double share = ((smallest.last() - Long.MIN_VALUE) >>> 11) * 0x1p-53; // of all hashes, up to the largest of the smallest
        return (int) Math.min(Integer.MAX_VALUE, (SMALLEST - 1) / share);
    }

    /** How many rows each bucket has that has any, by its name. */
    Map<String, long[]> counts() {
        Map<String, long[]> counts = new HashMap<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] > 0) {
                counts.put(name(i), new long[] {rows[i]});
            }
        }
        return counts;
    }
}
