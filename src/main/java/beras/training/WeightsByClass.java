package beras.training;

import beras.feed.Batch;
import beras.kernels.Backend;
import beras.tensor.Tensor;
import java.util.Arrays;

/** Weights of examples by their class. */
final class WeightsByClass {

    private final float[] byClass;
    private int[] classes = new int[0];
    private Tensor weights = Tensor.zeros(0);

    WeightsByClass(float[] byClass) {
        this.byClass = byClass;
    }

    /**
     * The weight of each example of a batch: that of its class, times its own.
     *
     * @throws IllegalArgumentException if a target is no class that has a weight
     */
    Tensor of(Batch batch) {
        int rows = batch.size();
        if (weights.size() != rows) {
            weights = Tensor.zeros(rows);
            classes = new int[rows];
        }
        Tensor target = batch.targets().get(0).contiguous();
        Tensor own = batch.weights() == null ? null : batch.weights().contiguous();
        int cols = rows == 0 ? 1 : target.size() / rows;
        if (cols > 1) {
            Backend.kernels().rowArgMax(target.data(), target.offset(), rows, cols, classes, 0);
        }
        for (int i = 0; i < rows; i++) {
            float value = cols > 1 ? classes[i] : target.data()[target.offset() + i];
            if (value != (int) value || value < 0 || value >= byClass.length) {
                throw new IllegalArgumentException("classWeight has weights for the classes 0 to " + (byClass.length - 1)
                        + ": " + Arrays.toString(byClass) + ". Received a target of class " + value);
            }
            weights.data()[i] = byClass[(int) value] * (own == null ? 1f : own.data()[own.offset() + i]);
        }
        return weights;
    }
}
