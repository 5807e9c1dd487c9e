package beras.kernels;

import static beras.kernels.Lanes.COUNT;
import static beras.kernels.Lanes.FLOATS;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/** {@link Normalizations} with SIMD. */
final class VectorNormalizations extends ScalarNormalizations {

    VectorNormalizations() {
        super(new VectorSums(), new VectorElements());
    }

    @Override
    void addProducts(int rows, float[] a, int aOffset, int aStride, float[] aShift, int aShiftOffset, float[] b, int bOffset,
            int bStride, float[] bShift, int bShiftOffset, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += COUNT) {
            addProductsOfVector(rows, a, aOffset + i, aStride, aShift, aShiftOffset + i, b, bOffset + i, bStride, bShift,
                    bShiftOffset + i, out, outOffset + i);
        }
        super.addProducts(rows, a, aOffset + bound, aStride, aShift, aShiftOffset + bound, b, bOffset + bound, bStride, bShift,
                bShiftOffset + bound, out, outOffset + bound, n - bound);
    }

    /** The sum stays in a register: one in memory would wait for that of the row before. */
    private static void addProductsOfVector(int rows, float[] a, int aOffset, int aStride, float[] aShift, int aShiftOffset,
            float[] b, int bOffset, int bStride, float[] bShift, int bShiftOffset, float[] out, int outOffset) {
        if (rows == 0) { // as the warm-up calls it most
            return;
        }
        FloatVector ofA = fromArray(FLOATS, aShift, aShiftOffset);
        FloatVector ofB = fromArray(FLOATS, bShift, bShiftOffset);
        FloatVector sum = fromArray(FLOATS, out, outOffset);
        for (int r = 0; r < rows; r++) {
            FloatVector ai = fromArray(FLOATS, a, aOffset + r * aStride).sub(ofA);
            sum = ai.fma(fromArray(FLOATS, b, bOffset + r * bStride).sub(ofB), sum);
        }
        sum.intoArray(out, outOffset);
    }

    @Override
    void normalize(float[] x, int xOffset, float[] mean, int meanOffset, float[] scale, int scaleOffset, float[] shift,
            int shiftOffset, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector centered = fromArray(FLOATS, x, xOffset + i).sub(fromArray(FLOATS, mean, meanOffset + i));
            centered.fma(fromArray(FLOATS, scale, scaleOffset + i), fromArray(FLOATS, shift, shiftOffset + i))
                    .intoArray(y, yOffset + i);
        }
        super.normalize(x, xOffset + bound, mean, meanOffset + bound, scale, scaleOffset + bound, shift, shiftOffset + bound, y,
                yOffset + bound, n - bound);
    }

    @Override
    void normalizeGradient(float[] upstream, int upstreamOffset, float[] upstreamMean, int upstreamMeanOffset, float[] scale,
            int scaleOffset, float[] x, int xOffset, float[] mean, int meanOffset, float[] slope, int slopeOffset, float[] out,
            int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector means = fromArray(FLOATS, upstreamMean, upstreamMeanOffset + i);
            FloatVector centered = fromArray(FLOATS, upstream, upstreamOffset + i).sub(means);
            FloatVector below = fromArray(FLOATS, mean, meanOffset + i).sub(fromArray(FLOATS, x, xOffset + i));
            below.fma(fromArray(FLOATS, slope, slopeOffset + i), centered.mul(fromArray(FLOATS, scale, scaleOffset + i)))
                    .intoArray(out, outOffset + i);
        }
        super.normalizeGradient(upstream, upstreamOffset + bound, upstreamMean, upstreamMeanOffset + bound, scale,
                scaleOffset + bound, x, xOffset + bound, mean, meanOffset + bound, slope, slopeOffset + bound, out,
                outOffset + bound, n - bound);
    }

    @Override
    void squaredDifferences(float[] x, int xOffset, float shift, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector shifts = broadcast(FLOATS, shift);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector d = fromArray(FLOATS, x, xOffset + i).sub(shifts);
            d.mul(d).intoArray(out, outOffset + i);
        }
        super.squaredDifferences(x, xOffset + bound, shift, out, outOffset + bound, n - bound);
    }

    @Override
    void normalizeRow(float[] x, int xOffset, float mean, float inverse, float[] scale, int scaleOffset, float[] shift,
            int shiftOffset, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector means = broadcast(FLOATS, mean);
        FloatVector inverses = broadcast(FLOATS, inverse);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector normalized = fromArray(FLOATS, x, xOffset + i).sub(means).mul(inverses);
            normalized.fma(fromArray(FLOATS, scale, scaleOffset + i), fromArray(FLOATS, shift, shiftOffset + i))
                    .intoArray(y, yOffset + i);
        }
        super.normalizeRow(x, xOffset + bound, mean, inverse, scale, scaleOffset + bound, shift, shiftOffset + bound, y,
                yOffset + bound, n - bound);
    }

    @Override
    void multiplyByNormalized(float[] x, int xOffset, float mean, float inverse, float[] terms, int termsOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector means = broadcast(FLOATS, mean);
        FloatVector inverses = broadcast(FLOATS, inverse);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector normalized = fromArray(FLOATS, x, xOffset + i).sub(means).mul(inverses);
            fromArray(FLOATS, terms, termsOffset + i).mul(normalized).intoArray(terms, termsOffset + i);
        }
        super.multiplyByNormalized(x, xOffset + bound, mean, inverse, terms, termsOffset + bound, n - bound);
    }

    @Override
    void normalizeRowGradient(float[] x, int xOffset, float mean, float inverse, float[] scale, int scaleOffset,
            float[] upstream, int upstreamOffset, float a, float b, float[] out, int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector means = broadcast(FLOATS, mean);
        FloatVector inverses = broadcast(FLOATS, inverse);
        FloatVector as = broadcast(FLOATS, a);
        FloatVector down = broadcast(FLOATS, -b);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector scaled = fromArray(FLOATS, upstream, upstreamOffset + i).mul(fromArray(FLOATS, scale, scaleOffset + i));
            FloatVector normalized = fromArray(FLOATS, x, xOffset + i).sub(means).mul(inverses);
            normalized.fma(down, scaled.sub(as)).mul(inverses).intoArray(out, outOffset + i);
        }
        super.normalizeRowGradient(x, xOffset + bound, mean, inverse, scale, scaleOffset + bound, upstream,
                upstreamOffset + bound, a, b, out, outOffset + bound, n - bound);
    }

    @Override
    void addNormalized(float[] x, int xOffset, float mean, float inverse, float[] upstream, int upstreamOffset, float[] out,
            int outOffset, int n) {
        int bound = FLOATS.loopBound(n);
        FloatVector means = broadcast(FLOATS, mean);
        FloatVector inverses = broadcast(FLOATS, inverse);
        for (int i = 0; i < bound; i += COUNT) {
            FloatVector normalized = fromArray(FLOATS, x, xOffset + i).sub(means).mul(inverses);
            normalized.fma(fromArray(FLOATS, upstream, upstreamOffset + i), fromArray(FLOATS, out, outOffset + i))
                    .intoArray(out, outOffset + i);
        }
        super.addNormalized(x, xOffset + bound, mean, inverse, upstream, upstreamOffset + bound, out, outOffset + bound,
                n - bound);
    }
}
