package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static beras.kernels.Lanes.INTS;
import static beras.kernels.Tiles.NOTHING;
import static beras.kernels.Tiles.ZEROS;

import beras.kernels.ProductPlan.Packing;
import beras.kernels.ProductPlan.Tile;
import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrix product with SIMD that skips the zeros of {@code a}: in pixels, one-hot columns, outputs of ReLU.
 *
 * <p>If {@code b} is finite, a step of {@code k} at which {@code a} is zero changes at most the sign of a zero sum, and products
 * end with {@code + 0f}. So the result is bit-identical to {@link VectorGemm}.
 *
 * <p>Two rows of {@code op(a)} are processed together, as each row of {@code b} has to be loaded from the L2 cache. The steps at
 * which one of the two is not zero are listed first, in a vectorised pass over {@code a}; then one counted loop over the list
 * computes a tile of two rows. (Two nested loops, over words and their bits, would need no list, but JDK 17 boxes vectors that are
 * live across them.)
 */
final class SparseGemm {

    /** Bits of a word. */
    private static final int BITS = 32;
    /** The positions of the set bits of each byte, in eight ints; the rest are arbitrary. */
    private static final int[] NONZEROS = places();
    /** The number of ints that may be written past the end of a list: eight, or a vector, are copied at a time. */
    private static final int BEYOND = Math.max(8, COUNT);

    // The left matrix of the tile that Alignment times.
    private static final float[] READ_LEFT = {0f};
    private static final int[] READ_STEPS = IntStream.range(0, Thresholds.TIMED_FLOATS / Tile.SPARSE.columns).toArray();

    private static final IntVector MOST = IntVector.broadcast(INTS, Integer.MAX_VALUE);

    private static int[] places() {
        int[] places = new int[8 * 256 + COUNT];
        for (int i = 0; i < 256; i++) {
            int n = 8 * i;
            for (int bit = 0; bit < 8; bit++) {
                if ((i >> bit & 1) == 1) {
                    places[n++] = bit;
                }
            }
        }
        return places;
    }

    /**
     * {@code c = op(a) · b}, unless {@code b} is not finite.
     *
     * @param stage the part of it that this is, of a product that {@link ProductPlan#canSplitK}; null: all
     * @return whether it was computed
     */
    static boolean gemm(boolean transposeA, int m, int n, int k, float[] a, int aOffset, int lda, float[] b, int bOffset, int ldb,
            float[] c, int cOffset, int ldc, KSplitStage stage) {
        if (!isFinite(b, bOffset, ldb, k, n)) {
            return false;
        }
        int pairs = Math.min((m + 1) / 2, ProductPlan.listedPairs(k));
        int blocks = (k + BITS - 1) / BITS;
        int[] words = Scratch.words(Math.max(blocks * BITS, 2 * pairs * blocks));
        int[] steps = Scratch.steps(pairs + 1 + pairs * k + BEYOND);
        for (int i = 0; i < m; i += 2 * pairs) {
            int rows = Math.min(2 * pairs, m - i);
            int ai = transposeA ? aOffset + i : aOffset + i * lda;
            if (transposeA) {
                listColumns(rows, k, a, ai, lda, words, steps);
            } else {
                listRows(rows, k, a, ai, lda, words, steps);
            }
            tiles(rows, n, k, a, ai, transposeA ? 1 : lda, transposeA ? lda : 1, b, bOffset, ldb, c, cOffset + i * ldc, ldc,
                    steps, stage);
        }
        return true;
    }

    /** {@code c = a · b} of so few rows that reading {@code b} takes longest: in tiles of two rows rather than eight. */
    static void gemmOfFewRows(int m, int n, int k, float[] a, int aOffset, int lda, float[] b, int bOffset, int ldb, float[] c,
            int cOffset, int ldc) {
        int pairs = (m + 1) / 2;
        int[] steps = Scratch.steps(pairs + 1 + pairs * k);
        for (int i = 0; i < pairs; i++) {
            steps[i] = pairs + 1 + i * k;
            for (int p = 0; p < k; p++) {
                steps[pairs + 1 + i * k + p] = p;
            }
        }
        steps[pairs] = pairs + 1 + pairs * k;
        tiles(m, n, k, a, aOffset, lda, 1, b, bOffset, ldb, c, cOffset, ldc, steps, null);
    }

    private static boolean isFinite(float[] b, int offset, int ldb, int rows, int cols) {
        if (ldb == cols) {
            return isFinite(b, offset, rows * cols);
        }
        for (int r = 0; r < rows; r++) {
            if (!isFinite(b, offset + r * ldb, cols)) {
                return false;
            }
        }
        return true;
    }

