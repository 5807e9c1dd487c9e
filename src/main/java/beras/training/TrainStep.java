package beras.training;

import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.feed.Batch;
import beras.optimizers.NonFiniteGradientException;
import beras.optimizers.Optimizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One step of training with all that it needs, for {@link Trainable#trainStep}. What a step usually does:
 *
 * <pre>{@code
 * public float trainStep(TrainStep step) {
 *     return step.minimize(() -> step.loss(run(step.inputs())));
 * }
 * }</pre>
 *
 * <p>One that uses gradients in another way opens the {@link #tape}, and takes the {@link #gradients} that it then applies.
 *
 * <p>Only to be used during the step.
 */
public final class TrainStep {

    private final Compiled compiled;
    private final List<Variable> variables;
    private final Workspace workspace;
    private final Consumer<List<Tensor>> sink; // null: the optimizer takes the gradients
    private Batch batch;
    private Tensor weights; // null: all 1
    private Totals totals;
    private GradientTape tape; // null: not asked for in this step yet
    private Tensor[] outputs; // null: no loss in this step yet
    private float taken; // the loss of these outputs
    private int nets; // whose losses that adds
    private GradientTape differentiated; // null: no gradients in this step yet
    private Tensor minimized; // whose gradients they are
    private boolean[] reached; // by a gradient, of each variable; null: not asked for
    private boolean applied; // gradients were, since that was asked for
    private boolean trustsTargets; // all were checked

    TrainStep(Compiled compiled, List<Variable> variables, Workspace workspace) {
        this(compiled, variables, workspace, null);
    }

    /** @param sink takes the gradients in place of the optimizer; null: the optimizer takes them */
    TrainStep(Compiled compiled, List<Variable> variables, Workspace workspace, Consumer<List<Tensor>> sink) {
        this.compiled = compiled;
        this.variables = variables;
        this.workspace = workspace;
        this.sink = sink;
    }

    void begin(Batch newBatch, Tensor newWeights, Totals newTotals) {
        batch = newBatch;
        weights = newWeights;
        totals = newTotals;
        tape = null;
        outputs = null;
        differentiated = null;
    }

    /** Takes what the step returned into what is reported. */
    void end(float loss) {
        totals.addStep(outputs == null ? loss : (double) loss / nets, batch.size(), outputs != null && loss == taken);
    }

    /** With what made the gradients so, if this step has computed them. */
    NonFiniteGradientException explained(NonFiniteGradientException e) {
        return differentiated == null ? e : e.explainedBy(differentiated, minimized, variables);
    }

    /** Stops checking the targets: all have been checked. */
    void trustTargets() {
        trustsTargets = true;
    }

    /** Starts to record which variables get a gradient. */
    void watchGradients() {
        reached = new boolean[variables.size()];
        applied = false;
    }

    /** Whether it records which variables get a gradient. */
    boolean watchesGradients() {
        return reached != null;
    }

    /** The variables that got no gradient since {@link #watchGradients}, which ends here. Empty if no gradients were applied. */
    Optional<List<Variable>> unreached() {
        List<Variable> unreached = new ArrayList<>();
        for (int i = 0; i < reached.length; i++) {
            if (!reached[i]) {
                unreached.add(variables.get(i));
            }
        }
        reached = null;
        return applied ? Optional.of(unreached) : Optional.empty();
    }

    /** Of how many nets the loss of this step is the sum. */
    int nets() {
        return Math.max(1, batch.ofNets().isEmpty() ? compiled.net().weightsByNet().size()
                : (int) batch.ofNets().stream().filter(examples -> examples > 0).count());
    }

    /** What the loss was of; null if there was none. */
    Tensor[] outputs() {
        return outputs;
    }

    /** The batch to train on; its tensors are overwritten after the step. */
    public Batch batch() {
        return batch;
    }

    /** The inputs of the batch. */
    public Tensor[] inputs() {
        return batch.inputs().toArray(Tensor[]::new);
    }

    /**
     * What the examples count, weights of classes included, {@code (batch)} or one for each row along the targets' last axis;
     * empty if all count the same.
     */
    public Optional<Tensor> weights() {
        return Optional.ofNullable(weights);
    }

    /** What changes the weights. */
    public Optimizer optimizer() {
        return compiled.optimizer();
    }

    /** The loss and the metrics of each output, as given to {@code compile}. */
    public List<Objective> objectives() {
        return compiled.objectives();
    }

    /** The weights that are to change. */
    public List<Variable> variables() {
        return variables;
    }

    /**
     * Opens a tape for training. The first of a step is in memory that the next step overwrites: its losses, outputs and gradients.
     * {@linkplain Tensor#copy Copy} what is to be kept. Further ones of the step have memory of their own.
     *
     * @throws IllegalStateException if a tape is open, and this is the first of the step
     */
    public GradientTape tape() {
        tape = tape == null ? new GradientTape(workspace, true) : new GradientTape();
        return tape;
    }

    /**
     * The loss of these outputs for the batch: the losses of all outputs times their weights, and the penalties on weights and on
     * what layers gave under the {@link #tape}. It is called while that is open.
     * The losses and metrics of the first call in a step go into what {@code fit} reports. Without a call it reports no metrics.
     *
     * @throws IllegalStateException if there is no tape of this step
     * @throws IllegalArgumentException if there is not one output for each objective
     */
    public Tensor loss(Tensor... ofBatch) {
        requireOutputs(ofBatch.length);
        return loss(ofBatch, ofBatch);
    }

    /**
     * As {@link #loss(Tensor...)}, of several nets that are trained for the same: the sum of their losses, and the penalties on the
     * weights of all. What {@code fit} reports of the training is their mean.
     *
     * @param ofNets what each net gives
     * @param ofAll  the only output of the model that they are parts of
     * @throws IllegalStateException if there is no tape of this step
     * @throws IllegalArgumentException if there are no nets, or several objectives
     */
    public Tensor loss(List<Tensor> ofNets, Tensor ofAll) {
        requireOutputs(Math.min(1, ofNets.size()));
        return loss(ofNets.toArray(Tensor[]::new), new Tensor[] {ofAll});
    }

    private void requireOutputs(int count) {
        if (count != objectives().size()) {
            throw new IllegalArgumentException("The loss is of one output for each of " + objectives().size()
                    + " objectives. Received: " + count);
        }
    }

    private Tensor loss(Tensor[] ofNets, Tensor[] ofBatch) {
        if (tape == null) {
            throw new IllegalStateException("The loss is taken under the tape of this step: open step.tape() first");
        }
        if (!trustsTargets) {
            compiled.requireTargets(batch, weights);
        }
        if (outputs != null) {
            return compiled.loss(ofNets, batch, weights, tape, compiled.totals()); // which nobody reads
        }
        outputs = ofBatch;
        Tensor loss = compiled.loss(ofNets, batch, weights, tape, totals);
        taken = loss.item();
        nets = ofNets.length / objectives().size();
        return loss;
    }

    /**
     * The gradients of a loss to the {@link #variables}, times the optimizer's {@link Optimizer#lossScale loss scale}, which
     * {@link #apply} expects and takes away; null for a variable on which the loss does not depend.
     */
    public List<Tensor> gradients(GradientTape recorded, Tensor loss) {
        differentiated = recorded;
        minimized = loss;
        float scale = compiled.optimizer().lossScale();
        return scale == 1f ? recorded.gradient(loss, variables) : recorded.gradient(loss, variables, Tensor.scalar(scale));
    }

    /**
     * Lets the optimizer change the {@link #variables}, and their constraints after it. {@code fit} warns of variables that get
     * no gradient in its first step.
     *
     * @throws IllegalArgumentException if the gradients do not fit the variables, or all are null, see
     *     {@link Optimizer#requireGradients}
     * @throws NonFiniteGradientException if a gradient is NaN or infinite; nothing is changed then, and training ends
     */
    public void apply(List<Tensor> gradients) {
        if (reached != null) {
            applied = true;
            for (int i = 0; i < Math.min(reached.length, gradients.size()); i++) {
                reached[i] |= gradients.get(i) != null;
            }
        }
        if (sink != null) {
            Optimizer.requireGradients(variables, gradients);
            sink.accept(gradients);
        } else {
            compiled.apply(variables, gradients);
        }
    }

    /** As {@link #minimize(GradientTape, Tensor)}, of a loss that is computed under the {@link #tape} of this step. */
    public float minimize(Supplier<Tensor> loss) {
        GradientTape recorded = tape();
        Tensor value;
        try (recorded) {
            value = loss.get();
        }
        return minimize(recorded, value);
    }

    /**
     * Minimizes a loss by one step, unless it is NaN or infinite: {@link #gradients} and {@link #apply}. Returns the loss, also as
     * what {@link Trainable#trainStep} is to return.
     *
     * @param loss what {@link #loss} gave, alone or with more added to it, or any other number, rank 0, recorded by this tape
     * @throws IllegalArgumentException if the loss does not depend on any of the variables: what comes between them must be calls
     *     of layers and losses, and operations of tensors, while the tape is open
     */
    public float minimize(GradientTape recorded, Tensor loss) {
        float value = loss.item();
        if (Float.isFinite(value)) {
            apply(gradients(recorded, loss));
        }
        return value;
    }
}
