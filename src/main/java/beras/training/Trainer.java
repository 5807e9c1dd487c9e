package beras.training;

import beras.autograd.Workspace;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleSpec;
import beras.feed.Examples;
import beras.optimizers.NonFiniteGradientException;
import beras.optimizers.Optimizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Trains a net, which minimizes its losses, and evaluates it. */
public final class Trainer {

    private final Trainable net;
    private final Compiled compiled;
    private Workspace onBatch; // null: not trained by single batches yet
    private volatile boolean fits;

    /**
     * To train and to evaluate.
     *
     * @param objectives what each output is trained for, in the order of the outputs
     * @throws IllegalArgumentException if there is not one objective for each output, two metrics have one name, or a loss cannot
     *     be minimized by the outputs, see {@link Trainable#outputRanges}
     */
    public Trainer(Trainable net, Optimizer optimizer, List<Objective> objectives) {
        this(net, objectives, Objects.requireNonNull(optimizer, "optimizer"));
        compiled.requireOutputs();
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
        this.compiled = new Compiled(net, optimizer, IntStream.range(0, objectives.size())
                .mapToObj(i -> objectives.get(i).of(net.outputShapes().get(i))).toList());
    }

    /** What changes the weights, if there is such. */
    public Optional<Optimizer> optimizer() {
        return compiled.hasOptimizer() ? Optional.of(compiled.optimizer()) : Optional.empty();
    }

    /** Whether it is in {@link #fit}. */
    public boolean isFitting() {
        return fits;
    }

    /** What each output is trained for. */
    public List<Objective> objectives() {
        return List.copyOf(compiled.objectives());
    }

    /**
     * Trains, and reports per epoch the loss and the metrics: averages over the examples (not over batches), each at the
     * weights its batch saw; last the {@code learning_rate}. With validation there are {@code val_loss} and so on, at the
     * weights after the epoch.
     *
     * <p>However it ends, the averages of the weights that the optimizer keeps take the weights' place, and callbacks get
     * the {@link Outcome}, so that they may restore the best weights, before anything is thrown.
     *
     * @throws IllegalArgumentException if there are no examples, their shapes do not fit the net, or a validation split
     *     leaves none to train on or none to validate
     * @throws IllegalStateException if this was made to evaluate alone, the data have more or fewer batches than they announce,
     *     weights of the net are being trained already, by another thread or as this is part of that training, or the optimizer
     *     has trained another net
     * @throws DivergedException if the loss, a gradient or a weight becomes NaN or infinite, and no callback takes care of that
     */
    public History fit(Examples examples, FitOptions options) {
        Examples training = examples;
        FitOptions rest = options;
        boolean split = options.validationSplit() > 0 && options.validationData() == null && options.validationBatches() == null;
        if (split) {
            int kept = (int) FitOptions.trainingExamples(examples.count(), options.validationSplit());
            if (kept == 0 || kept == examples.count()) {
                throw new IllegalArgumentException("A validationSplit of " + options.validationSplit() + " leaves " + kept
                        + " of " + examples.count() + " examples to train on, and " + (examples.count() - kept)
                        + " to validate. Both need at least one");
            }
            training = examples.slice(0, kept);
            rest = options.validationData(examples.forValidation().slice(kept, examples.count()));
        }
        requireSome(training, "training");
        return fit(options.shuffle() ? Batches.shuffled(training, options.batchSize(), options.seed())
                : Batches.of(training, options.batchSize()), rest);
    }

