package beras.bench.kernels;

/** The baseline of {@link Softmax}: plain loops with Math.exp, as one writes them without a library. */
public class SoftmaxByMathExp extends Softmax {

    @Override
    protected void call() {
        for (int row = 0; row < x.length; row += cols) {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = row; i < row + cols; i++) {
                max = Math.max(max, x[i]);
            }
            float sum = 0f;
            for (int i = row; i < row + cols; i++) {
                y[i] = (float) Math.exp(x[i] - max);
                sum += y[i];
            }
            for (int i = row; i < row + cols; i++) {
                y[i] /= sum;
            }
        }
    }
}
