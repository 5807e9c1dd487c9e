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

/** A network that a {@link Trainer} trains: layers with weights that turn inputs into outputs. */
public interface Trainable {

    /** The layers, whose penalties and constraints count in training. */
    List<Layer> layers();

    /** The name of one of the {@link #layers} in messages: its own name or type, unless the network has another for it. */
    default String nameOf(Layer layer) {
        return layer.toString();
    }

    /** The weights of all layers, each once. */
    List<Variable> weights();

    /**
     * The networks that learn, each from the same examples or from its own: this one alone, unless it only combines others.
     * They share no weights, and have the same inputs and outputs.
     */
    default List<? extends Trainable> nets() {
        return List.of(this);
    }

    /** The shape of one example of each input. */
    List<Shape> inputShapes();

    /** The shape of one example of each output. */
    List<Shape> outputShapes();

    /**
     * The range of each output that the loss of a {@link #trainStep} is computed of; empty if that is decided there. A loss
     * rejects outputs that cannot minimize it.
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
     * @param net the number of the network in {@link #nets} that computes them, as it did not learn from these examples, see
     *     {@link Batches#ofNets}; -1: this one
     */
    default Tensor[] run(Batch batch, int net) {
        return (net < 0 ? this : nets().get(net)).run(batch.inputs().toArray(Tensor[]::new));
    }

    /**
     * One training step. Override it for a custom training step, for example to learn from noisy inputs:
     *
     * <pre>{@code
     * @Override
     * public float trainStep(TrainStep step) {
     *     return step.minimize(() -> step.loss(run(noise.call(step.inputs()[0]))));
     * }
     * }</pre>
     *
     * <p>Between the weights and the loss there may be any calls of layers and losses, and any operations of tensors that the
     * tape records, see {@link GradientTape}: for example a penalty on weights,
     * {@code loss.add(kernel.square().sum().multiply(1e-4))}. A network may have further networks and optimizers, and make
     * their steps itself, by {@link beras.optimizers.Optimizer#minimize}; a file and a resumed run have only those of this
     * step.
     *
     * @return the loss of the batch at the weights before the step, which {@code fit} reports, whether from {@link TrainStep#loss},
     *     with terms added to that or another number. If it is NaN or infinite, no step must have been made: training ends, and
     *     the state of layers, such as moving averages, is restored. The same holds for a gradient, see
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
