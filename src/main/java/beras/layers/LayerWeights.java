package beras.layers;

import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The weights of a layer: makes them, from the specs, the seed and the shapes of the inputs, and knows those of the layers inside.
 *
 * <p>A layer that knows the shape of its input is built as soon as somebody asks for its weights, with a fresh seed if it has none.
 * That seed is temporary: a model that the layer becomes part of before it is used may still decide it.
 */
final class LayerWeights {

    private final Layer layer;
    private Long seed; // null: none yet
    private boolean hasTemporarySeed; // built without a seed, and not used since
    private boolean zeroInitialized; // for a loader to fill
    private List<Shape> builtFor; // or applied to; null: neither
    private List<WeightSpec> specs = List.of();
    private List<Variable> own = List.of(); // made from the specs
    private List<Variable> all; // also those of the layers inside; null: not all are made
    private boolean trainable = true;
    private volatile boolean built;

    LayerWeights(Layer layer) {
        this.layer = layer;
    }

    // ------------------------------------------------------------------------------------------------------ seed

    /** The seed; null if there is none yet. */
    Long knownSeed() {
        return seed;
    }

    void setSeed(Long newSeed) {
        seed = newSeed;
    }

    /** The seed, a fresh one if there is none. */
    long seed() {
        if (seed == null) {
            seed = Rng.freshSeed();
        }
        return seed;
    }

    /** See {@link Layer#seedIfNone}. */
    synchronized void seedIfNone(long newSeed) {
        if (seed == null) { // nothing was drawn
            seed = newSeed;
        } else if (hasTemporarySeed) {
            hasTemporarySeed = false;
            boolean untouched = true;
            for (int i = 0; i < specs.size(); i++) {
                untouched &= own.get(i).copy().equals(initial(specs.get(i), i));
            }
            if (untouched) {
                seed = newSeed;
                for (int i = 0; i < specs.size(); i++) {
                    own.get(i).assign(initial(specs.get(i), i));
                }
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- building

    boolean isBuilt() {
        return built;
    }

    List<Shape> builtFor() {
        return builtFor;
    }

    /** Notes the shapes of the inputs that the layer is applied to first. */
    void applyTo(List<Shape> inputs) {
        if (builtFor == null) {
            builtFor = inputs;
        }
    }

    /** Refuses inputs that need other weights than those before. */
    void requireFit(List<Shape> inputs) {
        if (builtFor != null && !builtFor.equals(inputs) && !shapes(builtFor).equals(shapes(inputs))) {
            throw new IllegalArgumentException(layer + " has one set of weights, which fits inputs of shape " + builtFor
                    + ". Received: " + inputs);
        }
    }

    private List<Shape> shapes(List<Shape> inputs) {
        List<Shape> shapes = new ArrayList<>();
        for (WeightSpec spec : layer.weightSpecs(inputs)) {
            shapes.add(spec.shape());
        }
        return shapes;
    }

    /** The layer is used: its seed is decided. */
    void use() {
        hasTemporarySeed = false;
    }

    /** Lets the weights of this layer and of those inside start as zeros. */
    void initializeWithZeros() {
        zeroInitialized = true;
    }

    /** See {@link Layer#build}. */
    synchronized void build(List<Shape> inputs) {
        if (built) {
            layer.checkedOutputShape(inputs);
            hasTemporarySeed = false;
            return;
        }
        specs = List.copyOf(layer.weightSpecs(inputs));
        List<Variable> made = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            WeightSpec spec = specs.get(i);
            Tensor initial = zeroInitialized ? Tensor.zeros(spec.shape()) : initial(spec, i);
            made.add(spec.state() ? Variable.state(spec.name(), initial) : new Variable(spec.name(), initial));
        }
        own = List.copyOf(made);
        layer.onBuilt(own);
        buildInner(inputs);
        all = isInnerBuilt() ? collected() : null;
        builtFor = inputs;
        built = true;
        if (!trainable) {
            trainable(false);
        }
    }

    /** The initial values of weight {@code i}. */
    private Tensor initial(WeightSpec spec, int i) {
        return spec.initializer().values(spec.shape(), i == 0 ? seed() : new Rng(seed(), "weight", i).bits(0));
    }

    /** Builds the layers inside by one run on an example of zeros, unless they are built. */
    private void buildInner(List<Shape> inputs) {
        if (isInnerBuilt()) {
            return;
        }
        if (seed != null) {
            int place = 0;
            for (Layer inner : layer.layers()) {
                inner.seedIfNone(new Rng(seed, "layer", place++).bits(0));
            }
        }
        Tensor[] zeros = new Tensor[inputs.size()];
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = Tensor.zeros(inputs.get(i).prepend(1));
        }
        layer.runUnbuilt(zeros);
    }

    private boolean isInnerBuilt() {
        for (Layer inner : layer.layers()) {
            if (!inner.built()) {
                return false;
            }
        }
        return true;
    }

    // --------------------------------------------------------------------------------------------------- weights

    /** What the weights of the layer itself were made from. */
    List<WeightSpec> specs() {
        return specs;
    }

    /** See {@link Layer#weights}. */
    List<Variable> all() {
        if (!built && layer.inputShape() != null) {
            boolean unseeded = seed == null;
            layer.build(List.of(layer.inputShape()));
            hasTemporarySeed = unseeded;
        }
        List<Variable> known = all;
        return known == null ? collected() : known;
    }

    private List<Variable> collected() {
        List<Layer> inner = layer.layers();
        if (inner.isEmpty()) {
            return own;
        }
        Set<Variable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Variable> collected = new ArrayList<>();
        addNew(own, seen, collected);
        for (Layer each : inner) {
            addNew(each.weights(), seen, collected);
        }
        return List.copyOf(collected);
    }

    private static void addNew(List<Variable> some, Set<Variable> seen, List<Variable> collected) {
        for (Variable weight : some) {
            if (seen.add(weight)) {
                collected.add(weight);
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- trainable

    /** Whether the layer was not frozen as a whole, or is no longer. */
    boolean trainable() {
        return trainable;
    }

    /** Freezes the weights of the layer and of those inside, or makes them trainable; a layer that is not built remembers it. */
    void trainable(boolean newTrainable) {
        trainable = newTrainable;
        for (Variable weight : own) {
            weight.trainable(newTrainable);
        }
        for (Layer inner : layer.layers()) {
            inner.trainable(newTrainable);
        }
    }

    /** Whether any weight is trainable, of a layer that is not built but whose settings determine its weights. */
    boolean anyWillBeTrainable() {
        boolean any = false;
        for (WeightSpec spec : layer.weightSpecs(List.of(layer.inputShape()))) {
            any |= trainable && !spec.state();
        }
        for (Layer inner : layer.layers()) {
            any |= inner.trainable();
        }
        return any;
    }
}
