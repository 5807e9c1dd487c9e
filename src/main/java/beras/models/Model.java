package beras.models;

import beras.autograd.Call;
import beras.autograd.GradientTape;
import beras.config.Config;
import beras.config.ConfigText;
import beras.feed.Batch;
import beras.feed.Batches;
import beras.feed.Examples;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.losses.Loss;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.DivergedException;
import beras.training.Evaluation;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Measure;
import beras.training.Objective;
import beras.training.Recipe;
import beras.training.Trainable;
import beras.training.Trainer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network that can be trained: {@link Sequential}, {@link Functional}, or a class of your own.
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
 * <p>{@link #predict} and {@link #forward} may run in any number of threads at once, as long as none trains. The same data,
 * options and seeds give the same bits, whatever the backend and the number of threads.
 *
 * <p>To save a model and load it again, with all that belongs to it, see {@code beras.saving.ModelFile}.
 */
public abstract class Model extends Layer implements Trainable {

    private static final int PREDICT_BATCH = 256;

    private final Graph graph;
    private final List<Layer> layers;
    private final Layer fast = new Fast();
    private Trainer trainer; // null: not compiled

    Model(Graph graph) {
        this.graph = graph;
        List<Layer> list = new ArrayList<>();
        for (Layer layer : graph.layers().values()) {
            if (!(layer instanceof Input)) {
                list.add(layer);
            }
        }
        this.layers = List.copyOf(list);
        build(inputShapes());
    }

    /**
     * For a class of your own: a model from these inputs to these outputs.
     *
     * @throws IllegalArgumentException as {@link Functional#Functional(List, List)}
     */
    protected Model(List<Node> inputs, List<Node> outputs) {
        this(new Graph(inputs, outputs, null, null));
    }

    /** As {@link #Model(List, List)}; layers without a seed get one that follows from this and their place. */
    protected Model(long seed, List<Node> inputs, List<Node> outputs) {
        this(new Graph(inputs, outputs, seed, null));
    }

    // -------------------------------------------------------------------------------------------------- facts

    /** The layers that compute something, each once, in the order of their first use. */
    @Override
    public final List<Layer> layers() {
        return layers;
    }

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
            throw new IllegalArgumentException("There is no layer " + name + ", only " + graph.layers().keySet());
        }
        return layer;
    }

    /**
     * What a layer of this model gives, to end another model there.
     *
     * @param layer its name, as {@link #layer} takes it
     * @throws IllegalArgumentException if there is no such layer, or it is used several times: choose among {@link #nodes}
     */
    public final Node node(String layer) {
        Layer wanted = layer(layer);
        Node found = null;
        for (Node node : graph.nodes()) {
            if (node.layer() == wanted && found != null) {
                throw new IllegalArgumentException("Layer " + layer + " is used several times: choose one of nodes()");
            }
            found = node.layer() == wanted ? node : found;
        }
        return found;
    }

    /** All uses of layers, each after those it needs, inputs first. */
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
        return only("input", inputShapes());
    }

    /**
     * The shape of one example of the only output.
     *
     * @throws IllegalStateException if there are several
     */
    public final Shape outputShape() {
        return only("output", outputShapes());
    }

    private static <T> T only(String what, List<T> all) {
        if (all.size() != 1) {
            throw new IllegalStateException("This model has " + all.size() + " " + what + "s, not one");
        }
        return all.get(0);
    }

    @Override
    public List<Layer> lastLayers() {
        List<Layer> last = new ArrayList<>();
        for (Node output : graph.outputs()) {
            last.add(output.layer().last());
        }
        return last;
    }

    /** That of the only output; this if there are several. */
    @Override
    public final Layer last() {
        return graph.outputs().size() == 1 ? lastLayers().get(0) : this;
    }

    /**
     * The names of the layers that the outputs come from, in the order of the outputs; the second output of one layer has a 1
     * behind it, and so on.
     */
    @Override
    public final List<String> outputNames() {
        Map<Layer, String> names = new IdentityHashMap<>();
        graph.layers().forEach((name, layer) -> names.put(layer, name));
        Map<Layer, Integer> counts = new IdentityHashMap<>();
        List<String> outputs = new ArrayList<>();
        for (Node output : graph.outputs()) {
            int before = counts.merge(output.layer(), 1, Integer::sum) - 1;
            outputs.add(names.get(output.layer()) + (before == 0 ? "" : "_" + before));
        }
        return outputs;
    }

    /**
     * The layers and how they are connected, as {@link Models} reads it. A class of your own is described as the
     * {@link Sequential} or {@link Functional} model that it is.
     */
    @Override
    public Config config() {
        return Models.config(this);
    }

    /** Those of all layers, of one used twice twice. */
    @Override
    public final long multiplyAdds(List<Shape> inputs) {
        long sum = 0;
        for (Node node : graph.nodes()) {
            sum += node.layer().multiplyAdds(node.inputs().stream().map(Node::shape).toList());
        }
        return sum;
    }

    /**
     * A table of the layers: name and type, the shape they give, the number of their weights and of their
     * multiply-adds for one example, and what comes before them.
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
     * That of the only output, for examples of just the shapes that this model takes.
     *
     * @throws IllegalArgumentException if the shapes are others, or the model has several outputs
     */
    @Override
    public final Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        if (!inputs.equals(inputShapes())) {
            throw new IllegalArgumentException("This model takes examples of shape " + inputShapes() + ". Received: " + inputs);
        }
        if (graph.outputs().size() != 1) {
            throw new IllegalArgumentException("A model within another needs one output. Received: " + graph.outputs().size()
                    + ". Make one that ends in the output you want: new Functional(inputNodes(), List.of(outputNodes().get(0)))");
        }
        return outputShape();
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
        return only("output", List.of(graph.run(false, call.inputs().toArray(Tensor[]::new))));
    }

    /** This model by its fastest way, to be a step of another. */
    final Layer fast() {
        return fast;
    }

    private final class Fast extends Layer {

        @Override
        public List<Layer> layers() {
            return List.of(Model.this);
        }

        @Override
        public Config config() {
            return Model.this.config();
        }

        @Override
        protected int inputCount() {
            return Model.this.inputCount();
        }

        @Override
        public Shape outputShape(List<Shape> inputs) {
            return Model.this.outputShape(inputs);
        }

        @Override
        protected Tensor compute(Call call) {
            return graph.run(true, call.inputs().toArray(Tensor[]::new))[0];
        }
    }

    /**
     * The outputs for {@code x (count, ...)}: {@code (count, outputs)}, whatever the count. For models of one output.
     *
     * @param x one tensor for each input
     * @throws IllegalArgumentException if the shapes do not fit the model
     * @throws IllegalStateException if the model has several outputs
     */
    public final Tensor predict(Tensor... x) {
        return only("output", predict(List.of(x)));
    }

    /** As {@link #predict(Tensor...)}, of one example in each row. */
    public final Tensor predict(float[][] x) {
        return predict(Tensor.of(x));
    }

    /** As {@link #predict(Tensor...)}, all outputs. */
    public final List<Tensor> predict(List<Tensor> x) {
        requireCount(x.size());
        for (int i = 0; i < x.size(); i++) {
            Shape shape = inputShapes().get(i);
            if (x.get(i).rank() == 0 || !x.get(i).shape().rest().equals(shape)) {
                throw new IllegalArgumentException("This model takes examples of shape " + shape
                        + ", so a batch has one axis more. Received: " + x.get(i).shape());
            }
        }
        int count = new Batch(x, List.of(), null).size();
        List<Tensor> results = outputShapes().stream().map(shape -> Tensor.zeros(shape.prepend(count))).toList();
        for (int from = 0; from < count; from += PREDICT_BATCH) {
            int to = Math.min(count, from + PREDICT_BATCH);
            int first = from;
            Tensor[] parts = untraced(x.stream().map(tensor -> tensor.slice(first, to)).toArray(Tensor[]::new));
            for (int i = 0; i < parts.length; i++) {
                Tensor part = parts[i].contiguous();
                System.arraycopy(part.data(), part.offset(), results.get(i).data(), from * outputShapes().get(i).size(),
                        part.size());
            }
        }
        return results;
    }

    private Tensor[] untraced(Tensor... inputs) {
        return GradientTape.paused(() -> graph.run(true, inputs));
    }

    /** All outputs for a batch of each input; an open tape records the layers, some of them in one step with the next. */
    @Override
    public final Tensor[] run(Tensor... inputs) {
        requireCount(inputs.length);
        return graph.run(true, inputs);
    }

    /** As {@link #predict(Tensor...)}, in one batch. */
    public final Tensor predictOnBatch(Tensor... x) {
        requireCount(x.length);
        return only("output", List.of(untraced(x)));
    }

    // ------------------------------------------------------------------------------------------------- compile

    /** Sets how {@link #fit} changes the weights and what it reports, for a model of one output. */
    public final void compile(Optimizer optimizer, Loss loss, Metric... metrics) {
        compile(optimizer, new Objective(loss).metrics(metrics));
    }

    /**
     * As {@link #compile(Optimizer, Loss, Metric...)}, each by its name with default settings, such as {@code "adam"},
     * {@code "categorical_crossentropy"} and {@code "accuracy"}. What accuracy is follows from the loss, see
     * {@link Metrics#of(Config, Loss, Shape)}.
     *
     * @throws IllegalArgumentException if there is no optimizer, loss or metric of a name
     */
    public final void compile(String optimizer, String loss, String... metrics) {
        Loss made = Losses.of(loss);
        Metric[] reported = new Metric[metrics.length];
        for (int i = 0; i < reported.length; i++) {
            reported[i] = Metrics.of(ConfigText.nameOrText(metrics[i]), made, outputShape());
        }
        compile(Optimizers.of(optimizer), made, reported);
    }

    /**
     * As {@link #compile(Optimizer, Loss, Metric...)}, as a recipe says.
     *
     * @param examples how many there are to train on: the length of an epoch, for the recipe's schedule
     * @throws IllegalStateException if the recipe has no loss or no optimizer
     * @throws IllegalArgumentException if the schedule does not fit so many steps
     */
    public final void compile(Recipe recipe, long examples) {
        compile(recipe.makeOptimizer(examples), recipe.objective(outputShape()));
    }

    /**
     * Sets how {@link #fit} changes the weights: what each output is trained for, in the order of the outputs. The losses are
     * added, each times its weight, and so are the penalties on weights and on what layers give.
     *
     * @throws IllegalArgumentException if there is not one objective for each output, two metrics have one name, or a loss cannot
     *     teach what comes from the last layer, such as a softmax over one unit
     */
    public final void compile(Optimizer optimizer, Objective... objectives) {
        trainer = new Trainer(this, optimizer, List.of(objectives));
    }

    /**
     * Sets what {@link #evaluate} measures, in the order of the outputs; without an optimizer the model is not trained.
     *
     * @throws IllegalArgumentException if there is not one objective for each output, or two metrics have one name
     */
    public final void compile(Objective... objectives) {
        trainer = new Trainer(this, List.of(objectives));
    }

    /** What changes the weights; empty if the model is not compiled to be trained. */
    public final Optional<Optimizer> optimizer() {
        return trainer == null ? Optional.empty() : trainer.optimizer();
    }

    /** What each output is trained for; empty if the model is not compiled. */
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

    /** Trains on {@code x (count, ...)} and {@code y (count, ...)} for one epoch, as {@link FitOptions} says by default. */
    public final History fit(Tensor x, Tensor y) {
        return fit(x, y, new FitOptions());
    }

    /** Trains on {@code x (count, ...)} and {@code y (count, ...)}; see {@link #fit(Examples, FitOptions)}. */
    public final History fit(Tensor x, Tensor y, FitOptions options) {
        return fit(Examples.of(x, y), options);
    }

    /** As {@link #fit(Tensor, Tensor)}, of one example in each row. */
    public final History fit(float[][] x, float[][] y) {
        return fit(x, y, new FitOptions());
    }

    /** As {@link #fit(Tensor, Tensor, FitOptions)}, of one example in each row. */
    public final History fit(float[][] x, float[][] y, FitOptions options) {
        return fit(Tensor.of(x), Tensor.of(y), options);
    }

    /** As {@link #fit(float[][], float[][])}, with one number as the target of each example. */
    public final History fit(float[][] x, float[] y) {
        return fit(x, y, new FitOptions());
    }

    /** As {@link #fit(float[][], float[][], FitOptions)}, with one number as the target of each example. */
    public final History fit(float[][] x, float[] y, FitOptions options) {
        return fit(Tensor.of(x), column(y), options);
    }

    /** As {@link #fit(float[][], float[][])}, with one label as the target of each example. */
    public final History fit(float[][] x, int[] y) {
        return fit(x, y, new FitOptions());
    }

    /** As {@link #fit(float[][], float[][], FitOptions)}, with one label as the target of each example. */
    public final History fit(float[][] x, int[] y, FitOptions options) {
        return fit(x, floats(y), options);
    }

    /** Targets of shape {@code (count, 1)}: a regression's and those of sparse losses. */
    private static Tensor column(float[] targets) {
        return Tensor.of(targets).reshape(targets.length, 1);
    }

    private static float[] floats(int[] labels) {
        float[] floats = new float[labels.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = labels[i];
        }
        return floats;
    }

    /**
     * Trains, and reports per epoch the loss and the metrics: averages over the examples (not over batches), each at the
     * weights its batch saw. With validation there are {@code val_loss} and so on, at the weights after the epoch.
     *
     * @throws IllegalStateException if the model is not compiled
     * @throws IllegalArgumentException if there are no examples, their shapes do not fit the model, or a validation split
     *     leaves none to train on or none to validate
     * @throws DivergedException if the loss becomes NaN or infinite, and no callback takes care of that
     */
    public final History fit(Examples examples, FitOptions options) {
        return trainer().fit(examples, options);
    }

    /**
     * As {@link #fit(Examples, FitOptions)}, on batches that come from elsewhere; the options' batch size, shuffling and seed
     * have no effect on them.
     *
     * @throws IllegalArgumentException also if a validation split is asked for: batches are not split
     */
    public final History fit(Batches batches, FitOptions options) {
        return trainer().fit(batches, options);
    }

    /**
     * One step of training on one batch; see {@link #trainOnBatch(Batch, Measure...)}.
     */
    public final Evaluation trainOnBatch(Tensor x, Tensor y) {
        return trainOnBatch(new Batch(List.of(x), List.of(y), null));
    }

    /**
     * One step of training on one batch.
     *
     * @param wanted what to give besides loss and metrics
     * @return loss and metrics of this batch, at the weights before the step
     * @throws IllegalStateException if the model is not compiled, or without an optimizer
     * @throws IllegalArgumentException if the batch does not fit the model
     * @throws DivergedException if the loss is NaN or infinite; no weight is changed then
     */
    public final Evaluation trainOnBatch(Batch batch, Measure... wanted) {
        return trainer().trainOnBatch(batch, wanted);
    }

    // ------------------------------------------------------------------------------------------------ evaluate

    /** The loss and the metrics on {@code x} and {@code y}; see {@link #evaluate(Examples, int, Measure...)}. */
    public final Evaluation evaluate(Tensor x, Tensor y, Measure... wanted) {
        return evaluate(Examples.of(x, y), wanted);
    }

    /** As {@link #evaluate(Tensor, Tensor, Measure...)}, of one example in each row. */
    public final Evaluation evaluate(float[][] x, float[][] y, Measure... wanted) {
        return evaluate(Tensor.of(x), Tensor.of(y), wanted);
    }

    /** As {@link #evaluate(float[][], float[][], Measure...)}, with one number as the target of each example. */
    public final Evaluation evaluate(float[][] x, float[] y, Measure... wanted) {
        return evaluate(Tensor.of(x), column(y), wanted);
    }

    /** As {@link #evaluate(float[][], float[][], Measure...)}, with one label as the target of each example. */
    public final Evaluation evaluate(float[][] x, int[] y, Measure... wanted) {
        return evaluate(x, floats(y), wanted);
    }

    /** As {@link #evaluate(Tensor, Tensor, Measure...)}, by batches of a size. */
    public final Evaluation evaluate(Tensor x, Tensor y, int batchSize, Measure... wanted) {
        return evaluate(Examples.of(x, y), batchSize, wanted);
    }

    /**
     * The loss and the metrics, averaged over the examples: the same bits for any batch size, but for the penalty of an
     * {@linkplain Layer#activityRegularizer() activity regularizer}, a sum over each batch. Nothing of the model changes.
     *
     * @param wanted what to give besides
     * @throws IllegalStateException if the model is not compiled
     * @throws IllegalArgumentException if there are no examples, or their shapes do not fit the model
     */
    public final Evaluation evaluate(Examples examples, int batchSize, Measure... wanted) {
        return evaluate(Batches.of(examples, batchSize), wanted);
    }

    /** As {@link #evaluate(Examples, int, Measure...)}, by batches that suit {@code predict}. */
    public final Evaluation evaluate(Examples examples, Measure... wanted) {
        return evaluate(examples, PREDICT_BATCH, wanted);
    }

    /** As {@link #evaluate(Examples, int, Measure...)}, on batches that come from elsewhere. */
    public final Evaluation evaluate(Batches batches, Measure... wanted) {
        return trainer().evaluate(batches, wanted);
    }

    /** The loss and the metrics on one batch. */
    public final Evaluation testOnBatch(Tensor x, Tensor y) {
        return evaluate(x, y, Math.max(1, x.rank() == 0 ? 1 : x.dim(0)));
    }
}
