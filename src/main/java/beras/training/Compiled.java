package beras.training;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.constraints.Constraint;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.kernels.ScalarWarning;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.layers.WeightSpec;
import beras.losses.Loss;
import beras.optimizers.NonFiniteGradientException;
import beras.optimizers.Optimizer;
import beras.regularizers.Regularizer;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a net is trained for and how: computes the total loss of a batch, and minimizes it. */
final class Compiled {

    private record Regularized(Regularizer regularizer, Variable weight) {}

    private record Constrained(Constraint constraint, Variable weight) {}

    private final Trainable net;
    private final Optimizer optimizer; // null: to measure alone
    private final List<Objective> objectives;
    private final List<Regularized> regularized = new ArrayList<>();
    private final List<Constrained> constrained = new ArrayList<>();
    private final boolean penalizesActivity; // a layer does
    private final boolean isPlain; // the only loss is the total
    private boolean areOutputsChecked; // no loss has refused its output
    private WeightedSum total; // of as many losses as there were last; null: none yet
    private final List<Variable> remembered = new ArrayList<>(); // what layers change by themselves
    private final List<float[]> before = new ArrayList<>(); // what it was before a step
    private final Map<Variable, Integer> netOf = new IdentityHashMap<>(); // empty if all weights belong together

    Compiled(Trainable net, Optimizer optimizer, List<Objective> objectives) {
        this.net = net;
        this.optimizer = optimizer;
        this.objectives = objectives;
        boolean penalizes = false;
        for (Layer layer : Layer.withInner(net.layers())) {
            addRules(layer);
            penalizes |= layer.activityRegularizer().isPresent();
        }
        this.penalizesActivity = penalizes;
        for (Variable weight : net.weights()) {
            if (weight.isState()) {
                remembered.add(weight);
                before.add(new float[weight.size()]);
            }
        }
        if (optimizer != null) {
            optimizer.requireRateFactors(net.weights());
        }
        List<List<Variable>> nets = net.weightsByNet();
        for (int i = 0; i < nets.size(); i++) {
            for (Variable weight : nets.get(i)) {
                netOf.putIfAbsent(weight, i);
            }
        }
        this.isPlain = objectives.size() == 1 && objectives.get(0).weight() == 1f && regularized.isEmpty() && !penalizesActivity;
        totals(); // refuses two numbers of one name
    }

    private void addRules(Layer layer) {
        for (int i = 0; i < layer.specs().size(); i++) {
            WeightSpec spec = layer.specs().get(i);
            if (spec.regularizer() != null) {
                regularized.add(new Regularized(spec.regularizer(), layer.weights().get(i)));
            }
            if (spec.constraint() != null) {
                constrained.add(new Constrained(spec.constraint(), layer.weights().get(i)));
            }
        }
    }

    private WeightedSum total(int losses) {
        if (total == null || total.factors() != losses) {
            float[] factors = new float[losses];
            for (int i = 0; i < losses; i++) {
                factors[i] = objectives.get(i % objectives.size()).weight();
            }
            total = new WeightedSum(factors);
        }
        return total;
    }

    /** Whether this was compiled to be trained. */
    boolean hasOptimizer() {
        return optimizer != null;
    }

    /**
     * What changes the weights.
     *
     * @throws IllegalStateException if this was compiled to measure alone
     */
    Optimizer optimizer() {
        if (optimizer == null) {
            throw new IllegalStateException("This model was compiled without an optimizer, which is enough to evaluate. To train"
                    + " it, compile it with one");
        }
        return optimizer;
    }

    Trainable net() {
        return net;
    }

    List<Objective> objectives() {
        return objectives;
    }

    /** The loss of output {@code i}. */
    Loss loss(int i) {
        return objectives.get(i).loss();
    }

    /**
     * Refuses outputs that cannot minimize their losses; those of a net that has a step of its own are known when a loss is taken.
     *
     * @throws IllegalArgumentException if it refuses
     */
    void requireOutputs() {
        List<OutputRange> outputs = net.outputRanges();
        for (int i = 0; i < outputs.size(); i++) {
            requireOutputs(i, outputs.get(i));
        }
        areOutputsChecked = !outputs.isEmpty();
    }

