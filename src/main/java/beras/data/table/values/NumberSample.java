package beras.data.table.values;

import beras.kernels.SplitMix;
import java.util.Arrays;

/**
 * The numbers of a column, or of a part of its rows if they are many: of the rows whose hash ends in enough zero bits, as few
 * as make them fit. So the cells alone decide which rows these are, in whatever order they come. Rows that are equal are in it
 * together, or none of them is.
 */
public final class NumberSample {

    /** Up to this count all numbers are kept, in a table of up to {@code TOGETHER / MOST} columns. */
    public static final int MOST = 1 << 13;
    /** So many numbers are kept of all columns together, unless each column gets few then. */
    private static final int TOGETHER = 1 << 20;
    /** So many are kept of each column, however many columns there are: quartiles are right within three per cent of the rows. */
    private static final int FEW = 1 << 8;

    private static final int FIRST_CAPACITY = 1 << 4;

    private final int most;
    private double[] values = new double[0];
    private byte[] levels = new byte[0]; // how many zero bits the hash of each row ends in
    private int count;
    private int level; // less than that is not kept

    /** @param most this many numbers are kept at most */
    public NumberSample(int most) {
        this.most = most;
    }

    /** How many numbers are kept of each column of a table of so many. */
    public static int most(int columns) {
        return Math.max(FEW, Math.min(MOST, TOGETHER / columns));
    }

    /** In how many zero bits the hash of a row ends, by which all columns are sampled. */
    public static byte level(long hash) {
        return (byte) Long.numberOfTrailingZeros(SplitMix.mix(hash));
    }

    /** Takes in the number of a row of this {@link #level}. */
    public void add(double value, byte ofRow) {
        while (count == most && ofRow >= level) {
            raise(level + 1);
        }
        if (ofRow < level) {
            return;
        }
        if (count == values.length) {
            int larger = Math.min(most, Math.max(FIRST_CAPACITY, 2 * count));
            values = Arrays.copyOf(values, larger);
            levels = Arrays.copyOf(levels, larger);
        }
        values[count] = value;
        levels[count++] = ofRow;
    }

    private void raise(int newLevel) {
        level = newLevel;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (levels[i] >= level) {
                values[kept] = values[i];
                levels[kept++] = levels[i];
            }
        }
        count = kept;
    }

    /** The numbers, in no order. */
    public double[] values() {
        return Arrays.copyOf(values, count);
    }

    /** Whether no number is there twice. */
    public boolean isDistinct() {
        return Arrays.stream(values, 0, count).distinct().count() == count;
    }
}
