package beras.bench.kernels;

import beras.kernels.Backend;
import beras.kernels.Kernels;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Cross-entropy of softmax and its gradient, from what softmax left: the loss's part of a training step. */
public class SoftmaxCrossEntropy extends Checked {

    /** Batch x classes. */
    @Param("128x10")
    public String shape;

    private int rows;
    private int cols;
    private float[] logits;
    private float[] labels;
    private float[] probabilities;
    private float[] logSumExp;
    private float[] losses;
    private float[] gradient;

    @Override
    protected void prepare() {
        int[] sizes = Inputs.sizes(shape);
        rows = sizes[0];
        cols = sizes[1];
        logits = Inputs.uniform(rows * cols, -10, 10, 1);
        labels = Inputs.oneHot(rows, cols, 2);
        probabilities = new float[rows * cols];
        logSumExp = new float[rows];
        losses = new float[rows];
        gradient = new float[rows * cols];
        Backend.kernels().softmax(logits, 0, rows, cols, probabilities, 0, logSumExp, 0);
    }

    @Override
    protected void call() {
        Kernels kernels = Backend.kernels();
        kernels.softmaxCrossEntropy(logits, 0, logSumExp, 0, labels, 0, rows, cols, losses, 0);
        kernels.softmaxCrossEntropyGradient(probabilities, 0, labels, 0, rows, cols, 1f / rows, gradient, 0);
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
