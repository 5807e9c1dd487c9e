package beras.kernels;

import static beras.kernels.Lanes.FLOATS;

/** {@link Softmaxes} with SIMD. */
final class VectorSoftmaxes extends ScalarSoftmaxes {

    /** For rows shorter than a vector: scalar code is compiled at once. */
    private final ScalarSoftmaxes scalar = Softmaxes.scalar();

    VectorSoftmaxes() {
        super(new VectorSums(), new VectorElements(), new VectorRowLoops());
    }

    @Override
    void softmax(MatrixView x, MatrixView y, MatrixView logSumExp, int from, int to) {
        if (x.cols > FloatMath.LANES) {
            super.softmax(x, y, logSumExp, from, to);
        } else {
            scalar.softmax(x, y, logSumExp, from, to);
        }
    }

    @Override
    void expOfDifference(float[] x, int xOffset, float shift, float[] y, int yOffset, int n) {
        int bound = FLOATS.loopBound(n);
        VectorMath.exp(x, xOffset, shift, y, yOffset, bound);
        super.expOfDifference(x, xOffset + bound, shift, y, yOffset + bound, n - bound);
    }
}