    private void requireOutputs(int i, OutputRange outputs) {
        Shape shape = net.outputShapes().get(i);
        if (outputs.min() == outputs.max()) {
            throw new IllegalArgumentException("An output that is constant cannot be trained, such as a softmax"
                    + " over one unit. Received: " + outputs.source().orElseThrow() + " at the end, for an output of shape "
                    + shape + ". End in a sigmoid for two classes, without activation for a regression, or with a unit for each"
                    + " class");
        }
        loss(i).requireOutputs(shape, outputs);
    }

    /** As {@link #requireOutputs()}, if that is not known yet: by what a tape has recorded of the outputs. */
    private void requireOutputs(Tensor[] outputs, GradientTape tape) {
        Map<Tensor, OutputRange> known = new IdentityHashMap<>();
        for (Call call : tape.calls()) {
            if (call.diffable() instanceof Layer layer) {
                known.put(call.output(), layer.outputRange(
                        call.inputs().stream().map(input -> known.getOrDefault(input, OutputRange.UNKNOWN)).toList()));
            }
        }
        for (int i = 0; i < outputs.length; i++) {
            requireOutputs(i % objectives.size(), known.getOrDefault(outputs[i], OutputRange.UNKNOWN));
        }
        areOutputsChecked = true;
    }

    Totals totals() {
        return new Totals(objectives, net.outputNames());
    }

    // --------------------------------------------------------------------------------------------------- training

    /**
     * The loss of a batch, under a tape; the totals take it in. Weights of the examples may be null: all 1.
     *
     * @param outputs one for each objective, or for the only one those of several nets, whose losses are added
     */
    Tensor loss(Tensor[] outputs, Batch batch, Tensor weights, GradientTape tape, Totals totals) {
        if (!areOutputsChecked) {
            requireOutputs(outputs, tape);
        }
        if (isPlain && outputs.length == 1) {
            return loss(0, outputs[0], batch.targets().get(0), weights, tape, totals);
        }
        List<Tensor> ofActivity = tape.penalties();
        int weighted = outputs.length + regularized.size();
        Tensor[] terms = new Tensor[weighted + ofActivity.size()];
        if (batch.ofNets().isEmpty()) {
            for (int i = 0; i < outputs.length; i++) {
                terms[i] = loss(i % objectives.size(), outputs[i], batch.targets().get(i % objectives.size()), weights, tape, totals);
            }
        } else {
            int from = 0;
            for (int i = 0; i < outputs.length; i++) { // of a net each, which has learnt from the next examples
                int to = from + outputs[i].dim(0);
                terms[i] = loss(0, outputs[i], batch.targets().get(0).slice(from, to), weights == null ? null : weights.slice(from, to),
                        tape, totals);
                from = to;
            }
        }
        double sum = 0;
        for (int i = 0; i < regularized.size(); i++) {
            Tensor penalty = regularized.get(i).regularizer.call(regularized.get(i).weight);
            terms[outputs.length + i] = penalty;
            sum += penalty.item();
        }
        for (int i = 0; i < ofActivity.size(); i++) {
            terms[weighted + i] = ofActivity.get(i);
        }
        int nets = outputs.length / objectives.size(); // whose mean is reported
        totals.addPenalties((sum + sum(ofActivity)) / nets, batch.size());
        return total(outputs.length).call(terms);
    }

    private static double sum(List<Tensor> numbers) {
        double sum = 0;
        for (int i = 0; i < numbers.size(); i++) {
            sum += numbers.get(i).item();
        }
        return sum;
    }

    /**
     * Refuses targets that make no sense for their loss.
     *
     * @param weights of the examples; null: all 1
     * @throws IllegalArgumentException if it refuses one
     */
    void requireTargets(Batch batch, Tensor weights) {
        for (int i = 0; i < objectives.size(); i++) {
            loss(i).requireTargets(batch.targets().get(i), Optional.ofNullable(weights));
        }
    }

