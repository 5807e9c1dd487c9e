package beras.kernels;

import static beras.kernels.ScalarUpdates.FIRST_MOMENT_ROUNDER;

/** The definition of {@link RowLosses}, in plain Java. */
final class ScalarRowLosses {

    private final ScalarSums sums;

    ScalarRowLosses(ScalarSums sums) {
        this.sums = sums;
    }

    void losses(LossOp op, float alpha, MatrixView p, MatrixView t, float divisor, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        int cols = p.cols;
        float[] terms = Scratch.floats(cols);
        for (int r = from; r < to; r++) {
            int pr = p.row(r);
            int tr = t.row(r);
            for (int i = 0; i < cols; i++) {
                terms[i] = LossMath.apply(op, alpha, p.data[pr + i], t.data[tr + i]);
            }
            out.data[out.offset + r] = sums.rowSum(terms, 0, cols, lanes) / divisor;
        }
    }

    void lossGradient(LossOp op, float alpha, MatrixView p, MatrixView t, float scale, MatrixView out, int from, int to) {
        for (int i = from; i < to; i++) {
            out.data[out.offset + i] =
                    LossMath.derivative(op, alpha, p.data[p.offset + i], t.data[t.offset + i]) * scale;
        }
    }

    void softmaxCrossEntropy(MatrixView x, MatrixView logSumExp, MatrixView t, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        int cols = x.cols;
        float[] terms = Scratch.floats(cols);
        for (int r = from; r < to; r++) {
            int xr = x.row(r);
            int tr = t.row(r);
            float log = logSumExp.data[logSumExp.offset + r];
            for (int i = 0; i < cols; i++) {
                float ti = t.data[tr + i];
                terms[i] = ti == 0f ? 0f : ti * (log - x.data[xr + i]);
            }
            out.data[out.offset + r] = sums.rowSum(terms, 0, cols, lanes);
        }
    }

    void softmaxCrossEntropyGradient(MatrixView p, MatrixView t, float scale, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        int cols = p.cols;
        for (int r = from; r < to; r++) {
            int pr = p.row(r);
            int tr = t.row(r);
            int or = out.row(r);
            float sum = sums.rowSum(t.data, tr, cols, lanes);
            for (int i = 0; i < cols; i++) {
                float gradient = (p.data[pr + i] * sum - t.data[tr + i]) * scale;
                out.data[or + i] = gradient + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
            }
        }
    }

    void softmaxCrossEntropyOfLabelsGradient(MatrixView p, MatrixView labels, float scale, MatrixView out, int from, int to) {
        for (int r = from; r < to; r++) {
            int pr = p.row(r);
            int or = out.row(r);
            int label = (int) labels.data[labels.offset + r];
            boolean isClass = label >= 0 && label < p.cols;
            float own = isClass ? p.data[pr + label] - 1f : 0f; // read before it is written over
            float factor = isClass ? scale : 0f;
            for (int i = 0; i < p.cols; i++) {
                out.data[or + i] = p.data[pr + i] * factor + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
            }
            if (isClass) {
                out.data[or + label] = own * scale + FIRST_MOMENT_ROUNDER - FIRST_MOMENT_ROUNDER;
            }
        }
    }
}
