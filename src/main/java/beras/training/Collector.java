package beras.training;

import beras.evaluation.ConfusionMatrix;
import beras.feed.Batch;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers, batch by batch, what an {@link Evaluation} has besides losses and metrics. */
final class Collector {

    private final ConfusionMatrix confusion; // null: not wanted
    private final List<List<Tensor>> predictions = new ArrayList<>(); // of each output, by batches; none: not wanted
    private final List<List<Tensor>> targets = new ArrayList<>(); // likewise
    private long examples;

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
        for (int i = 0; i < shapes.size(); i++) {
            if (all.contains(Collect.PREDICTIONS)) {
                predictions.add(new ArrayList<>());
            }
            if (all.contains(Collect.TARGETS)) {
                targets.add(new ArrayList<>());
            }
        }
    }

    void add(Tensor[] outputs, Batch batch) {
        if (confusion != null) {
            confusion.update(outputs[0], batch.targets().get(0), null);
        }
        for (int i = 0; i < predictions.size(); i++) {
            predictions.get(i).add(outputs[i].copy());
        }
        for (int i = 0; i < targets.size(); i++) {
            targets.get(i).add(batch.targets().get(i).copy());
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
        return joined(predictions);
    }

    List<Tensor> targets() {
        return joined(targets);
    }

    private List<Tensor> joined(List<List<Tensor>> parts) {
        return examples == 0 ? List.of() : parts.stream().map(each -> Tensor.concatenate(0, each.toArray(Tensor[]::new))).toList();
    }
}
