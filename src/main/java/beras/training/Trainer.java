package beras.training;

import beras.autograd.GradientTape;
import beras.autograd.Workspace;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.kernels.ScalarWarning;
import beras.layers.Layer;
import beras.layers.OutputRange;
import beras.optimizers.NonFiniteGradientException;
import beras.optimizers.Optimizer;
import beras.regularizers.Regularizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Trains and evaluates a network. */
public final class Trainer {

    private final Trainable net;
    private final Optimizer optimizer; // null: to measure alone
    private final List<Objective> objectives;
    private final List<Workspace> onBatch = new ArrayList<>(); // of steps on single batches, for each network
    private volatile boolean fits;

    /**
     * To train and to evaluate.
     *
     * @param objectives one for each output, in the order of the outputs
     * @throws IllegalArgumentException if there is not one objective for each output, two metrics have one name, or a loss cannot
     *     be minimized by the outputs, see {@link Trainable#outputRanges}
     */
    public Trainer(Trainable net, Optimizer optimizer, List<Objective> objectives) {
        this(net, objectives, Objects.requireNonNull(optimizer, "optimizer"));
        List<OutputRange> outputs = net.outputRanges();
        for (int i = 0; i < outputs.size(); i++) {
            this.objectives.get(i).requireOutputs(net.outputShapes().get(i), outputs.get(i));
        }
    }

    /**
     * To evaluate alone.
     *
     * @throws IllegalArgumentException if there is not one objective for each output, or two metrics have one name
     */
    public Trainer(Trainable net, List<Objective> objectives) {
        this(net, objectives, null);
    }

    private Trainer(Trainable net, List<Objective> objectives, Optimizer optimizer) {
        if (objectives.size() != net.outputShapes().size()) {
            throw new IllegalArgumentException("A model of " + net.outputShapes().size() + " outputs, " + net.outputNames()
                    + ", needs an objective for each: compile(optimizer, new Objective(loss).metrics(...), ...). Received: "
                    + objectives.size());
        }
        this.net = net;
        this.optimizer = optimizer;
        this.objectives = IntStream.range(0, objectives.size()).mapToObj(i -> objectives.get(i).of(net.outputShapes().get(i))).toList();
        accumulators(); // refuses two numbers of one name
    }

    /** The optimizer; empty if this only evaluates. */
    public Optional<Optimizer> optimizer() {
        return Optional.ofNullable(optimizer);
    }

    /**
     * The optimizer.
     *
     * @throws IllegalStateException if this was made to evaluate alone
     */
    Optimizer requireOptimizer() {
        if (optimizer == null) {
            throw new IllegalStateException("This model was compiled without an optimizer, which is enough to evaluate. To train"
                    + " it, compile it with one");
        }
        return optimizer;
    }

    Trainable net() {
        return net;
    }

    /** Whether it is in {@link #fit}. */
    public boolean isFitting() {
        return fits;
    }

    /** The objective of each output. */
    public List<Objective> objectives() {
        return objectives;
    }

    /**
     * Trains as {@code Model.fit}, and reports {@code learning_rate} last. However training ends, the averages of the weights
     * that the optimizer keeps replace the weights, and callbacks get the {@link Outcome}, so that they may restore the best
     * weights, before anything is thrown.
     */
    public History fit(Examples examples, FitOptions options) {
        Examples training = examples;
        FitOptions rest = options;
        boolean split = options.validationSplit > 0 && options.validationData == null && options.validationBatches == null;
        if (split) {
            int kept = (int) FitOptions.trainingExamples(examples.count(), options.validationSplit);
            if (kept == 0 || kept == examples.count()) {
                throw new IllegalArgumentException("A validationSplit of " + options.validationSplit + " leaves " + kept
                        + " of " + examples.count() + " examples to train on, and " + (examples.count() - kept)
                        + " to validate. Both need at least one");
            }
            training = examples.slice(0, kept);
            rest = options.validationData(examples.forValidation().slice(kept, examples.count()));
        }
        requireSome(training, "training");
        return fit(options.shuffle ? Batches.shuffled(training, options.batchSize, options.seed)
                : Batches.of(training, options.batchSize), rest);
    }

