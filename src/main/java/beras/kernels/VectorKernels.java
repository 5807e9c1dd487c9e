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
 * The kernels in vector lanes.
 *
 * <p>Each method runs its hot loop over whole vectors and leaves the last few elements to {@link ScalarKernels}, which
 * computes the same bits. Loops over masks or gathers are avoided: they are not intrinsic on every JDK. A vector that is
 * carried through a loop is an argument, never the receiver, of what is done in the loop: while a loop is parsed, its type is
 * not known exactly, and a call on it may put it on the heap.
 */
final class VectorKernels extends ScalarKernels {

    /** Rows of a softmax that are transposed at a time, within the first-level cache. */
    private static final int NARROW_ROWS = 128;

    @Override
    public void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        VectorGemm.gemm(transposeA, transposeB, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
    }

    @Override
    public void biasActivation(UnaryOp op, float alpha, float[] y, int yOffset, int rows, int cols, float[] bias,
            int biasOffset) {
        if (op != UnaryOp.RELU) {
            super.biasActivation(op, alpha, y, yOffset, rows, cols, bias, biasOffset);
            return;
        }
        int bound = FLOATS.loopBound(cols);
        for (int r = 0; r < rows; r++) {
            int row = yOffset + r * cols;
            biasRelu(y, row, bias, biasOffset, bound);
            for (int c = bound; c < cols; c++) {
                y[row + c] = Math.max(y[row + c] + bias[biasOffset + c], 0f);
            }
        }
    }

    private static void biasRelu(float[] y, int yOffset, float[] bias, int biasOffset, int bound) {
        FloatVector zero = broadcast(FLOATS, 0f);
        for (int c = 0; c < bound; c += COUNT) {
            fromArray(FLOATS, y, yOffset + c).add(fromArray(FLOATS, bias, biasOffset + c)).max(zero).intoArray(y, yOffset + c);
        }
    }

    // --------------------------------------------------------------------------------------------- elementwise

    @Override
    public void map(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        switch (op) {
            case LINEAR -> System.arraycopy(x, xOffset, y, yOffset, bound);
            case RELU -> relu(x, xOffset, y, yOffset, bound);
            case LEAKY_RELU -> leakyRelu(alpha, x, xOffset, y, yOffset, bound);
            case SIGMOID -> VectorMath.sigmoid(x, xOffset, y, yOffset, bound);
            case TANH -> VectorMath.tanh(x, xOffset, y, yOffset, bound);
            case EXP -> VectorMath.exp(x, xOffset, 0f, y, yOffset, bound);
            case LOG -> VectorMath.log(x, xOffset, y, yOffset, bound);
            case SQRT -> sqrt(x, xOffset, y, yOffset, bound);
            case ELU -> VectorMath.elu(1f, alpha, x, xOffset, y, yOffset, bound);
            case SELU -> VectorMath.elu(FloatMath.SELU_SCALE, FloatMath.SELU_DEPTH, x, xOffset, y, yOffset, bound);
            case GELU -> VectorMath.gelu(x, xOffset, y, yOffset, bound);
            case GELU_TANH -> VectorMath.geluTanh(x, xOffset, y, yOffset, bound);
            case SILU -> VectorMath.silu(x, xOffset, y, yOffset, bound);
            case SOFTPLUS -> VectorMath.softplus(x, xOffset, y, yOffset, bound);
            default -> bound = 0; // not on any hot path
        }
        super.map(op, alpha, x, xOffset + bound, y, yOffset + bound, n - bound);
    }

