package beras.training;

import beras.feed.Batch;
import beras.feed.ExampleSpec;
import beras.losses.BinaryCrossEntropy;
import beras.losses.Loss;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.Arrays;

/** Weights of examples by their class. */
final class WeightsByClass {

    private final float[] byClass;
    private final boolean oneHot; // else targets are the numbers of classes
    private Tensor weights = Tensor.zeros(0);

    /**
     * @param net of one output
     * @throws IllegalArgumentException if the network has several, or there are more or fewer weights than classes
     */
    WeightsByClass(float[] byClass, Trainable net, Loss loss, ExampleSpec spec) {
        if (net.outputShapes().size() != 1) {
            throw new IllegalArgumentException("classWeight is for models of one output. Received: one of "
                    + net.outputShapes().size() + ". Give weights of examples");
        }
        this.byClass = byClass;
        Shape target = spec.targets().get(0);
        Shape output = net.outputShapes().get(0);
        this.oneHot = target.equals(output) && target.rank() > 0 && target.dim(-1) > 1;
        boolean yesOrNo = loss instanceof BinaryCrossEntropy || loss.isOfScores();
        boolean ofClasses = oneHot || !loss.takes(output, output);
        int classes = ofClasses ? output.dim(-1) : yesOrNo ? 2 : byClass.length; // a number may be any class
        if (byClass.length != classes) {
            throw new IllegalArgumentException("classWeight needs a weight for each of " + classes + " classes. Received: "
                    + Arrays.toString(byClass) + (ofClasses ? "" : ". Binary classes are 0 and 1"));
        }
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
        int perExample = batch.size() == 0 ? 1 : rows / batch.size();
        if (weights.size() != rows || weights.dim(0) != batch.size()) {
            weights = perExample == 1 ? Tensor.zeros(rows) : Tensor.zeros(batch.size(), perExample);
        }
        Tensor own = batch.weights() == null ? null : batch.weights().contiguous();
        for (int i = 0; i < rows; i++) {
            float value = oneHot ? place(target.data(), target.offset() + i * cols, cols) : target.data()[target.offset() + i];
            if (value != (int) value || value < 0 || value >= byClass.length) {
                throw new IllegalArgumentException("classWeight has weights for the classes 0 to " + (byClass.length - 1)
                        + ": " + Arrays.toString(byClass) + ". Received a target of class " + value);
            }
            weights.data()[i] = byClass[(int) value] * (own == null ? 1f : own.data()[own.offset() + i / perExample]);
        }
        return weights;
    }

    /** That of the largest number of a row. Refuses one of several classes, or of none. */
    private static int place(float[] data, int from, int cols) {
        int place = 0;
        int count = 0;
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < cols; i++) {
            float value = data[from + i];
            place = value > largest ? i : place;
            count = value > largest ? 1 : value == largest ? count + 1 : count;
            largest = Math.max(largest, value);
        }
        if (count > 1) {
            throw new IllegalArgumentException("classWeight needs targets of one class each, one-hot. Received: "
                    + Arrays.toString(Arrays.copyOfRange(data, from, from + cols)) + ". Give weights of examples");
        }
        return place;
    }
}
