package beras.spark;

import beras.feed.Batch;
import beras.feed.Batches;
import beras.layers.Layer;
import beras.models.Model;
import beras.models.Models;
import beras.optimizers.Optimizer;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Evaluation;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.Trainer;
import java.util.ArrayList;
import java.util.List;

/**
 * A network with its optimizer, of the driver or of a thread of an executor. It is sent as flat arrays: all weights, and, where
 * shards make their own steps, the optimizer's slots. Not for use by several threads at once.
 */
final class Replica {

    private final Plan plan;
    private final Recipe recipe;
    private final Model net;
    private final Optimizer optimizer;
    private final Trainer trainer;
    private final List<Layer> noisy = new ArrayList<>();
    private final int weights; // how many numbers they are
    private final int slots; // tensors of each variable that the optimizer remembers

    Replica(Plan plan) {
        this.plan = plan;
        this.recipe = plan.recipe();
        this.net = Models.of(recipe, Shape.of(plan.width()));
        this.optimizer = recipe.makeOptimizer((long) plan.steps() * recipe.batchSize());
        this.trainer = new Trainer(net, optimizer, List.of(new Objective(recipe.makeLoss())));
        this.slots = optimizer.state(net.weights()).size() / Math.max(1, net.weights().size());
        int count = 0;
        for (Variable weight : net.weights()) {
            count += weight.size();
        }
        this.weights = count;
        for (Layer layer : Layer.withInner(net.layers())) {
            if (isNoisy(layer)) {
                noisy.add(layer);
            }
        }
    }

    private static boolean isNoisy(Layer layer) {
        try {
            layer.noiseCalls(1);
            return true;
        } catch (IllegalArgumentException e) { // it draws no random numbers
            return false;
        }
    }

    Model net() {
        return net;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    Recipe recipe() {
        return recipe;
    }

    /** How many numbers the weights are. */
    int weights() {
        return weights;
    }

    // ------------------------------------------------------------------------------------------------------- state

    /** The state for a task: the weights, and the optimizer's slots if shards make their own steps. */
    float[] state() {
        List<Tensor> all = new ArrayList<>(net.weights());
        if (!plan.isInStep()) {
            all.addAll(optimizer.state(net.weights()));
        }
        return flat(all);
    }

    /**
     * Takes over a {@link #state}.
     *
     * @param steps that the optimizer has made
     */
    void become(float[] state, int steps) {
        int at = read(state, 0, net.weights());
        if (!plan.isInStep()) {
            optimizer.restore(steps, net.weights(), memory(state, at));
        }
    }

    private List<Tensor> memory(float[] state, int from) {
        List<Tensor> memory = new ArrayList<>();
        int at = from;
        for (Variable weight : net.weights()) {
            for (int i = 0; i < slots; i++) {
                boolean known = weight.trainable() && from < state.length;
                Tensor tensor = known ? Tensor.zeros(weight.shape()) : Tensor.zeros(0);
                if (known) {
                    System.arraycopy(state, at, tensor.data(), 0, tensor.size());
                    at += tensor.size();
                }
                memory.add(tensor);
            }
        }
        return memory;
    }

    private static float[] flat(List<? extends Tensor> tensors) {
        int size = 0;
        for (Tensor tensor : tensors) {
            size += tensor.size();
        }
        float[] flat = new float[size];
        int at = 0;
        for (Tensor tensor : tensors) {
            at = write(tensor, flat, at);
        }
        return flat;
    }

    private static int write(Tensor tensor, float[] into, int at) {
        Tensor plain = tensor.contiguous();
        System.arraycopy(plain.data(), plain.offset(), into, at, plain.size());
        return at + plain.size();
    }

    private static int read(float[] from, int first, List<? extends Tensor> tensors) {
        int at = first;
        for (Tensor tensor : tensors) {
            System.arraycopy(from, at, tensor.data(), tensor.offset(), tensor.size());
            at += tensor.size();
        }
        return at;
    }

    // ------------------------------------------------------------------------------------------------------- rounds

    /**
     * The contribution of a shard to a round: a function of the state, the shard and the round alone.
     *
     * @return null if the shard has no rows there
     */
    Contribution contribute(Shard shard, float[] state, Round round) {
        int count = plan.first(shard.rows(), round.to()) - plan.first(shard.rows(), round.from());
        if (count == 0) {
            return null;
        }
        become(state, round.stepsBefore());
        double loss = 0;
        float[] gradients = plan.isInStep() ? new float[weights] : null;
        for (int step = round.from(); step < round.to(); step++) {
            Batch batch = shard.batch(plan.first(shard.rows(), step), plan.first(shard.rows(), step + 1), recipe.seed(),
                    round.epoch(), plan.shards());
            if (batch == null) { // a shard of fewer rows than steps
                continue;
            }
            long call = (round.stepsBefore() + (step - round.from())) * (long) plan.shards() + shard.number();
            noisy.forEach(layer -> layer.noiseCalls(call));
            double mean = plan.isInStep() ? trainer.gradientsOnBatch(batch, given -> write(given, gradients)).loss()
                    : trainer.trainOnBatch(batch).loss();
            loss += mean * batch.size();
        }
        float[] sum = gradients;
        if (plan.isInStep()) {
            writeStates(gradients);
        } else {
            sum = state();
        }
        return Contribution.of(sum, (double) count / plan.rows(round.from(), round.to()), loss);
    }

    /**
     * The loss of a shard's validation rows, summed over them: a function of the state and the shard alone.
     *
     * @return null if the shard has no such rows
     */
    Contribution validate(Shard shard, float[] state) {
        if (shard.validationRows() == 0) {
            return null;
        }
        become(state, 0);
        Evaluation measured = trainer.evaluate(Batches.of(shard.validation(), recipe.batchSize()));
        return new Contribution(new float[0], measured.loss() * measured.examples());
    }

    /** The gradients in the places of their weights. */
    private void write(List<Tensor> gradients, float[] into) {
        int at = 0;
        int next = 0;
        for (Variable weight : net.weights()) {
            if (weight.trainable()) {
                Tensor gradient = gradients.get(next++);
                if (gradient != null) {
                    write(gradient, into, at);
                }
            }
            at += weight.size();
        }
    }

    /** Writes the state of layers, such as moving averages, to its place. */
    private void writeStates(float[] into) {
        int at = 0;
        for (Variable weight : net.weights()) {
            if (!weight.trainable()) {
                write(weight, into, at);
            }
            at += weight.size();
        }
    }

    /** Ends a round with the sum of all contributions. */
    void end(Round round, float[] sum) {
        if (!plan.isInStep()) {
            become(sum, round.stepsBefore() + round.to() - round.from());
            return;
        }
        List<Tensor> gradients = new ArrayList<>();
        int at = 0;
        for (Variable weight : net.weights()) {
            if (weight.trainable()) {
                Tensor gradient = Tensor.zeros(weight.shape());
                System.arraycopy(sum, at, gradient.data(), 0, gradient.size());
                gradients.add(gradient);
            } else {
                System.arraycopy(sum, at, weight.data(), weight.offset(), weight.size());
            }
            at += weight.size();
        }
        trainer.applyGradients(gradients);
    }
}
