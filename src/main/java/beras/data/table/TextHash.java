package beras.data.table;

import beras.tensor.Rng;

/** The one hash of texts in tables: FNV-1a over the UTF-16 code units, mixed as {@link Rng} does; the same on every machine. */
final class TextHash {

    private TextHash() {}

    /** 64 bits. */
    static long of(String text) {
        return new Rng(0, text, 0).bits(0);
    }

    /**
     * The bucket of a text.
     *
     * @param buckets how many there are, a power of two
     */
    static int bucket(String text, int buckets) {
        return (int) of(text) & buckets - 1;
    }
}
