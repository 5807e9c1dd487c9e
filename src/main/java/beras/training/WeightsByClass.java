package beras.training;

import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.kernels.Backend;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/** Weights of examples by their class. */
final class WeightsByClass {

    private final float[] byClass;
    private final boolean oneHot; // else targets are the numbers of classes
    private int[] classes = new int[0];
    private Tensor weights = Tensor.zeros(0);

    /**
     * @param net of one output
     * @throws IllegalArgumentException if the net has several
     */
    WeightsByClass(float[] byClass, Trainable net, ExampleSpec spec) {
        if (net.outputShapes().size() != 1) {
            throw new IllegalArgumentException("classWeight is for models of one output. Received: one of "
                    + net.outputShapes().size() + ". Give weights of examples");
        }
        this.byClass = byClass;
        Shape target = spec.targets().get(0);
        this.oneHot = target.equals(net.outputShapes().get(0)) && target.rank() > 0 && target.dim(-1) > 1;
    }

    /**
     * The weight of each target of a batch, that of its class times that of its example: {@code (batch)}, or
     * {@code (batch, targets)} if an example has several.
     *
     * @throws IllegalArgumentException if a target is no class that has a weight
     */
    Tensor of(Batch batch) {
        Tensor target = batch.targets().get(0).contiguous();
        int cols = oneHot ? target.dim(-1) : 1;
        int rows = target.size() / cols;
        int each = batch.size() == 0 ? 1 : rows / batch.size();
        if (weights.size() != rows || weights.dim(0) != batch.size()) {
            weights = each == 1 ? Tensor.zeros(rows) : Tensor.zeros(batch.size(), each);
            classes = new int[rows];
        }
        Tensor own = batch.weights() == null ? null : batch.weights().contiguous();
        if (oneHot) {
            Backend.sums().rowArgMax(target.block(), classes, 0);
        }
        for (int i = 0; i < rows; i++) {
            float value = oneHot ? classes[i] : target.data()[target.offset() + i];
            if (value != (int) value || value < 0 || value >= byClass.length) {
                throw new IllegalArgumentException("classWeight has weights for the classes 0 to " + (byClass.length - 1)
                        + ": " + Arrays.toString(byClass) + ". Received a target of class " + value);
            }
            weights.data()[i] = byClass[(int) value] * (own == null ? 1f : own.data()[own.offset() + i / each]);
        }
        return weights;
    }
}
