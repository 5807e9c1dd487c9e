package beras.layers;

import beras.autograd.Diffable;
import beras.autograd.OperationCall;
import beras.config.Settings;
import beras.initializers.Initializer;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The weights of a layer: makes them, from the specs, the seed and the shapes of the inputs, and the weights of inner layers.
 * Weights and layers are declared before the layer is built; a layer that computes with others is rejected.
 *
 * <p>A layer with a known input shape is built when its weights are first accessed, with a fresh seed if it has none. That seed
 * is temporary: a model that the layer becomes part of before it is used may still decide it.
 */
abstract class LayerWeights extends Diffable {

    /** The layers that were called in this thread since a layer began to be watched; null: none is. */
    private static final ThreadLocal<Set<Layer>> CALLED = new ThreadLocal<>();
    private static final String NO_SEED = "none";
    /** The longest window of a layer whose multiply-adds are counted for inputs of any number of steps. */
    private static final int MOST_STEPS = 256;
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
                throw new IllegalStateException("The weights of " + LayerWeights.this + " are made when it is built: by a model, or by"
                        + " its first call");
            }
            return variable;
        }
    }

    private final List<Weight> declared = new ArrayList<>();
    private final List<Supplier<? extends List<? extends Layer>>> inner = new ArrayList<>();
    private List<Layer> layers; // made by inner; null: not yet
    private boolean layersFollowSettings; // some are made from settings of this layer
    private boolean complete; // nothing more can be declared
    volatile boolean checked; // that its computation in training uses declared weights alone
    private List<String> seedsInside = List.of(); // from a config
    Long seed; // null: none yet
    private boolean hasTemporarySeed; // built without a seed, and not used since
    private boolean zeroInitialized; // for a loader to fill
    List<Shape> builtFor; // or applied to; null: neither
    private List<WeightSpec> specs = List.of();
    private List<Variable> own = List.of(); // made from the specs
    private List<Variable> all; // also of the inner layers; null: not all are built
    private boolean trainable = true;
    private volatile boolean built;

    LayerWeights() {}

    /** This, which is the only kind of it. */
    private Layer layer() {
        return (Layer) this;
    }

    // ------------------------------------------------------------------------------------------------- declaring

    /**
     * Declares a trainable weight of a known shape. Called in the initializer of a field or in the constructor. When the layer
     * is built the weight gets its first values, from the seed of the layer, unless it was assigned others.
     *
     * @param name        its name within this layer, such as {@code kernel}
     * @param initializer its first values
     * @throws IllegalStateException if the layer is built already
     */
    protected final Variable addWeight(String name, Shape shape, Initializer initializer) {
        Weight weight = declare(inputs -> WeightSpec.of(name, shape, initializer));
        weight.variable = new Variable(name, Tensor.zeros(shape));
        return weight.variable;
    }

    /**
     * Declares a weight that depends on the inputs or on settings of this layer, which are known later than its fields; also
     * one with a regularizer or a constraint, and {@linkplain WeightSpec#state state}. For example {@code addWeight(inputs ->
     * WeightSpec.of("kernel", Shape.of(inputs.get(0).dim(-1), units), Initializers.glorotUniform()))}.
     *
     * @param spec of the shapes of one example of each input; a function of these and of the settings alone
     * @return the weight, once the layer is built
     * @throws IllegalStateException if the layer is built already
     */
    protected final Supplier<Variable> addWeight(Function<List<Shape>, WeightSpec> spec) {
        return declare(spec);
    }

    private Weight declare(Function<List<Shape>, WeightSpec> spec) {
        requireIncomplete("addWeight");
        Weight weight = new Weight(spec);
        declared.add(weight);
        return weight;
    }

    /**
     * Declares that this layer computes with another: a model then trains, seeds, saves, freezes and lists that as a part of this one.
     * Called in the initializer of a field or in the constructor; of several layers
     * {@code Stream.of(new Dense(8), new Dense(4)).map(this::addLayer).toList()}.
     *
     * @return the layer
     * @throws IllegalStateException if this layer is built already
     */
    protected final <L extends Layer> L addLayer(L layer) {
        requireIncomplete("addLayer");
        Objects.requireNonNull(layer, "the layer that addLayer is given");
        addInner(() -> List.of(layer));
        return layer;
    }

    /**
     * As {@link #addLayer(Layer)}, for a layer that depends on settings of this one, which are known later than its fields,
     * such as {@code Supplier<Dense> inner = addLayerFrom(() -> new Dense(units))}.
     *
     * @return the layer, made once
     */
    protected final <L extends Layer> Supplier<L> addLayerFrom(Supplier<L> maker) {
        requireIncomplete("addLayerFrom");
        Supplier<List<L>> made = addLayersFrom(() -> List.of(Objects.requireNonNull(maker.get(), "the layer that addLayerFrom makes")));
        return () -> made.get().get(0);
    }

    /** As {@link #addLayerFrom}, for a number of layers that follows from the settings. */
    final <L extends Layer> Supplier<List<L>> addLayersFrom(Supplier<List<L>> maker) {
        List<L> made = new ArrayList<>(1);
        Supplier<List<L>> once = () -> {
            if (made.isEmpty()) {
                made.addAll(maker.get());
                layersFollowSettings = true;
            }
            return made;
        };
        addInner(once);
        return once;
    }

    private void addInner(Supplier<? extends List<? extends Layer>> supplier) {
        inner.add(supplier);
        layers = null;
    }

    private void requireIncomplete(String method) {
        if (complete) {
            throw new IllegalStateException(this + " is built already, with the weights and layers that it had declared. Received: "
                    + method + ". Call it in the initializer of a field or in the constructor");
        }
    }

    /** The layers that are declared, in order. */
    final List<Layer> declaredLayers() {
        if (layers == null) {
            List<Layer> made = new ArrayList<>();
            for (Supplier<? extends List<? extends Layer>> maker : inner) {
                made.addAll(maker.get());
            }
            layers = List.copyOf(made);
        }
        return layers;
    }

    /** Whether a change of settings would come too late. */
    final boolean hasUsedSettings() {
        return built || layersFollowSettings;
    }

    /** The weights that this layer itself needs for inputs of these shapes (of one example each), in the order of {@link #weights}. */
    public final List<WeightSpec> weightSpecs(List<Shape> inputs) {
        List<WeightSpec> all = new ArrayList<>();
        for (Weight weight : declared) {
            all.add(weight.spec.apply(inputs));
        }
        all.addAll(ownSpecs(inputs));
        return List.copyOf(all);
    }

    /** The weights of a layer whose settings decide which it has, behind its declared ones. */
    List<WeightSpec> ownSpecs(List<Shape> inputs) {
        return List.of();
    }

    // ------------------------------------------------------------------------------------------------------ seed

    /** The seed, if one was given, or drawn because something random followed from it. */
    public final OptionalLong knownSeed() {
        return seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
    }

    /** The seed, a fresh one if none was given. */
    protected final long seed() {
        if (seed == null) {
            seed = Rng.freshSeed();
        }
        return seed;
    }

    /**
     * Sets the seed of a layer that has none and has drawn nothing yet, or was built only for an access to its weights: these
     * are drawn again then, unless they were changed.
     */
    public final synchronized void seedIfNone(long newSeed) {
        if (seed == null) { // nothing was drawn
            seed = newSeed;
        } else if (hasTemporarySeed) {
            hasTemporarySeed = false;
            if (IntStream.range(0, specs.size()).allMatch(i -> own.get(i).copy().equals(initial(specs.get(i), i)))) {
                seed = newSeed;
                for (int i = 0; i < specs.size(); i++) {
                    own.get(i).assign(initial(specs.get(i), i));
                }
            }
        }
    }

    /**
     * The setting of the seeds of the inner layers of a custom layer, at all levels, as they determine the inner layers of an
     * unknown type; {@link #NO_SEED} for a layer without one.
     */
    final void seedsInside(Settings s) {
        if (!inner.isEmpty() && !isWrittenHere()) {
            seedsInside = s.byName().texts("seedsInside", !built ? seedsInside : Layer.withInner(layer().layers()).stream()
                    .map(inside -> inside.seed == null ? NO_SEED : Long.toString(inside.seed)).toList());
        }
    }

    private void seedInside() {
        List<Layer> within = seedsInside.isEmpty() ? List.of() : Layer.withInner(layer().layers());
        if (within.size() != seedsInside.size()) {
            throw new IllegalArgumentException(this + " needs a seed for each of the " + within.size() + " layers inside. Received: "
                    + seedsInside.size());
        }
        for (int i = 0; i < within.size(); i++) {
            if (!seedsInside.get(i).equals(NO_SEED)) {
                within.get(i).seedIfNone(Long.parseLong(seedsInside.get(i)));
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- building

    /** Whether the weights are made. */
    public final boolean built() {
        return built;
    }

    /** The shapes of one example of each input that it was built for, or applied to before; null: neither. */
    protected final List<Shape> builtFor() {
        return builtFor;
    }

    /** Rejects inputs that need other weights than earlier ones. */
    final void requireSameWeights(List<Shape> inputs) {
        if (builtFor != null && !builtFor.equals(inputs) && !shapes(builtFor).equals(shapes(inputs))) {
            throw new IllegalArgumentException(this + " has one set of weights, which fits inputs of shape " + builtFor
                    + ". Received: " + inputs);
        }
    }

    private List<Shape> shapes(List<Shape> inputs) {
        return weightSpecs(inputs).stream().map(WeightSpec::shape).toList();
    }

    /**
     * Makes the weights, if that is not done yet, also of the inner layers.
     *
     * @param inputs the shapes of one example of each input
     * @throws IllegalArgumentException if weights cannot be made for such shapes, or were made that fit others
     */
    public final synchronized void build(List<Shape> inputs) {
        if (built) {
            layer().checkedOutputShape(inputs);
            hasTemporarySeed = false;
            return;
        }
        List<Runnable> undo = new ArrayList<>(List.of(undo()));
        complete = true;
        try {
            for (Layer inside : Layer.withInner(layer().layers())) {
                if (!inside.built()) {
                    undo.add(inside.undo());
                }
            }
            make(inputs);
        } catch (RuntimeException | Error e) { // it may be built again, for other inputs
            undo.forEach(Runnable::run);
            throw e;
        }
    }

    /**
     * As {@link #build}, but no initializer runs: the weights are zeros, to be filled by a loader. (State that a layer is given by
     * its settings is there.)
     */
    public final void buildZeroInitialized(List<Shape> inputs) {
        for (LayerWeights layer : Layer.withInner(List.of(layer()))) {
            layer.zeroInitialized = true;
        }
        build(inputs);
    }

    /** Undoes, when it is run, everything that a build makes from now on. */
    final Runnable undo() {
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
            complete = false;
            built = false;
        };
    }

    private void make(List<Shape> inputs) {
        seedInside();
        specs = weightSpecs(inputs);
        List<Variable> made = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            made.add(made(i));
        }
        own = List.copyOf(made);
        layer().onBuilt();
        buildInner(inputs);
        checked |= isWrittenHere();
        if (!checked) {
            check(inputs);
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
            for (Layer inside : layer().layers()) {
                inside.seedIfNone(new Rng(seed, "layer", place++).bits(0));
            }
        }
        layer().runUnbuilt(zeros(inputs));
    }

    /** A batch of one example for each input. */
    private static Tensor[] zeros(List<Shape> inputs) {
        return inputs.stream().map(input -> Tensor.zeros(input.prepend(1))).toArray(Tensor[]::new);
    }

    private boolean isInnerBuilt() {
        for (Layer inside : layer().layers()) {
            if (!inside.built()) {
                return false;
            }
        }
        return true;
    }

    // -------------------------------------------------------------------------------------------------- checking

    /** Whether its class is one of BERAS, which declares everything it uses. */
    final boolean isWrittenHere() {
        String type = getClass().getName();
        return type.startsWith(OWN_PACKAGE) && type.indexOf('$') < 0;
    }

    /** Rejects undeclared weights and layers used on zeros; a layer that cannot compute on zeros is checked in training. */
    private void check(List<Shape> inputs) {
        Tensor[] zeros = zeros(inputs);
        Set<Layer> called = new LinkedHashSet<>();
        List<OperationCall> operations;
        try {
            operations = calling(called, () -> layer().tryOut(zeros));
        } catch (RuntimeException e) { // such as a layer that must be adapted first
            return;
        }
        requireDeclared(called, operations, zeros);
    }

    /** The result of a computation, which adds the layers that it calls. */
    static <T> T calling(Set<Layer> called, Supplier<T> computation) {
        Set<Layer> outer = CALLED.get();
        CALLED.set(called);
        try {
            return computation.get();
        } finally {
            CALLED.set(outer);
        }
    }

    /** Notes that this is called: its seed is decided. */
    final void noteCall() {
        hasTemporarySeed = false;
        Set<Layer> called = CALLED.get();
        if (called != null) {
            called.add(layer());
        }
    }

    /**
     * The multiplications with a kernel, each with an addition, for one example of each input: the main cost of products and
     * convolutions. Elementwise operations do not count. They are counted in a computation on zeros; 0 before it is built, and
     * for a layer that cannot compute on zeros. Open axes count with one step, or as many as the layer needs.
     */
    public long multiplyAdds(List<Shape> inputs) {
        boolean isOpen = inputs.stream().anyMatch(input -> input.size() == 0);
        for (int steps = 1; built && steps <= (isOpen ? MOST_STEPS : 1); steps++) {
            int size = steps;
            List<Shape> sized = inputs.stream().map(input -> Shape.of(Arrays.stream(input.toArray()).map(dim -> dim == 0 ? size : dim).toArray()))
                    .toList();
            try {
                return layer().tryOut(zeros(sized)).stream().mapToLong(use -> use.operation().multiplyAdds(use.output(), use.inputs())).sum();
            } catch (RuntimeException e) { // it cannot compute on zeros, or on so few steps
                continue;
            }
        }
        return 0;
    }

    /**
     * Refuses layers and variables that this has used and not declared.
     *
     * @param called     the layers
     * @param operations that were recorded
     * @param inputs     of the computation, which may be variables
     * @throws IllegalStateException if it used such
     */
    final void requireDeclared(Set<Layer> called, List<OperationCall> operations, Tensor... inputs) {
        Set<Layer> known = new HashSet<>(Layer.withInner(List.of(layer())));
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
            throw new IllegalStateException(this + " must declare what it computes with: no model would seed, train or save other layers"
                    + " and variables. Received, not declared: " + String.join(", ", missing) + ". Declare a layer where it is made,"
                    + " such as d = addLayer(new Dense(8)), and a weight by v = addWeight(\"v\", shape, initializer)");
        }
    }

    // --------------------------------------------------------------------------------------------------- weights

    /** The specs of this layer's own weights, the first of {@link #weights}, in the same order. */
    public final List<WeightSpec> specs() {
        return specs;
    }

    /** The weight of a name that this layer itself has; null before the layer is built, or if its settings leave the weight out. */
    final Variable own(String weightName) {
        for (int i = 0; i < own.size(); i++) { // without an iterator, as layers call this in each step
            if (own.get(i).name().equals(weightName)) {
                return own.get(i);
            }
        }
        return null;
    }

    /** The weights of the layer itself. */
    final List<Variable> own() {
        return own;
    }

    /**
     * The weights in the order in which they were {@linkplain #addWeight declared}, then of the
     * {@linkplain Layer#layers inner layers}, each once. Empty before the layer is built; a layer with a known
     * {@link Layer#inputShape} is built now, if need be. (A model that it then becomes part of still determines the weights by
     * its seed, as long as nobody changed them.)
     */
    @Override
    public final List<Variable> weights() {
        if (!built && !Thread.holdsLock(this) && layer().inputShape() != null) { // not while it is built
            boolean unseeded = seed == null;
            build(List.of(layer().inputShape()));
            hasTemporarySeed = unseeded;
        }
        List<Variable> known = all;
        return known == null ? collected() : known;
    }

    private List<Variable> collected() {
        List<Layer> within = layer().layers();
        if (within.isEmpty()) {
            return own;
        }
        Set<Variable> collected = new LinkedHashSet<>(own);
        for (Layer inside : within) {
            collected.addAll(inside.weights());
        }
        return List.copyOf(collected);
    }

    // -------------------------------------------------------------------------------------------------- trainable

    /**
     * Whether any weight is trainable; false without weights. A layer that is not built yet answers by its settings, and
     * false if these do not determine its weights.
     */
    @Override
    public final boolean trainable() {
        return built || layer().inputShape() == null ? super.trainable() : anyWillBeTrainable();
    }

    /**
     * {@inheritDoc} So it does with the layers inside. A layer that is not built yet remembers it, and is not built by it.
     */
    @Override
    public final void trainable(boolean newTrainable) {
        trainable = newTrainable;
        for (Variable weight : own) {
            weight.trainable(newTrainable);
        }
        for (Layer inside : layer().layers()) {
            inside.trainable(newTrainable);
        }
    }

    /** Whether it is frozen as a whole; else single weights may be frozen all the same. */
    public final boolean isFrozen() {
        return !trainable;
    }

    /** Whether any weight is trainable, of a layer that is not built but whose settings determine its weights. */
    private boolean anyWillBeTrainable() {
        return trainable && weightSpecs(List.of(layer().inputShape())).stream().anyMatch(spec -> !spec.state())
                || layer().layers().stream().anyMatch(Layer::trainable);
    }
}
