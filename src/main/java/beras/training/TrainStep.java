package beras.training;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.feed.Batch;
import beras.layers.Layer;
import beras.layers.WeightSpec;
import beras.optimizers.NonFiniteGradientException;
import beras.optimizers.Optimizer;
import beras.regularizers.Regularizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One training step, for {@link Trainable#trainStep}. The usual step:
 *
 * <pre>{@code
 * public float trainStep(TrainStep step) {
 *     return step.minimize(() -> step.loss(run(step.inputs())));
 * }
 * }</pre>
 *
 * <p>A step that uses gradients in another way opens the {@link #tape}, and applies {@link #gradients} itself.
 *
 * <p>Only to be used during the step.
 */
public final class TrainStep {

    /** A weight with a regularizer or a constraint. */
    private record Ruled(WeightSpec rules, Variable weight) {}

    private final Trainable net;
    private final Optimizer optimizer;
    private final boolean isPart; // of all networks that share this step of the optimizer
    private final List<Objective> objectives;
    private final WeightsByClass classWeights; // null: all classes count the same
    private final List<Variable> variables;
    private final Workspace workspace;
    private final boolean isKept; // gradients are, in place of a step by the optimizer
    private final List<Ruled> ruled = new ArrayList<>();
    private final List<Variable> remembered = new ArrayList<>(); // updated by the layers
    private final List<float[]> before = new ArrayList<>(); // its values before a step

    private Batch batch; // null: no batch for this network
    private Tensor weights; // null: all 1
    private GradientTape tape; // null: none computed in this step yet
    private Tensor[] outputs; // null: no loss in this step yet
    private final Call[] losses; // of these outputs
    private double penalty; // on weights and activations
    private float taken; // the sum of these losses and penalties
    private float made; // returned by the step
    private GradientTape differentiated; // null: no gradients in this step yet
    private Tensor minimized; // whose gradients they are
    private final boolean[] reached; // by a gradient, of each variable
    private boolean applied; // gradients were
    private List<Tensor> kept = List.of();
    private boolean skipsTargetChecks; // all were checked

    /**
     * @param net          the trainer's or, if that combines several, one of these
     * @param classWeights null: all classes count the same
     * @param isKept       whether the gradients are {@link #kept} in place of a step by the optimizer
     */
    TrainStep(Trainer trainer, Trainable net, WeightsByClass classWeights, Workspace workspace, boolean isKept) {
        this.net = net;
        this.optimizer = trainer.requireOptimizer();
        this.isPart = trainer.net().nets().size() > 1;
        this.objectives = trainer.objectives();
        this.classWeights = classWeights;
        this.variables = net.weights().stream().filter(Variable::trainable).toList();
        this.reached = new boolean[variables.size()];
        this.workspace = workspace;
        this.isKept = isKept;
        Layer.withInner(net.layers()).forEach(this::addRules);
        for (Variable weight : net.weights()) {
            if (weight.isState()) {
                remembered.add(weight);
                before.add(new float[weight.size()]);
            }
        }
        this.losses = new Call[objectives.size()];
    }

    private void addRules(Layer layer) {
        for (int i = 0; i < layer.specs().size(); i++) {
            WeightSpec spec = layer.specs().get(i);
            if (spec.regularizer() != null || spec.constraint() != null) {
                ruled.add(new Ruled(spec, layer.weights().get(i)));
            }
        }
    }

    /** @param newBatch null: this network has no more examples in the epoch, while others have */
    void begin(Batch newBatch) {
        batch = newBatch;
        weights = batch == null ? null : classWeights == null ? batch.weights() : classWeights.of(batch);
        tape = null;
        outputs = null;
        differentiated = null;
    }

    /**
     * Makes the step; returns the loss of the batch at the weights before it. If that or a gradient is not finite, no weight is changed,
     * also none that a layer changes by itself.
     *
     * @throws NonFiniteGradientException if a gradient is not finite
     */
    float run() {
        if (batch == null) { // per-step work of the optimizer, such as averages of weights
            change(Collections.nCopies(variables.size(), null));
            return 0;
        }
        for (int i = 0; i < before.size(); i++) {
            Variable weight = remembered.get(i);
            System.arraycopy(weight.data(), weight.offset(), before.get(i), 0, weight.size());
        }
        boolean isMade = false;
        try {
            made = net.trainStep(this);
            isMade = Float.isFinite(made);
            return made;
        } catch (NonFiniteGradientException e) {
            throw differentiated == null ? e : e.explainedBy(differentiated, minimized, variables);
        } finally {
            for (int i = 0; !isMade && i < before.size(); i++) {
                Variable weight = remembered.get(i);
                System.arraycopy(before.get(i), 0, weight.data(), weight.offset(), weight.size());
            }
        }
    }

    /** Adds the results of the step to the report. */
    void addTo(MetricAccumulators accumulators) {
        if (outputs != null) {
            for (int i = 0; i < losses.length; i++) {
                accumulators.add(i, losses[i]);
            }
            accumulators.addPenalties(penalty, batch.size());
        }
        accumulators.addStep(made, batch.size(), outputs != null && made == taken);
    }

    /** Whether the network has a batch in this step. */
    boolean hasBatch() {
        return batch != null;
    }

    /** Stops checking the targets: all have been checked. */
    void skipTargetChecks() {
        skipsTargetChecks = true;
    }

    /** Adds the variables that had no gradient so far; returns whether any gradients were applied. */
    boolean addUnreached(List<Variable> to) {
        for (int i = 0; i < reached.length; i++) {
            if (!reached[i]) {
                to.add(variables.get(i));
            }
        }
        return applied;
    }

    /** The gradients that were applied, if they are kept; none before that. */
    List<Tensor> kept() {
        return kept;
    }

    /** The outputs behind the loss; null if there was none. */
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
     * The weights of the examples, with those of classes, {@code (batch)} or one for each row along the targets' last axis;
     * empty if all are 1.
     */
    public Optional<Tensor> weights() {
        return Optional.ofNullable(weights);
    }

    /** The optimizer of the weights. */
    public Optimizer optimizer() {
        return optimizer;
    }

    /** The loss and the metrics of each output, as given to {@code compile}. */
    public List<Objective> objectives() {
        return objectives;
    }

    /** The weights that are to change. */
    public List<Variable> variables() {
        return variables;
    }

    /**
     * Opens a tape for training. The first tape of a step uses memory that the next step overwrites: its losses, outputs and
     * gradients. {@linkplain Tensor#copy Copy} tensors that are to be kept. Further tapes of the step have separate memory.
     *
     * @throws IllegalStateException if a tape is open, and this is the first of the step
     */
    public GradientTape tape() {
        tape = tape == null ? new GradientTape(workspace, true) : new GradientTape();
        return tape;
    }

    /**
     * The loss of these outputs for the batch: the losses of all outputs times their weights, and the penalties on weights and
     * on activations under the {@link #tape}. Call it while the tape is open. {@code fit} reports the losses and metrics of the
     * first call in a step. Without a call there are no metrics.
     *
     * @throws IllegalStateException if there is no tape of this step
     * @throws IllegalArgumentException if there is not one output for each objective
     */
    public Tensor loss(Tensor... ofBatch) {
        if (ofBatch.length != objectives.size()) {
            throw new IllegalArgumentException("The loss is of one output for each of " + objectives.size()
                    + " objectives. Received: " + ofBatch.length);
        }
        if (tape == null) {
            throw new IllegalStateException("The loss is taken under the tape of this step: open step.tape() first");
        }
        for (int i = 0; i < ofBatch.length && !skipsTargetChecks; i++) {
            objectives.get(i).loss().requireTargets(batch.targets().get(i), weights());
        }
        boolean isReported = outputs == null;
        Tensor total = null;
        for (int i = 0; i < ofBatch.length; i++) {
            Objective objective = objectives.get(i);
            Tensor loss = objective.loss(ofBatch[i], batch.targets().get(i), weights);
            losses[i] = isReported ? tape.call(loss) : losses[i];
            Tensor weighted = objective.weight() == 1f ? loss : loss.multiply(objective.weight());
            total = total == null ? weighted : total.add(weighted);
        }
        double penalties = 0;
        for (int i = 0; i < ruled.size(); i++) {
            Regularizer regularizer = ruled.get(i).rules.regularizer();
            if (regularizer != null) {
                Tensor onWeight = regularizer.call(ruled.get(i).weight);
                penalties += onWeight.item();
                total = total.add(onWeight);
            }
        }
        List<Tensor> ofActivity = tape.penalties();
        penalties += MetricAccumulators.sum(ofActivity);
        for (int i = 0; i < ofActivity.size(); i++) {
            total = total.add(ofActivity.get(i));
        }
        if (isReported) {
            outputs = ofBatch;
            penalty = penalties;
            taken = total.item();
        }
        return total;
    }

    /**
     * The gradients of a loss to the {@link #variables}, times the optimizer's {@link Optimizer#lossScale loss scale}, for {@link #apply};
     * null for a variable on which the loss does not depend.
     */
    public List<Tensor> gradients(GradientTape recorded, Tensor loss) {
        differentiated = recorded;
        minimized = loss;
        float scale = optimizer.lossScale();
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
        applied = true;
        for (int i = 0; i < Math.min(reached.length, gradients.size()); i++) {
            reached[i] |= gradients.get(i) != null;
        }
        if (isKept || isPart) {
            Optimizer.requireGradients(variables, gradients);
        }
        if (isKept) {
            kept = gradients;
        } else {
            change(gradients);
        }
    }

    private void change(List<Tensor> gradients) {
        if (isPart) {
            optimizer.applyPart(variables, gradients);
        } else {
            optimizer.applyGradients(variables, gradients);
        }
        for (int i = 0; i < ruled.size(); i++) {
            if (ruled.get(i).rules.constraint() != null && ruled.get(i).weight.trainable()) {
                ruled.get(i).rules.constraint().apply(ruled.get(i).weight);
            }
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
     * Minimizes a loss by one step, unless it is NaN or infinite: {@link #gradients} and {@link #apply}. Returns the loss, for
     * {@link Trainable#trainStep} to return.
     *
     * @param loss the result of {@link #loss}, also with terms added, or any other number, rank 0, recorded by this tape
     * @throws IllegalArgumentException if the loss does not depend on any of the variables: it must be computed from them by
     *     calls of layers and losses, and operations of tensors, while the tape is open
     */
    public float minimize(GradientTape recorded, Tensor loss) {
        float value = loss.item();
        if (Float.isFinite(value)) {
            apply(gradients(recorded, loss));
        }
        return value;
    }
}
