package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Elements} with SIMD.
 *
 * <p>As in all {@code Vector...} classes, each method runs its hot loop over whole vectors and leaves the last few elements to the
 * scalar code, which is bit-identical. Masks and gathers are avoided in loops: they are not intrinsic on every JDK. A vector that
 * is carried through a loop is an argument, never the receiver, of a call in the loop: its exact type is unknown while the loop is
 * parsed, and a call on it may box it.
 */
final class VectorElements extends VectorFunctions {

    /** Copies of a number that counts against many: the fewer, the sooner they are made; the more, the longer the loops. */
    private static final int COPIES = 256;

    @Override
    void zipRow(BinaryOp op, float[] a, int aOffset, int aStep, float[] b, int bOffset, int bStep, float[] y, int yOffset,
            int n) {
        int bound = aStep <= 1 && bStep <= 1 && aStep + bStep > 0 ? FLOATS.loopBound(n) : 0;
        int chunk = bound;
        float[] left = a;
        int leftOffset = aOffset;
        float[] right = b;
        int rightOffset = bOffset;
        if (aStep != bStep && bound > 0) {
            // Copies of a scalar operand, for the loop over two arrays.
            chunk = Math.min(bound, COPIES);
            float[] copies = Scratch.floats(COPIES);
            Arrays.fill(copies, 0, chunk, aStep == 0 ? a[aOffset] : b[bOffset]);
            left = aStep == 0 ? copies : a;
            leftOffset = aStep == 0 ? 0 : aOffset;
            right = bStep == 0 ? copies : b;
            rightOffset = bStep == 0 ? 0 : bOffset;
        }
        int done = 0;
        int i = 0;
        do { // runs once even without elements, so that the warm-up reaches each loop
            int size = Math.min(chunk, bound - i);
            done += zipLanes(op, left, leftOffset + i * aStep, right, rightOffset + i * bStep, y, yOffset + i, size);
            i += size;
        } while (i < bound);
        super.zipRow(op, a, aOffset + done * aStep, aStep, b, bOffset + done * bStep, bStep, y, yOffset + done, n - done);
    }

    @Override
    void select(MatrixView condition, MatrixView a, MatrixView b, MatrixView y, int from, int to) {
        int bound = FLOATS.loopBound(to - from);
        select(condition.data, condition.offset + from, a.data, a.offset + from, b.data, b.offset + from, y.data, y.offset + from,
                bound);
        super.select(condition, a, b, y, from + bound, to);
    }

