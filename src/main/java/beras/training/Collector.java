package beras.training;

import beras.feed.Batch;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Gathers, batch by batch, what an {@link Evaluation} has besides losses and metrics. */
final class Collector {

    private final List<List<Tensor>> predictions = new ArrayList<>(); // of each output, by batches; none: not wanted
    private final List<List<Tensor>> targets = new ArrayList<>(); // likewise
    private long examples;

    Collector(int outputs, Collect... wanted) {
        List<Collect> all = List.of(wanted);
        for (int i = 0; i < outputs; i++) {
            if (all.contains(Collect.PREDICTIONS)) {
                predictions.add(new ArrayList<>());
            }
            if (all.contains(Collect.TARGETS)) {
                targets.add(new ArrayList<>());
            }
        }
    }

    void add(Tensor[] outputs, Batch batch) {
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
