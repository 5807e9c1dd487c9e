package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/**
 * One use of a {@link Diffable}: what went in, what came out, and what the forward pass kept for the backward pass.
 *
 * <p>A diffable used twice under a tape has two calls, so each is differentiated at its own values.
 */
public final class Call {

    private final Diffable diffable;
    private final List<Tensor> inputs;
    private final boolean training;
    // Null but in the forward pass and while the tape differentiates: what is remembered of a call must not keep the whole tape.
    private GradientTape tape;
    private Tensor output;
    private Tensor saved;
    private Call bypassed; // null: none
    private long recordedAt; // how many changes of variables there had been

    // While the tape differentiates.
    private List<? extends Tensor> sources = List.of();
    private Tensor cachedFor; // the upstream
    private Tensor cached;

    Call(Diffable diffable, List<Tensor> inputs, GradientTape tape) {
        this.diffable = diffable;
        this.inputs = inputs;
        this.tape = tape;
        this.training = tape != null && tape.training();
    }

    /** What was called. */
    public Diffable diffable() {
        return diffable;
    }

    /** The inputs, the very objects. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /** Input number {@code i}. */
    public Tensor input(int i) {
        return inputs.get(i);
    }

    /** The output; null until the forward pass is done. */
    public Tensor output() {
        return output;
    }

    /** Ends the forward pass. */
    void output(Tensor newOutput) {
        output = newOutput;
        tape = null;
    }

    /** Whether the call is part of training, where layers such as Dropout behave differently: under a tape that is for it. */
    public boolean training() {
        return training;
    }

    /**
     * Memory for a result or an intermediate: contents unspecified, to be written once. On a tape of a training loop it is
     * reused in the next step.
     */
    public Tensor allocate(Shape shape) {
        return tape == null ? Tensor.zeros(shape) : tape.allocate(shape);
    }

    /** As {@link #allocate(Shape)}, of shape {@code (rows, cols)}. */
    public Tensor allocate(int rows, int cols) {
        return tape == null ? Tensor.zeros(rows, cols) : tape.allocate(rows, cols);
    }

    /** Keeps a tensor of the forward pass for the backward pass. */
    public void save(Tensor tensor) {
        saved = tensor;
    }

    /** What {@link #save} kept, or null. */
    public Tensor saved() {
        return saved;
    }

    /** The call on the same tape that made input {@code i}, or null; known while this call is computed or differentiated. */
    public Call producer(int i) {
        return tape == null ? null : tape.producer(inputs.get(i));
    }

    /**
     * Declares that this diffable can differentiate through the producer of input 0 at once, straight to the producer's own
     * input 0. The tape then asks for that gradient wherever the tensor between them is not itself a source.
     */
    public void bypass(Call producer) {
        bypassed = producer;
    }

    /** Whether the gradient for input 0 must now be that for the input of the producer given to {@link #bypass}. */
    public boolean bypassesProducer() {
        if (bypassed == null) {
            return false;
        }
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i) == inputs.get(0)) {
                return false;
            }
        }
        return !sources.isEmpty();
    }

    /** The tensor that the composed gradient number {@code i} is for. */
    Tensor gradientTarget(int i) {
        return i == 0 && bypassesProducer() ? bypassed.inputs.get(0) : inputs.get(i);
    }

    /**
     * A gradient that both compositions need, such as the one before a fused activation: what was last
     * {@linkplain #cacheGradient cached} for this very upstream while a tape differentiates, or null.
     */
    public Tensor cachedGradient(Tensor upstream) {
        return cachedFor == upstream ? cached : null;
    }

    /** Caches {@code gradient} for {@link #cachedGradient}; outside a tape's walk, where the upstream may change, it does not. */
    public Tensor cacheGradient(Tensor upstream, Tensor gradient) {
        if (tape != null) {
            cachedFor = upstream;
            cached = gradient;
        }
        return gradient;
    }

    /** Remembers that it was computed with the present contents of variables. */
    void recorded() {
        recordedAt = Variable.changes();
    }

    private static boolean anyChangedSince(long time, List<? extends Tensor> tensors) {
        for (int i = 0; i < tensors.size(); i++) {
            if (tensors.get(i).changedAt() > time) {
                return true;
            }
        }
        return false;
    }

    /**
     * Begins the backward pass of a tape through this call.
     *
     * @throws IllegalStateException if a variable was changed since the call, whose earlier contents the gradient needs
     */
    void differentiate(GradientTape newTape, List<? extends Tensor> newSources) {
        boolean mayHaveChanged = recordedAt != Variable.changes(); // not in a step of a training, where nothing is asked further
        if (mayHaveChanged && (anyChangedSince(recordedAt, inputs) || anyChangedSince(recordedAt, diffable.weights()))) {
            throw new IllegalStateException("A variable that " + diffable + " was computed with has been changed since, by assign or by"
                    + " an optimizer: its gradient would be that at other contents. Take all gradients of a tape before variables are"
                    + " changed, or compute again under another tape");
        }
        tape = newTape;
        sources = newSources;
    }

    /** Ends the backward pass. */
    void differentiated() {
        tape = null;
        sources = List.of();
        cachedFor = null;
        cached = null;
    }
}
