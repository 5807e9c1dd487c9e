package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static beras.kernels.Lanes.INTS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Matrix product in lanes that skips the zeros of {@code a}: pixels, one-hot columns, what ReLU leaves.
 *
 * <p>Where {@code b} is finite, a step of {@code k} at which {@code a} is zero leaves a sum as it is, but for the sign of a
 * zero, and products end with {@code + 0f}. So the bits are those of {@link VectorGemm}. (It is added when all is computed: with
 * sixteen more operations in a tile, JDK 17 put some of its vectors on the heap.)
 *
 * <p>Two rows of {@code op(a)} go together, for each row of {@code b} has to come from the second-level cache. The steps at
 * which one of the two is not zero are listed first, in a pass over {@code a} that looks at many numbers at a time; then one
 * counted loop over the list computes a tile of two rows. (Two nested loops, over words and their bits, would need no list, but
 * JDK 17 puts vectors on the heap that such loops carry.)
 */
final class SparseGemm {

    /** At most so many rows and, but for two rows, so many steps are listed at a time. */
    private static final int LISTED_ROWS = 256;
    private static final int LISTED_STEPS = 1 << 18;
    /** From this stride on, jumping through rows of {@code b} costs more than packing a tile's columns once. */
    private static final int PACK_STRIDE = 512;
    /** And of so many rows. */
    private static final int PACK_ROWS = 32;

    /** Steps in a word of bits: for rows no more than the compiler inlines the operations of. */
    private static final int ROW_BITS = 16;
    private static final int COLUMN_BITS = 32;

    private static final FloatVector NOTHING = FloatVector.zero(FLOATS);
    private static final IntVector MOST = IntVector.broadcast(INTS, Integer.MAX_VALUE);
    /** Bit i in lane i. */
    private static final IntVector PLACES = IntVector.fromArray(INTS, places(), 0);

