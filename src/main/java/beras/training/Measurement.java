package beras.training;

import beras.feed.Batch;
import beras.metrics.ConfusionMatrix;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gathers, batch by batch, what an {@link Evaluation} has besides losses and metrics. */
final class Measurement {

    private final List<Shape> shapes;
    private final ConfusionMatrix confusion; // null: not wanted
    private final List<float[]> predictions = new ArrayList<>(); // longer than what was gathered; none: not wanted
    private long examples;

    /**
     * @param shapes of one example of each output
     * @throws IllegalArgumentException if a confusion matrix is wanted and there is not one output of scores of classes
     */
    Measurement(List<Shape> shapes, Measure... wanted) {
        this.shapes = shapes;
        List<Measure> all = List.of(wanted);
        if (all.contains(Measure.CONFUSION)) {
            if (shapes.size() != 1 || shapes.get(0).rank() != 1) {
                throw new IllegalArgumentException("A confusion matrix is of one output of scores of classes, of shape"
                        + " (classes,). Received: outputs of shape " + shapes);
            }
            confusion = new ConfusionMatrix(Math.max(2, shapes.get(0).dim(0)));
        } else {
            confusion = null;
        }
        for (int i = 0; i < shapes.size() && all.contains(Measure.PREDICTIONS); i++) {
            predictions.add(new float[0]);
        }
    }

    void add(Tensor[] outputs, Batch batch) {
        if (confusion != null) {
            confusion.update(outputs[0], batch.targets().get(0), null);
        }
        for (int i = 0; i < predictions.size(); i++) {
            Tensor output = outputs[i].contiguous();
            int at = Math.toIntExact(examples * shapes.get(i).size());
            float[] array = predictions.get(i);
            if (at + output.size() > array.length) {
                array = Arrays.copyOf(array, (int) Math.max(at + (long) output.size(), Math.min(2L * at, Integer.MAX_VALUE - 8)));
                predictions.set(i, array);
            }
            System.arraycopy(output.data(), output.offset(), array, at, output.size());
        }
        examples += batch.size();
    }

    long examples() {
        return examples;
    }

    Optional<ConfusionMatrix> confusion() {
        return Optional.ofNullable(confusion);
    }

    List<Tensor> predictions() {
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < predictions.size(); i++) {
            Shape shape = shapes.get(i).prepend((int) examples);
            all.add(Tensor.wrap(Arrays.copyOf(predictions.get(i), shape.size()), shape));
        }
        return List.copyOf(all);
    }
}
