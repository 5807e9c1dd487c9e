package beras.layers;

import beras.autograd.Call;
import beras.autograd.OperationCall;
import beras.tensor.Operation;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The weights of a layer: makes them, from the specs, the seed and the shapes of the inputs, and knows those of the layers inside.
 * Weights and layers are declared before the layer is built; a layer that computes with others is rejected.
 *
 * <p>A layer that knows the shape of its input is built as soon as somebody asks for its weights, with a fresh seed if it has none.
 * That seed is temporary: a model that the layer becomes part of before it is used may still decide it.
 */
final class LayerWeights {

    /** The layers that were called in this thread since a layer began to be watched; null: none is. */
    private static final ThreadLocal<Set<Layer>> CALLED = new ThreadLocal<>();
    private static final String NO_SEED = "none";
    private static final String OWN_PACKAGE = Layer.class.getPackageName() + ".";

    /** A weight that is declared. */
    private final class Weight implements Supplier<Variable> {

        private final Function<List<Shape>, WeightSpec> spec;
        private Variable variable; // null: made when the layer is built
        private long initializedAt; // the change by which a build gave it its first values; 0: none yet

        Weight(Function<List<Shape>, WeightSpec> spec) {
            this.spec = spec;
        }

        @Override
        public Variable get() {
            if (variable == null) {
                throw new IllegalStateException("The weights of " + layer + " are made when it is built: by a model, or by its first"
                        + " call");
            }
            return variable;
        }
    }

    /** A layer computes with what it has not declared. */
    private static final class Undeclared extends IllegalStateException {

        private static final long serialVersionUID = 1;

        Undeclared(String message) {
            super(message);
        }
    }

    private final Layer layer;
    private final List<Weight> declared = new ArrayList<>();
    private final List<Supplier<? extends Layer>> inner = new ArrayList<>();
    private List<Layer> layers; // made by inner; null: not yet
    private boolean layersFollowSettings; // some are made from settings of this layer
    private boolean complete; // nothing more can be declared
    private volatile boolean checked; // that it computes in training with what is declared
    private volatile OptionalLong multiplyAdds = OptionalLong.empty(); // for builtFor; empty: it was not run when it was built
    private List<String> seedsInside = List.of(); // from a config
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

    // ------------------------------------------------------------------------------------------------- declaring

    /** See {@link Layer#addWeight(String, Shape, beras.initializers.Initializer)}. */
    Variable addWeight(WeightSpec spec) {
        Weight weight = addWeight(inputs -> spec);
        weight.variable = new Variable(spec.name(), Tensor.zeros(spec.shape()));
        return weight.variable;
    }

    /** See {@link Layer#addWeight(Function)}. */
    Weight addWeight(Function<List<Shape>, WeightSpec> spec) {
        requireIncomplete("addWeight");
        Weight weight = new Weight(spec);
        declared.add(weight);
        return weight;
    }

    /** See {@link Layer#addLayerFrom}. */
    <L extends Layer> Supplier<L> addLayerFrom(Supplier<L> maker) {
        requireIncomplete("addLayerFrom");
        List<L> made = new ArrayList<>(1);
        Supplier<L> once = () -> {
            if (made.isEmpty()) {
                made.add(Objects.requireNonNull(maker.get(), "the layer that addLayerFrom makes"));
                layersFollowSettings = true;
            }
            return made.get(0);
        };
        addInner(once);
        return once;
    }

    /** See {@link Layer#addLayer(Layer)}. */
    void addLayer(Layer added) {
        requireIncomplete("addLayer");
        Objects.requireNonNull(added, "the layer that addLayer is given");
        addInner(() -> added);
    }

    private void addInner(Supplier<? extends Layer> supplier) {
        inner.add(supplier);
        layers = null;
    }

    private void requireIncomplete(String method) {
        if (complete) {
            throw new IllegalStateException(layer + " is built already, with the weights and layers that it had declared. Received: "
                    + method + ". Call it in the initializer of a field or in the constructor");
        }
    }

    /** The layers that are declared, in order. */
    List<Layer> layers() {
        if (layers == null) {
            List<Layer> made = new ArrayList<>();
            for (Supplier<? extends Layer> maker : inner) {
                made.add(maker.get());
            }
            layers = List.copyOf(made);
        }
        return layers;
    }

    /** Whether a change of settings would come too late. */
    boolean hasUsedSettings() {
        return built || layersFollowSettings;
    }

    /** The weights that the layer itself needs for inputs of these shapes. */
    List<WeightSpec> specs(List<Shape> inputs) {
        List<WeightSpec> all = new ArrayList<>();
        for (Weight weight : declared) {
            all.add(weight.spec.apply(inputs));
        }
        all.addAll(layer.ownSpecs(inputs));
        return List.copyOf(all);
    }

    // ------------------------------------------------------------------------------------------------------ seed

    /** The seed; null if there is none yet. */
    Long knownSeed() {
        return seed;
    }

    void setSeed(Long newSeed) {
        seed = newSeed;
    }

    /** Whether settings have the seeds of the layers inside: those of a layer that BERAS does not have follow from it alone. */
    boolean hasSeedsInside() {
        return !inner.isEmpty() && !isWrittenHere();
    }

