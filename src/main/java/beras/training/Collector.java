package beras.training;

import beras.evaluation.ConfusionMatrix;
import beras.feed.Batch;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gathers, batch by batch, what an {@link Evaluation} has besides losses and metrics. */
final class Collector {

    private final ConfusionMatrix confusion; // null: not wanted
    private final List<Gathered> predictions = new ArrayList<>(); // none: not wanted
    private final List<Gathered> targets = new ArrayList<>(); // none: not wanted
    private long examples;

    /** Rows of batches, one after the other. */
    private static final class Gathered {

        private Shape shape; // of one row; null: no batch yet
        private float[] numbers = {}; // longer than what was gathered
        private int used;
        private int rows;

        Gathered(Shape shape) {
            this.shape = shape;
        }

        void add(Tensor batch) {
            shape = shape == null ? batch.shape().rest() : shape;
            Tensor more = batch.contiguous();
            int needed = Math.addExact(used, more.size());
            if (needed > numbers.length) {
                numbers = Arrays.copyOf(numbers, (int) Math.max(needed, Math.min(2L * used, Integer.MAX_VALUE - 8)));
            }
            System.arraycopy(more.data(), more.offset(), numbers, used, more.size());
            used = needed;
            rows += more.dim(0);
        }

        Tensor tensor() {
            float[] all = used == numbers.length ? numbers : Arrays.copyOf(numbers, used);
            return Tensor.wrap(all, shape.prepend(rows));
        }
    }

    /**
     * @param shapes of one example of each output
     * @throws IllegalArgumentException if a confusion matrix is wanted and there is not one output of scores of classes
     */
    Collector(List<Shape> shapes, Collect... wanted) {
        List<Collect> all = List.of(wanted);
        if (all.contains(Collect.CONFUSION)) {
            if (shapes.size() != 1 || shapes.get(0).rank() != 1) {
                throw new IllegalArgumentException("A confusion matrix is of one output of scores of classes, of shape"
                        + " (classes,). Received: outputs of shape " + shapes);
            }
            confusion = new ConfusionMatrix(Math.max(2, shapes.get(0).dim(0)));
        } else {
            confusion = null;
        }
        for (Shape shape : shapes) {
            if (all.contains(Collect.PREDICTIONS)) {
                predictions.add(new Gathered(shape));
            }
            if (all.contains(Collect.TARGETS)) {
                targets.add(new Gathered(null));
            }
        }
    }

    void add(Tensor[] outputs, Batch batch) {
        if (confusion != null) {
            confusion.update(outputs[0], batch.targets().get(0), null);
        }
        for (int i = 0; i < predictions.size(); i++) {
            predictions.get(i).add(outputs[i]);
        }
        for (int i = 0; i < targets.size(); i++) {
            targets.get(i).add(batch.targets().get(i));
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
        return predictions.stream().map(Gathered::tensor).toList();
    }

    List<Tensor> targets() {
        return examples == 0 ? List.of() : targets.stream().map(Gathered::tensor).toList();
    }
}
