package beras.layers;

import beras.autograd.GradientTape;
import beras.autograd.OperationCall;
import beras.autograd.Workspace;
import beras.config.Configurable;
import beras.config.InvalidDataException;
import beras.config.Names;
import beras.config.Settings;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A step of a model. Most take one input.
 *
 * <p>A layer gets its settings when it is made, and the shapes of its inputs when it is {@linkplain #build built}:
 * by the model that it becomes part of, or by its first call. Only then does it have weights.
 *
 * <p>To write one: {@link #compute}, by operations of {@link Tensor} and calls of other layers; {@link #outputShape(Shape)}, or
 * for several inputs {@link #inputCount} and {@link #outputShape(List)}; {@link #settings} if it has some; and each weight and
 * each inner layer is declared in a field, by {@link #addWeight} and {@link #addLayer}: undeclared ones are rejected. A layer
 * that behaves differently in training checks {@link beras.autograd.Call#training}. To be made by name, and saved, it is
 * registered: {@link Layers#REGISTRY}. A formula without weights needs no class: {@link Layers#lambda}.
 *
 * <pre>{@code
 * class Residual extends Layer {
 *     private final Dense inner = addLayer(new Dense(64, "relu"));
 *     private final Variable share = addWeight("share", Shape.of(64), Initializers.zeros());
 *
 *     protected Tensor compute(Call call) {
 *         return call.input(0).add(inner.call(call.input(0)).multiply(share));
 *     }
 * }
 * }</pre>
 */
public abstract class Layer extends LayerWeights implements Configurable {

    AtomicLong noise; // the calls that have drawn random numbers; null: not counted here
    private String name;
    private Optional<Regularizer> activityRegularizer = Optional.empty();
    private boolean inGraph; // of nodes, where its name counts
    private Shape expected; // of one example of the output, as it was checked last; null: not checked yet

    // ------------------------------------------------------------------------------------------------ settings

    /** The name it was given, or null: a model then names it by its type, {@code dense}, {@code dense_1} and so on. */
    public final String name() {
        return name;
    }

    /**
     * Gives it a name, unique in its model.
     *
     * @return this
     * @throws IllegalArgumentException if it is blank or has a slash
     * @throws IllegalStateException if the layer is part of a model already, which has registered its name
     */
    public Layer named(String newName) {
        if (inGraph) {
            throw new IllegalStateException(this + " is part of a model already: name it before. Received: \"" + newName + "\"");
        }
        name = checkedName(Objects.requireNonNull(newName));
        return this;
    }

    private static String checkedName(String name) {
        if (name != null && (name.isBlank() || name.contains("/"))) {
            throw new IllegalArgumentException(
                    "The name of a layer must not be blank nor contain a slash. Received: \"" + name + "\"");
        }
        return name;
    }

    /**
     * The seed of its initial weights and its noise; without, each layer and each run differ (a model may be given a seed for
     * all of its layers).
     *
     * @return this
     * @throws IllegalStateException if the layer is built already
     */
    public Layer seed(long newSeed) {
        requireUnbuilt("seed");
        seed = newSeed;
        return this;
    }

    /**
     * The setting {@code activityRegularizer}: a penalty on the output of this layer, its {@link #activation} included, for each batch
     * divided by the number of examples; empty, the default, if there is none. {@code fit} and {@code evaluate} add it to the loss; a
     * custom loop has it among the {@link GradientTape#penalties} of its tape.
     */
    public Optional<Regularizer> activityRegularizer() {
        return activityRegularizer;
    }

    /** Refuses to change a setting that the weights depend on. */
    protected final void requireUnbuilt(String setting) {
        if (hasUsedSettings()) {
            throw new IllegalStateException(this + " is built already: set " + setting + " before it is used");
        }
    }

    /**
     * Changes one setting, by the name that configs and the reference have:
     *
     * <pre>{@code
     * Layer relu6 = new ReLU().with("maxValue", 6);
     * Layer dense = new Dense(8).with("kernelInitializer", "he_normal").with("biasRegularizer", new L2(0.01));
     * }</pre>
     *
     * @param value the value as in a config, its text, or the object itself; null: none
     * @return this
     * @throws IllegalArgumentException if there is no such setting, with a list of all, or the value does not fit; nothing is
     *     changed then
     * @throws IllegalStateException if the layer is built already
     */
    public Layer with(String setting, Object value) {
        set(setting, value);
        return this;
    }

    /** As {@link #with}. */
    protected final void set(String setting, Object value) {
        requireUnbuilt(setting);
        Settings.set(this, setting, value);
    }

    /**
     * Name, seed, the seeds inside a custom layer and, for a layer with inputs, the activity regularizer, all given by name
     * alone, and the {@link #settings} of the layer.
     */
    @Override
    public final void describe(Settings s) {
        name = checkedName(s.byName().text("name", name));
        seed = s.byName().whole("seed", seed);
        seedsInside(s);
        if (inputCount() != 0) {
            activityRegularizer = Optional.ofNullable(
                    s.byName().made("activityRegularizer", activityRegularizer.orElse(null), Regularizers.REGISTRY));
        }
        settings(s);
    }

    // -------------------------------------------------------------------------------------------------- shapes

    /**
     * The shape of one example that this layer takes, without the batch axis; null if it takes several inputs or is not built.
     */
    public Shape inputShape() {
        return null;
    }

    /** The number of inputs; -1 for any number from 1. */
    protected int inputCount() {
        return 1;
    }

    /** Refuses another number of inputs than {@link #inputCount}. */
    protected final void requireCount(int received) {
        int count = inputCount();
        if (count < 0 ? received < 1 : received != count) {
            throw new IllegalArgumentException(typeName() + " takes "
                    + (count < 0 ? "at least one input" : count == 1 ? "one input" : count == 0 ? "no input" : count + " inputs")
                    + ". Received: " + received);
        }
    }

    /**
     * The shape of one example that this layer gives, without the batch axis, for a layer of one input; the input's own by
     * default.
     *
     * @throws IllegalArgumentException if this layer does not take examples of shape {@code input}
     */
    public Shape outputShape(Shape input) {
        return input;
    }

    /**
     * As {@link #outputShape(Shape)}, for any number of inputs.
     *
     * @throws IllegalArgumentException also if there are more or fewer inputs than this layer takes
     */
    public Shape outputShape(List<Shape> inputs) {
        requireCount(inputs.size());
        return outputShape(inputs.get(0));
    }

    /**
     * The range of this layer's outputs, given the ranges of its inputs; by default unknown. A loss that needs probabilities,
     * for example, rejects a network whose outputs are certainly none.
     *
     * @param inputs of each input
     */
    public OutputRange outputRange(List<OutputRange> inputs) {
        return OutputRange.UNKNOWN;
    }

    /**
     * This layer as a step that comes after others: nothing is computed, only shapes are checked.
     *
     * @throws IllegalArgumentException if the shapes do not fit, naming this layer and the layers before it
     */
    public final Node apply(Node... inputs) {
        List<Shape> shapes = Arrays.stream(inputs).map(Node::shape).toList();
        try {
            Node node = new Node(this, List.of(inputs), checkedOutputShape(shapes));
            if (inputCount() == 1 && inputs.length != 1) { // by default, so that it may be that only this was forgotten
                throw new IllegalArgumentException("its outputShape(List) takes " + inputs.length + " inputs, its"
                        + " inputCount() is 1. Override inputCount() to return the number of inputs");
            }
            requireCount(inputs.length);
            builtFor = builtFor == null ? shapes : builtFor;
            inGraph = true;
            return node;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(this + " does not fit "
                    + (inputs.length == 0 ? "no input" : Arrays.toString(inputs)) + ": " + e.getMessage(), e);
        }
    }

    /** As {@link #outputShape(List)}; rejects also inputs that need other weights than earlier ones. */
    final Shape checkedOutputShape(List<Shape> inputs) {
        Shape output = outputShape(inputs);
        requireSameWeights(inputs);
        return output;
    }

    // -------------------------------------------------------------------------------------------- layers inside

    /** Builds this as a layer that computes with these layers, which are built, and with nothing else. */
    protected final void buildOf(List<? extends Layer> layers, List<Shape> inputs) {
        for (Layer layer : layers) {
            addLayer(layer);
        }
        checked = true;
        build(inputs);
    }

    /**
     * The layers that this one is made of, in the order in which they were {@linkplain #addLayer declared}, then its
     * {@link #activation}, if it has one. For a model, the layers that compute something, each once, in the order of their
     * first use.
     */
    public final List<Layer> layers() {
        Optional<Layer> activation = activation();
        if (activation.isEmpty()) {
            return declaredLayers();
        }
        List<Layer> all = new ArrayList<>(declaredLayers());
        all.add(activation.get());
        return List.copyOf(all);
    }

    /**
     * A layer applied to the result of this one, whose output becomes this layer's; none by default. Under a tape it has its
     * own call, after this layer's: so a loss sees a softmax at the end, and the local Jacobians, the {@link #inputs} and the
     * {@link #outputs} of this layer are the ones before the activation.
     */
    protected Optional<Layer> activation() {
        return Optional.empty();
    }

    /** The layer that gives the result: the {@link #activation}, if there is one, else this. */
    public Layer last() {
        Optional<Layer> activation = activation();
        return activation.isEmpty() ? this : activation.get().last();
    }

    /** These layers and all inner ones, each once, a layer before its inner ones. */
    public static List<Layer> withInner(Collection<? extends Layer> layers) {
        Set<Layer> all = new LinkedHashSet<>();
        addWithInner(layers, all);
        return List.copyOf(all);
    }

    private static void addWithInner(Collection<? extends Layer> layers, Set<Layer> all) {
        for (Layer layer : layers) {
            if (all.add(layer)) {
                addWithInner(layer.layers(), all);
            }
        }
    }

    /**
     * A layer that computes this one and then {@code next}, one after the other, in one step and bit-identically, with the same
     * weights; empty, the default, if there is none. Without {@code next}: this layer with its last step, such as the
     * activation of {@link Dense}. Only for a layer that is built.
     *
     * <p>A model runs it inside its graph. It never does for an output, because a loss may look for the activation before it.
     */
    public Optional<Layer> fused(Layer... next) {
        return Optional.empty();
    }

    // ------------------------------------------------------------------------------------------------- weights

    /**
     * Whether this layer learns something of its inputs before it is trained, by {@link #adapt}; false by default. Such a layer
     * is adapted by {@code beras.models.Models#adapt}.
     */
    public boolean adapts() {
        return false;
    }

    /**
     * Learns statistics of this layer's inputs from data, instead of earlier ones.
     *
     * @param data inputs, {@code (count, ...)}
     * @throws IllegalArgumentException if they do not fit
     * @throws UnsupportedOperationException if this layer learns nothing so, as by default
     */
    public void adapt(Tensor data) {
        throw new UnsupportedOperationException(this + " learns nothing of its inputs before it is trained");
    }

    /** Computes once, to build the layers inside. */
    final void runUnbuilt(Tensor... inputs) {
        withoutTrace(() -> activated(super.forward(inputs), false));
    }

    /** Undoes changes by the computation in this layer and inner ones: how often noise was drawn, and state. */
    private <T> T withoutTrace(Supplier<T> computation) {
        List<Runnable> undo = new ArrayList<>();
        for (Layer layer : withInner(List.of(this))) {
            long drawn = layer.noiseCalls();
            undo.add(() -> {
                if (layer.noiseCalls() != drawn) {
                    layer.noiseCalls(drawn);
                }
            });
            for (Variable state : layer.own().stream().filter(Variable::isState).toList()) {
                Tensor before = GradientTape.paused(state::copy);
                undo.add(() -> state.assign(before));
            }
        }
        try {
            return computation.get();
        } finally {
            undo.forEach(Runnable::run);
        }
    }

    /** Computes once on some inputs as in inference, without side effects; returns the recorded calls. */
    final List<OperationCall> tryOut(Tensor... inputs) {
        return withoutTrace(() -> GradientTape.paused(() -> {
            GradientTape tape = new GradientTape(new Workspace(), false);
            try (tape) {
                tape.watch(inputs);
                computeRecorded(inputs);
            }
            return tape.operations();
        }));
    }

    /** Called once when the weights of this layer itself are made. */
    void onBuilt() {}

    /**
     * The weight of a name, such as {@code kernel}. Where layers inside have several of one name, these are {@code kernel},
     * {@code kernel_1} and so on, in the order of {@link #weights}.
     *
     * @throws IllegalArgumentException if there is none, listing the names there are
     */
    public final Variable weight(String weightName) {
        Map<String, Variable> byName = new LinkedHashMap<>();
        for (Variable weight : weights()) {
            String unique = weight.name();
            for (int again = 1; byName.putIfAbsent(unique, weight) != null; again++) {
                unique = weight.name() + "_" + again;
            }
        }
        Variable weight = byName.get(weightName);
        if (weight == null) {
            throw new IllegalArgumentException(this + " has no weight " + weightName + (byName.isEmpty() ? built() ? ": it has none"
                    : " yet: it has weights once it is built, by a model or by its first call" : ", only " + byName.keySet()
                    + Names.didYouMean(weightName, byName.keySet())));
        }
        return weight;
    }

    /** Copies of the {@link #weights}, in their order, frozen ones and state included. */
    public final List<Tensor> getWeights() {
        return weights().stream().map(Tensor::copy).toList();
    }

    /**
     * Overwrites the {@link #weights}, state included, with the {@link #getWeights} of an equally built layer or model, or with
     * its weights: {@code target.setWeights(online.weights())}. Nothing is broadcast. The state of an optimizer for the weights
     * is unchanged.
     *
     * @throws IllegalArgumentException if there are more or fewer, or one has another shape, naming the weight; nothing is changed then
     */
    public final void setWeights(List<? extends Tensor> values) {
        List<Variable> all = weights();
        if (values.size() != all.size()) {
            throw new IllegalArgumentException(this + " has " + all.size() + " weights"
                    + (all.isEmpty() && !built() ? ", as it is not built: it has weights once it is part of a model, or called" : "")
                    + ". Received: " + values.size());
        }
        for (int i = 0; i < all.size(); i++) {
            if (!values.get(i).shape().equals(all.get(i).shape())) {
                throw new IllegalArgumentException("Weight " + i + ", " + nameOf(all.get(i)) + ", has the shape "
                        + all.get(i).shape() + ". Received: " + values.get(i).shape());
            }
        }
        // A weight of this layer at another place would be overwritten before it is read.
        List<Tensor> read = values.stream().map(value -> value instanceof Variable ? value.copy() : value).toList();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).assign(read.get(i));
        }
    }

    private String nameOf(Variable weight) {
        for (Layer inner : withInner(layers())) {
            if (inner.own().contains(weight)) {
                return "the " + weight.name() + " of " + nameOf(inner);
            }
        }
        return "the " + weight.name();
    }

    /** How a message names a layer inside this one. */
    public String nameOf(Layer inner) {
        return inner.toString();
    }

    // --------------------------------------------------------------------------------------------------- noise

    /**
     * How many calls of this layer have drawn random numbers, in training: the next draw follows from it and the seed. 0 for a
     * layer without random numbers; a layer that draws some counts its calls itself, and overrides this and
     * {@link #noiseCalls(long)}, so that a training run can be resumed.
     */
    public long noiseCalls() {
        return noise == null ? 0 : noise.get();
    }

    /**
     * Continues as after so many calls of {@link #noiseCalls()}.
     *
     * @throws IllegalArgumentException if it is not 0 and this layer draws no random numbers
     */
    public void noiseCalls(long calls) {
        if (noise != null) {
            noise.set(calls);
        } else if (calls != 0) {
            throw new IllegalArgumentException(this + " draws no random numbers. Received: " + calls + " calls that did");
        }
    }

    // ------------------------------------------------------------------------------------------------- calling

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if there are more or fewer inputs than this layer takes
     * @throws IllegalStateException if the output has another shape than {@link #outputShape(List)}, or the layer computes with
     *     undeclared layers or variables
     */
    @Override
    public Tensor call(Tensor... inputs) {
        prepare(inputs);
        Tensor result = activated(masked(checked ? super.call(inputs) : uncheckedCall(inputs), inputs), true);
        requireExpected(result, inputs);
        Optional<Regularizer> penalty = activityRegularizer();
        if (penalty.isPresent() && GradientTape.isRecording()) {
            GradientTape.penalize(penalty.get().call(result).multiply(1f / Math.max(1, result.dim(0))));
        }
        return result;
    }

    /**
     * As {@link #call}, but as in training, also where no tape for training is open: {@code Dropout} drops,
     * {@code BatchNormalization} takes the statistics of the batch and moves its averages. The spread of many such calls for
     * the same input estimates the uncertainty of a network with {@code Dropout}:
     *
     * <pre>{@code
     * Tensor[] samples = new Tensor[100];
     * Arrays.setAll(samples, i -> model.callInTraining(x));
     * Tensor spread = Tensor.stack(0, samples).variance(0).sqrt();
     * }</pre>
     *
     * <p>An open tape records it. To be recorded as in prediction, for a gradient to the input such as that of an adversarial example,
     * take {@link #call} under {@link GradientTape#forPrediction}.
     */
    public final Tensor callInTraining(Tensor... inputs) {
        try (GradientTape tape = GradientTape.forTraining()) {
            return call(inputs);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if there are more or fewer inputs than this layer takes
     * @throws IllegalStateException if the output has another shape than {@link #outputShape(List)}
     */
    @Override
    public Tensor forward(Tensor... inputs) {
        prepare(inputs);
        Tensor result = activated(masked(super.forward(inputs), inputs), false);
        requireExpected(result, inputs);
        return result;
    }

    /**
     * Computes the next step of sequences from the state of the layers after earlier steps: equal to {@link #forward} on the
     * whole sequences, in inference, where no step depends on later ones. Masks do not count.
     *
     * @param state  the state of these sequences; updated by this step
     * @param inputs one step of each input, {@code (batch, 1, ...)}
     * @return this step of the output, or the only output so far {@code (batch, ...)} of a layer that gives one for a sequence
     * @throws IllegalArgumentException if this layer needs all steps at once
     */
    public Tensor step(StepState state, Tensor... inputs) {
        boolean isAlone = inputs[0].rank() > 1 && inputs[0].dim(1) == 1;
        if (isAlone && !(this instanceof KeepsSteps || this instanceof Embedding || this instanceof Merge)) {
            throw new InvalidDataException(typeName() + " does not compute sequences step by step. Recurrent layers, causal"
                    + " attention and layers that compute each step by itself do");
        }
        Tensor result = forward(inputs);
        if (isAlone && (result.rank() < 2 || result.dim(1) != 1)) {
            throw new InvalidDataException(typeName() + " does not compute each step by itself here. Received: a result of shape "
                    + result.shape() + " for one step");
        }
        return result;
    }

    /**
     * The mask of this layer's output, see {@link Tensor#mask()}; empty, the default of custom layers, if it does not keep the
     * steps of its inputs, or if the inner layers have none. One that keeps them returns {@code inputs[0].mask()}.
     */
    protected Optional<Tensor> mask(Tensor... inputs) {
        return this instanceof KeepsSteps ? inputs[0].mask() : Optional.empty();
    }

    private Tensor masked(Tensor result, Tensor... inputs) {
        Optional<Tensor> mask = mask(inputs);
        return mask.isEmpty() ? result : result.masked(mask.get());
    }

    /** A call of a layer that has not been called in training, where it may use more than elsewhere. */
    private Tensor uncheckedCall(Tensor... inputs) {
        Optional<GradientTape> tape = GradientTape.innermost();
        if (tape.isEmpty() || !tape.get().training()) {
            return super.call(inputs);
        }
        List<OperationCall> recorded = tape.get().operations();
        int first = recorded.size();
        Set<Layer> called = new LinkedHashSet<>();
        Tensor result = calling(called, () -> super.call(inputs));
        requireDeclared(called, recorded.subList(first, recorded.size()), inputs);
        checked = true;
        return result;
    }

    /** Refuses an output whose shape would be taken for an error of whatever comes next. */
    private void requireExpected(Tensor result, Tensor[] inputs) {
        if (inputs.length == 0 || inputs[0].rank() == 0) { // no batch
            return;
        }
        int batch = inputs[0].dim(0);
        if (isBatchOf(expected, batch, result)) { // as of the call before: nothing is made for it
            return;
        }
        Shape shape;
        try {
            shape = outputShape(Arrays.stream(inputs).map(Layer::example).toList());
        } catch (IllegalArgumentException e) { // a single vector where a batch is due; compute takes it
            shape = example(result);
        }
        if (!isBatchOf(shape, batch, result)) {
            throw new IllegalStateException("The output of " + this + " for inputs of shape "
                    + Arrays.stream(inputs).map(Tensor::shape).toList() + " must have the shape " + shape.prepend(batch)
                    + ", by its outputShape. Received from its compute: " + (result == null ? null : result.shape())
                    + ". Correct one of both");
        }
        expected = shape;
    }

    private static boolean isBatchOf(Shape example, int batch, Tensor result) {
        boolean fits = example != null && result != null && result.rank() == example.rank() + 1 && result.dim(0) == batch;
        for (int i = 0; fits && i < example.rank(); i++) {
            fits = result.dim(i + 1) == example.dim(i);
        }
        return fits;
    }

    private Tensor activated(Tensor result, boolean recorded) {
        Optional<Layer> activation = activation();
        return activation.isEmpty() ? result : recorded ? activation.get().call(result) : activation.get().forward(result);
    }

    /** Checks the number of inputs, and builds the layer if it is not yet. */
    final void prepare(Tensor... inputs) {
        requireCount(inputs.length);
        noteCall();
        if (!built()) {
            build(Arrays.stream(inputs).map(Layer::example).toList());
        }
    }

    /**
     * The size of the last axis of examples, or of a batch, of this shape.
     *
     * @param known the required size; 0: at least 1
     */
    final int features(Shape shape, int known) {
        if (shape.rank() == 0 || shape.dim(-1) == 0 || known != 0 && shape.dim(-1) != known) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " needs an input whose last axis is "
                    + (known == 0 ? "at least 1" : known) + ". Received shape: " + shape);
        }
        return shape.dim(-1);
    }

    /** The shape of one row of a batch. */
    static Shape example(Tensor batch) {
        return batch.rank() == 0 ? batch.shape() : batch.shape().rest();
    }

    /** The type, the settings that have no default, and the name, if it was given one: {@code Dropout(0.5) "drop"}. */
    @Override
    public String toString() {
        return Settings.inShort(this) + (name == null ? "" : " \"" + name + "\"");
    }
}