    /** The seeds of the layers inside, at all levels, as texts; of one that has none {@link #NO_SEED}. */
    List<String> seedsInside() {
        return !built ? seedsInside : Layer.withInner(layer.layers()).stream()
                .map(inside -> inside.knownSeed().isPresent() ? Long.toString(inside.knownSeed().getAsLong()) : NO_SEED).toList();
    }

    /** The seeds that the layers inside get when this one is built. */
    void setSeedsInside(List<String> seeds) {
        seedsInside = seeds;
    }

    private void seedInside() {
        List<Layer> within = seedsInside.isEmpty() ? List.of() : Layer.withInner(layer.layers());
        if (within.size() != seedsInside.size()) {
            throw new IllegalArgumentException(layer + " needs a seed for each of the " + within.size() + " layers inside. Received: "
                    + seedsInside.size());
        }
        for (int i = 0; i < within.size(); i++) {
            if (!seedsInside.get(i).equals(NO_SEED)) {
                within.get(i).seedIfNone(Long.parseLong(seedsInside.get(i)));
            }
        }
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
        for (WeightSpec spec : specs(inputs)) {
            shapes.add(spec.shape());
        }
        return shapes;
    }

    /** The layer is called: its seed is decided. */
    void use() {
        hasTemporarySeed = false;
        Set<Layer> called = CALLED.get();
        if (called != null) {
            called.add(layer);
        }
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
        List<Runnable> undo = new ArrayList<>(List.of(undo()));
        complete = true;
        try {
            for (Layer inside : Layer.withInner(layer.layers())) {
                if (!inside.built()) {
                    undo.add(inside.undoBuild());
                }
            }
            make(inputs);
        } catch (RuntimeException | Error e) { // it may be built again, for other inputs
            undo.forEach(Runnable::run);
            throw e;
        }
    }

    /** Takes back, when it is run, what a build makes from now on. */
    Runnable undo() {
        Long seedBefore = seed;
        List<Shape> appliedTo = builtFor;
        List<Weight> open = new ArrayList<>();
        for (Weight weight : declared) {
            if (weight.variable == null) {
                open.add(weight);
            }
        }
        return () -> {
            seed = seedBefore;
            builtFor = appliedTo;
            open.forEach(weight -> weight.variable = null);
            specs = List.of();
            own = List.of();
            all = null;
            multiplyAdds = OptionalLong.empty();
            complete = false;
            built = false;
        };
    }

