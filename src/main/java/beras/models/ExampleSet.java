package beras.models;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.metrics.Metric;
import beras.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Examples that can be read in any order. */
record ExampleSet(Shape inputShape, Shape targetShape, Examples trained, Examples held, List<Metric> metrics) implements TrainingSet {

    @Override
    public long examples() {
        return trained.count();
    }

    @Override
    public Batches training(int batchSize, long seed, int nets) {
        return Batches.shuffled(trained, batchSize, seed);
    }

    @Override
    public Optional<Batches> validation(int batchSize, int nets) {
        return held.count() == 0 ? Optional.empty() : Optional.of(Batches.of(held, batchSize));
    }
}
