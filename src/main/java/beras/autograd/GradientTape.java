package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

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
 * <p>A tape belongs to the thread that created it: calls made by other threads are not recorded on it, and each thread may
 * have a tape of its own. {@link #gradient} may be called inside the scope or after it, any number of times.
 *
 * <p>Tensors are told apart by identity, never by value.
 */
public final class GradientTape implements AutoCloseable {

    private static final ThreadLocal<GradientTape> ACTIVE = new ThreadLocal<>();

    private final List<Call> calls = new ArrayList<>();
    private final Map<Tensor, Call> producers = new IdentityHashMap<>();
    private final Workspace workspace;

    /**
     * Opens a tape in this thread.
     *
     * @throws IllegalStateException if one is open already
     */
    public GradientTape() {
        this(null);
    }

    /**
     * Opens a tape whose tensors live in {@code workspace}, for a training loop: what was computed under it is overwritten
     * after {@link Workspace#restart}.
     *
     * @throws IllegalStateException if one is open already
     */
    public GradientTape(Workspace workspace) {
        if (ACTIVE.get() != null) {
            throw new IllegalStateException("A GradientTape is already open in this thread: tapes do not nest. Close the outer one first");
        }
        this.workspace = workspace;
        ACTIVE.set(this);
    }

    /** Whether a tape is open in this thread. */
    public static boolean isRecording() {
        return ACTIVE.get() != null;
    }

    /** The tape that is open in this thread, or null. */
    static GradientTape active() {
        return ACTIVE.get();
    }

    /** Ends recording; what was recorded stays. */
    @Override
    public void close() {
        if (ACTIVE.get() == this) {
            ACTIVE.remove();
        }
    }

    void record(Call call) {
        calls.add(call);
        producers.put(call.output(), call);
    }

    /** The recorded call that made a tensor, or null. */
    public Call producer(Tensor tensor) {
        return producers.get(tensor);
    }

    /** Whether what was computed under this tape is overwritten later. */
    boolean reusesMemory() {
        return workspace != null;
    }

    Tensor allocate(Shape shape) {
        return workspace == null ? Tensor.zeros(shape) : workspace.allocate(shape);
    }

    Tensor allocate(int rows, int cols) {
        return workspace == null ? Tensor.zeros(rows, cols) : workspace.allocate(rows, cols);
    }

    /**
     * The gradients of {@code target} (of the sum of its elements, if it has more than one) to each source.
     *
     * <p>A source may be a weight, an input or any tensor in between. Contributions of all paths are added: a layer called
     * twice, a branch, a residual.
     *
     * @return one gradient per source, in order, each of its source's shape; null where the target does not depend on the
     *     source: there is no gradient then, which is not the same as a gradient of zero
     */
    public List<Tensor> gradient(Tensor target, List<? extends Tensor> sources) {
        Tensor ones = allocate(target.shape());
        Arrays.fill(ones.data(), 1f);
        return gradient(target, sources, ones);
    }

    /**
     * As {@link #gradient(Tensor, List)} with weights for the target's elements: the gradients of
     * {@code sum(target * upstream)}.
     *
     * @throws IllegalArgumentException if {@code upstream} has another shape than {@code target}
     */
    public List<Tensor> gradient(Tensor target, List<? extends Tensor> sources, Tensor upstream) {
        if (!upstream.shape().equals(target.shape())) {
            throw new IllegalArgumentException(
                    "The upstream gradient must have the target's shape " + target.shape() + ". Received: " + upstream.shape());
        }
        List<Tensor> wanted = List.copyOf(sources);
        // Which tensors have a source behind them: only there is a gradient computed.
        Map<Tensor, Boolean> depends = new IdentityHashMap<>();
        wanted.forEach(source -> depends.put(source, true));
        for (Call call : calls) {
            if (anyOf(call.inputs(), depends) || anyOf(call.diffable().weights(), depends)) {
                depends.put(call.output(), true);
            }
        }
        Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
        gradients.put(target, upstream);
        // A tensor exists before it is used, so in reverse order every use of an output comes before the call that made it.
        for (int i = calls.size() - 1; i >= 0; i--) {
            Call call = calls.get(i);
            Tensor above = gradients.get(call.output());
            if (above == null || !depends.containsKey(call.output())) {
                continue;
            }
            call.differentiate(wanted);
            if (anyOf(call.diffable().weights(), depends)) {
                List<Tensor> composed = call.diffable().composeWeightGradients(call, above);
                for (int w = 0; w < composed.size(); w++) {
                    accumulate(gradients, call.diffable().weights().get(w), composed.get(w), depends);
                }
            }
            if (anyOf(call.inputs(), depends)) {
                List<Tensor> composed = call.diffable().composeInputGradients(call, above);
                for (int j = 0; j < composed.size(); j++) {
                    accumulate(gradients, call.gradientOwner(j), composed.get(j), depends);
                }
            }
            call.differentiate(List.of());
        }
        List<Tensor> results = new ArrayList<>(wanted.size());
        for (Tensor source : wanted) {
            results.add(gradients.get(source));
        }
        return results;
    }

    private static boolean anyOf(List<? extends Tensor> tensors, Map<Tensor, Boolean> set) {
        for (Tensor tensor : tensors) {
            if (set.containsKey(tensor)) {
                return true;
            }
        }
        return false;
    }

    private static void accumulate(Map<Tensor, Tensor> gradients, Tensor owner, Tensor gradient, Map<Tensor, Boolean> depends) {
        if (!depends.containsKey(owner)) {
            return;
        }
        Tensor known = gradients.get(owner);
        if (known == null) {
            gradients.put(owner, gradient == null ? Tensor.zeros(owner.shape()) : gradient);
        } else if (gradient != null) {
            gradients.put(owner, known.add(gradient));
        }
    }
}