    /**
     * As {@link #fit(Examples, FitOptions)}, on batches of any source.
     *
     * @throws IllegalArgumentException also with a validation split, as batches are not split
     */
    public History fit(Batches batches, FitOptions options) {
        Batches validation = options.validationBatches;
        if (options.validationData != null) {
            requireSome(options.validationData, "validation");
            validation = Batches.of(options.validationData, options.batchSize);
        } else if (validation == null && options.validationSplit > 0) {
            throw new IllegalArgumentException("validationSplit needs examples that can be counted and read in any order. For"
                    + " batches give validationData");
        }
        ExampleSpec spec = read(batches, "training");
        if (validation != null) {
            read(validation, "validation");
        }
        requireOptimizer().requireOwn(net.weights());
        try (TrainingLock lock = TrainingLock.ofFit(trainable())) {
            fits = true;
            try {
                return new Fit(this, batches, spec, validation, options, lock).run();
            } finally {
                fits = false;
            }
        }
    }

    private static void requireSome(Examples examples, String what) {
        if (examples.count() == 0) {
            throw new IllegalArgumentException("There are no examples for " + what);
        }
    }

    /** The shapes of examples in the layout of the network's inputs. */
    private ExampleSpec read(Batches batches, String what) {
        int nets = net.nets().size();
        if (batches.byNet().size() > 1 && batches.byNet().size() != nets) {
            throw new IllegalArgumentException("Batches of several nets are for an ensemble of as many. Received for " + what + ": those of "
                    + batches.byNet().size() + ", and a model of " + nets);
        }
        return new ExampleFit(net, objectives, what).read(batches.spec());
    }

    /**
     * One training step on one batch, as {@code Model.trainOnBatch}.
     *
     * @param wanted what to collect besides loss and metrics
     */
    public Evaluation trainOnBatch(Batch batch, Collect... wanted) {
        return step(batch, null, wanted);
    }

    /** @param gradients takes the gradients in place of the optimizer; null: the optimizer takes them */
    private Evaluation step(Batch given, Consumer<List<Tensor>> gradients, Collect... wanted) {
        requireOptimizer();
        ExampleSpec spec = spec(given);
        ExampleSpec read = new ExampleFit(net, objectives, "training").read(spec);
        Batch batch = read.equals(spec) ? given : given.reshaped(read);
        Steps steps = new Steps(this, List.of(), onBatch, gradients);
        Evaluation evaluation = new Evaluation(net.outputShapes().size(), wanted);
        CountedPass.requireSome(batch, "training");
        optimizer.requireOwn(net.weights());
        MetricAccumulators accumulators = accumulators();
        try (TrainingLock lock = TrainingLock.ofStep(steps.variables())) {
            boolean isAverage = net.nets().size() > 1;
            Tensor[] outputs = isAverage && wanted.length > 0 ? GradientTape.paused(() -> net.run(batch, -1)) : null;
            steps.begin(batch);
            double loss = steps.run(accumulators);
            if (!Double.isFinite(loss)) {
                throw DivergedException.ofLoss(-1, -1, (float) loss, net.weights());
            }
            outputs = isAverage ? outputs : steps.outputs();
            if (isAverage || outputs != null) {
                evaluation.add(outputs, batch); // the next step overwrites them
            }
        } catch (NonFiniteGradientException e) {
            throw DivergedException.ofGradient(-1, -1, e, net.weights());
        }
        return evaluation.end(accumulators);
    }

    private List<Variable> trainable() {
        return net.weights().stream().filter(Variable::trainable).toList();
    }

    /**
     * The gradients of one batch, without changing a weight: for steps from the gradients of several machines, see
     * {@link #applyGradients}. The state of layers, such as moving averages, is updated.
     *
     * @param gradients receives those of the trainable weights, in their order; null for a weight on which the loss does not
     *     depend. The next batch overwrites them
     * @return loss and metrics of this batch
     * @throws IllegalArgumentException if the batch does not fit the network
     * @throws IllegalStateException if this was made to evaluate alone
     * @throws DivergedException if the loss is NaN or infinite; then there are no gradients
     */
    public Evaluation gradientsOnBatch(Batch batch, Consumer<List<Tensor>> gradients) {
        return step(batch, Objects.requireNonNull(gradients, "gradients"));
    }

