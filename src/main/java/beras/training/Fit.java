package beras.training;

import beras.autograd.Workspace;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.kernels.Pace;
import beras.optimizers.Optimizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Map;

/** The training loop. */
final class Fit implements Training {

    private final Compiled compiled;
    private final List<Variable> weights;
    private final List<Variable> variables;
    private final Batches batches;
    private final Batches validation; // null: none
    private final FitOptions options;
    private final List<Callback> callbacks;
    private final Workspace workspace = new Workspace();
    private final Pace pace = new Pace();
    private final WeightsByClass classWeights; // null: all classes count the same
    private boolean stopping;

    Fit(Compiled compiled, List<Variable> weights, Batches batches, Batches validation, FitOptions options) {
        this.compiled = compiled;
        this.weights = weights;
        this.variables = weights.stream().filter(Variable::trainable).toList();
        this.batches = batches;
        this.validation = validation;
        this.options = options;
        this.callbacks = options.callbacks();
        this.classWeights = options.classWeights() == null ? null : new WeightsByClass(options.classWeights());
    }

    @Override
    public List<Variable> weights() {
        return weights;
    }

    @Override
    public Optimizer optimizer() {
        return compiled.optimizer();
    }

    @Override
    public int epochs() {
        return options.epochs();
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    History run() {
        History history = new History();
        callbacks.forEach(callback -> callback.onTrainBegin(this));
        for (int epoch = options.initialEpoch(); epoch < options.epochs() && !stopping; epoch++) {
            int count = batches.count() < 0 && options.stepsPerEpoch() == Integer.MAX_VALUE ? -1
                    : batches.count() < 0 ? options.stepsPerEpoch() : Math.min(batches.count(), options.stepsPerEpoch());
            for (Callback callback : callbacks) {
                callback.onEpochBegin(epoch, count);
            }
            long start = System.nanoTime();
            Totals totals = compiled.totals();
            boolean done;
            try (Batches.Pass pass = batches.open(epoch)) {
                done = train(epoch, pass, totals, start);
            }
            if (!done) {
                break;
            }
            double seconds = seconds(start);
            Map<String, Double> values = totals.means("");
            if (validation != null) {
                values.putAll(compiled.evaluate(validation, "validation").means("val_"));
            }
            Logs logs = new Logs(values, seconds);
            history.add(logs);
            for (Callback callback : callbacks) {
                callback.onEpochEnd(epoch, logs);
            }
        }
        optimizer().finalizeVariables(variables);
        callbacks.forEach(Callback::onTrainEnd);
        return history;
    }

    /** Whether the epoch came to its end, or to where it was stopped; not to a loss that is not finite. */
    private boolean train(int epoch, Batches.Pass pass, Totals totals, long start) {
        for (int step = 0; step < options.stepsPerEpoch() && !stopping; step++) {
            float loss;
            pace.begin();
            try {
                Batch batch = pass.next();
                if (step == 0) {
                    Compiled.requireSome(batch, "training");
                }
                if (batch == null) {
                    return true;
                }
                loss = compiled.step(batch, weights(batch), variables, workspace, totals);
            } finally {
                pace.end();
            }
            if (!Float.isFinite(loss)) {
                if (!isHandled(epoch, step, loss)) {
                    throw new DivergedException(epoch, step, loss);
                }
                return false;
            }
            for (Callback callback : callbacks) {
                callback.onBatchEnd(step, totals.logs(seconds(start)));
            }
        }
        return true;
    }

    /** Whether a callback takes care of a loss that is not finite; all are asked. */
    private boolean isHandled(int epoch, int batch, double loss) {
        boolean handled = false;
        for (Callback callback : callbacks) {
            handled |= callback.onNonFiniteLoss(epoch, batch, loss);
        }
        return handled;
    }

    private Tensor weights(Batch batch) {
        return classWeights == null ? batch.weights() : classWeights.of(batch);
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }
}