    private void make(List<Shape> inputs) {
        seedInside();
        specs = specs(inputs);
        List<Variable> made = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            made.add(made(i));
        }
        own = List.copyOf(made);
        layer.onBuilt();
        buildInner(inputs);
        checked |= isWrittenHere();
        if (!checked) {
            multiplyAdds = checkedMultiplyAdds(inputs);
        }
        all = isInnerBuilt() ? collected() : null;
        builtFor = inputs;
        built = true;
        if (!trainable) {
            trainable(false);
        }
    }

    private Variable made(int i) {
        WeightSpec spec = specs.get(i);
        Weight weight = i < declared.size() ? declared.get(i) : null;
        Variable known = weight == null ? null : weight.variable;
        if (known != null && (zeroInitialized || known.changedAt() != weight.initializedAt)) {
            return known; // the values that somebody has assigned stay
        }
        Tensor initial = zeroInitialized ? Tensor.zeros(spec.shape()) : initial(spec, i);
        if (known != null) {
            known.assign(initial);
            weight.initializedAt = known.changedAt();
            return known;
        }
        Variable variable = spec.state() ? Variable.state(spec.name(), initial) : new Variable(spec.name(), initial);
        if (weight != null) {
            weight.variable = variable;
        }
        return variable;
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
            for (Layer inside : layer.layers()) {
                inside.seedIfNone(new Rng(seed, "layer", place++).bits(0));
            }
        }
        layer.runUnbuilt(zeros(inputs));
    }

    /** A batch of one example for each input. */
    private static Tensor[] zeros(List<Shape> inputs) {
        Tensor[] batch = new Tensor[inputs.size()];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = Tensor.zeros(inputs.get(i).prepend(1));
        }
        return batch;
    }

    private boolean isInnerBuilt() {
        for (Layer inside : layer.layers()) {
            if (!inside.built()) {
                return false;
            }
        }
        return true;
    }

    // -------------------------------------------------------------------------------------------------- checking

    /** The layer computes with those that it has, as it is nothing but these. */
    void setChecked() {
        checked = true;
    }

    boolean isChecked() {
        return checked;
    }

    /** Whether its class is one of BERAS, which computes with what it declares. */
    boolean isWrittenHere() {
        String type = layer.getClass().getName();
        return type.startsWith(OWN_PACKAGE) && type.indexOf('$') < 0;
    }

    /**
     * Those of one run on zeros, if it uses nothing without a declaration. Empty for a layer that cannot compute on zeros; it is
     * checked in training.
     */
    private OptionalLong checkedMultiplyAdds(List<Shape> inputs) {
        try {
            return OptionalLong.of(multiplyAddsOf(layer.tryOut(zeros(inputs))));
        } catch (Undeclared e) {
            throw e;
        } catch (RuntimeException e) { // such as one that must be adapted first
            return OptionalLong.empty();
        }
    }

    /** See {@link Layer#multiplyAdds}. */
    long multiplyAdds(List<Shape> inputs) {
        if (!built || isWrittenHere()) {
            return 0;
        }
        return (multiplyAdds.isPresent() && inputs.equals(builtFor) ? multiplyAdds : checkedMultiplyAdds(inputs)).orElse(0);
    }

    /** The sum over the calls of BERAS's layers, and over the products outside of these. */
    private static long multiplyAddsOf(List<OperationCall> operations) {
        long sum = 0;
        Set<Call> counted = new HashSet<>();
        for (OperationCall use : operations) {
            Call ofLayer = null; // the outermost
            for (Optional<Call> call = use.within(); call.isPresent(); call = call.get().within()) {
                ofLayer = call.get().diffable() instanceof Layer inside && inside.isWrittenHere() ? call.get() : ofLayer;
            }
            if (ofLayer != null && counted.add(ofLayer)) {
                List<Shape> shapes = ofLayer.inputs().stream().map(Tensor::shape).toList();
                if (!shapes.isEmpty() && shapes.get(0).rank() > 0) { // of one example several may have been made
                    sum += shapes.get(0).dim(0) * ((Layer) ofLayer.diffable()).multiplyAdds(shapes.stream().map(Shape::rest).toList());
                }
            } else if (ofLayer == null && use.operation() instanceof Operation.MatMul) {
                sum += (long) use.output().size() * use.input(0).dim(-1);
            }
        }
        return sum;
    }

    /**
     * The result of a computation of the layer.
     *
     * @param recorded the operations that the tape of this thread has recorded, a view
     * @param inputs   of the computation, which may be variables
     * @throws IllegalStateException if it used a layer or a variable that the layer has not declared
     */
    Tensor withDeclared(List<OperationCall> recorded, Supplier<Tensor> computation, Tensor... inputs) {
        int first = recorded.size();
        Set<Layer> outer = CALLED.get();
        Set<Layer> called = new LinkedHashSet<>();
        CALLED.set(called);
        try {
            Tensor result = computation.get();
            requireDeclared(called, recorded.subList(first, recorded.size()), inputs);
            return result;
        } finally {
            CALLED.set(outer);
        }
    }

    private void requireDeclared(Set<Layer> called, List<OperationCall> operations, Tensor... inputs) {
        Set<Layer> known = new HashSet<>(Layer.withInner(List.of(layer)));
        Set<Variable> weights = new HashSet<>(collected());
        for (Tensor input : inputs) {
            if (input instanceof Variable variable) {
                weights.add(variable);
            }
        }
        List<String> missing = new ArrayList<>();
        for (Layer inside : called) { // one without weights and randomness may be made on the way
            if (!known.contains(inside) && (!weights.containsAll(inside.weights()) || inside.knownSeed().isPresent())) {
                missing.add(inside.toString());
                known.addAll(Layer.withInner(List.of(inside)));
                weights.addAll(inside.weights());
            }
        }
        for (OperationCall use : operations) {
            for (Tensor tensor : use.inputs()) {
                if (tensor instanceof Variable variable && weights.add(variable)) {
                    missing.add("variable " + variable.name() + " of shape " + variable.shape());
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new Undeclared(layer + " must declare what it computes with: no model would seed, train or save other layers"
                    + " and variables. Received, not declared: " + String.join(", ", missing) + ". Declare a layer where it is made,"
                    + " such as d = addLayer(new Dense(8)), and a weight by v = addWeight(\"v\", shape, initializer)");
        }
    }

    // --------------------------------------------------------------------------------------------------- weights

    /** What the weights of the layer itself were made from. */
    List<WeightSpec> specs() {
        return specs;
    }

    /** Those of the layer itself. */
    List<Variable> own() {
        return own;
    }

    /** See {@link Layer#weights}. */
    List<Variable> all() {
        if (!built && !Thread.holdsLock(this) && layer.inputShape() != null) { // not while it is built
            boolean unseeded = seed == null;
            layer.build(List.of(layer.inputShape()));
            hasTemporarySeed = unseeded;
        }
        List<Variable> known = all;
        return known == null ? collected() : known;
    }

    private List<Variable> collected() {
        List<Layer> within = layer.layers();
        if (within.isEmpty()) {
            return own;
        }
        Set<Variable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Variable> collected = new ArrayList<>();
        addNew(own, seen, collected);
        for (Layer inside : within) {
            addNew(inside.weights(), seen, collected);
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
        for (Layer inside : layer.layers()) {
            inside.trainable(newTrainable);
        }
    }

    /** Whether any weight is trainable, of a layer that is not built but whose settings determine its weights. */
    boolean anyWillBeTrainable() {
        boolean any = false;
        for (WeightSpec spec : specs(List.of(layer.inputShape()))) {
            any |= trainable && !spec.state();
        }
        for (Layer inside : layer.layers()) {
            any |= inside.trainable();
        }
        return any;
    }
}