    /** Zero times a number is NaN if the number is not finite; in four sums, for each waits for the one before. */
    static boolean isFinite(float[] b, int from, int n) {
        if (n <= 0) { // as the warm-up calls it most
            return true;
        }
        FloatVector s, t, u, v;
        s = t = u = v = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - 4 * COUNT; i += 4 * COUNT) {
            s = FloatVector.fromArray(FLOATS, b, from + i).fma(NOTHING, s);
            t = FloatVector.fromArray(FLOATS, b, from + i + COUNT).fma(NOTHING, t);
            u = FloatVector.fromArray(FLOATS, b, from + i + 2 * COUNT).fma(NOTHING, u);
            v = FloatVector.fromArray(FLOATS, b, from + i + 3 * COUNT).fma(NOTHING, v);
        }
        float sum = s.add(t).add(u.add(v)).reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            sum += b[from + i] * 0f;
        }
        return sum == 0f;
    }

    // --------------------------------------------------------------------------------------------------- lists

    // In both lists of bits a word is of 32 rows or pairs of rows and of one column, and is made by shifting bits in: that takes
    // few kinds of vector operations, and no reduction of a vector to a number.

    /**
     * Lists, for each two rows of {@code a (m, k)}, the columns in which one of them is not zero. The list of pair {@code i} is
     * from {@code steps[i]} to {@code steps[i + 1]} in {@code steps} itself.
     */
    private static void listRows(int m, int k, float[] a, int aOffset, int lda, int[] words, int[] steps) {
        int pairs = (m + 1) / 2;
        int blocks = (k + BITS - 1) / BITS;
        int n = pairs + 1;
        for (int first = 0; first < pairs; first += BITS) {
            int end = Math.min(pairs, first + BITS);
            int whole = Math.min(m / 2, end) - first;
            int row = aOffset + 2 * first * lda;
            bits(whole, a, row, lda, 2 * lda, k, words, 0);
            if (first + whole < end) { // the last row is without a second one
                int last = row + 2 * whole * lda;
                for (int c = 0; c < k; c++) {
                    words[c] |= a[last + c] == 0f ? 0 : 1 << whole;
                }
            }
            Arrays.fill(words, k, blocks * BITS, 0); // clears an earlier transpose
            for (int block = 0; block < blocks; block++) {
                transpose(words, block * BITS);
            }
            n = list(first, end, blocks, words, 1, BITS, steps, n);
        }
        steps[pairs] = n;
    }

    /** {@link #listRows} for each two columns of {@code a (k, m)}: the rows in which one of them is not zero. */
    private static void listColumns(int m, int k, float[] a, int aOffset, int lda, int[] words, int[] steps) {
        int pairs = (m + 1) / 2;
        int blocks = (k + BITS - 1) / BITS;
        for (int p = 0, at = 0; p < k; p += BITS, at += m) {
            bits(Math.min(BITS, k - p), a, aOffset + p * lda, 0, lda, m, words, at);
            for (int i = 0; i < m - 1; i += 2) {
                words[at + i] |= words[at + i + 1];
            }
        }
        steps[pairs] = list(0, pairs, blocks, words, 2, m, steps, pairs + 1);
    }

    /**
     * Makes {@code n} words, in which bit {@code r} is set if one of two numbers is not zero: one in row {@code r} of rows {@code
     * step} apart, and one {@code other} floats further.
     */
    private static void bits(int rows, float[] a, int offset, int other, int step, int n, int[] words, int at) {
        int end = INTS.loopBound(n);
        for (int c = 0; c < end; c += COUNT) {
            bitsOfLanes(rows, a, offset + c, other, step, words, at + c);
        }
        for (int c = end; c < n; c++) {
            int word = 0;
            for (int r = 0, i = offset + c; r < rows; r++, i += step) {
                word |= a[i] == 0f && a[i + other] == 0f ? 0 : 1 << r;
            }
            words[at + c] = word;
        }
    }

    /** The words of a vector of columns. */
    static void bitsOfLanes(int rows, float[] a, int offset, int other, int step, int[] words, int at) {
        IntVector bits = IntVector.zero(INTS);
        for (int r = rows - 1; r >= 0; r--) {
            int i = offset + r * step;
            FloatVector first = FloatVector.fromArray(FLOATS, a, i).abs();
            FloatVector second = FloatVector.fromArray(FLOATS, a, i + other).abs();
            // If numbers are at least 0, or NaN, adding the largest int overflows all but 0, and the shift makes these -1.
            IntVector minusOne = first.add(second).reinterpretAsInts().add(MOST).lanewise(VectorOperators.ASHR, 31);
            bits = bits.lanewise(VectorOperators.LSHL, 1).sub(minusOne);
        }
        bits.intoArray(words, at);
    }

    /** Bit i of word j becomes bit j of word i, of 32 words, by quarters (Warren, Hacker's Delight). */
    private static void transpose(int[] words, int at) {
        int mask = 0xffff;
        for (int size = BITS / 2; size > 0; size /= 2) {
            for (int i = 0; i < BITS; i = i + size + 1 & -size - 1) {
                int swap = (words[at + i] >>> size ^ words[at + i + size]) & mask;
                words[at + i + size] ^= swap;
                words[at + i] ^= swap << size;
            }
            mask ^= mask << size / 2;
        }
    }

    /** Lists the positions of the set bits of each pair. Writes up to {@link #BEYOND} ints more. */
    private static int list(int first, int end, int each, int[] words, int pairStep, int wordStep, int[] steps, int n) {
        for (int i = first; i < end; i++) {
            steps[i] = n;
            n = listNonzeros(each, words, (i - first) * pairStep, wordStep, steps, n);
        }
        return n;
    }

    /**
     * Lists the positions of the set bits of some words, eight at a time: one by one, the branch at their end would be
     * unpredictable. (A method for eight would be inlined only where the compiler has seen long lists.)
     */
    static int listNonzeros(int count, int[] words, int from, int wordStep, int[] steps, int n) {
        for (int base = 0, at = from; base < BITS * count; base += BITS, at += wordStep) {
            for (int shift = 0; shift < BITS; shift += 8) {
                int bits = words[at] >>> shift & 0xff;
                IntVector first = IntVector.broadcast(INTS, base + shift);
                IntVector.fromArray(INTS, NONZEROS, 8 * bits).add(first).intoArray(steps, n);
                if (COUNT < 8) {
                    IntVector.fromArray(INTS, NONZEROS, 8 * bits + COUNT).add(first).intoArray(steps, n + COUNT);
                }
                n += Integer.bitCount(bits);
            }
        }
        return n;
    }

    // --------------------------------------------------------------------------------------------------- tiles

    private static void tiles(int m, int n, int k, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int ldb,
            float[] c, int cOffset, int ldc, int[] steps, KSplitStage stage) {
        int reads = steps[(m + 1) / 2] - steps[0];
        int tiles = 0;
        for (int j = 0, width; j < n; j += width) {
            Tile tile = ProductPlan.sparseTile(n, n - j);
            width = tile.columns;
            int column = Math.min(j, n - width); // the last tile may compute some columns once more
            float[] from = b;
            int at = bOffset + column;
            int stride = ldb;
            Packing packing = ProductPlan.sparsePacking(reads, k, ldb);
            if (packing != Packing.DIRECT) {
                Alignment.Panel panel = Scratch.alignedPanel();
                if (panel.shouldCopy(packing == Packing.PACKED, SparseGemm::read, k * width, b, at, ldb)) {
                    from = panel.floats();
                    Patches.copyRows(k, b, at, ldb, from, panel.start(), width, width);
                    at = panel.start();
                    stride = width;
                }
            }
            pairs(tile, m, a, aOffset, aRow, aStep, from, at, stride, c, cOffset + column, ldc, steps, stage, tiles);
            tiles += (m + 1) / 2;
        }
    }

    /**
     * All rows of a tile-wide column. (A separate method, as large methods compile slowly.)
     *
     * @param tiles preceding tiles of the product
     */
    private static void pairs(Tile tile, int m, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int bStep,
            float[] c, int cOffset, int ldc, int[] steps, KSplitStage stage, int tiles) {
        boolean continues = stage != null && stage.hasPredecessor();
        float[] sums = continues ? c : ZEROS;
        for (int i = 0; i < m; i += 2) {
            int pair = i / 2;
            int a0 = aOffset + i * aRow;
            int a1 = i + 1 < m ? a0 + aRow : a0;
            int c0 = cOffset + i * ldc;
            int c1 = i + 1 < m ? c0 + ldc : c0;
            if (stage != null) {
                stage.awaitPredecessor(tiles + pair);
            }
            int s0 = continues ? c0 : 0;
            int s1 = continues ? c1 : 0;
            if (tile == Tile.SPARSE) {
                Tiles.tile2x4(steps, steps[pair], steps[pair + 1], a, a0, a1, aStep, b, bOffset, bStep, sums, s0, s1, c, c0, c1);
            } else {
                Tiles.tile2x8(steps, steps[pair], steps[pair + 1], a, a0, a1, aStep, b, bOffset, bStep, sums, s0, s1, c, c0, c1);
            }
            if (stage != null) {
                stage.publish(tiles + pair + 1);
            }
        }
    }

    /** A tile for {@link Alignment}. */
    private static void read(float[] panel, int start) {
        int width = (Tile.HAS_LARGE ? Tile.SPARSE_WIDE : Tile.SPARSE).columns;
        int steps = Thresholds.TIMED_FLOATS / width;
        float[] product = Scratch.floats(width);
        if (Tile.HAS_LARGE) {
            Tiles.tile2x8(READ_STEPS, 0, steps, READ_LEFT, 0, 0, 0, panel, start, width, ZEROS, 0, 0, product, 0, 0);
        } else {
            Tiles.tile2x4(READ_STEPS, 0, steps, READ_LEFT, 0, 0, 0, panel, start, width, ZEROS, 0, 0, product, 0, 0);
        }
    }

    private SparseGemm() {}
}
