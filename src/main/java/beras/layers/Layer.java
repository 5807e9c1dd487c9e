package beras.layers;

import beras.autograd.Diffable;
import beras.config.Configurable;
import beras.config.Settings;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A step of a model. Most take one input.
 *
 * <p>A layer is told its settings when it is made, and learns the shapes of its inputs when it is {@linkplain #build built}:
 * by the model that it becomes part of, or by its first call. Only then does it have weights.
 *
 * <p>To write one: {@link #compute} and {@link #inputGradients} as for any {@link Diffable}, {@link #outputShape(Shape)},
 * {@link #settings} if it has some, and for weights {@link #weightSpecs}, {@link #weightGradients} and {@link #onBuilt}. A
 * layer that behaves differently in training asks {@link beras.autograd.Call#training}. To be made by name, and saved, it is
 * registered: {@link Layers#register}.
 */
public abstract class Layer extends Diffable implements Configurable {

    private String name;
    private Long seed;
    private boolean trainable = true;
    private List<WeightSpec> specs = List.of();
    private List<Variable> weights = List.of();
    private volatile boolean built;

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
     */
    public Layer named(String newName) {
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
     * What decides its first weights and its noise; without, each layer and each run differ (a model may be given a seed for
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

    /** Gives this seed to a layer that has none and is not built. */
    public final void seedIfNone(long newSeed) {
        if (seed == null && !built) {
            seed = newSeed;
        }
    }

    /** The seed, a fresh one if none was given. */
    protected final long seed() {
        if (seed == null) {
            seed = Rng.freshSeed();
        }
        return seed;
    }

    /** Refuses to change a setting that the weights depend on. */
    protected final void requireUnbuilt(String setting) {
        if (built) {
            throw new IllegalStateException(this + " is built already: set " + setting + " before it is used");
        }
    }

    /**
     * Changes one setting, with the checks that {@link #settings} makes.
     *
     * @throws IllegalArgumentException if the value does not fit; nothing is changed then
     * @throws IllegalStateException if the layer is built already
     */
    protected final void set(String setting, Object value) {
        requireUnbuilt(setting);
        Settings.set(this, setting, value);
    }

    /** Name and seed, given by name alone, and the {@link #settings} of the layer. */
    @Override
    public final void describe(Settings s) {
        name = checkedName(s.byName().text("name", name));
        seed = s.byName().whole("seed", seed);
        settings(s);
    }

    // -------------------------------------------------------------------------------------------------- shapes

    /** The shape of one example that this layer takes, without the batch axis; null if it takes several or is not told yet. */
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
        if (count < 0 ? received == 0 : received != count) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " takes "
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
     * This layer as a step that comes after others: nothing is computed, only shapes are checked.
     *
     * @throws IllegalArgumentException if the shapes do not fit, naming this layer and what comes before it
     */
    public final Node apply(Node... inputs) {
        List<Shape> shapes = Arrays.stream(inputs).map(Node::shape).toList();
        try {
            return new Node(this, List.of(inputs), outputShape(shapes));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(this + " does not fit " + (inputs.length == 0 ? "no input" : Arrays.toString(inputs))
                    + ": " + e.getMessage(), e);
        }
    }

    // ------------------------------------------------------------------------------------------------- weights

    /** The weights that this layer needs for inputs of these shapes (of one example each); none by default. */
    public List<WeightSpec> weightSpecs(List<Shape> inputs) {
        return List.of();
    }

    /**
     * Makes the weights, if that is not done yet.
     *
     * @param inputs the shapes of one example of each input
     * @throws IllegalArgumentException if weights cannot be made for such shapes
     */
    public final synchronized void build(List<Shape> inputs) {
        if (built) {
            return;
        }
        specs = List.copyOf(weightSpecs(inputs));
        List<Variable> made = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            WeightSpec spec = specs.get(i);
            Tensor first = spec.initializer().values(spec.shape(), i == 0 ? seed() : new Rng(seed(), "weight", i).bits(0));
            made.add(spec.state() ? Variable.state(spec.name(), first) : new Variable(spec.name(), first));
        }
        weights = List.copyOf(made);
        onBuilt(weights);
        built = true;
        trainable(trainable);
    }

    /** Called once when the weights are made, with them. */
    protected void onBuilt(List<Variable> made) {}

    /** Makes this layer share the weights of another. */
    final void shareWeights(Layer other) {
        specs = other.specs;
        weights = other.weights;
        onBuilt(weights);
        built = true;
    }

    /** Whether the weights are made. */
    public final boolean built() {
        return built;
    }

    /** In the order of {@link #weightSpecs}; empty before the layer is built, or knows its {@link #inputShape}. */
    @Override
    public final List<Variable> weights() {
        if (!built && inputShape() != null) {
            build(List.of(inputShape()));
        }
        return weights;
    }

    /** What {@link #weights} were made from, in the same order. */
    public final List<WeightSpec> specs() {
        return specs;
    }

    /** {@inheritDoc} A layer that is not built yet remembers it. */
    @Override
    public final void trainable(boolean newTrainable) {
        trainable = newTrainable;
        super.trainable(newTrainable);
    }

    /** Whether it was never frozen as a whole, or thawed again. */
    protected final boolean isThawed() {
        return trainable;
    }

    // ------------------------------------------------------------------------------------------------- calling

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if there are more or fewer inputs than this layer takes
     */
    @Override
    public Tensor call(Tensor... inputs) {
        prepare(inputs);
        return super.call(inputs);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException also if there are more or fewer inputs than this layer takes
     */
    @Override
    public Tensor forward(Tensor... inputs) {
        prepare(inputs);
        return super.forward(inputs);
    }

    private void prepare(Tensor[] inputs) {
        requireCount(inputs.length);
        if (!built) {
            build(Arrays.stream(inputs).map(Layer::example).toList());
        }
    }

    /** The shape of one row of a batch. */
    private static Shape example(Tensor batch) {
        return batch.rank() == 0 ? batch.shape() : batch.shape().rest();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + (name == null ? "" : " \"" + name + "\"");
    }
}