    private Tensor loss(int i, Tensor output, Tensor target, Tensor weights, GradientTape tape, Totals totals) {
        Loss loss = objectives.get(i).loss();
        Tensor value = weights == null ? loss.call(output, target) : loss.call(output, target, weights);
        totals.add(i, tape.call(value));
        return value;
    }

    /**
     * One step of the net's own; returns the loss of the batch at the weights before it. If that or a gradient is not finite, no weight
     * is changed, also none that a layer changes by itself.
     *
     * @throws NonFiniteGradientException if a gradient is not finite
     */
    float step(TrainStep step) {
        for (int i = 0; i < before.size(); i++) {
            Variable weight = remembered.get(i);
            System.arraycopy(weight.data(), weight.offset(), before.get(i), 0, weight.size());
        }
        boolean made = false;
        try {
            float loss = net.trainStep(step);
            step.end(loss);
            made = Float.isFinite(loss);
            return loss;
        } catch (NonFiniteGradientException e) {
            throw step.explained(e);
        } finally {
            for (int i = 0; !made && i < before.size(); i++) {
                Variable weight = remembered.get(i);
                System.arraycopy(before.get(i), 0, weight.data(), weight.offset(), weight.size());
            }
        }
    }

    /** One step of the optimizer, and the constraints after it. */
    void apply(List<Variable> variables, List<Tensor> gradients) {
        if (netOf.isEmpty()) {
            optimizer().applyGradients(variables, gradients);
        } else {
            int[] nets = new int[variables.size()];
            for (int i = 0; i < nets.length; i++) {
                nets[i] = netOf.get(variables.get(i));
            }
            optimizer().applyGradients(variables, gradients, nets);
        }
        for (int i = 0; i < constrained.size(); i++) {
            if (constrained.get(i).weight.trainable()) {
                constrained.get(i).constraint.apply(constrained.get(i).weight);
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- measuring

    /**
     * Losses and metrics of one pass over batches, at weights that stay as they are.
     *
     * @param what        the batches are for
     * @param collector gathers the rest
     * @throws IllegalArgumentException if there are none
     */
    Totals evaluate(Batches batches, String what, Collector collector) {
        ScalarWarning.logOnce();
        Workspace workspace = new Workspace();
        Totals totals = totals();
        int nets = Math.max(1, net.weightsByNet().size()); // whose mean penalty counts, as in training
        double penalties = 0;
        for (Regularized one : regularized) {
            penalties += one.regularizer.call(one.weight).item() / nets;
        }
        if (!penalizesActivity) {
            totals.addPenalties(penalties, 1); // the same for each example
        }
        try (CountedPass pass = new CountedPass(batches, 0, what)) {
            Batch batch = pass.next();
            requireSome(batch, what);
            for (; batch != null; batch = pass.next()) {
                requireNotEmpty(batch, what);
                try (GradientTape tape = new GradientTape(workspace, false)) {
                    requireTargets(batch, batch.weights());
                    Tensor[] outputs = net.run(batch);
                    for (int i = 0; i < objectives.size(); i++) {
                        loss(i, outputs[i], batch.targets().get(i), batch.weights(), tape, totals);
                    }
                    if (penalizesActivity) {
                        totals.addPenalties(penalties + sum(tape.penalties()) / nets, batch.size());
                    }
                    collector.add(outputs, batch);
                }
            }
        }
        return totals;
    }

    /** Refuses data that end before the first batch. */
    static void requireSome(Batch first, String what) {
        if (first == null) {
            throw new IllegalArgumentException("There are no examples for " + what);
        }
    }

    /** Refuses a batch without examples, which has no mean. */
    static void requireNotEmpty(Batch batch, String what) {
        if (batch.size() == 0) {
            throw new IllegalArgumentException("A batch for " + what + " must have at least one example. Received: inputs of"
                    + " shape " + batch.inputs().get(0).shape() + ". Leave out empty batches");
        }
    }
}