    /**
     * As {@link #fit(Examples, FitOptions)}, on batches that come from elsewhere; the options' batch size, shuffling and seed
     * have no effect on them.
     *
     * @throws IllegalArgumentException also if a validation split is asked for: batches are not split
     */
    public History fit(Batches batches, FitOptions options) {
        Batches validation = options.validationBatches();
        if (options.validationData() != null) {
            requireSome(options.validationData(), "validation");
            validation = Batches.of(options.validationData(), options.batchSize());
        } else if (validation == null && options.validationSplit() > 0) {
            throw new IllegalArgumentException("validationSplit needs examples that can be counted and read in any order. For"
                    + " batches give validationData");
        }
        Batches training = fitted(batches, "training");
        Batches held = validation == null ? null : fitted(validation, "validation");
        compiled.optimizer().requireOwn(net.weights());
        try (TrainingLock lock = TrainingLock.ofFit(trainable())) {
            fits = true;
            try {
                return new Fit(compiled, training, held, options, lock).run();
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

    /** The batches as the net takes them. */
    private Batches fitted(Batches batches, String what) {
        ExampleSpec spec = batches.spec();
        ExampleSpec read = new ExampleFit(net, compiled.objectives(), what).read(spec);
        return read.equals(spec) ? batches : batches.reshaped(read);
    }

    private Batch fitted(Batch batch) {
        ExampleSpec spec = spec(batch);
        ExampleSpec read = new ExampleFit(net, compiled.objectives(), "training").read(spec);
        return read.equals(spec) ? batch : batch.reshaped(read);
    }

    /**
     * One step of training on one batch.
     *
     * @param wanted what to give besides loss and metrics
     * @return loss and metrics of this batch, at the weights before the step
     * @throws IllegalArgumentException if the batch does not fit the net
     * @throws IllegalStateException if this was made to evaluate alone, another thread is training weights of the net, or the
     *     optimizer has trained another net
     * @throws DivergedException if the loss or a gradient is NaN or infinite; no weight is changed then
     */
    public Evaluation trainOnBatch(Batch batch, Collect... wanted) {
        return step(batch, null, wanted);
    }

    /** @param gradients takes the gradients in place of the optimizer; null: the optimizer takes them */
    private Evaluation step(Batch given, Consumer<List<Tensor>> gradients, Collect... wanted) {
        compiled.optimizer(); // refuses to train without
        Batch batch = fitted(given);
        if (onBatch == null) {
            onBatch = new Workspace();
        }
        TrainStep step = new TrainStep(compiled, trainable(), onBatch, gradients);
        Collector collector = new Collector(net.outputShapes(), wanted);
        Compiled.requireNotEmpty(batch, "training");
        compiled.optimizer().requireOwn(net.weights());
        Totals totals = compiled.totals();
        try (TrainingLock lock = TrainingLock.ofStep(step.variables())) {
            step.begin(batch, batch.weights(), totals);
            float loss = compiled.step(step);
            if (!Float.isFinite(loss)) {
                throw DivergedException.ofLoss(-1, -1, loss, net.weights());
            }
            if (step.outputs() != null) {
                collector.add(step.outputs(), batch); // the next step overwrites them
            }
        } catch (NonFiniteGradientException e) {
            throw DivergedException.ofGradient(-1, -1, e, net.weights());
        }
        return new Evaluation(totals, collector);
    }

    private List<Variable> trainable() {
        return net.weights().stream().filter(Variable::trainable).toList();
    }

    /**
     * The gradients of one batch, which change no weight: for who makes a step of the gradients of several machines, see
     * {@link #applyGradients}. What layers update by themselves, such as moving averages, is updated.
     *
     * @param gradients takes those of the trainable weights, in their order, times the optimizer's
     *                  {@linkplain Optimizer#lossScale loss scale}, as {@link #applyGradients} expects them; null for a weight on
     *                  which the loss does not depend. They are to be read before the next batch, whose gradients take their
     *                  place
     * @return loss and metrics of this batch
     * @throws IllegalArgumentException if the batch does not fit the net
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
     * @throws IllegalStateException if this was made to evaluate alone, or another thread is training weights of the net
     * @throws DivergedException if a gradient is NaN or infinite; no weight is changed then
     */
    public void applyGradients(List<Tensor> gradients) {
        List<Variable> variables = trainable();
        try (TrainingLock lock = TrainingLock.ofStep(variables)) {
            compiled.apply(variables, gradients);
        } catch (NonFiniteGradientException e) {
            throw DivergedException.ofGradient(-1, -1, e, net.weights());
        }
    }

    private static ExampleSpec spec(Batch batch) {
        return new ExampleSpec(batch.inputs().stream().map(tensor -> tensor.shape().rest()).toList(),
                batch.targets().stream().map(tensor -> tensor.shape().rest()).toList(), batch.weights() != null);
    }

    /**
     * The loss and the metrics, averaged over the examples: the same bits for any batch size. Nothing of the net changes.
     *
     * @param wanted what to give besides
     * @throws IllegalArgumentException if there are no examples, their shapes do not fit the net, or a confusion matrix is wanted
     *     and the net has not one output of scores of classes
     * @throws IllegalStateException if the data have more or fewer batches than they announce
     */
    public Evaluation evaluate(Batches batches, Collect... wanted) {
        Batches fitted = fitted(batches, "evaluation");
        Collector collector = new Collector(net.outputShapes(), wanted);
        return new Evaluation(compiled.evaluate(fitted, "evaluation", collector), collector);
    }
}
