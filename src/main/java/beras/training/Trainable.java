package beras.training;

import beras.autograd.GradientTape;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/** What a {@link Trainer} trains: layers with weights that turn inputs into outputs. */
public interface Trainable {

    /** The layers, whose penalties and constraints count in training. */
    List<Layer> layers();

    /** How a message names one of the {@link #layers}; by its own name or type, unless the net has a name for it. */
    default String nameOf(Layer layer) {
        return layer.toString();
    }

    /** The weights of all layers, each once. */
    List<Variable> weights();

    /**
     * The nets that learn, each by itself from the same examples or from its own: this one alone, unless it only combines others. Several
     * share no weights, and have inputs and outputs as this one has.
     */
    default List<? extends Trainable> nets() {
        return List.of(this);
    }

    /** The shape of one example of each input. */
    List<Shape> inputShapes();

    /** The shape of one example of each output. */
    List<Shape> outputShapes();

    /**
     * What is known of the numbers of each output that the loss of a {@link #trainStep} is of; empty if that is decided there. A
     * loss refuses outputs that cannot minimize it.
     */
    default List<OutputRange> outputRanges() {
        return List.of();
    }

    /** A name for each output, all different. */
    List<String> outputNames();

    /** The outputs for a batch of each input, by the fastest way; recorded if a tape is open. */
    Tensor[] run(Tensor... inputs);

    /**
     * The outputs for a batch to validate or to test.
     *
     * @param net which of the {@link #nets} gives them, as it did not learn from these examples, see {@link Batches#ofNets}; -1: this one
     */
    default Tensor[] run(Batch batch, int net) {
        return (net < 0 ? this : nets().get(net)).run(batch.inputs().toArray(Tensor[]::new));
    }

    /**
     * One step of training. A net with a training of its own overrides it, such as one that learns from noisy inputs:
     *
     * <pre>{@code
     * @Override
     * public float trainStep(TrainStep step) {
     *     return step.minimize(() -> step.loss(run(noise.call(step.inputs()[0]))));
     * }
     * }</pre>
     *
     * <p>Between the weights and the loss there may be any calls of layers and losses, and any operations of tensors, such as a penalty
     * on weights, {@code loss.add(kernel.square().sum().multiply(1e-4))}: what the tape records, see {@link GradientTape}. A net
     * may have more nets and optimizers than this step has, and take their steps itself, by
     * {@link beras.optimizers.Optimizer#minimize}; a training that is resumed, and a file, has only those of this step.
     *
     * @return the loss of the batch at the weights before the step, which {@code fit} reports, whether from {@link TrainStep#loss},
     *     with terms added to that or another number. If it is NaN or infinite, no step must have been made: training ends, and what
     *     layers remember, such as moving averages, becomes what it was before. So it does if a gradient is, see
     *     {@link beras.optimizers.NonFiniteGradientException}; steps of other optimizers before that have been made
     */
    default float trainStep(TrainStep step) {
        GradientTape tape = step.tape();
        Tensor loss;
        try (tape) {
            loss = step.loss(run(step.inputs()));
        }
        return step.minimize(tape, loss);
    }
}
