package beras.kernels;

import static beras.kernels.ScalarUpdates.FIRST_MOMENT_ROUNDER;

/** The definition of {@link RowLosses}, in plain Java. */
final class ScalarRowLosses {

    private final ScalarSums sums;
    private final ScalarElements elements;

    ScalarRowLosses(ScalarSums sums, ScalarElements elements) {
        this.sums = sums;
        this.elements = elements;
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

    void crossEntropy(MatrixView p, MatrixView t, float epsilon, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        int cols = p.cols;
        float[] terms = Scratch.floats(cols);
        for (int r = from; r < to; r++) {
            int pr = p.row(r);
            int tr = t.row(r);
            for (int i = 0; i < cols; i++) {
                float ti = t.data[tr + i];
                terms[i] = ti == 0f ? 0f : -ti * ScalarMath.log(FloatMath.clip(p.data[pr + i], epsilon));
            }
            out.data[out.offset + r] = sums.rowSum(terms, 0, cols, lanes);
        }
    }

    void crossEntropyGradient(MatrixView p, MatrixView t, float epsilon, float scale, MatrixView out, int from, int to) {
        for (int i = from; i < to; i++) {
            float ti = t.data[t.offset + i];
            out.data[out.offset + i] = ti == 0f ? 0f : -(ti / FloatMath.clip(p.data[p.offset + i], epsilon)) * scale;
        }
    }

    void normalizedCrossEntropyGradient(MatrixView p, MatrixView t, float epsilon, float scale, MatrixView out, int from,
            int to) {
        float[] lanes = Scratch.lanes();
        int cols = p.cols;
        float[] counted = Scratch.floats(cols);
        for (int r = from; r < to; r++) {
            int pr = p.row(r);
            int tr = t.row(r);
            int or = out.row(r);
            float sum = sums.rowSum(p.data, pr, cols, lanes);
            for (int i = 0; i < cols; i++) {
                counted[i] = FloatMath.clips(p.data[pr + i] / sum, epsilon) ? 0f : t.data[tr + i];
            }
            float truth = sums.rowSum(counted, 0, cols, lanes);
            for (int i = 0; i < cols; i++) {
                float share = counted[i] == 0f ? 0f : counted[i] / (p.data[pr + i] / sum);
                out.data[or + i] = (truth - share) / sum * scale;
            }
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

    void negativeCosine(MatrixView p, MatrixView t, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        float[] terms = Scratch.floats(p.cols);
        for (int r = from; r < to; r++) {
            float pNorm = Math.max(length(p, r, terms, lanes), ScalarMath.EPSILON);
            float tNorm = Math.max(length(t, r, terms, lanes), ScalarMath.EPSILON);
            out.data[out.offset + r] = -(dot(p, t, r, terms, lanes) / pNorm / tNorm);
        }
    }

    void negativeCosineGradient(MatrixView p, MatrixView t, float scale, MatrixView out, int from, int to) {
        float[] lanes = Scratch.lanes();
        int cols = p.cols;
        float[] terms = Scratch.floats(cols);
        for (int r = from; r < to; r++) {
            int pr = p.row(r);
            int tr = t.row(r);
            int or = out.row(r);
            float length = length(p, r, terms, lanes);
            boolean normIsConstant = length <= ScalarMath.EPSILON; // then only the product depends on p
            float pNorm = Math.max(length, ScalarMath.EPSILON);
            float tNorm = Math.max(length(t, r, terms, lanes), ScalarMath.EPSILON);
            float cosine = normIsConstant ? 0f : dot(p, t, r, terms, lanes) / pNorm / tNorm;
            for (int i = 0; i < cols; i++) {
                out.data[or + i] = (cosine * (p.data[pr + i] / pNorm) - t.data[tr + i] / tNorm) / pNorm * scale;
            }
        }
    }

    /** The length of row {@code r} as a vector. */
    private float length(MatrixView x, int r, float[] terms, float[] lanes) {
        return (float) Math.sqrt(dot(x, x, r, terms, lanes));
    }

    private float dot(MatrixView a, MatrixView b, int r, float[] terms, float[] lanes) {
        elements.products(a.data, a.row(r), b.data, b.row(r), terms, 0, a.cols);
        return sums.rowSum(terms, 0, a.cols, lanes);
    }
}