    private static int[] places() {
        int[] places = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            places[i] = 1 << i;
        }
        return places;
    }

    /**
     * {@code c = op(a) · b}, unless {@code b} is not finite.
     *
     * @return whether it was computed
     */
    static boolean gemm(boolean transposeA, int m, int n, int k, float[] a, int aOffset, int lda, float[] b, int bOffset, int ldb,
            float[] c, int cOffset, int ldc) {
        if (!isFinite(b, bOffset, ldb, k, n)) {
            return false;
        }
        int pairs = Math.min((m + 1) / 2, Math.max(1, Math.min(LISTED_ROWS / 2, LISTED_STEPS / Math.max(k, 1))));
        int[] words = Scratch.words(2 * pairs * ((k + ROW_BITS - 1) / ROW_BITS)); // no less than columns need
        int[] steps = Scratch.steps(pairs + 1 + pairs * k + 3);
        for (int i = 0; i < m; i += 2 * pairs) {
            int rows = Math.min(2 * pairs, m - i);
            int ai = transposeA ? aOffset + i : aOffset + i * lda;
            if (transposeA) {
                listColumns(rows, k, a, ai, lda, words, steps);
            } else {
                listRows(rows, k, a, ai, lda, words, steps);
            }
            tiles(rows, n, k, a, ai, transposeA ? 1 : lda, transposeA ? lda : 1, b, bOffset, ldb, c, cOffset + i * ldc, ldc,
                    steps);
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
        tiles(m, n, k, a, aOffset, lda, 1, b, bOffset, ldb, c, cOffset, ldc, steps);
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
    private static boolean isFinite(float[] b, int from, int n) {
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

    /**
     * Lists, for each two rows of {@code a (m, k)}, the columns in which one of them is not zero. The list of pair {@code i} is
     * from {@code steps[i]} to {@code steps[i + 1]} in {@code steps} itself.
     */
    private static void listRows(int m, int k, float[] a, int aOffset, int lda, int[] words, int[] steps) {
        int each = (k + ROW_BITS - 1) / ROW_BITS;
        for (int i = 0; i < m; i += 2) {
            int a0 = aOffset + i * lda;
            rowBits(a, a0, i + 1 < m ? a0 + lda : a0, k, words, i / 2 * each);
        }
        list((m + 1) / 2, each, ROW_BITS, words, each, 1, steps);
    }

    /** Lists the places of the bits of each pair. Writes up to three ints more, for it goes four at a time. */
    private static void list(int pairs, int each, int bits, int[] words, int pairStep, int wordStep, int[] steps) {
        int n = pairs + 1;
        for (int i = 0; i < pairs; i++) {
            steps[i] = n;
            for (int w = 0, at = i * pairStep; w < each; w++, at += wordStep) {
                int left = words[at];
                int next = n + Integer.bitCount(left);
                for (; left != 0; n += 4) {
                    steps[n] = bits * w + Integer.numberOfTrailingZeros(left);
                    left &= left - 1;
                    steps[n + 1] = bits * w + Integer.numberOfTrailingZeros(left);
                    left &= left - 1;
                    steps[n + 2] = bits * w + Integer.numberOfTrailingZeros(left);
                    left &= left - 1;
                    steps[n + 3] = bits * w + Integer.numberOfTrailingZeros(left);
                    left &= left - 1;
                }
                n = next;
            }
        }
        steps[pairs] = n;
    }

    private static void rowBits(float[] a, int a0, int a1, int k, int[] words, int at) {
        int end = k / ROW_BITS * ROW_BITS;
        for (int p = 0; p < end; p += ROW_BITS) {
            words[at + p / ROW_BITS] = nonZeros(a, a0 + p, a1 + p);
        }
        if (end < k) {
            words[at + end / ROW_BITS] = k < ROW_BITS ? fewNonZeros(a, a0, a1, k)
                    : nonZeros(a, a0 + k - ROW_BITS, a1 + k - ROW_BITS) >>> ROW_BITS - (k - end);
        }
    }

    private static int fewNonZeros(float[] a, int i, int j, int k) {
        int bits = 0;
        for (int p = k - 1; p >= 0; p--) {
            int both = (Float.floatToRawIntBits(a[i + p]) | Float.floatToRawIntBits(a[j + p])) << 1; // without the signs
            bits = bits << 1 | (both | -both) >>> 31;
        }
        return bits;
    }

    /** Bit i: whether one of two numbers is not zero, for {@value #ROW_BITS} places. */
    private static int nonZeros(float[] a, int i, int j) {
        IntVector bits = nonZeros(a, i, j, ROW_BITS - COUNT);
        if (COUNT == 4) {
            bits = bits.lanewise(VectorOperators.LSHL, 4).add(nonZeros(a, i, j, 8));
            bits = bits.lanewise(VectorOperators.LSHL, 4).add(nonZeros(a, i, j, 4));
        }
        if (COUNT < ROW_BITS) {
            bits = bits.lanewise(VectorOperators.LSHL, COUNT).add(nonZeros(a, i, j, 0));
        }
        return bits.reduceLanes(VectorOperators.ADD); // no bit is set twice
    }

    private static IntVector nonZeros(float[] a, int i, int j, int at) {
        FloatVector first = FloatVector.fromArray(FLOATS, a, i + at).abs();
        FloatVector second = FloatVector.fromArray(FLOATS, a, j + at).abs();
        return allBitsIfNotZero(first.add(second)).and(PLACES);
    }

    /** -1 in each lane whose float, at least 0 or NaN, is not 0, else 0: only there adding the largest int overflows. */
    private static IntVector allBitsIfNotZero(FloatVector magnitudes) {
        return magnitudes.reinterpretAsInts().add(MOST).lanewise(VectorOperators.ASHR, 31);
    }

    /** {@link #listRows} for each two columns of {@code a (k, m)}: the rows in which one of them is not zero. */
    private static void listColumns(int m, int k, float[] a, int aOffset, int lda, int[] words, int[] steps) {
        int each = (k + COLUMN_BITS - 1) / COLUMN_BITS;
        for (int p = 0, at = 0; p < k; p += COLUMN_BITS, at += m) {
            Arrays.fill(words, at, at + m, 0);
            for (int r = Math.min(k, p + COLUMN_BITS) - 1; r >= p; r--) {
                shiftIn(a, aOffset + r * lda, m, words, at);
            }
            for (int i = 0; i < m - 1; i += 2) {
                words[at + i] |= words[at + i + 1];
            }
        }
        list((m + 1) / 2, each, COLUMN_BITS, words, 2, m, steps);
    }

    /** Shifts a bit into each of {@code n} ints: whether a number is not zero. */
    private static void shiftIn(float[] a, int aOffset, int n, int[] bits, int at) {
        int end = INTS.loopBound(n);
        for (int i = 0; i < end; i += COUNT) {
            IntVector minusOne = allBitsIfNotZero(FloatVector.fromArray(FLOATS, a, aOffset + i).abs());
            IntVector.fromArray(INTS, bits, at + i).lanewise(VectorOperators.LSHL, 1).sub(minusOne).intoArray(bits, at + i);
        }
        for (int i = end; i < n; i++) {
            bits[at + i] = bits[at + i] << 1 | (a[aOffset + i] == 0f ? 0 : 1);
        }
    }

    // --------------------------------------------------------------------------------------------------- tiles

    private static void tiles(int m, int n, int k, float[] a, int aOffset, int aRow, int aStep, float[] b, int bOffset, int ldb,
            float[] c, int cOffset, int ldc, int[] steps) {
        int width = SparseChoice.width(n);
        for (int j = 0; j < n; j += width) {
            int column = Math.min(j, n - width); // the last tile may compute some columns once more
            float[] from = b;
            int at = bOffset + column;
            int stride = ldb;
            if (ldb >= PACK_STRIDE && m >= PACK_ROWS) {
                from = Scratch.floats(k * width);
                for (int p = 0; p < k; p++) {
                    System.arraycopy(b, at + p * ldb, from, p * width, width);
                }
                at = 0;
                stride = width;
            }
            for (int i = 0; i < m; i += 2) {
                int a0 = aOffset + i * aRow;
                int a1 = i + 1 < m ? a0 + aRow : a0;
                int c0 = cOffset + i * ldc + column;
                int c1 = i + 1 < m ? c0 + ldc : c0;
                if (width == SparseChoice.WIDTH) {
                    tile2x4(steps, steps[i / 2], steps[i / 2 + 1], a, a0, a1, aStep, from, at, stride, c, c0, c1);
                } else {
                    tile2x8(steps, steps[i / 2], steps[i / 2 + 1], a, a0, a1, aStep, from, at, stride, c, c0, c1);
                }
            }
        }
        for (int i = 0; i < m; i++) {
            ScalarProducts.addZero(c, cOffset + i * ldc, n);
        }
    }

    /** 2 rows by 4 vectors: 8 sums, 1 of b and 2 of a in registers. */
    private static void tile2x4(int[] steps, int first, int end, float[] a, int a0, int a1, int aStep, float[] b, int bOffset,
            int bStep, float[] c, int c0, int c1) {
        FloatVector s0x, s0y, s0z, s0w;
        FloatVector s1x, s1y, s1z, s1w;
        s0x = s0y = s0z = s0w = FloatVector.zero(FLOATS);
        s1x = s1y = s1z = s1w = FloatVector.zero(FLOATS);
        for (int i = first; i < end; i++) {
            int p = steps[i];
            int bp = bOffset + p * bStep;
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + p * aStep]);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p * aStep]);
            FloatVector bx = FloatVector.fromArray(FLOATS, b, bp);
            s0x = x0.fma(bx, s0x);
            s1x = x1.fma(bx, s1x);
            FloatVector by = FloatVector.fromArray(FLOATS, b, bp + COUNT);
            s0y = x0.fma(by, s0y);
            s1y = x1.fma(by, s1y);
            FloatVector bz = FloatVector.fromArray(FLOATS, b, bp + 2 * COUNT);
            s0z = x0.fma(bz, s0z);
            s1z = x1.fma(bz, s1z);
            FloatVector bw = FloatVector.fromArray(FLOATS, b, bp + 3 * COUNT);
            s0w = x0.fma(bw, s0w);
            s1w = x1.fma(bw, s1w);
        }
        s0x.intoArray(c, c0);
        s0y.intoArray(c, c0 + COUNT);
        s0z.intoArray(c, c0 + 2 * COUNT);
        s0w.intoArray(c, c0 + 3 * COUNT);
        s1x.intoArray(c, c1);
        s1y.intoArray(c, c1 + COUNT);
        s1z.intoArray(c, c1 + 2 * COUNT);
        s1w.intoArray(c, c1 + 3 * COUNT);
    }

    /** 2 rows by 8 vectors: 16 sums, 1 of b and 2 of a in registers. */
    private static void tile2x8(int[] steps, int first, int end, float[] a, int a0, int a1, int aStep, float[] b, int bOffset,
            int bStep, float[] c, int c0, int c1) {
        FloatVector s0a, s0b, s0c, s0d, s0e, s0f, s0g, s0h;
        FloatVector s1a, s1b, s1c, s1d, s1e, s1f, s1g, s1h;
        s0a = s0b = s0c = s0d = s0e = s0f = s0g = s0h = FloatVector.zero(FLOATS);
        s1a = s1b = s1c = s1d = s1e = s1f = s1g = s1h = FloatVector.zero(FLOATS);
        for (int i = first; i < end; i++) {
            int p = steps[i];
            int bp = bOffset + p * bStep;
            FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + p * aStep]);
            FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + p * aStep]);
            FloatVector ba = FloatVector.fromArray(FLOATS, b, bp);
            s0a = x0.fma(ba, s0a);
            s1a = x1.fma(ba, s1a);
            FloatVector bb = FloatVector.fromArray(FLOATS, b, bp + COUNT);
            s0b = x0.fma(bb, s0b);
            s1b = x1.fma(bb, s1b);
            FloatVector bc = FloatVector.fromArray(FLOATS, b, bp + 2 * COUNT);
            s0c = x0.fma(bc, s0c);
            s1c = x1.fma(bc, s1c);
            FloatVector bd = FloatVector.fromArray(FLOATS, b, bp + 3 * COUNT);
            s0d = x0.fma(bd, s0d);
            s1d = x1.fma(bd, s1d);
            FloatVector be = FloatVector.fromArray(FLOATS, b, bp + 4 * COUNT);
            s0e = x0.fma(be, s0e);
            s1e = x1.fma(be, s1e);
            FloatVector bf = FloatVector.fromArray(FLOATS, b, bp + 5 * COUNT);
            s0f = x0.fma(bf, s0f);
            s1f = x1.fma(bf, s1f);
            FloatVector bg = FloatVector.fromArray(FLOATS, b, bp + 6 * COUNT);
            s0g = x0.fma(bg, s0g);
            s1g = x1.fma(bg, s1g);
            FloatVector bh = FloatVector.fromArray(FLOATS, b, bp + 7 * COUNT);
            s0h = x0.fma(bh, s0h);
            s1h = x1.fma(bh, s1h);
        }
        s0a.intoArray(c, c0);
        s0b.intoArray(c, c0 + COUNT);
        s0c.intoArray(c, c0 + 2 * COUNT);
        s0d.intoArray(c, c0 + 3 * COUNT);
        s0e.intoArray(c, c0 + 4 * COUNT);
        s0f.intoArray(c, c0 + 5 * COUNT);
        s0g.intoArray(c, c0 + 6 * COUNT);
        s0h.intoArray(c, c0 + 7 * COUNT);
        s1a.intoArray(c, c1);
        s1b.intoArray(c, c1 + COUNT);
        s1c.intoArray(c, c1 + 2 * COUNT);
        s1d.intoArray(c, c1 + 3 * COUNT);
        s1e.intoArray(c, c1 + 4 * COUNT);
        s1f.intoArray(c, c1 + 5 * COUNT);
        s1g.intoArray(c, c1 + 6 * COUNT);
        s1h.intoArray(c, c1 + 7 * COUNT);
    }

    private SparseGemm() {}
}
