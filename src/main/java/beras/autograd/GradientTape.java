package beras.autograd;

import beras.kernels.Backend;
import beras.kernels.UnaryOp;
import beras.tensor.Memory;
import beras.tensor.Operation;
import beras.tensor.Recorder;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Records the computations in a scope, and differentiates through them.
 *
 * <pre>{@code
 * GradientTape tape = new GradientTape();
 * Tensor loss;
 * try (tape) {
 *     loss = dense.call(x).subtract(y).square().mean();
 * }
 * List<Tensor> gradients = tape.gradient(loss, dense.trainableVariables());
 * }</pre>
 *
 * <p>Recorded are the calls of {@link Diffable}s, that is of layers, activations and losses, and every {@link Operation} of tensors
 * of which an input leads to a {@link Variable}, to a call of a {@code Diffable}, or to a {@linkplain #watch watched} tensor.
 * Other tensors are constants: for a gradient to such a tensor, watch it before it is used. {@link Diffable#forward} and
 * {@linkplain #paused} computations are not recorded. No gradient comes through {@link Tensor#stopGradient}.
 *
 * <p>Tapes nest: an outer tape also records the computations under an inner tape, its {@link #gradient} included, and can then
 * differentiate a gradient:
 *
 * <pre>{@code
 * try (outer) {
 *     GradientTape inner = new GradientTape();
 *     try (inner) {
 *         inner.watch(x);
 *         y = net.call(x);
 *     }
 *     penalty = inner.gradient(y, x).norm(1).subtract(1).square().mean();
 * }
 * outer.gradient(penalty, net.trainableVariables());
 * }</pre>
 *
 * <p>A tape belongs to the thread that created it: it does not record computations of other threads, and each thread may have
 * its own tapes. {@link #gradient} may be called inside the scope or after it, any number of times, in any thread, but by one
 * at a time.
 *
 * <p>Tensors are compared by identity, never by value.
 */
public final class GradientTape extends Recorder implements AutoCloseable {

    /** Stands in a thread for "nothing is recorded nor remembered". */
    static final GradientTape NONE = new GradientTape(new Workspace(), false, false, false);

    static {
        setCurrent(null); // it is never open
    }

    private final Workspace memory;
    private final boolean reusesMemory;
    private final boolean measures; // and keeps only the calls that losses read
    private final boolean training;
    private final GradientTape outer; // null, or the mark that recording is paused
    private final Thread owner = Thread.currentThread();
    private final int step; // of the workspace
    private boolean suspended; // with all outer tapes, in a computation of a fused operation
    private boolean differentiating;
    private Call latest; // while it measures; null: none yet
    private Call within; // whose computation is recorded at present; null: none
    private List<? extends Tensor> sources = List.of(); // of the gradient that is computed at present
    private Tensor cachedFor; // the upstream
    private Tensor cached;
    private OperationCall differentiated; // by gradient, at present
    private OperationCall nonFinite; // the first with a gradient that is not finite; null: none yet, or not looked for
    private boolean seeksNonFinite;
    private volatile boolean closed;

    /**
     * Opens a tape in this thread, for training: layers such as Dropout behave as they do while a model learns. Within another tape
     * they behave as under that.
     */
    public GradientTape() {
        this(new Workspace(), false, active() == null || active() == NONE || active().training, false);
    }

    /**
     * Opens the tape of a training loop's next step, in the memory of the step before: records of an earlier tape of this
     * workspace are discarded, so that it has no gradients any more, and the results of layers and losses under it are
     * overwritten.
     *
     * @param training whether layers such as Dropout behave as in training
     * @throws IllegalStateException if a tape is open in this thread, which could read the overwritten memory; a tape without a
     *     workspace may be opened within another
     */
    public GradientTape(Workspace workspace, boolean training) {
        this(workspace, true, training, false);
    }

    private GradientTape(Workspace memory, boolean reusesMemory, boolean training, boolean measures) {
        this.outer = active();
        this.measures = measures;
        if (reusesMemory && outer != null && outer != NONE) {
            throw new IllegalStateException("A GradientTape is already open in this thread: one with a Workspace, such as that of"
                    + " a training step, is the outermost. Close the other first, or open it within this one");
        }
        this.memory = memory;
        this.reusesMemory = reusesMemory;
        this.training = training;
        this.within = outer == null ? null : outer.within;
        this.step = memory.restart();
        setCurrent(this);
    }

    /** Opens a tape in this thread under which layers behave as in training, also within a tape for prediction. */
    public static GradientTape forTraining() {
        return inside(true);
    }

    /**
     * Opens a tape in this thread under which layers behave as in prediction, also within a tape for training: {@code Dropout} passes
     * all, {@code BatchNormalization} uses its averages and leaves them. For gradients to inputs:
     *
     * <pre>{@code
     * GradientTape tape = GradientTape.forPrediction();
     * Tensor value;
     * try (tape) {
     *     tape.watch(x);
     *     value = new MeanSquaredError().call(model.call(x), y);
     * }
     * Tensor adversarial = x.add(tape.gradient(value, x).sign().multiply(0.1));
     * }</pre>
     */
    public static GradientTape forPrediction() {
        return inside(false);
    }

    /**
     * Opens a tape in this thread, as {@link #forPrediction}, that records nothing to be differentiated: it has the
     * {@link #penalties}, the latest call of a loss, and the logits of a cross-entropy, so that losses and penalties are
     * bit-identical to those of training, and no activations are kept.
     */
    public static GradientTape forEvaluation() {
        return new GradientTape(new Workspace(), false, false, true);
    }

    /** A tape for differentiating a composition once more. */
    static GradientTape inside(boolean training) {
        return new GradientTape(new Workspace(), false, training, false);
    }

    /** A closed tape of these operations. */
    static GradientTape of(List<OperationCall> operations) {
        GradientTape tape = inside(false);
        tape.close();
        tape.memory.operations.addAll(operations);
        operations.forEach(use -> tape.memory.producers.put(use.output(), use));
        return tape;
    }

    /** Whether computations in this thread are recorded: a tape is open, and not {@linkplain #paused paused}. */
    public static boolean isRecording() {
        GradientTape tape = active();
        return tape != null && tape.recording() != null;
    }

    /** The innermost tape that is open in this thread and records; empty if there is none. */
    public static Optional<GradientTape> innermost() {
        GradientTape tape = active();
        return Optional.ofNullable(tape == null ? null : tape.recording());
    }

    /** The innermost tape from this one on that records, or null. */
    GradientTape recording() {
        for (GradientTape tape = this; tape != null && tape != NONE && !tape.suspended; tape = tape.outer) {
            if (!tape.differentiating && !tape.closed) {
                return tape;
            }
        }
        return null;
    }

    /** The next outer tape that records, or null. */
    private GradientTape next() {
        return outer == null ? null : outer.recording();
    }

    /**
     * The result of {@code body}, computed without a trace: no tape records it and no node remembers it, as if each call were a
     * {@link Diffable#forward}.
     */
    public static <T> T paused(Supplier<T> body) {
        GradientTape tape = pause();
        try {
            return body.get();
        } finally {
            resume(tape);
        }
    }

    /** Suspends recording in this thread; returns the argument for {@link #resume}. */
    static GradientTape pause() {
        GradientTape tape = active();
        if (tape != NONE) {
            setCurrent(NONE);
        }
        return tape;
    }

    static void resume(GradientTape tape) {
        if (tape != NONE) {
            setCurrent(tape);
        }
    }

    /** The innermost tape that is open in this thread, null if there is none, or {@link #NONE}. */
    static GradientTape active() {
        GradientTape tape = (GradientTape) current();
        while (tape != null && tape.closed && !tape.differentiating) { // by another thread, or while it was paused
            tape = tape.outer;
            setCurrent(tape);
        }
        return tape;
    }

    /**
     * Ends recording; the records stay. It has no effect on a tape that is already closed.
     *
     * @throws IllegalStateException in another thread than the one that opened this tape, whose calls may not all be recorded;
     *     recording ends nevertheless, so that the thread can open the next tape
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (current() == this) {
            setCurrent(outer);
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("A GradientTape is closed by the thread that opened it, " + owner.getName()
                    + ", which records no more from now on. Received: close() in " + Thread.currentThread().getName()
                    + ". Close it there; gradients may be taken in any thread");
        }
    }

    // ------------------------------------------------------------------------------------------------- recording

    /**
     * Has operations on these tensors recorded, so that there are gradients to them. Variables need not be watched.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public void watch(Tensor... tensors) {
        requireCurrent();
        Collections.addAll(memory.watched, tensors);
    }

    /** Watches the inputs of a call, on this tape and all outer ones. */
    void watchAll(Tensor... inputs) {
        for (GradientTape tape = recording(); tape != null; tape = tape.next()) {
            if (!tape.measures) {
                Collections.addAll(tape.memory.watched, inputs);
            }
        }
    }

    /** The call of a diffable whose computation is recorded at present; null: none. */
    Call within() {
        return within;
    }

    void within(Call call) {
        within = call;
    }

    /** The latest operations, those of a call; none if nothing is recorded. */
    List<OperationCall> operationsOf(Call call) {
        List<OperationCall> all = memory.operations;
        int first = all.size();
        while (first > 0 && all.get(first - 1).isWithin(call)) {
            first--;
        }
        return List.copyOf(all.subList(first, all.size()));
    }

    /** Records the use of an operation on all open tapes. */
    void recordUse(OperationCall use) {
        for (GradientTape tape = recording(); tape != null; tape = tape.next()) {
            tape.add(use);
        }
    }

    /** Whether an operation that an open tape has recorded made this very tensor, also while nothing is recorded. */
    static boolean hasRecorded(Tensor tensor) {
        for (GradientTape tape = active(); tape != null; tape = tape.outer) {
            if (tape.memory.producers.containsKey(tensor)) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected Tensor compute(Operation operation, Tensor[] inputs) {
        GradientTape first = recording();
        if (first == null) { // tensors of a gradient belong to the step, too
            return operation.compute(differentiating ? memory() : Memory.FRESH, inputs);
        }
        if (measures && first == this) {
            return measured(operation, inputs);
        }
        boolean followed = false;
        for (GradientTape tape = first; tape != null; tape = tape.next()) {
            followed |= tape.follows(inputs);
        }
        if (!followed) { // constants may be kept from step to step
            return unfollowed(operation, inputs, first);
        }
        OperationCall use = reusesMemory ? memory.use(operation, inputs, this) : new OperationCall(operation, inputs, this);
        use.end(operation instanceof FusedOperation fused ? unrecorded(fused, use) : operation.compute(memory(), inputs));
        for (GradientTape tape = first; tape != null; tape = tape.next()) {
            if (tape.follows(inputs)) {
                tape.add(use);
            } else if (Derivatives.exist(operation) && !tape.measures) {
                Collections.addAll(tape.memory.unfollowed, inputs);
            }
        }
        return use.output();
    }

    /** Keeps the operations that a loss may differentiate through. */
    private Tensor measured(Operation operation, Tensor[] inputs) {
        OperationCall use = new OperationCall(operation, inputs, this);
        use.end(operation instanceof FusedOperation fused ? unrecorded(fused, use) : operation.compute(Memory.FRESH, inputs));
        if (operation instanceof FusedOperation fused ? fused.isFusable() : operation instanceof Operation.Unary unary
                && unary.op() == UnaryOp.SIGMOID) {
            memory.producers.put(use.output(), use);
        }
        return use.output();
    }

    /** Keeps the latest call, if nothing else is kept of it. */
    void measured(Call call) {
        if (measures) {
            latest = call;
        }
    }

    private Tensor unrecorded(FusedOperation operation, OperationCall use) {
        suspended = true;
        try {
            return operation.compute(use);
        } finally {
            suspended = false;
        }
    }

    private static Tensor unfollowed(Operation operation, Tensor[] inputs, GradientTape first) {
        for (GradientTape tape = first; tape != null && Derivatives.exist(operation); tape = tape.next()) {
            if (!tape.measures) {
                Collections.addAll(tape.memory.unfollowed, inputs);
            }
        }
        return operation.compute(Memory.FRESH, inputs);
    }

    private Memory memory() {
        return reusesMemory ? memory : Memory.FRESH;
    }

    private void add(OperationCall use) {
        use.recorded();
        memory.operations.add(use);
        memory.producers.put(use.output(), use);
    }

    private boolean follows(Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (!measures && (input instanceof Variable || memory.producers.containsKey(input) || memory.watched.contains(input))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Says that a number belongs to the loss, whatever that is: to the tapes that are open in this thread, if there are any.
     *
     * @param penalty a recorded number, rank 0
     */
    public static void penalize(Tensor penalty) {
        GradientTape active = active();
        for (GradientTape tape = active == null ? null : active.recording(); tape != null; tape = tape.next()) {
            tape.memory.penalties.add(penalty);
        }
    }

    /**
     * The terms that calls have added to the loss so far, in their order, such as the penalties of layers with an activity
     * regularizer; {@code fit} adds them. {@link #gradient} of each is to be added to that of the loss.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public List<Tensor> penalties() {
        requireCurrent();
        return Collections.unmodifiableList(memory.penalties);
    }

    /**
     * The operations recorded so far, in order: each follows those that computed its inputs.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public List<OperationCall> operations() {
        requireCurrent();
        return Collections.unmodifiableList(memory.operations);
    }

    /**
     * The recorded call that gave a tensor, or null; of calls within each other the innermost.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public Call producer(Tensor tensor) {
        requireCurrent();
        OperationCall operation = operation(tensor);
        Call call = operation == null ? null : operation.within;
        return call != null && call.output() == tensor ? call : null;
    }

    /**
     * As {@link #producer}, of calls within each other the outermost.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public Call call(Tensor tensor) {
        if (measures) {
            return latest != null && latest.output() == tensor ? latest : null;
        }
        Call call = producer(tensor);
        while (call != null && call.within != null && call.within.output() == tensor) {
            call = call.within;
        }
        return call;
    }

    /** The recorded operation that made a tensor, or null. */
    OperationCall operation(Tensor tensor) {
        return memory.producers.get(tensor);
    }

    /** The later step may have the same tensors, so its gradients would look like those of this tape. */
    private void requireCurrent() {
        if (step != memory.step()) {
            throw new IllegalStateException("The step of this GradientTape is over: a later tape uses its workspace. Ask a tape"
                    + " before the next one is opened, or give each a Workspace of its own");
        }
    }

    /** Whether layers behave as in training while this tape is open. */
    public boolean training() {
        return training;
    }

    boolean measures() {
        return measures;
    }

    /** Whether tensors under this tape are overwritten later, or not to be kept. */
    boolean reusesMemory() {
        return reusesMemory || measures;
    }

    Tensor allocate(Shape shape) {
        return memory().allocate(shape);
    }

    Tensor allocate(int rows, int cols) {
        return reusesMemory ? memory.allocate(rows, cols) : Tensor.zeros(rows, cols);
    }

    // --------------------------------------------------------------------------------------------- differentiating

    /**
     * The gradients of {@code target} (of the sum of its elements, if it has more than one) to each source.
     *
     * <p>A source may be a weight, an input or any tensor in between. Contributions of all paths are added: a layer called
     * twice, a branch, a residual.
     *
     * @return one gradient per source, in order, each of its source's shape; null where the target does not depend on the
     *     source: there is no gradient then, which is not the same as a gradient of zero
     * @throws IllegalArgumentException if a source was used in arithmetic that this tape took for that of constants
     * @throws UnsupportedOperationException if the target depends on a source through a gradient of something that has no
     *     {@linkplain FusedOperation#composition composition} by operations, or of something that was computed before this tape was opened
     * @throws IllegalStateException if a later tape uses the workspace of this one, or a variable between target and sources was
     *     changed after it was used
     */
    public List<Tensor> gradient(Tensor target, List<? extends Tensor> sources) {
        requireCurrent();
        Tensor ones = allocate(target.shape());
        Arrays.fill(ones.data(), ones.offset(), ones.offset() + ones.size(), 1f);
        return gradient(target, sources, ones);
    }

    /** As {@link #gradient(Tensor, List)}, to one source. */
    public Tensor gradient(Tensor target, Tensor source) {
        return gradient(target, List.of(source)).get(0);
    }

    /**
     * As {@link #gradient(Tensor, List)} with weights for the target's elements: the gradients of
     * {@code sum(target * upstream)}.
     *
     * @throws IllegalArgumentException if {@code upstream} has another shape than {@code target}
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public List<Tensor> gradient(Tensor target, List<? extends Tensor> newSources, Tensor upstream) {
        requireCurrent();
        if (!upstream.shape().equals(target.shape())) {
            throw new IllegalArgumentException(
                    "The upstream gradient must have the target's shape " + target.shape() + ". Received: " + upstream.shape());
        }
        findDependents(newSources);
        Map<Tensor, Tensor> gradients = memory.gradients;
        gradients.clear();
        gradients.put(target, upstream);
        boolean open = !closed && Thread.currentThread() == owner;
        differentiating = true;
        boolean recorded = isRecording();
        sources = newSources;
        Recorder outside = current();
        if (reusesMemory && !recorded) {
            setCurrent(this);
        }
        try {
            List<OperationCall> operations = memory.operations;
            // A tensor exists before it is used, so in reverse order every use of an output comes before the operation that
            // made it.
            for (int i = operations.size() - 1; i >= 0; i--) {
                OperationCall use = operations.get(i);
                Tensor above = gradients.get(use.output());
                if (above != null && memory.dependents.contains(use.output())) {
                    differentiated = use;
                    use.differentiate(this);
                    try {
                        differentiate(use, above, recorded);
                    } finally {
                        use.differentiated();
                        cache(null, null);
                    }
                }
            }
            Map<GradientTape, List<Tensor>> missed = recorded ? missed() : Map.of();
            List<Tensor> results = new ArrayList<>(sources.size());
            for (int i = 0; i < sources.size(); i++) {
                Tensor gradient = gradients.get(sources.get(i));
                if (gradient != null) { // a new object, for a tape that cannot differentiate it
                    gradient = open || !missed.isEmpty() ? gradient.reshape(gradient.shape().toArray()) : gradient.contiguous();
                }
                results.add(gradient);
                if (gradient != null && open) {
                    add(SecondOrder.refused(null, sources, gradient, "A tape does not differentiate gradients that it has computed:"
                            + " open an outer GradientTape, and take the gradient of the gradient from that"));
                }
                if (gradient != null && !missed.isEmpty()) {
                    refuse(gradient, missed);
                }
            }
            return results;
        } finally {
            differentiating = false;
            sources = List.of();
            setCurrent(outside);
        }
    }

    /**
     * For each tape that records this gradient, but not all operations before it: the inputs of the calls that are missing
     * there.
     */
    private Map<GradientTape, List<Tensor>> missed() {
        Map<GradientTape, List<Tensor>> missed = new IdentityHashMap<>();
        for (GradientTape tape = active().recording(); tape != null; tape = tape.next()) {
            for (OperationCall use : memory.operations) {
                boolean used = memory.dependents.contains(use.output()) && memory.gradients.containsKey(use.output());
                if (used && !tape.memory.producers.containsKey(use.output()) && tape.follows(use.inputs().toArray(Tensor[]::new))) {
                    missed.computeIfAbsent(tape, t -> new ArrayList<>()).addAll(use.inputs());
                }
            }
        }
        return missed;
    }

    private static void refuse(Tensor gradient, Map<GradientTape, List<Tensor>> missed) {
        missed.forEach((tape, inputs) -> tape.add(SecondOrder.refused(null, inputs, gradient, "What a gradient is of was computed before"
                + " the GradientTape was opened, or before it watched the inputs, so it cannot differentiate the gradient: open the outer"
                + " tape, and watch, before the inner one computes")));
    }

    /**
     * All derivatives of each element of {@code target} by each of {@code source}: of the shape of the target followed by that
     * of the source. One backward pass for each element of the target.
     *
     * @return null if the target does not depend on the source
     * @throws IllegalArgumentException as {@link #gradient(Tensor, List)}
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public Tensor jacobian(Tensor target, Tensor source) {
        int[] sizes = Arrays.copyOf(target.shape().toArray(), target.rank() + source.rank());
        System.arraycopy(source.shape().toArray(), 0, sizes, target.rank(), source.rank());
        Tensor[] rows = new Tensor[target.size()];
        for (int i = 0; i < rows.length; i++) {
            Tensor upstream = Tensor.zeros(target.shape());
            upstream.data()[i] = 1f;
            rows[i] = gradient(target, List.of(source), upstream).get(0);
            if (rows[i] == null) {
                return null;
            }
        }
        return rows.length == 0 ? Tensor.zeros(sizes) : Tensor.stack(0, rows).reshape(sizes);
    }

    /** The tensors with a source behind them: only there is a gradient computed. */
    private void findDependents(List<? extends Tensor> sources) {
        Set<Tensor> dependents = memory.dependents;
        dependents.clear();
        for (int i = 0; i < sources.size(); i++) { // without iterators, which a step would leave on the heap
            Tensor source = Objects.requireNonNull(sources.get(i));
            if (!memory.unfollowed.isEmpty() && memory.unfollowed.contains(source) && !(source instanceof Variable)) {
                throw new IllegalArgumentException("Source " + i + ", of shape " + source.shape() + ", was used in arithmetic that is"
                        + " not recorded, as the tape did not watch it: call tape.watch(source) before its first use");
            }
            dependents.add(source);
        }
        List<OperationCall> operations = memory.operations;
        for (int i = 0; i < operations.size(); i++) {
            OperationCall use = operations.get(i);
            if (hasInputIn(dependents, use) && Derivatives.exist(use.operation())) {
                dependents.add(use.output());
            }
        }
    }

    /** @param recorded by another tape, which may differentiate the gradients in turn */
    private void differentiate(OperationCall use, Tensor above, boolean recorded) {
        if (use.operation() instanceof CustomGradient.Custom custom) {
            List<Tensor> gradients = custom.gradients(use, above);
            for (int i = 0; i < use.inputCount(); i++) {
                accumulate(use, i, gradients.get(i));
            }
        } else if (recorded && use.operation() instanceof FusedOperation fused) {
            SecondOrder.differentiate(use, fused, above.contiguous(), this::accumulate);
        } else {
            boolean fuses = use.operation() instanceof FusedOperation;
            Tensor upstream = fuses ? above.contiguous() : above;
            for (int i = 0; i < use.inputCount(); i++) {
                if (memory.dependents.contains(use.input(i))) {
                    Tensor gradient = Derivatives.gradient(use, i, upstream);
                    if (gradient != null || fuses) {
                        accumulate(use, i, gradient);
                    }
                }
            }
        }
    }

    /** Whether a gradient to this very tensor was requested, so that it is needed besides those of its inputs. */
    boolean isSource(Tensor tensor) {
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i) == tensor) {
                return true;
            }
        }
        return false;
    }

    Tensor cached(Tensor upstream) {
        return upstream == cachedFor ? cached : null;
    }

    void cache(Tensor upstream, Tensor gradient) {
        cachedFor = upstream;
        cached = gradient;
    }

    private void accumulate(OperationCall use, int i, Tensor gradient) {
        Tensor input = use.target(i);
        requireShape(use, gradient, input, i);
        accumulate(input, gradient);
    }

    /** Refuses a gradient that would be taken for an error of the layer whose output it is for. */
    private static void requireShape(OperationCall use, Tensor gradient, Tensor input, int number) {
        if (gradient != null && !gradient.shape().equals(input.shape())) {
            throw new IllegalStateException("The gradient to input " + number + " of " + use + " must have the shape of that input, "
                    + input.shape() + ". Received: " + gradient.shape() + ". Correct the gradients of " + use);
        }
    }

    private static boolean hasInputIn(Set<Tensor> set, OperationCall use) {
        for (int i = 0; i < use.inputCount(); i++) {
            if (set.contains(use.input(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds the cause of a NaN or infinite {@link #gradient}, by computing it once more: the first operation or layer on the
     * way from the target to the sources that has such a gradient, in words; empty if there is none.
     *
     * @throws IllegalStateException as {@link #gradient(Tensor, List)}
     */
    public Optional<String> nonFinite(Tensor target, List<? extends Tensor> sources) {
        nonFinite = null;
        seeksNonFinite = true;
        try {
            gradient(target, sources);
        } finally {
            seeksNonFinite = false;
        }
        if (nonFinite == null) {
            return Optional.empty();
        }
        boolean atZero = !(nonFinite.operation() instanceof FusedOperation) && nonFinite.inputs().stream().anyMatch(GradientTape::hasZero);
        return Optional.of(nonFinite + " of shape " + nonFinite.output().shape() + (!atZero ? ""
                : " at an input of 0, where the slope may be infinite: add a small number before it, or compute the root of a sum of"
                + " squares by norm, whose gradient at 0 is 0"));
    }

    private static boolean hasZero(Tensor tensor) {
        for (float value : tensor.toArray()) {
            if (value == 0f) {
                return true;
            }
        }
        return false;
    }

    private void accumulate(Tensor owner, Tensor gradient) {
        if (!memory.dependents.contains(owner)) {
            return;
        }
        if (seeksNonFinite && nonFinite == null && gradient != null
                && !Backend.sums().isFinite(gradient.contiguous().block())) {
            nonFinite = differentiated;
        }
        Tensor known = memory.gradients.get(owner);
        if (known == null) {
            memory.gradients.put(owner, gradient == null ? Tensor.zeros(owner.shape()) : gradient);
        } else if (gradient != null) {
            memory.gradients.put(owner, known.add(gradient));
        }
    }
}
