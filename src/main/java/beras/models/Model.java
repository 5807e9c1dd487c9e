package beras.models;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.config.Config;
import beras.config.Names;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.ExampleShapes;
import beras.feed.Examples;
import beras.kernels.ScalarWarning;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.layers.OutputRange;
import beras.layers.StepState;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Collect;
import beras.training.DivergedException;
import beras.training.Evaluation;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.TrainStep;
import beras.training.Trainable;
import beras.training.Trainer;
import beras.training.TrainingLock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network that can be trained: {@link Sequential}, {@link Functional}, or a custom class.
 *
 * <p>A model with one output is a layer, too, of any other model: its layers are built, keep their weights, and are
 * differentiated one by one. {@link #trainable(boolean) trainable(false)} freezes all layers inside, so that a new head learns
 * alone:
 *
 * <pre>{@code
 * Functional base = new Functional(old.inputNodes(), List.of(old.node("dense_1")));
 * base.trainable(false);
 * Sequential model = new Sequential(base, new Dense(10, "softmax"));
 * }</pre>
 *
 * <p>To run a model: {@link #call} is recorded by an open tape, layer by layer; {@link #forward} is one batch as a tensor comes,
 * and {@link #predict} any number of examples, by the fastest way.
 *
 * <p>For speed start Java with {@code --add-modules jdk.incubator.vector}. {@link beras.compute.Compute#describe} names the
 * kernels in use; without vectors the {@link System.Logger} {@code beras} has a warning, see
 * {@link beras.compute.Compute#warnIfScalar}.
 *
 * <p>{@link #predict} and {@link #forward} may run in any number of threads at once, as long as none trains. The same data,
 * options and seeds give the same bits, whatever the backend and the number of threads.
 *
 * <p>To save a model and load it again, with all that belongs to it, see {@code beras.saving.ModelFile}.
 */
public abstract class Model extends Layer implements Trainable {

    private static final int PREDICT_BATCH = 256;
    private static final String ALL_OUTPUTS = "predict(List) gives all, such as predict(List.of(x)).get(0)";

    private final Graph graph;
    private final ExecutionPlan plan;
    private final ExecutionPlan fastPlan; // with layers fused; same bits
    private Trainer trainer; // null: not compiled

    Model(Graph graph) {
        this.graph = graph;
        this.plan = new ExecutionPlan(graph, false);
        this.fastPlan = new ExecutionPlan(graph, true);
        List<Layer> list = new ArrayList<>();
        for (Layer layer : graph.layers().values()) {
            if (!(layer instanceof Input)) {
                list.add(layer);
            }
        }
        buildOf(list, inputShapes());
    }

    /**
     * For a custom class: a model from these inputs to these outputs.
     *
     * @throws IllegalArgumentException as {@link Functional#Functional(List, List)}
     */
    protected Model(List<Node> inputs, List<Node> outputs) {
        this(new Graph(inputs, outputs, null, null));
    }

    /** As {@link #Model(List, List)}; layers without a seed get one derived from this seed and their place. */
    protected Model(long seed, List<Node> inputs, List<Node> outputs) {
        this(new Graph(inputs, outputs, seed, null));
    }

    // -------------------------------------------------------------------------------------------------- facts

    /** The layers by name, in the order of their first use, inputs included. */
    public final Map<String, Layer> layersByName() {
        return Collections.unmodifiableMap(graph.layers());
    }

    /**
     * The layer of this name: the one it was given, or its type and number such as {@code dense_1}.
     *
     * @throws IllegalArgumentException if there is none, listing the names there are
     */
    public final Layer layer(String name) {
        Layer layer = graph.layers().get(name);
        if (layer == null) {
            throw new IllegalArgumentException("There is no layer " + name + ", only " + graph.layers().keySet()
                    + Names.didYouMean(name, graph.layers().keySet()));
        }
        return layer;
    }

    @Override
    public final String nameOf(Layer layer) {
        return graph.nameOf(layer);
    }

    /**
     * The output of a layer of this model, to end another model there.
     *
     * @param layer its name, as {@link #layer} takes it
     * @throws IllegalArgumentException if there is no such layer, or it is used several times: choose among {@link #nodes}
     */
    public final Node node(String layer) {
        return graph.use(layer(layer));
    }

    /** All uses of layers, each after the ones it needs, inputs first. */
    public final List<Node> nodes() {
        return graph.nodes();
    }

    /** Where data come in. */
    public final List<Node> inputNodes() {
        return graph.inputs();
    }

    /** Where results come out. */
    public final List<Node> outputNodes() {
        return graph.outputs();
    }

    /** The shape of one example of each input. */
    @Override
    public final List<Shape> inputShapes() {
        return Graph.shapes(graph.inputs());
    }

    /** The shape of one example of each output. */
    @Override
    public final List<Shape> outputShapes() {
        return Graph.shapes(graph.outputs());
    }

    /**
     * The shape of one example of the only input.
     *
     * @throws IllegalStateException if there are several
     */
    @Override
    public final Shape inputShape() {
        return only("input", inputShapes(), "inputShapes() has all");
    }

    /**
     * The shape of one example of the only output.
     *
     * @throws IllegalStateException if there are several
     */
    public final Shape outputShape() {
        return only("output", outputShapes(), "outputShapes() has all");
    }

    private static <T> T only(String what, List<T> all, String cure) {
        requireOne(what, all, cure);
        return all.get(0);
    }

    private static void requireOne(String what, List<?> all, String cure) {
        if (all.size() != 1) {
            throw new IllegalStateException("This model has " + all.size() + " " + what + "s, not one: " + cure);
        }
    }

    /**
     * Type, name, if it was given one, the shapes of one example, and the size:
     * {@code Sequential (784,) -> (10,) of 2 layers, 101,770 weights}. All layers are in {@link #summary}.
     */
    @Override
    public String toString() {
        long weights = weights().stream().mapToLong(Variable::size).sum();
        return getClass().getSimpleName() + (name() == null ? "" : " \"" + name() + "\"") + " " + shapes(inputShapes()) + " -> "
                + shapes(outputShapes()) + " of " + layers().size() + (layers().size() == 1 ? " layer, " : " layers, ")
                + String.format(Locale.ROOT, "%,d weights", weights);
    }

    private static String shapes(List<Shape> shapes) {
        return shapes.stream().map(Shape::toString).collect(Collectors.joining(", "));
    }

    /** That of the only output; this if there are several. */
    @Override
    public final Layer last() {
        return graph.outputs().size() == 1 ? graph.outputs().get(0).layer().last() : this;
    }

    /**
     * For unknown inputs; empty for a class with a custom training step. A class with more information overrides it:
     * {@link OutputRange#UNKNOWN} outputs are accepted by every loss.
     */
    @Override
    public List<OutputRange> outputRanges() {
        return customTrainStep().isPresent() ? List.of()
                : graph.outputRanges(Collections.nCopies(graph.inputs().size(), OutputRange.UNKNOWN));
    }

    @Override
    public List<? extends Model> nets() {
        return List.of(this);
    }

    /**
     * The class that overrides {@link #trainStep}, perhaps one of the {@link #nets}; empty if all are trained by their losses
     * alone.
     */
    public final Optional<Class<?>> customTrainStep() {
        if (nets().get(0) != this) {
            return nets().stream().flatMap(net -> net.customTrainStep().stream()).findFirst();
        }
        try {
            Class<?> declares = getClass().getMethod("trainStep", TrainStep.class).getDeclaringClass();
            return declares == Trainable.class ? Optional.empty() : Optional.of(declares);
        } catch (NoSuchMethodException e) {
            throw new AssertionError("Each Trainable has it", e);
        }
    }

    /** That of the only output; nothing if there are several. */
    @Override
    public final OutputRange outputRange(List<OutputRange> inputs) {
        return graph.outputs().size() == 1 ? graph.outputRanges(inputs).get(0) : OutputRange.UNKNOWN;
    }

    /**
     * The names of the layers that the outputs come from, in the order of the outputs; the second output of one layer has a 1
     * behind it, and so on.
     */
    @Override
    public final List<String> outputNames() {
        return graph.outputNames();
    }

    /**
     * The layers and how they are connected, as {@link Models} reads it. A custom class is described as the
     * {@link Sequential} or {@link Functional} model that it is.
     */
    @Override
    public Config config() {
        return Models.config(this);
    }

    /** The sum over all layers, with a layer used twice counted twice. */
    @Override
    public final long multiplyAdds(List<Shape> inputs) {
        return graph.multiplyAdds();
    }

    /**
     * A table of the layers: name and type, output shape, the number of weights and of multiply-adds for one example, and the
     * layers before it.
     */
    public final String summary() {
        return Summary.of(graph, weights(), multiplyAdds(inputShapes()));
    }

    // -------------------------------------------------------------------------------------------------- running

    @Override
    protected final int inputCount() {
        return graph.inputs().size();
    }

    /**
     * That of the only output, for examples of the shapes that this model takes.
     *
     * @throws IllegalArgumentException if the shapes are others, or the model has several outputs
     */
    @Override
    public final Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        List<Shape> taken = inputShapes();
        if (!IntStream.range(0, taken.size()).allMatch(i -> ExampleShapes.fits(inputs.get(i), taken.get(i)))) {
            throw new IllegalArgumentException("This model takes examples of shape " + inputShapes() + ". Received: " + inputs);
        }
        if (graph.outputs().size() != 1) {
            throw new IllegalArgumentException("A model within another needs one output. Received: " + graph.outputs().size()
                    + ". Make one that ends in the output you want: new Functional(inputNodes(), List.of(outputNodes().get(0)))");
        }
        return inputs.equals(taken) ? outputShape() : graph.outputShapes(inputs).get(0);
    }

    /**
     * The only output for a batch of each input, {@code (batch, ...)}. Under a tape it is the same as {@link #call}: the layers
     * are recorded, never the model itself. Else it leaves no trace.
     *
     * @throws IllegalArgumentException if the number of inputs is another
     * @throws IllegalStateException if the model has several outputs
     */
    @Override
    public final Tensor forward(Tensor... inputs) {
        return GradientTape.isRecording() ? call(inputs) : super.forward(inputs);
    }

    @Override
    protected final Tensor compute(Call call) {
        return only("output", List.of(plan.run(call.inputs().toArray(Tensor[]::new))), "run(inputs) gives all");
    }

    /**
     * {@inheritDoc} For models of one input and one output, such as a causal transformer: {@link TokenGenerator} continues texts so.
     */
    @Override
    public final Tensor step(StepState state, Tensor... inputs) {
        requireCount(inputs.length);
        return only("output", List.of(graph.step(state, inputs)), "run(inputs) gives all");
    }

    /**
     * The outputs for {@code x (count, ...)}: {@code (count, outputs)}, whatever the count. For models of one output. Examples
     * of another shape are {@linkplain ExampleShapes#readsAs reshaped} to the input shape, where that is possible: rows of 784
     * numbers as images {@code (28, 28, 1)}.
     *
     * @param x one tensor for each input
     * @throws IllegalArgumentException if the shapes do not fit the model
     * @throws IllegalStateException if the model has several outputs
     */
    public final Tensor predict(Tensor... x) {
        List<Tensor> inputs = read(List.of(x));
        requireOne("output", outputShapes(), ALL_OUTPUTS);
        return predicted(inputs).get(0);
    }

    /**
     * As {@link #predict(Tensor...)}, of an array of examples for the only input, such as {@code double[][]}, see
     * {@link Tensor#of(Object[])}. An empty array gives no predictions, {@code (0, outputs)}.
     */
    public final Tensor predict(Object[] x) {
        return predict(x != null && x.length == 0 ? Tensor.zeros(inputShapes().get(0).prepend(0)) : Tensor.of(x));
    }

    /** As {@link #predict(Tensor...)}, all outputs. */
    public final List<Tensor> predict(List<Tensor> x) {
        return predicted(read(x));
    }

    private List<Tensor> read(List<Tensor> x) {
        List<Shape> shapes = inputShapes();
        if (x.size() != shapes.size()) {
            throw new IllegalArgumentException("This model takes " + shapes.size() + (shapes.size() == 1 ? " input " : " inputs ")
                    + shapes.stream().map(ExampleShapes::batch).collect(Collectors.joining(" and ")) + ". Received: " + x.size()
                    + ". Give a tensor for each" + (shapes.size() == 1 ? "" : ", such as predict(a, b)"));
        }
        List<Tensor> inputs = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            inputs.add(ExampleShapes.read(x.get(i), shapes.get(i)));
        }
        return inputs;
    }

    private List<Tensor> predicted(List<Tensor> inputs) {
        int count = new Batch(inputs, List.of(), null).size();
        List<Shape> given = inputs.stream().map(input -> input.shape().rest()).toList();
        List<Shape> shapes = given.equals(inputShapes()) ? outputShapes() : graph.outputShapes(given);
        List<Tensor> results = shapes.stream().map(shape -> Tensor.zeros(shape.prepend(count))).toList();
        for (int from = 0; from < count; from += PREDICT_BATCH) {
            int to = Math.min(count, from + PREDICT_BATCH);
            int first = from;
            Tensor[] parts = untraced(inputs.stream().map(tensor -> tensor.slice(first, to)).toArray(Tensor[]::new));
            for (int i = 0; i < parts.length; i++) {
                Tensor part = parts[i].contiguous();
                System.arraycopy(part.data(), part.offset(), results.get(i).data(), from * shapes.get(i).size(),
                        part.size());
            }
        }
        return results;
    }

    private Tensor[] untraced(Tensor... inputs) {
        ScalarWarning.logOnce();
        return GradientTape.paused(() -> fastPlan.run(inputs));
    }

    /** All outputs for a batch of each input; an open tape records the layers, some of them in one step with the next. */
    @Override
    public final Tensor[] run(Tensor... inputs) {
        requireCount(inputs.length);
        return fastPlan.run(inputs);
    }

    // --------------------------------------------------------------------------------------------------- copy

    /**
     * A copy of the model with the same layers and separate variables, which at first have the same contents: training one does
     * not change the other. The copy has everything that a file would keep, and which weights are frozen: layers that are used
     * or shared several times are so in the copy; random layers continue at the same position; a compiled model is compiled,
     * with its losses, its metrics and its optimizer with its state. So both would train bit-identically, unless a random layer
     * has no seed yet.
     *
     * <pre>{@code
     * Model next = model.copy();      // other threads predict with the model meanwhile
     * next.fit(examples, options);
     * }</pre>
     *
     * @throws IllegalArgumentException if a custom class of a layer, a loss, an optimizer and so on, or a function, is not registered
     * @throws IllegalStateException if the class has a custom {@link #trainStep}: make another, and set its weights
     */
    public final Model copy() {
        customTrainStep().ifPresent(type -> {
            throw new IllegalStateException("A copy is made of layers and would lose the trainStep of " + type.getName()
                    + ", which is code. Make another model of that class, and give it these weights: other.setWeights(weights())");
        });
        try (TrainingLock saving = TrainingLock.ofSaving(weights())) { // another thread may train this one
            return copied();
        }
    }

    private Model copied() {
        Model copy = Models.copy(this);
        if (trainer != null) {
            Objective[] objectives = objectives().stream().map(Objective::copy).toArray(Objective[]::new);
            if (optimizer().isPresent()) {
                Optimizer known = optimizer().get();
                Optimizer made = Optimizers.REGISTRY.of(Optimizers.REGISTRY.configOf(known));
                made.restore(known.steps(), copy.weights(), known.state(weights()));
                copy.compile(made, objectives);
            } else {
                copy.compile(objectives);
            }
        }
        return copy;
    }

    // ------------------------------------------------------------------------------------------------- compile

    /**
     * Sets how {@link #fit} changes the weights and what it reports, for a model of one output. Each part is an object, or the
     * text of one: {@code compile("adam", "huber(0.5)", "mae")}, {@code compile(new Adam(0.01), "mse", "mae", new R2Score())}.
     * The meaning of {@code "accuracy"} follows from the loss, see {@link Metrics#of(Config, Loss, Shape)}.
     *
     * @param optimizer an {@link Optimizer}, or a text such as {@code "sgd(0.1, momentum=0.9)"}, see {@link Optimizers}
     * @param loss      a {@link Loss}, or a text such as {@code "categorical_crossentropy"}, see {@link Losses}
     * @param metrics   each a {@link Metric}, or a text such as {@code "accuracy"}, see {@link Metrics}
     * @throws IllegalArgumentException if one is something else, there is no optimizer, loss or metric of a name, two metrics have
     *     one name, or the model has several outputs, which take an {@link Objective} each
     */
    public final void compile(Object optimizer, Object loss, Object... metrics) {
        if (outputShapes().size() != 1) {
            throw new IllegalArgumentException("A model of " + outputShapes().size() + " outputs, " + outputNames()
                    + ", needs an objective for each: compile(optimizer, new Objective(loss).metrics(...), ...). Received: one loss");
        }
        compile(optimizer, new Objective(part("loss", loss, Loss.class, Losses.REGISTRY::of)).metrics(metrics));
    }

    /** A part given as an object or as text. */
    private static <T> T part(String what, Object given, Class<T> kind, Function<String, T> byText) {
        if (given instanceof String text) {
            return byText.apply(text);
        }
        if (!kind.isInstance(given)) {
            throw new IllegalArgumentException("compile takes an optimizer, a loss, then metrics, each as an object or as text."
                    + " Received as " + what + ": " + (given == null ? "null" : given.getClass().getSimpleName()));
        }
        return kind.cast(given);
    }

    /**
     * As {@link #compile(Object, Object, Object...)}, from a recipe.
     *
     * @param examples the number of examples for {@link #fit}, of which the recipe's validation split is held out: the rest is
     *     the length of an epoch, for the recipe's schedule
     * @throws IllegalStateException if the recipe has no loss or no optimizer
     * @throws IllegalArgumentException if the schedule does not fit so many steps
     */
    public final void compile(Recipe recipe, long examples) {
        compile(recipe.makeOptimizer(recipe.trainingExamples(examples)), recipe.objective(outputShape()));
    }

    /**
     * Sets how {@link #fit} changes the weights: an objective for each output, in the order of the outputs. The losses are
     * added, each times its weight, and so are the penalties on weights and on activations.
     *
     * @param optimizer an {@link Optimizer}, or a text as {@link #compile(Object, Object, Object...)} takes it
     * @throws IllegalArgumentException if there is not one objective for each output, two metrics have one name, or a loss cannot
     *     be minimized by the outputs: a softmax over one unit, a cross-entropy of outputs that are no probabilities, or one from logits of
     *     outputs that are. Unknown outputs, such as of a custom layer, or of a class with its own {@link #trainStep}, are
     *     accepted
     * @throws IllegalStateException during {@link #fit}, as in a callback
     */
    public final void compile(Object optimizer, Objective... objectives) {
        compileBy(new Trainer(this, part("optimizer", optimizer, Optimizer.class, Optimizers.REGISTRY::of), List.of(objectives)));
    }

    /**
     * Sets the losses and metrics of {@link #evaluate}, in the order of the outputs; without an optimizer the model is not
     * trained.
     *
     * @throws IllegalArgumentException if there is not one objective for each output, or two metrics have one name
     */
    public final void compile(Objective... objectives) {
        compileBy(new Trainer(this, List.of(objectives)));
    }

    private void compileBy(Trainer made) {
        if (trainer != null && trainer.isFitting()) {
            throw new IllegalStateException("compile sets how the next fit trains, so it is called between two of them. Received: a call"
                    + " during fit, such as in a callback. Let the callback stop training, compile, and call fit again; a learning rate"
                    + " is changed by training.optimizer().learningRate(rate)");
        }
        trainer = made;
    }

    /** The optimizer; empty if the model is not compiled to be trained. */
    public final Optional<Optimizer> optimizer() {
        return trainer == null ? Optional.empty() : trainer.optimizer();
    }

    /** The objective of each output; empty if the model is not compiled. */
    public final List<Objective> objectives() {
        return trainer == null ? List.of() : trainer.objectives();
    }

    private Trainer trainer() {
        if (trainer == null) {
            throw new IllegalStateException("The model is not compiled: call compile(optimizer, loss, metrics) first");
        }
        return trainer;
    }

    // ----------------------------------------------------------------------------------------------------- fit

    /** Trains on {@code x (count, ...)} and {@code y (count, ...)} for one epoch, with the defaults of {@link FitOptions}. */
    public final History fit(Object x, Object y) {
        return fit(x, y, new FitOptions());
    }

    /**
     * Trains on {@code x (count, ...)} and {@code y (count, ...)}; see {@link #fit(Examples, FitOptions)}.
     *
     * @param x a {@link Tensor}, or an array or list of examples such as {@code double[][]}, see {@link Examples#of(Object, Object)}
     * @param y the same, or an array of labels such as {@code int[]}
     */
    public final History fit(Object x, Object y, FitOptions options) {
        return fit(Examples.of(x, y), options);
    }

    /**
     * Trains, and reports per epoch the loss and the metrics: averages over the examples (not over batches), each at the
     * weights its batch saw. With validation there are {@code val_loss} and so on, at the weights after the epoch. Examples of
     * another shape are {@linkplain ExampleShapes#readsAs reshaped} to the input shape, where that is possible.
     *
     * @throws IllegalStateException if the model is not compiled; its weights are being trained already, by another thread or
     *     by the training run whose callback calls this; or the optimizer has trained another model
     * @throws IllegalArgumentException if there are no examples, their shapes do not fit the model, or a validation split
     *     leaves none to train on or none to validate
     * @throws DivergedException if the loss, a gradient or a weight becomes NaN or infinite, and no callback takes care of that
     */
    public final History fit(Examples examples, FitOptions options) {
        return trainer().fit(examples, options);
    }

    /**
     * As {@link #fit(Examples, FitOptions)}, on batches that come from elsewhere; the options' batch size, shuffling and seed
     * have no effect on them.
     *
     * @throws IllegalArgumentException also if a validation split is requested: batches are not split
     */
    public final History fit(Batches batches, FitOptions options) {
        return trainer().fit(batches, options);
    }

    /**
     * One step of training on one batch; see {@link #trainOnBatch(Batch, Collect...)}.
     */
    public final Evaluation trainOnBatch(Tensor x, Tensor y) {
        return trainOnBatch(new Batch(List.of(x), List.of(y), null));
    }

    /**
     * One step of training on one batch.
     *
     * @param wanted outputs to collect besides loss and metrics
     * @return loss and metrics of this batch, at the weights before the step
     * @throws IllegalStateException if the model is not compiled, or without an optimizer
     * @throws IllegalArgumentException if the batch does not fit the model
     * @throws DivergedException if the loss or a gradient is NaN or infinite; no weight is changed then
     */
    public final Evaluation trainOnBatch(Batch batch, Collect... wanted) {
        return trainer().trainOnBatch(batch, wanted);
    }

    // ------------------------------------------------------------------------------------------------ evaluate

    /**
     * As {@link #evaluate(Examples, Collect...)}, on {@code x} and {@code y}: each a {@link Tensor}, or an array or list of numbers, see
     * {@link Examples#of(Object, Object)}.
     */
    public final Evaluation evaluate(Object x, Object y, Collect... wanted) {
        return evaluate(Examples.of(x, y), wanted);
    }

    /**
     * The loss and the metrics, averaged over the examples: the same bits for any batch size, except for the penalty of an
     * {@linkplain Layer#activityRegularizer() activity regularizer}, a sum over each batch. Nothing of the model changes.
     *
     * @param wanted outputs to collect besides
     * @throws IllegalStateException if the model is not compiled
     * @throws IllegalArgumentException if there are no examples, or their shapes do not fit the model
     */
    public final Evaluation evaluate(Examples examples, Collect... wanted) {
        return evaluate(Batches.of(examples, PREDICT_BATCH), wanted);
    }

    /** As {@link #evaluate(Examples, Collect...)}, on batches that come from elsewhere. */
    public final Evaluation evaluate(Batches batches, Collect... wanted) {
        return trainer().evaluate(batches, wanted);
    }
}