    /**
     * One step by gradients that were taken elsewhere, and the constraints after it.
     *
     * @param gradients of the trainable weights, in their order; null for a weight that is not to change
     * @throws IllegalArgumentException if they do not fit the weights
     * @throws IllegalStateException if this was made to evaluate alone, or another thread trains weights of the network
     * @throws DivergedException if a gradient is NaN or infinite; no weight is changed then
     */
    public void applyGradients(List<Tensor> gradients) {
        Steps steps = new Steps(this, List.of(), onBatch, null);
        try (TrainingLock lock = TrainingLock.ofStep(steps.variables())) {
            steps.apply(gradients);
        } catch (NonFiniteGradientException e) {
            throw DivergedException.ofGradient(-1, -1, e, net.weights());
        }
    }

    private static ExampleSpec spec(Batch batch) {
        return new ExampleSpec(batch.inputs().stream().map(tensor -> tensor.shape().rest()).toList(),
                batch.targets().stream().map(tensor -> tensor.shape().rest()).toList(), batch.weights() != null);
    }

    /**
     * The loss and the metrics, averaged over the examples: bit-identical for any batch size. The network does not change.
     *
     * @param wanted what to collect besides
     * @throws IllegalArgumentException if there are no examples, or their shapes do not fit the network
     * @throws IllegalStateException if the data have more or fewer batches than they announce
     */
    public Evaluation evaluate(Batches batches, Collect... wanted) {
        Evaluation evaluation = new Evaluation(net.outputShapes().size(), wanted);
        return evaluation.end(accumulators(batches, "evaluation", evaluation));
    }

    MetricAccumulators accumulators() {
        return new MetricAccumulators(objectives, net.outputNames());
    }

    /**
     * Losses and metrics of one pass over batches, at weights that stay as they are.
     *
     * @param what       the batches are for
     * @param evaluation gathers the rest
     * @throws IllegalArgumentException if there are none, or they do not fit the network
     */
    MetricAccumulators accumulators(Batches batches, String what, Evaluation evaluation) {
        ExampleSpec spec = read(batches, what);
        ScalarWarning.logOnce();
        MetricAccumulators accumulators = accumulators();
        int nets = net.nets().size(); // whose mean penalty counts, as in training
        double penalties = 0;
        boolean penalizesActivity = false;
        for (Layer layer : Layer.withInner(net.layers())) {
            penalizesActivity |= layer.activityRegularizer().isPresent();
            for (int i = 0; i < layer.specs().size(); i++) {
                Regularizer regularizer = layer.specs().get(i).regularizer();
                penalties += regularizer == null ? 0 : regularizer.call(layer.weights().get(i)).item() / nets;
            }
        }
        if (!penalizesActivity) {
            accumulators.addPenalties(penalties, 1); // the same for each example
        }
        try (CountedPass pass = new CountedPass(batches, 0, what, spec)) {
            for (Batch batch = pass.next(); batch != null; batch = pass.next()) {
                try (GradientTape tape = GradientTape.forEvaluation()) {
                    for (int i = 0; i < objectives.size(); i++) {
                        objectives.get(i).loss().requireTargets(batch.targets().get(i), Optional.ofNullable(batch.weights()));
                    }
                    Tensor[] outputs = net.run(batch, pass.net());
                    if (pass.net() >= 0) { // the loss is of probabilities, as that of an average, and not of the logits behind them
                        outputs = Stream.of(outputs).map(output -> Tensor.wrap(output.toArray(), output.shape())).toArray(Tensor[]::new);
                    }
                    for (int i = 0; i < objectives.size(); i++) {
                        accumulators.add(i, tape.call(objectives.get(i).loss(outputs[i], batch.targets().get(i), batch.weights())));
                    }
                    if (penalizesActivity) {
                        double ofActivity = MetricAccumulators.sum(tape.penalties()) / (pass.net() < 0 ? nets : 1);
                        accumulators.addPenalties(penalties + ofActivity, batch.size());
                    }
                    evaluation.add(outputs, batch);
                }
            }
        }
        return accumulators;
    }
}
