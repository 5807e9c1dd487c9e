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

/** The steps of a training run: in each, all nets that learn make theirs, several at once. No net's bits depend on the others. */
final class Steps {

    private final Optimizer optimizer;
    private final List<TrainStep> ofNets = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private final Consumer<List<Tensor>> sink; // null: the optimizer takes the gradients
    private final List<List<Tensor>> gradients = new ArrayList<>(); // of each net, for the sink
    private final float[] losses;
    private final Throwable[] failures;

    /**
     * @param classWeights for each net; none: all classes count the same
     * @param workspaces   of earlier steps, to which those of more nets are added
     * @param sink         takes the gradients of all variables in place of the optimizer; null: the optimizer takes them
     */
    Steps(Trainer trainer, List<WeightsByClass> classWeights, List<Workspace> workspaces, Consumer<List<Tensor>> sink) {
        this.optimizer = trainer.requireOptimizer();
        this.sink = sink;
        for (Trainable net : trainer.net().nets()) {
            int i = ofNets.size();
            if (workspaces.size() == i) {
                workspaces.add(new Workspace());
            }
            gradients.add(List.of());
            ofNets.add(new TrainStep(trainer, net, classWeights.isEmpty() ? null : classWeights.get(i), workspaces.get(i),
                    sink == null ? null : ofNet -> gradients.set(i, ofNet)));
            variables.addAll(ofNets.get(i).variables());
        }
        this.losses = new float[ofNets.size()];
        this.failures = new Throwable[ofNets.size()];
    }

    /** The weights that change, net by net. */
    List<Variable> variables() {
        return variables;
    }

    /** @param batches one for each net, null for those that have no more; or one for all */
    void begin(Batch... batches) {
        for (int i = 0; i < ofNets.size(); i++) {
            ofNets.get(i).begin(batches[batches.length == 1 ? 0 : i]);
        }
    }

    /**
     * Makes the step, and adds it to the totals; returns the mean loss of the nets. If that of one net is not finite, it is returned, and
     * that net has made no step.
     *
     * @throws beras.optimizers.NonFiniteGradientException if a gradient is not finite
     */
    double run(Totals totals) {
        if (losses.length == 1) {
            losses[0] = ofNets.get(0).run();
        } else {
            Threads.each(losses.length, this::run);
            for (int i = 0; i < failures.length; i++) {
                throwFailure(i);
            }
        }
        double sum = 0;
        int nets = 0;
        for (int i = 0; i < losses.length; i++) {
            if (!Float.isFinite(losses[i])) {
                return losses[i];
            }
            if (ofNets.get(i).hasBatch()) {
                ofNets.get(i).addTo(totals);
                sum += losses[i];
                nets++;
            }
        }
        if (sink != null) {
            sink.accept(joined());
        } else if (losses.length > 1) {
            optimizer.endStep();
        }
        return sum / nets;
    }

    private void run(int net) {
        try {
            losses[net] = ofNets.get(net).run();
        } catch (RuntimeException | Error e) {
            failures[net] = e; // the other nets end their steps
        }
    }

    private void throwFailure(int net) {
        Throwable failure = failures[net];
        failures[net] = null;
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
    }

    private List<Tensor> joined() {
        List<Tensor> all = new ArrayList<>();
        gradients.forEach(all::addAll);
        return all;
    }

    /** A step by gradients of the {@link #variables}. */
    void apply(List<Tensor> given) {
        if (given.size() != variables.size()) {
            throw new IllegalArgumentException("One gradient per variable is needed. Received: " + variables.size()
                    + " variables and " + given.size() + " gradients");
        }
        int from = 0;
        for (TrainStep step : ofNets) {
            step.apply(given.subList(from, from + step.variables().size()));
            from += step.variables().size();
        }
        if (ofNets.size() > 1) {
            optimizer.endStep();
        }
    }

    /** What the loss was of; null if there was none, or there are several nets. */
    Tensor[] outputs() {
        return ofNets.size() == 1 ? ofNets.get(0).outputs() : null;
    }

    void trustTargets() {
        ofNets.forEach(TrainStep::trustTargets);
    }

    void watchGradients() {
        ofNets.forEach(TrainStep::watchGradients);
    }

    /** Once after {@link #watchGradients}, the variables that got no gradient since; empty if no gradients were applied, or none watched. */
    Optional<List<Variable>> unreached() {
        if (!ofNets.get(0).watchesGradients()) {
            return Optional.empty();
        }
        List<Variable> unreached = new ArrayList<>();
        boolean applied = false;
        for (TrainStep step : ofNets) {
            Optional<List<Variable>> ofNet = step.unreached();
            ofNet.ifPresent(unreached::addAll);
            applied |= ofNet.isPresent();
        }
        return applied ? Optional.of(unreached) : Optional.empty();
    }
}
