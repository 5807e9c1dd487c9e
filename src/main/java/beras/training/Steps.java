package beras.training;

import beras.autograd.Workspace;
import beras.feed.Batch;
import beras.kernels.Threads;
import beras.optimizers.Optimizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The steps of a training run: in each, every network that learns makes its own, several at once. The bits of a network do not
 * depend on the others.
 */
final class Steps {

    private final Optimizer optimizer;
    private final List<TrainStep> steps = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private final Consumer<List<Tensor>> sink; // null: the optimizer takes the gradients
    private final float[] losses;
    private final RuntimeException[] failures;
    private boolean isOfFirstAsked; // which variables the first step has not reached

    /**
     * @param classWeights for each network; none: all classes have the same weight
     * @param workspaces   of earlier steps; those of more networks are added
     * @param sink         takes the gradients of all variables in place of the optimizer; null: the optimizer takes them
     */
    Steps(Trainer trainer, List<WeightsByClass> classWeights, List<Workspace> workspaces, Consumer<List<Tensor>> sink) {
        this.optimizer = trainer.requireOptimizer();
        this.sink = sink;
        for (Trainable net : trainer.net().nets()) {
            int i = steps.size();
            if (workspaces.size() == i) {
                workspaces.add(new Workspace());
            }
            steps.add(new TrainStep(trainer, net, classWeights.isEmpty() ? null : classWeights.get(i), workspaces.get(i),
                    sink != null));
            variables.addAll(steps.get(i).variables());
        }
        this.losses = new float[steps.size()];
        this.failures = new RuntimeException[steps.size()];
    }

    /** The trainable weights, network by network. */
    List<Variable> variables() {
        return variables;
    }

    /** @param batches one for each network, null for those without any left; or one for all */
    void begin(Batch... batches) {
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).begin(batches[batches.length == 1 ? 0 : i]);
        }
    }

    /**
     * Makes the step, and adds it to the accumulators; returns the mean loss of the networks. If the loss of a network is not
     * finite, it is returned, and this network made no step.
     *
     * @throws beras.optimizers.NonFiniteGradientException if a gradient is not finite
     */
    double run(MetricAccumulators accumulators) {
        if (losses.length == 1) {
            run(0);
        } else {
            Threads.each(losses.length, this::run);
        }
        double sum = 0;
        int nets = 0;
        for (int i = 0; i < losses.length; i++) {
            if (failures[i] != null) {
                throw failures[i];
            }
            if (!Float.isFinite(losses[i])) {
                return losses[i];
            }
            if (steps.get(i).hasBatch()) {
                steps.get(i).addTo(accumulators);
                sum += losses[i];
                nets++;
            }
        }
        if (sink == null && losses.length > 1) {
            optimizer.endStep();
        } else if (sink != null) {
            List<Tensor> all = steps.stream().flatMap(step -> step.kept().stream()).collect(Collectors.toList()); // some may be null
            if (!all.isEmpty()) { // a network with its own training step may apply none
                sink.accept(all);
            }
        }
        return sum / nets;
    }

    private void run(int net) {
        try {
            losses[net] = steps.get(net).run();
        } catch (RuntimeException e) {
            failures[net] = e; // the other networks still make their steps
        }
    }

    /** A step by gradients of the {@link #variables}. */
    void apply(List<Tensor> given) {
        if (given.size() != variables.size()) {
            throw new IllegalArgumentException("One gradient per variable is needed. Received: " + variables.size()
                    + " variables and " + given.size() + " gradients");
        }
        int from = 0;
        for (TrainStep step : steps) {
            step.apply(given.subList(from, from + step.variables().size()));
            from += step.variables().size();
        }
        if (steps.size() > 1) {
            optimizer.endStep();
        }
    }

    /** The outputs behind the loss; null if there was none, or there are several networks. */
    Tensor[] outputs() {
        return steps.size() == 1 ? steps.get(0).outputs() : null;
    }

    void skipTargetChecks() {
        steps.forEach(TrainStep::skipTargetChecks);
    }

    /** Once, after the first step: the variables that had no gradient in it. Empty if none were applied, or on a second call. */
    Optional<List<Variable>> unreached() {
        if (isOfFirstAsked) {
            return Optional.empty();
        }
        isOfFirstAsked = true;
        List<Variable> unreached = new ArrayList<>();
        boolean applied = false;
        for (TrainStep step : steps) {
            applied |= step.addUnreached(unreached);
        }
        return applied ? Optional.of(unreached) : Optional.empty();
    }
}
