package beras.autograd;

import beras.kernels.Backend;
import beras.kernels.BinaryOp;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Records the calls made in a scope, and differentiates through them.
 *
 * <pre>{@code
 * GradientTape tape = new GradientTape();
 * Tensor loss;
 * try (tape) {
 *     loss = mse.call(dense.call(x), y);
 * }
 * List<Tensor> gradients = tape.gradient(loss, dense.trainableVariables());
 * }</pre>
 *
 * <p>Recorded are the calls of {@link Diffable}s: layers, activations and losses. Their {@link Diffable#forward} is not, nor is
 * arithmetic of tensors, such as {@link Tensor#add(Tensor)}: what depends on a source through it alone has no gradient. The
 * layers Add, Subtract, Multiply, Average, Concatenate and Rescaling, and a custom {@code Diffable}, replace it.
 *
 * <p>A tape belongs to the thread that created it: calls made by other threads are not recorded on it, and each thread may
 * have a tape of its own. {@link #gradient} may be called inside the scope or after it, any number of times.
 *
 * <p>Tensors are compared by identity, never by value.
 */
public final class GradientTape implements AutoCloseable {

    private static final ThreadLocal<GradientTape> ACTIVE = new ThreadLocal<>();

    /** Stands in a thread for "nothing is recorded nor remembered". */
    static final GradientTape NONE = new GradientTape(false);

    private final Workspace memory;
    private final boolean reusesMemory;
    private final boolean training;
    private final GradientTape outer; // null, or the mark that recording is paused
    private final Thread owner = Thread.currentThread();
    private final int step; // of the workspace
    private volatile boolean closed;

    /**
     * Opens a tape in this thread, for training: layers such as Dropout behave as they do while a model learns.
     *
     * @throws IllegalStateException if one is open already
     */
    public GradientTape() {
        this(new Workspace(), false, true);
    }

    /**
     * Opens the tape of a training loop's next step, in the memory of the step before: what an earlier tape of this workspace
     * has recorded is forgotten, so that it has no gradients any more, and what was computed under it is overwritten.
     *
     * @param training whether layers such as Dropout behave as in training
     * @throws IllegalStateException if one is open already
     */
    public GradientTape(Workspace workspace, boolean training) {
        this(workspace, true, training);
    }

    private GradientTape(boolean training) {
        this.memory = new Workspace();
        this.reusesMemory = false;
        this.training = training;
        this.outer = null;
        this.step = 0;
    }

    private GradientTape(Workspace memory, boolean reusesMemory, boolean training) {
        if (isRecording()) {
            throw new IllegalStateException("A GradientTape is already open in this thread: tapes do not nest. Close the outer"
                    + " one first");
        }
        this.memory = memory;
        this.reusesMemory = reusesMemory;
        this.training = training;
        this.outer = active();
        this.step = memory.restart();
        ACTIVE.set(this);
    }

    /** Whether calls in this thread are recorded: a tape is open, and not {@linkplain #paused paused}. */
    public static boolean isRecording() {
        GradientTape tape = active();
        return tape != null && tape != NONE;
    }

    /**
     * What {@code body} gives, computed without a trace: no call in it is recorded by a tape or remembered by what is called,
     * as if each were a {@link Diffable#forward}.
     */
    public static <T> T paused(Supplier<T> body) {
        GradientTape tape = pause();
        try {
            return body.get();
        } finally {
            resume(tape);
        }
    }

    /** Begins to leave no trace in this thread; returns what {@link #resume} is to be given. */
    static GradientTape pause() {
        GradientTape tape = active();
        if (tape != NONE) {
            ACTIVE.set(NONE);
        }
        return tape;
    }

    static void resume(GradientTape tape) {
        if (tape != NONE) {
            ACTIVE.set(tape);
        }
    }

    /** The tape that is open in this thread, null if there is none, or {@link #NONE}. */
    static GradientTape active() {
        GradientTape tape = ACTIVE.get();
        if (tape != null && tape.closed) { // by another thread, or while it was paused
            tape = tape.outer;
            ACTIVE.set(tape);
        }
        return tape;
    }

    /**
     * Ends recording; what was recorded stays. Of a tape that is closed already it has no effect.
     *
     * @throws IllegalStateException in another thread than the one that opened this tape, whose calls were perhaps not all
     *     recorded then; recording ends all the same, so that the thread can open the next tape
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (ACTIVE.get() == this) {
            ACTIVE.set(outer); // remove() would cost the next step a new entry
        }
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("A GradientTape is closed by the thread that opened it, " + owner.getName()
                    + ", which records no more from now on. Received: close() in " + Thread.currentThread().getName()
                    + ". Close it there; gradients may be taken in any thread");
        }
    }

    void record(Call call) {
        memory.calls.add(call);
        memory.producers.put(call.output(), call);
    }

    /**
     * Says that a number belongs to the loss, whatever that is: to the tape that is open in this thread, if there is one.
     *
     * @param penalty a recorded number, rank 0
     */
    public static void penalize(Tensor penalty) {
        if (isRecording()) {
            active().memory.penalties.add(penalty);
        }
    }

    /**
     * What was to be added to the loss by the calls recorded so far, in their order, such as the penalties of layers with an
     * activity regularizer; {@code fit} adds them. {@link #gradient} of each is to be added to that of the loss.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public List<Tensor> penalties() {
        requireCurrent();
        return Collections.unmodifiableList(memory.penalties);
    }

    /**
     * The calls recorded so far, each after those that made its inputs.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public List<Call> calls() {
        requireCurrent();
        return Collections.unmodifiableList(memory.calls);
    }

    /**
     * The recorded call that made a tensor, or null.
     *
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public Call producer(Tensor tensor) {
        requireCurrent();
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
    boolean training() {
        return training;
    }

    /** Whether what was computed under this tape is overwritten later. */
    boolean reusesMemory() {
        return reusesMemory;
    }

    Tensor allocate(Shape shape) {
        return reusesMemory ? memory.allocate(shape) : Tensor.zeros(shape);
    }

    Tensor allocate(int rows, int cols) {
        return reusesMemory ? memory.allocate(rows, cols) : Tensor.zeros(rows, cols);
    }

    /**
     * The gradients of {@code target} (of the sum of its elements, if it has more than one) to each source.
     *
     * <p>A source may be a weight, an input or any tensor in between. Contributions of all paths are added: a layer called
     * twice, a branch, a residual.
     *
     * @return one gradient per source, in order, each of its source's shape; null where the target does not depend on the
     *     source: there is no gradient then, which is not the same as a gradient of zero
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public List<Tensor> gradient(Tensor target, List<? extends Tensor> sources) {
        requireCurrent();
        Tensor ones = allocate(target.shape());
        Arrays.fill(ones.data(), 1f);
        return gradient(target, sources, ones);
    }

    /**
     * As {@link #gradient(Tensor, List)} with weights for the target's elements: the gradients of
     * {@code sum(target * upstream)}.
     *
     * @throws IllegalArgumentException if {@code upstream} has another shape than {@code target}
     * @throws IllegalStateException if a later tape uses the workspace of this one
     */
    public List<Tensor> gradient(Tensor target, List<? extends Tensor> sources, Tensor upstream) {
        requireCurrent();
        if (!upstream.shape().equals(target.shape())) {
            throw new IllegalArgumentException(
                    "The upstream gradient must have the target's shape " + target.shape() + ". Received: " + upstream.shape());
        }
        List<Call> calls = memory.calls;
        // The tensors with a source behind them: only there is a gradient computed.
        Set<Tensor> dependents = memory.dependents;
        dependents.clear();
        for (int i = 0; i < sources.size(); i++) { // without iterators, which a step would leave on the heap
            dependents.add(Objects.requireNonNull(sources.get(i)));
        }
        for (int i = 0; i < calls.size(); i++) {
            Call call = calls.get(i);
            if (anyIn(dependents, call.inputs()) || anyIn(dependents, call.diffable().weights())) {
                dependents.add(call.output());
            }
        }
        Map<Tensor, Tensor> gradients = memory.gradients;
        gradients.clear();
        gradients.put(target, upstream);
        // A tensor exists before it is used, so in reverse order every use of an output comes before the call that made it.
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            Tensor above = gradients.get(call.output());
            if (above == null || !dependents.contains(call.output())) {
                continue;
            }
            call.differentiate(this, sources);
            try {
                differentiate(call, above);
            } finally {
                call.differentiated();
            }
        }
        List<Tensor> results = new ArrayList<>(sources.size());
        for (int i = 0; i < sources.size(); i++) {
            results.add(gradients.get(sources.get(i)));
        }
        return results;
    }

    private void differentiate(Call call, Tensor above) {
        if (anyIn(memory.dependents, call.diffable().weights())) {
            List<Tensor> composed = call.diffable().composeWeightGradients(call, above);
            requireAll(call, composed, call.diffable().weights().size(), "weight");
            for (int w = 0; w < composed.size(); w++) {
                Tensor weight = call.diffable().weights().get(w);
                requireShape(call, composed.get(w), weight, "weight", w);
                accumulate(weight, composed.get(w));
            }
        }
        if (anyIn(memory.dependents, call.inputs())) {
            List<Tensor> composed = call.diffable().composeInputGradients(call, above);
            requireAll(call, composed, call.inputs().size(), "input");
            for (int j = 0; j < composed.size(); j++) {
                Tensor input = call.gradientTarget(j);
                requireShape(call, composed.get(j), input, "input", j);
                accumulate(input, composed.get(j));
            }
        }
    }

    private static void requireAll(Call call, List<Tensor> gradients, int count, String what) {
        if (gradients.size() != count) {
            throw new IllegalStateException(call.diffable() + " needs a gradient for each of its " + count + " " + what
                    + "s. Received: " + gradients.size() + ". What is made of other layers returns from compute the very"
                    + " output of the last one it calls, and needs no gradients of its own");
        }
    }

    /** Refuses a gradient that would be taken for an error of the layer whose output it is for. */
    private static void requireShape(Call call, Tensor gradient, Tensor owner, String what, int number) {
        if (gradient != null && !gradient.shape().equals(owner.shape())) {
            throw new IllegalStateException("The gradient to " + what + " " + number + " of " + call.diffable()
                    + " must have the shape of that " + what + ", " + owner.shape() + ". Received: " + gradient.shape()
                    + ". Correct the gradients of " + call.diffable().getClass().getSimpleName());
        }
    }

    private static boolean anyIn(Set<Tensor> set, List<? extends Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            if (set.contains(tensors.get(i))) {
                return true;
            }
        }
        return false;
    }

    private void accumulate(Tensor owner, Tensor gradient) {
        if (!memory.dependents.contains(owner)) {
            return;
        }
        Tensor known = memory.gradients.get(owner);
        if (known == null) {
            memory.gradients.put(owner, gradient == null ? Tensor.zeros(owner.shape()) : gradient);
        } else if (gradient != null) {
            memory.gradients.put(owner, sum(known, gradient));
        }
    }

    private Tensor sum(Tensor a, Tensor b) {
        Tensor x = a.contiguous();
        Tensor y = b.contiguous();
        Tensor out = allocate(x.shape());
        Backend.elements().zip(BinaryOp.ADD, x.block(), y.block(), out.block());
        return out;
    }
}
