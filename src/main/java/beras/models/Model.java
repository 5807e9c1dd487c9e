package beras.models;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.callbacks.Callback;
import beras.callbacks.Logs;
import beras.kernels.Pace;
import beras.layers.Layer;
import beras.losses.Loss;
import beras.metrics.Metric;
import beras.optimizers.Optimizer;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network that can be trained.
 *
 * <p>{@link #predict} and {@link #forward} may run in any number of threads at once, as long as none trains. The same data,
 * options and seeds give the same bits, whatever the backend and the number of threads.
 */
public abstract class Model extends Diffable {

    private static final int PREDICT_BATCH = 256;

    private Optimizer optimizer;
    private Loss loss;
    private List<Metric> metrics = List.of();

    /** The layers, in order. */
    public abstract List<Layer> layers();

    /** The shape of one input. */
    public abstract Shape inputShape();

    /** The shape of one output. */
    public abstract Shape outputShape();

    /** The output for a batch; under a tape its layers are recorded, never the model itself. */
    @Override
    public abstract Tensor forward(Tensor... inputs);

    /** As {@link #forward}, with the layers grouped into what runs fast. Same bits. */
    abstract Tensor fastForward(Tensor batch);

    /** The same as {@link #forward}: a model leaves no record of its own. */
    @Override
    public final Tensor call(Tensor... inputs) {
        return forward(inputs);
    }

    @Override
    protected final Tensor compute(Call call) {
        return forward(call.inputs().toArray(Tensor[]::new));
    }

    /** None: a model is differentiated through its layers. */
    @Override
    protected final List<Tensor> inputGradients(Call call) {
        return List.of();
    }

    /** Sets how {@link #fit} changes the weights and what it reports. */
    public void compile(Optimizer optimizer, Loss loss, Metric... metrics) {
        this.optimizer = optimizer;
        this.loss = loss;
        this.metrics = List.of(metrics);
    }

    // ---------------------------------------------------------------------------------------------------- fit

    /** Trains on {@code x (count, ...)} and {@code y (count, ...)}; see {@link #fit(Examples, FitOptions)}. */
    public History fit(Tensor x, Tensor y, FitOptions options) {
        return fit(Examples.of(x, y), options);
    }

    /**
     * Trains, and reports per epoch the loss and the metrics: averages over the examples (not over batches), each at the
     * weights its batch saw. With validation there are {@code val_loss} and so on, at the weights after the epoch.
     *
     * @throws IllegalStateException if the model is not compiled
     * @throws IllegalArgumentException if there are no examples, or their shapes do not fit the model
     * @throws DivergedException if the loss becomes NaN or infinite
     */
    public History fit(Examples examples, FitOptions options) {
        requireCompiled();
        Examples training = examples;
        Examples validation = options.validationData();
        if (validation == null && options.validationSplit() > 0) {
            int kept = (int) Math.floor(examples.count() * (1 - options.validationSplit()));
            training = examples.slice(0, kept);
            validation = examples.slice(kept, examples.count());
        }
        requireFit(training, "training");
        if (validation != null) {
            requireFit(validation, "validation");
        }
        List<Variable> variables = trainableVariables();
        Batches batches = new Batches(training, options.batchSize());
        Workspace workspace = new Workspace();
        Pace pace = new Pace();
        History history = new History();
        for (int epoch = 0; epoch < options.epochs(); epoch++) {
            for (Callback callback : options.callbacks()) {
                callback.onEpochBegin(epoch, batches.count());
            }
            long start = System.nanoTime();
            if (options.shuffle()) {
                batches.shuffle(new Rng(options.seed(), "shuffle", epoch));
            }
            Totals totals = new Totals(metrics);
            for (int batch = 0; batch < batches.count(); batch++) {
                pace.begin();
                try {
                    trainStep(batches, epoch, batch, variables, workspace, totals);
                } finally {
                    pace.end();
                }
                for (Callback callback : options.callbacks()) {
                    callback.onBatchEnd(batch, totals.logs(seconds(start)));
                }
            }
            double seconds = seconds(start);
            Map<String, Double> values = totals.means("");
            if (validation != null) {
                values.putAll(total(validation, options.batchSize()).means("val_"));
            }
            Logs logs = new Logs(values, seconds);
            history.add(logs);
            for (Callback callback : options.callbacks()) {
                callback.onEpochEnd(epoch, logs);
            }
        }
        return history;
    }

    private void trainStep(Batches batches, int epoch, int batch, List<Variable> variables, Workspace workspace, Totals totals) {
        batches.load(batch);
        GradientTape tape = new GradientTape(workspace);
        Tensor value;
        try (tape) {
            Tensor predictions = fastForward(batches.inputs());
            value = loss.call(predictions, batches.targets());
            totals.add(tape.producer(value));
        }
        if (!Float.isFinite(value.item())) {
            throw new DivergedException(epoch, batch, value.item());
        }
        optimizer.applyGradients(variables, tape.gradient(value, variables));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) * 1e-9;
    }

    // ---------------------------------------------------------------------------------------- evaluate, predict

    /** The loss and the metrics on {@code x} and {@code y}; see {@link #evaluate(Examples, int)}. */
    public Map<String, Double> evaluate(Tensor x, Tensor y, int batchSize) {
        return evaluate(Examples.of(x, y), batchSize);
    }

    /**
     * The loss and the metrics, averaged over the examples: the same bits for any batch size. Nothing of the model changes.
     *
     * @throws IllegalStateException if the model is not compiled
     * @throws IllegalArgumentException if there are no examples, or their shapes do not fit the model
     */
    public Map<String, Double> evaluate(Examples examples, int batchSize) {
        requireCompiled();
        requireFit(examples, "evaluation");
        return total(examples, FitOptions.requireBatchSize(batchSize)).means("");
    }

    private Totals total(Examples examples, int batchSize) {
        Batches batches = new Batches(examples, batchSize);
        Workspace workspace = new Workspace();
        Totals totals = new Totals(metrics);
        for (int batch = 0; batch < batches.count(); batch++) {
            batches.load(batch);
            try (GradientTape tape = new GradientTape(workspace)) {
                Tensor value = loss.call(fastForward(batches.inputs()), batches.targets());
                totals.add(tape.producer(value));
            }
        }
        return totals;
    }

    /**
     * The outputs for {@code x (count, ...)}: {@code (count, outputs)}, whatever the count.
     *
     * @throws IllegalArgumentException if the shape does not fit the model
     */
    public Tensor predict(Tensor x) {
        if (x.rank() == 0 || !Batches.exampleShape(x).equals(inputShape())) {
            throw new IllegalArgumentException("This model takes examples of shape " + inputShape() + ", so a batch has one axis more."
                    + " Received: " + x.shape());
        }
        int count = x.dim(0);
        Tensor out = Tensor.zeros(Batches.batchShape(count, outputShape()));
        for (int from = 0; from < count; from += PREDICT_BATCH) {
            Tensor part = fastForward(x.slice(from, Math.min(count, from + PREDICT_BATCH))).contiguous();
            System.arraycopy(part.data(), part.offset(), out.data(), from * outputShape().size(), part.size());
        }
        return out;
    }

    private void requireCompiled() {
        if (optimizer == null) {
            throw new IllegalStateException("The model is not compiled: call compile(optimizer, loss, metrics) first");
        }
    }

    private void requireFit(Examples examples, String what) {
        if (examples.count() == 0) {
            throw new IllegalArgumentException("There are no examples for " + what);
        }
        if (!examples.inputShape().equals(inputShape()) || !examples.targetShape().equals(outputShape())) {
            throw new IllegalArgumentException("This model takes inputs of shape " + inputShape() + " and targets of shape "
                    + outputShape() + ". Received " + what + " examples of " + examples.inputShape() + " and " + examples.targetShape());
        }
    }

    /** Sums over examples, in their order, so that they do not depend on how the examples were cut into batches. */
    private static final class Totals {

        private final List<Metric.Accumulator> metrics;
        private final List<String> names;
        private double loss;
        private long count;

        Totals(List<Metric> metrics) {
            this.metrics = metrics.stream().map(Metric::accumulator).toList();
            this.names = Stream.concat(Stream.of("loss"), metrics.stream().map(Metric::name)).collect(Collectors.toUnmodifiableList());
        }

        void add(Call lossCall) {
            Tensor losses = Loss.perExample(lossCall);
            for (int i = 0; i < losses.size(); i++) {
                loss += losses.data()[losses.offset() + i];
            }
            for (Metric.Accumulator metric : metrics) {
                metric.update(lossCall.input(0), lossCall.input(1), null);
            }
            count += losses.size();
        }

        Logs logs(double seconds) {
            return new Logs(names, means(), seconds);
        }

        Map<String, Double> means(String prefix) {
            double[] values = means();
            Map<String, Double> means = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i++) {
                means.put(prefix + names.get(i), values[i]);
            }
            return means;
        }

        private double[] means() {
            double[] means = new double[names.size()];
            means[0] = loss / count;
            for (int i = 1; i < means.length; i++) {
                means[i] = metrics.get(i - 1).result();
            }
            return means;
        }
    }
}
