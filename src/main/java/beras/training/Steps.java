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

/** The steps of a training run: in each, all nets that learn make theirs, several at once. No net's bits depend on the others. */
final class Steps {

    private final Optimizer optimizer;
    private final List<TrainStep> steps = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private final Consumer<List<Tensor>> sink; // null: the optimizer takes the gradients
    private final float[] losses;
    private final RuntimeException[] failures;
    private boolean isOfFirstAsked; // which variables the first step has not reached

    /**
     * @param classWeights for each net; none: all classes count the same
     * @param workspaces   of earlier steps, to which those of more nets are added
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

    /** The weights that change, net by net. */
    List<Variable> variables() {
        return variables;
    }

    /** @param batches one for each net, null for those that have no more; or one for all */
    void begin(Batch... batches) {
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).begin(batches[batches.length == 1 ? 0 : i]);
        }
    }

    /**
     * Makes the step, and adds it to the accumulators; returns the mean loss of the nets. If that of one net is not finite, it is
     * returned, and that net has made no step.
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
            if (!all.isEmpty()) { // a net's own step may apply none
                sink.accept(all);
            }
        }
        return sum / nets;
    }

    private void run(int net) {
        try {
            losses[net] = steps.get(net).run();
        } catch (RuntimeException e) {
            failures[net] = e; // the other nets make their steps all the same
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

    /** What the loss was of; null if there was none, or there are several nets. */
    Tensor[] outputs() {
        return steps.size() == 1 ? steps.get(0).outputs() : null;
    }

    void skipTargetChecks() {
        steps.forEach(TrainStep::skipTargetChecks);
    }

    /** Once, after the first step: the variables that had no gradient in it. Empty if none were applied, or this was asked before. */
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