    private static void select(float[] condition, int conditionOffset, float[] a, int aOffset, float[] b, int bOffset, float[] y,
            int yOffset, int bound) {
        FloatVector zero = broadcast(FLOATS, 0f);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector v = fromArray(FLOATS, condition, conditionOffset + i);
            fromArray(FLOATS, b, bOffset + i)
                    .blend(fromArray(FLOATS, a, aOffset + i), v.compare(VectorOperators.NE, zero)).intoArray(y, yOffset + i);
        }
    }

    @Override
    void biasActivation(UnaryOp op, float alpha, MatrixView bias, MatrixView y, int rowFrom, int rowTo) {
        if (op != UnaryOp.RELU) {
            super.biasActivation(op, alpha, bias, y, rowFrom, rowTo);
            return;
        }
        int bound = FLOATS.loopBound(y.cols);
        for (int r = rowFrom; r < rowTo; r++) {
            int row = y.row(r);
            biasRelu(y.data, row, bias.data, bias.offset, bound);
            for (int c = bound; c < y.cols; c++) {
                y.data[row + c] = Math.max(y.data[row + c] + bias.data[bias.offset + c], 0f);
            }
        }
    }

    private static void biasRelu(float[] y, int yOffset, float[] bias, int biasOffset, int bound) {
        FloatVector zero = broadcast(FLOATS, 0f);
        for (int c = 0; c < bound; c += COUNT) {
            fromArray(FLOATS, y, yOffset + c).add(fromArray(FLOATS, bias, biasOffset + c)).max(zero).intoArray(y, yOffset + c);
        }
    }

    @Override
    void add(float[] x, int xOffset, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        add(y, yOffset, x, xOffset, y, yOffset, bound);
        super.add(x, xOffset + bound, y, yOffset + bound, n - bound);
    }

    @Override
    void products(float[] a, int aOffset, float[] b, int bOffset, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        multiply(a, aOffset, b, bOffset, out, outOffset, bound);
        super.products(a, aOffset + bound, b, bOffset + bound, out, outOffset + bound, n - bound);
    }

    @Override
    void addProducts(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        addProductLanes(a, aOffset, b, bOffset, y, yOffset, bound);
        super.addProducts(a, aOffset + bound, b, bOffset + bound, y, yOffset + bound, n - bound);
    }

    private static void addProductLanes(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, a, aOffset + i).mul(fromArray(FLOATS, b, bOffset + i)).add(fromArray(FLOATS, y, yOffset + i))
                    .intoArray(y, yOffset + i);
        }
    }

    @Override
    void bytesToUnitRange(byte[] bytes, int bytesOffset, float[] out, int outOffset, int n) {
        int bound = 0;
        if (Lanes.BYTES != null) {
            bound = FLOATS.loopBound(n);
            bytesToUnitRangeInLanes(bytes, bytesOffset, out, outOffset, bound);
        }
        super.bytesToUnitRange(bytes, bytesOffset + bound, out, outOffset + bound, n - bound);
    }

    /** Divides by the reciprocal and makes good what that loses: the quotient itself for all 256 bytes, in less time. */
    private static void bytesToUnitRangeInLanes(byte[] bytes, int bytesOffset, float[] out, int outOffset, int bound) {
        IntVector unsigned = IntVector.broadcast(Lanes.INTS, 0xff);
        FloatVector minus = broadcast(FLOATS, -255f);
        FloatVector reciprocals = broadcast(FLOATS, 1f / 255f);
        for (int i = 0; i < bound; i += COUNT) {
            ByteVector signed = ByteVector.fromArray(Lanes.BYTES, bytes, bytesOffset + i);
            IntVector whole = (IntVector) signed.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
            FloatVector value = (FloatVector) whole.and(unsigned).convertShape(VectorOperators.I2F, FLOATS, 0);
            FloatVector quotient = value.mul(reciprocals);
            quotient.fma(minus, value).fma(reciprocals, quotient).intoArray(out, outOffset + i);
        }
    }

    @Override
    void dropoutMask(long key, long threshold, float value, MatrixView out, int from, int to) {
        int bound = FLOATS.loopBound(to - from);
        // Ints compare signed: both sides have their highest bit flipped.
        keepIfLess(SplitMix.skip(key, from / 2), (int) (threshold ^ 0x8000_0000L), Float.floatToRawIntBits(value), out.data,
                out.offset + from, bound);
        super.dropoutMask(key, threshold, value, out, from + bound, to);
    }

    /** A lane of 64 bits is one of 32 for each of two elements. */
    private static void keepIfLess(long key, int threshold, int bits, float[] out, int outOffset, int bound) {
        LongVector first = LongVector.fromArray(Lanes.Longs.SPECIES, SplitMix.FIRST, 0).add(key);
        IntVector sign = IntVector.broadcast(Lanes.INTS, Integer.MIN_VALUE);
        IntVector thresholds = IntVector.broadcast(Lanes.INTS, threshold);
        IntVector values = IntVector.broadcast(Lanes.INTS, bits);
        IntVector zero = IntVector.zero(Lanes.INTS);
        for (int i = 0; i < bound; i += COUNT) {
            LongVector z = first.add((i / 2) * SplitMix.STEP);
            z = z.lanewise(VectorOperators.LSHR, 30).lanewise(VectorOperators.XOR, z).mul(SplitMix.MULTIPLIER_1);
            z = z.lanewise(VectorOperators.LSHR, 27).lanewise(VectorOperators.XOR, z).mul(SplitMix.MULTIPLIER_2);
            z = z.lanewise(VectorOperators.LSHR, 31).lanewise(VectorOperators.XOR, z);
            IntVector random = z.reinterpretAsInts().lanewise(VectorOperators.XOR, sign);
            IntVector kept = zero.blend(values, random.compare(VectorOperators.LT, thresholds));
            kept.reinterpretAsFloats().intoArray(out, outOffset + i);
        }
    }

    @Override
    void scaleAndClip(MatrixView x, float factor, float min, float max, MatrixView out, int from, int to) {
        int bound = FLOATS.loopBound(to - from);
        scaleAndClip(x.data, x.offset + from, factor, min, max, out.data, out.offset + from, bound);
        super.scaleAndClip(x, factor, min, max, out, from + bound, to);
    }

    private static void scaleAndClip(float[] x, int xOffset, float factor, float min, float max, float[] out, int outOffset,
            int bound) {
        FloatVector factors = broadcast(FLOATS, factor);
        FloatVector minima = broadcast(FLOATS, min);
        FloatVector maxima = broadcast(FLOATS, max);
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, x, xOffset + i).mul(factors).max(minima).min(maxima).intoArray(out, outOffset + i);
        }
    }
}
