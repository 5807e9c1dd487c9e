package beras.kernels;

/** The generator SplitMix64 (Steele, Lea and Flood, 2014), read by index: the source of all random bits. */
public final class SplitMix {

    /** The increment of the state from number to number. */
    public static final long STEP = 0x9e3779b97f4a7c15L;
    static final long MULTIPLIER_1 = 0xbf58476d1ce4e5b9L;
    static final long MULTIPLIER_2 = 0x94d049bb133111ebL;
    /** The first states of the generator started at 0. */
    static final long[] FIRST = {STEP, 2 * STEP, 3 * STEP, 4 * STEP, 5 * STEP, 6 * STEP, 7 * STEP, 8 * STEP};

    /** Number {@code index} of the generator started at {@code key}. */
    public static long bits(long key, long index) {
        return mix(key + (index + 1) * STEP);
    }

    /** The output of the generator in the state {@code z}: a bijection. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * MULTIPLIER_1;
        z = (z ^ (z >>> 27)) * MULTIPLIER_2;
        return z ^ (z >>> 31);
    }

    /** The key from which the numbers begin {@code count} later. */
    static long skip(long key, long count) {
        return key + count * STEP;
    }

    private SplitMix() {}
}
