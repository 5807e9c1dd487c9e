package beras.training;

import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.constraints.Constraint;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.layers.Layer;
import beras.layers.WeightSpec;
import beras.losses.Loss;
import beras.optimizers.Optimizer;
import beras.regularizers.Regularizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;

/** What a model is trained for and how: it turns a batch into the one number to make smaller, and makes it smaller. */
final class Compiled {

    private record Penalty(Regularizer regularizer, Variable weight) {}

    private record Rule(Constraint constraint, Variable weight) {}

    private final Trainable net;
    private final Optimizer optimizer;
    private final List<Objective> objectives;
    private final List<Penalty> penalties = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final WeightedSum total; // null: the only loss is the total

    Compiled(Trainable net, Optimizer optimizer, List<Objective> objectives) {
        this.net = net;
        this.optimizer = optimizer;
        this.objectives = objectives;
        for (Layer layer : Layer.withInner(net.layers())) {
            addRules(layer);
        }
        boolean plain = objectives.size() == 1 && objectives.get(0).weight() == 1f && penalties.isEmpty();
        this.total = plain ? null : new WeightedSum(factors());
        totals(); // refuses two numbers of one name
    }

    private void addRules(Layer layer) {
        for (int i = 0; i < layer.specs().size(); i++) {
            WeightSpec spec = layer.specs().get(i);
            if (spec.regularizer() != null) {
                penalties.add(new Penalty(spec.regularizer(), layer.weights().get(i)));
            }
            if (spec.constraint() != null) {
                rules.add(new Rule(spec.constraint(), layer.weights().get(i)));
            }
        }
    }

    private float[] factors() {
        float[] factors = new float[objectives.size() + penalties.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = i < objectives.size() ? objectives.get(i).weight() : 1f;
        }
        return factors;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    /** The loss of output {@code i}. */
    Loss loss(int i) {
        return objectives.get(i).loss();
    }

    Totals totals() {
        return new Totals(objectives, net.outputNames());
    }

    /**
     * The loss of a batch, under a tape; the totals take it in.
     *
     * @param weights of the examples; null: all 1
     */
    Tensor loss(Batch batch, Tensor weights, GradientTape tape, Totals totals) {
        Tensor[] outputs = net.run(batch.inputs().toArray(Tensor[]::new));
        if (total == null) {
            return loss(0, outputs[0], batch, weights, tape, totals);
        }
        Tensor[] terms = new Tensor[objectives.size() + penalties.size()];
        for (int i = 0; i < objectives.size(); i++) {
            terms[i] = loss(i, outputs[i], batch, weights, tape, totals);
        }
        double sum = 0;
        for (int i = 0; i < penalties.size(); i++) {
            Tensor penalty = penalties.get(i).regularizer.call(penalties.get(i).weight);
            terms[objectives.size() + i] = penalty;
            sum += penalty.item();
        }
        totals.addPenalties(sum, batch.size());
        return total.call(terms);
    }

    private Tensor loss(int i, Tensor output, Batch batch, Tensor weights, GradientTape tape, Totals totals) {
        Loss loss = objectives.get(i).loss();
        Tensor target = batch.targets().get(i);
        Tensor value = weights == null ? loss.call(output, target) : loss.call(output, target, weights);
        totals.add(i, tape.producer(value));
        return value;
    }

    /**
     * One step of training; returns the loss of the batch at the weights before it. If that is not finite, no trainable
     * weight is changed.
     */
    float step(Batch batch, Tensor weights, List<Variable> variables, Workspace workspace, Totals totals) {
        GradientTape tape = new GradientTape(workspace, true);
        Tensor loss;
        try (tape) {
            loss = loss(batch, weights, tape, totals);
        }
        float value = loss.item();
        if (Float.isFinite(value)) {
            optimizer.applyGradients(variables, gradients(tape, loss, variables));
            for (int i = 0; i < rules.size(); i++) {
                rules.get(i).constraint.apply(rules.get(i).weight);
            }
        }
        return value;
    }

    private List<Tensor> gradients(GradientTape tape, Tensor loss, List<Variable> variables) {
        float scale = optimizer.lossScale();
        return scale == 1f ? tape.gradient(loss, variables) : tape.gradient(loss, variables, Tensor.scalar(scale));
    }

    /**
     * Losses and metrics of one pass over batches, at weights that stay as they are.
     *
     * @param what the batches are for
     * @throws IllegalArgumentException if there are none
     */
    Totals evaluate(Batches batches, String what) {
        Workspace workspace = new Workspace();
        Totals totals = totals();
        try (Batches.Pass pass = batches.open(0)) {
            Batch batch = pass.next();
            requireSome(batch, what);
            for (; batch != null; batch = pass.next()) {
                try (GradientTape tape = new GradientTape(workspace, false)) {
                    loss(batch, batch.weights(), tape, totals);
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
}