    private static void relu(float[] x, int xOffset, float[] y, int yOffset, int bound) {
        FloatVector zero = broadcast(FLOATS, 0f);
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, x, xOffset + i).max(zero).intoArray(y, yOffset + i);
        }
    }

    private static void leakyRelu(float alpha, float[] x, int xOffset, float[] y, int yOffset, int bound) {
        FloatVector zero = broadcast(FLOATS, 0f);
        FloatVector slope = broadcast(FLOATS, alpha);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            v.mul(slope).blend(v, v.compare(VectorOperators.GT, zero)).intoArray(y, yOffset + i);
        }
    }

    private static void sqrt(float[] x, int xOffset, float[] y, int yOffset, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, x, xOffset + i).sqrt().intoArray(y, yOffset + i);
        }
    }

    @Override
    public void mapGradient(UnaryOp op, float alpha, float[] x, int xOffset, float[] y, int yOffset, float[] upstream,
            int upstreamOffset, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        switch (op) {
            case RELU, LEAKY_RELU ->
                leakyReluGradient(op == UnaryOp.RELU ? 0f : alpha, x, xOffset, upstream, upstreamOffset, out, outOffset, bound);
            case SIGMOID -> sigmoidGradient(y, yOffset, upstream, upstreamOffset, out, outOffset, bound);
            case TANH -> tanhGradient(y, yOffset, upstream, upstreamOffset, out, outOffset, bound);
            case EXP -> multiply(upstream, upstreamOffset, y, yOffset, out, outOffset, bound);
            case ELU -> eluGradient(1f, alpha, y, yOffset, upstream, upstreamOffset, out, outOffset, bound);
            case SELU -> eluGradient(FloatMath.SELU_SCALE, FloatMath.SELU_DEPTH, y, yOffset, upstream, upstreamOffset, out,
                    outOffset, bound);
            case GELU -> VectorMath.geluGradient(x, xOffset, upstream, upstreamOffset, out, outOffset, bound);
            case GELU_TANH -> VectorMath.geluTanhGradient(x, xOffset, upstream, upstreamOffset, out, outOffset, bound);
            case SILU -> VectorMath.siluGradient(x, xOffset, upstream, upstreamOffset, out, outOffset, bound);
            case SOFTPLUS -> VectorMath.softplusGradient(y, yOffset, upstream, upstreamOffset, out, outOffset, bound);
            default -> bound = 0; // not on any hot path
        }
        super.mapGradient(op, alpha, x, xOffset + bound, y, yOffset + bound, upstream, upstreamOffset + bound, out,
                outOffset + bound, n - bound);
    }

    private static void leakyReluGradient(float alpha, float[] x, int xOffset, float[] upstream, int upstreamOffset, float[] out,
            int outOffset, int bound) {
        FloatVector zero = broadcast(FLOATS, 0f);
        FloatVector one = broadcast(FLOATS, 1f);
        FloatVector below = broadcast(FLOATS, alpha);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector v = fromArray(FLOATS, x, xOffset + i);
            FloatVector slope = zero.blend(below, v.compare(VectorOperators.LT, zero))
                    .blend(one, v.compare(VectorOperators.GT, zero));
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(slope).intoArray(out, outOffset + i);
        }
    }

    private static void sigmoidGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, float[] out, int outOffset,
            int bound) {
        FloatVector one = broadcast(FLOATS, 1f);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector v = fromArray(FLOATS, y, yOffset + i);
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(v.mul(one.sub(v))).intoArray(out, outOffset + i);
        }
    }

    private static void tanhGradient(float[] y, int yOffset, float[] upstream, int upstreamOffset, float[] out, int outOffset,
            int bound) {
        FloatVector one = broadcast(FLOATS, 1f);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector v = fromArray(FLOATS, y, yOffset + i);
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(v.neg().fma(v, one)).intoArray(out, outOffset + i);
        }
    }

    /** From the output: {@code scale} above 0, {@code y + depth} below. */
    private static void eluGradient(float scale, float depth, float[] y, int yOffset, float[] upstream, int upstreamOffset,
            float[] out, int outOffset, int bound) {
        FloatVector zero = broadcast(FLOATS, 0f);
        FloatVector scales = broadcast(FLOATS, scale);
        FloatVector depths = broadcast(FLOATS, depth);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector v = fromArray(FLOATS, y, yOffset + i);
            FloatVector slope = v.add(depths).blend(scales, v.compare(VectorOperators.GT, zero));
            fromArray(FLOATS, upstream, upstreamOffset + i).mul(slope).intoArray(out, outOffset + i);
        }
    }

    @Override
    public void zip(BinaryOp op, float[] a, int aOffset, int aStep, float[] b, int bOffset, int bStep, float[] y, int yOffset,
            int n) {
        int bound = 0;
        if (aStep == 1 && bStep == 1) {
            bound = FLOATS.loopBound(n);
            switch (op) {
                case ADD -> add(a, aOffset, b, bOffset, y, yOffset, bound);
                case SUBTRACT -> subtract(a, aOffset, b, bOffset, y, yOffset, bound);
                case MULTIPLY -> multiply(a, aOffset, b, bOffset, y, yOffset, bound);
                default -> bound = 0; // not on any hot path
            }
        }
        super.zip(op, a, aOffset + bound * aStep, aStep, b, bOffset + bound * bStep, bStep, y, yOffset + bound, n - bound);
    }

    private static void add(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, a, aOffset + i).add(fromArray(FLOATS, b, bOffset + i)).intoArray(y, yOffset + i);
        }
    }

    private static void subtract(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, a, aOffset + i).sub(fromArray(FLOATS, b, bOffset + i)).intoArray(y, yOffset + i);
        }
    }

    private static void multiply(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, a, aOffset + i).mul(fromArray(FLOATS, b, bOffset + i)).intoArray(y, yOffset + i);
        }
    }

    private static void divide(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, a, aOffset + i).div(fromArray(FLOATS, b, bOffset + i)).intoArray(y, yOffset + i);
        }
    }

    private static void maximum(float[] a, int aOffset, float[] b, int bOffset, float[] y, int yOffset, int bound) {
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, a, aOffset + i).max(fromArray(FLOATS, b, bOffset + i)).intoArray(y, yOffset + i);
        }
    }

    @Override
    public void unitFloats(byte[] bytes, int bytesOffset, float[] out, int outOffset, int n) {
        int bound = 0;
        if (Lanes.BYTES != null) {
            bound = FLOATS.loopBound(n);
            unitFloatLanes(bytes, bytesOffset, out, outOffset, bound);
        }
        super.unitFloats(bytes, bytesOffset + bound, out, outOffset + bound, n - bound);
    }

    private static void unitFloatLanes(byte[] bytes, int bytesOffset, float[] out, int outOffset, int bound) {
        IntVector unsigned = IntVector.broadcast(Lanes.INTS, 0xff);
        FloatVector most = broadcast(FLOATS, 255f);
        for (int i = 0; i < bound; i += COUNT) {
            ByteVector signed = ByteVector.fromArray(Lanes.BYTES, bytes, bytesOffset + i);
            IntVector whole = (IntVector) signed.convertShape(VectorOperators.B2I, Lanes.INTS, 0);
            FloatVector value = (FloatVector) whole.and(unsigned).convertShape(VectorOperators.I2F, FLOATS, 0);
            value.div(most).intoArray(out, outOffset + i);
        }
    }

    // ---------------------------------------------------------------------------------------------- reductions

    @Override
    float blockSum(float[] x, int offset, int n, float[] lanes) {
        if (n < FloatMath.LANES) {
            return super.blockSum(x, offset, n, lanes); // no vector to add, and one of zeros might go to the heap
        }
        // A vector of fewer than 16 lanes takes the row in several passes, each for its share of the 16 virtual lanes.
        int whole = n - n % FloatMath.LANES;
        for (int lane = 0; lane < FloatMath.LANES; lane += COUNT) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = lane; i < whole; i += FloatMath.LANES) {
                sum = fromArray(FLOATS, x, offset + i).add(sum);
            }
            sum.intoArray(lanes, lane);
        }
        for (int i = whole; i < n; i++) {
            lanes[i - whole] += x[offset + i];
        }
        return FloatMath.foldSum(lanes);
    }

    @Override
    float rowMaximum(float[] x, int offset, int n) {
        int bound = FLOATS.loopBound(n);
        if (bound < 2 * COUNT) {
            return super.rowMaximum(x, offset, n);
        }
        FloatVector max = fromArray(FLOATS, x, offset);
        for (int i = COUNT; i < bound; i += COUNT) {
            max = fromArray(FLOATS, x, offset + i).max(max);
        }
        // The largest is the largest in any order, so this reduction is safe.
        return Math.max(max.reduceLanes(VectorOperators.MAX), super.rowMaximum(x, offset + bound, n - bound));
    }

    // ------------------------------------------------------------------------------- softmax and cross-entropy

    @Override
    public void softmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset, float[] logSumExp,
            int logSumExpOffset) {
        int bound = cols > 0 && cols <= FloatMath.LANES ? FLOATS.loopBound(rows) : 0;
        for (int r = 0; r < bound; r += NARROW_ROWS) {
            narrowSoftmax(x, xOffset + r * cols, Math.min(NARROW_ROWS, bound - r), cols, y, yOffset + r * cols, logSumExp,
                    logSumExpOffset + r);
        }
        super.softmax(x, xOffset + bound * cols, rows - bound, cols, y, yOffset + bound * cols, logSumExp,
                logSumExpOffset + bound);
    }

    /** Softmax of rows so short that a row would leave lanes empty: transposed, so that a lane has a row. */
    private static void narrowSoftmax(float[] x, int xOffset, int rows, int cols, float[] y, int yOffset, float[] logSumExp,
            int logSumExpOffset) {
        int size = rows * cols;
        int columns = rows * FloatMath.LANES; // those beyond the last are zero
        int sums = columns;
        int maxima = sums + columns / 2;
        float[] e = Scratch.floats(maxima + rows);
        for (int c = 0; c < cols; c++) {
            gather(rows, x, xOffset + c, cols, e, c * rows);
        }
        Arrays.fill(e, size, columns, 0f);
        System.arraycopy(e, 0, e, maxima, rows);
        for (int i = rows; i < size; i += rows) {
            maximum(e, i, e, maxima, e, maxima, rows);
        }
        for (int i = 0; i < size; i += rows) {
            subtract(e, i, e, maxima, e, i, rows);
        }
        VectorMath.exp(e, 0, 0f, e, 0, size);
        add(e, 0, e, columns / 2, e, sums, columns / 2); // the tree of FloatMath.foldSum
        for (int half = columns / 4; half >= rows; half /= 2) {
            add(e, sums, e, sums + half, e, sums, half);
        }
        for (int i = 0; i < size; i += rows) {
            divide(e, i, e, sums, e, i, rows);
        }
        for (int c = 0; c < cols; c++) {
            scatter(rows, e, c * rows, y, yOffset + c, cols);
        }
        if (logSumExp != null) {
            VectorMath.log(e, sums, e, sums, rows);
            add(e, maxima, e, sums, logSumExp, logSumExpOffset, rows);
        }
    }

    // Places are counted by steps: an index that is a product is multiplied, and its range checked, for each element anew.
    private static void gather(int n, float[] x, int xOffset, int step, float[] y, int yOffset) {
        for (int i = 0, at = xOffset; i < n; i++, at += step) {
            y[yOffset + i] = x[at];
        }
    }

    private static void scatter(int n, float[] x, int xOffset, float[] y, int yOffset, int step) {
        for (int i = 0, at = yOffset; i < n; i++, at += step) {
            y[at] = x[xOffset + i];
        }
    }

    @Override
    void expOfDifference(float[] x, int xOffset, float shift, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        VectorMath.exp(x, xOffset, shift, y, yOffset, bound);
        super.expOfDifference(x, xOffset + bound, shift, y, yOffset + bound, n - bound);
    }

    @Override
    void divide(float[] y, int yOffset, float divisor, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector divisors = broadcast(FLOATS, divisor);
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, y, yOffset + i).div(divisors).intoArray(y, yOffset + i);
        }
        super.divide(y, yOffset + bound, divisor, n - bound);
    }

    // --------------------------------------------------------------------------------------------- dropout

    @Override
    public void dropoutMask(long key, long threshold, float value, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        keepIfLess(key, (int) (threshold ^ 0x8000_0000L), Float.floatToRawIntBits(value), out, outOffset, bound);
        super.dropoutMask(SplitMix.skip(key, bound / 2), threshold, value, out, outOffset + bound, n - bound);
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

    // ---------------------------------------------------------------------------------------------- optimizers

    @Override
    public void scaleAndClip(float[] x, int xOffset, float factor, float limit, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector factors = broadcast(FLOATS, factor);
        FloatVector least = broadcast(FLOATS, -limit);
        FloatVector most = broadcast(FLOATS, limit);
        for (int i = 0; i < bound; i += COUNT) {
            fromArray(FLOATS, x, xOffset + i).mul(factors).max(least).min(most).intoArray(out, outOffset + i);
        }
        super.scaleAndClip(x, xOffset + bound, factor, limit, out, outOffset + bound, n - bound);
    }

    // -------------------------------------------------------------------------------------------- regularizers

    @Override
    public void weightPenaltyGradient(float[] w, int wOffset, float l1, float l2, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector slope = broadcast(FLOATS, 2f * l2);
        FloatVector zero = broadcast(FLOATS, 0f);
        FloatVector up = broadcast(FLOATS, l1);
        FloatVector down = broadcast(FLOATS, -l1);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector wi = fromArray(FLOATS, w, wOffset + i);
            FloatVector step = zero.blend(up, wi.compare(VectorOperators.GT, zero))
                    .blend(down, wi.compare(VectorOperators.LT, zero));
            slope.fma(wi, step).intoArray(out, outOffset + i);
        }
        super.weightPenaltyGradient(w, wOffset + bound, l1, l2, out, outOffset + bound, n - bound);
    }
}
