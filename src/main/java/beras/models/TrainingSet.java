package beras.models;

import beras.feed.Batches;
import beras.feed.Examples;
import beras.metrics.Metric;
import beras.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Training and validation examples, and the requirements for a network. */
public interface TrainingSet {

    /** The shape of one example. */
    Shape inputShape();

    /** The shape of one target. */
    Shape targetShape();

    /** How many examples there are to train on. */
    long examples();

    /** Whether each example has a weight, by which losses and metrics count it. */
    default boolean isWeighted() {
        return false;
    }

    /** Metrics that are reported before the metrics of the recipe. */
    List<Metric> metrics();

    /**
     * Batches to train on.
     *
     * @param seed of their order
     * @param nets how many are trained side by side, which may each hold out other examples
     */
    Batches training(int batchSize, long seed, int nets);

    /**
     * Whether each of so many networks that are trained side by side holds out other examples, so that together they learn from
     * all.
     */
    default boolean holdsOutByNet(int nets) {
        return false;
    }

    /**
     * Batches to validate after each epoch; empty if no examples are held out.
     *
     * @param nets as for {@link #training}: an example belongs to the network not trained on it
     */
    Optional<Batches> validation(int batchSize, int nets);

    /**
     * Examples that can be read in any order, which are shuffled in each epoch.
     *
     * @param held to validate; perhaps none
     */
    static TrainingSet of(Shape inputShape, Shape targetShape, Examples training, Examples held, List<Metric> metrics) {
        return new ExampleSet(inputShape, targetShape, training, held, List.copyOf(metrics));
    }
}
