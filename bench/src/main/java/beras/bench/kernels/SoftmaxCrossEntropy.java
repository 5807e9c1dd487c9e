package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.kernels.RowLosses;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Cross-entropy of softmax and its gradient, from the results of softmax: the loss's part of a training step. */
public class SoftmaxCrossEntropy extends Checked {

    /** Batch x classes. */
    @Param("128x10")
    public String shape;

    private int rows;
    private int cols;
    private float[] logits;
    private float[] labels;
    private float[] losses;
    private float[] gradient;
    private MatrixView inputs;
    private MatrixView truth;
    private MatrixView probabilities;
    private MatrixView logSumExp;
    private MatrixView perRow;
    private MatrixView toLogits;

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        rows = sizes[0];
        cols = sizes[1];
        logits = Inputs.uniform(rows * cols, -10, 10, 1);
        labels = Inputs.oneHot(rows, cols, 2);
        losses = new float[rows];
        gradient = new float[rows * cols];
        inputs = new MatrixView(logits, 0, rows, cols);
        truth = new MatrixView(labels, 0, rows, cols);
        probabilities = new MatrixView(new float[rows * cols], 0, rows, cols);
        logSumExp = new MatrixView(new float[rows]);
        perRow = new MatrixView(losses);
        toLogits = new MatrixView(gradient, 0, rows, cols);
        Backend.softmaxes().softmax(inputs, probabilities, logSumExp);
    }

    @Override
    protected void call() {
        RowLosses kernels = Backend.rowLosses();
        kernels.softmaxCrossEntropy(inputs, logSumExp, truth, perRow);
        kernels.softmaxCrossEntropyGradient(probabilities, truth, 1f / rows, toLogits);
    }

    @Override
    protected void check() {
        for (int r = 0; r < rows; r++) {
            int row = r * cols;
            double sum = 0;
            for (int i = row; i < row + cols; i++) {
                sum += Math.exp(logits[i]);
            }
            double loss = 0;
            for (int i = row; i < row + cols; i++) {
                loss += labels[i] * (Math.log(sum) - logits[i]);
                requireClose("gradient", i, gradient[i], (Math.exp(logits[i]) / sum - labels[i]) / rows, 1e-7);
            }
            requireClose("losses", r, losses[r], loss, 1e-5);
        }
    }

    @Benchmark
    public void softmaxCrossEntropy(Elements done) {
        call();
        done.elements += gradient.length;
    }
}
