package beras.autograd;

import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.lang.ref.SoftReference;
import java.util.List;

/**
 * A node of a network that can be differentiated: a layer, an activation or a loss.
 *
 * <p>{@link #forward(Tensor...)} computes and leaves no trace. {@link #call} computes, remembers its inputs and output, and
 * is recorded by the thread's {@link GradientTape} if there is one.
 *
 * <p>The derivative has two forms, as in the assignment. {@link #inputGradients()} and {@link #weightGradients()} give the
 * <em>local Jacobians</em>, entry {@code [i][o]} being d(output o) / d(input i): a matrix {@code (inputs, outputs)} if it is
 * the same for all examples, {@code (batch, inputs, outputs)} if it differs between them, or of the input's own shape if the
 * function works element by element. Examples of several axes count as flattened. {@link #composeInputGradients(List)} and
 * {@link #composeWeightGradients(List)} multiply them with the gradient that comes from above, <em>upstream</em>, and sum over
 * the batch for weights. Both are computed by backward passes.
 *
 * <p>To write one: implement {@link #compute}, by operations of {@link Tensor} or calls of other diffables. That is all: a tape
 * differentiates through these. A node with custom gradients is a {@link CustomGradient}, whose weights are among its inputs.
 */
public abstract class Diffable extends Weighted implements Callable {

    private SoftReference<Latest> latest; // soft, as it refers to all results of a network; null: not called yet

    /** A call, and the operations that a tape has recorded of it, if any. */
    private record Latest(Call call, List<OperationCall> operations) {}

    // -------------------------------------------------------------------------------------------------- calling

    /**
     * Computes the output; remembers this call, its inputs and its output, as long as memory does not run short, unless a
     * training loop's tape reuses its memory; if a tape is open in this thread, it records the computation.
     *
     * @throws IllegalArgumentException if the inputs do not fit; the message has the expected and the received ones
     */
    @Override
    public Tensor call(Tensor... inputs) {
        GradientTape tape = GradientTape.active();
        if (tape == GradientTape.NONE) {
            return compute(new Call(this, inputs, null));
        }
        boolean remembers = tape == null || !tape.reusesMemory(); // else the call's tensors are overwritten by the next step
        Call call = new Call(this, remembers ? inputs.clone() : inputs, tape);
        if (tape == null) { // calls within this call need not be remembered
            GradientTape.pause();
            try {
                call.end(distinct(compute(call), inputs));
            } finally {
                GradientTape.resume(null);
            }
        } else {
            call.end(recorded(call, tape, inputs));
        }
        if (remembers) {
            GradientTape recording = tape == null ? null : tape.recording();
            latest = new SoftReference<>(new Latest(call, recording == null ? List.of() : recording.operationsOf(call)));
        }
        return call.output();
    }

    /** With gradients to all inputs. */
    private Tensor recorded(Call call, GradientTape tape, Tensor[] inputs) {
        Call outer = tape.within();
        tape.within(call);
        tape.watchAll(inputs);
        try {
            Tensor output = distinct(compute(call), inputs);
            GradientTape recording = tape.recording();
            if (recording != null && output != null && !recording.measures() && recording.operation(output) == null) {
                tape.recordUse(SecondOrder.refused(tape, List.of(inputs), output, this + " has no gradient here: each step of compute must"
                        + " be an operation of tensors or a call, up to the very tensor that it returns. If it computes by itself, or"
                        + " has gradients of its own, it must do so in a CustomGradient"));
            }
            call.end(output);
            tape.measured(call);
            return output;
        } finally {
            tape.within(outer);
        }
    }

    /** Tensors are compared by identity: the output must be another object than an input. */
    private static Tensor distinct(Tensor output, Tensor[] inputs) {
        for (Tensor input : inputs) {
            if (output == input) {
                return output.reshape(output.shape().toArray());
            }
        }
        return output;
    }

    /**
     * Computes the output while a tape is open in this thread, which records the operations even if this has custom gradients;
     * the call itself is neither recorded nor remembered.
     */
    protected final Tensor computeRecorded(Tensor... inputs) {
        return compute(new Call(this, inputs, GradientTape.active()));
    }

    /** Computes the output and leaves no trace: nothing recorded, nothing remembered. Safe in any number of threads. */
    public Tensor forward(Tensor... inputs) {
        GradientTape tape = GradientTape.pause();
        try {
            return compute(new Call(this, inputs, null));
        } finally {
            GradientTape.resume(tape);
        }
    }

    /**
     * The forward pass: from {@link Call#input} to the output, in memory from {@link Call#allocate}. Must not change an input
     * nor keep state in this object; pass values for the backward pass to {@link Call#save}.
     */
    protected abstract Tensor compute(Call call);

    /** The weights; none by default. */
    @Override
    public List<Variable> weights() {
        return List.of();
    }

    /**
     * The inputs of the latest call.
     *
     * @throws IllegalStateException if there was none
     */
    public final List<Tensor> inputs() {
        return latest().inputs();
    }

    /**
     * The output of the latest call, as a list of one.
     *
     * @throws IllegalStateException if there was none
     */
    public final List<Tensor> outputs() {
        return List.of(latest().output());
    }

    /** The operations that a tape has recorded of a call; none if it is not the latest. */
    final List<OperationCall> operations(Call call) {
        Latest known = latest == null ? null : latest.get();
        return known != null && known.call == call ? known.operations : List.of();
    }

    private Call latest() {
        Latest known = latest == null ? null : latest.get();
        if (known == null) {
            throw new IllegalStateException(getClass().getSimpleName() + (latest == null ? " was not called yet: its gradients are those of a"
                    + " call" : " was called, but memory ran short since, so what it computed is gone. Call it again"));
        }
        return known.call;
    }

    // ---------------------------------------------------------------------------------------------- the assignment

    /** The local Jacobian to each input, at the latest call. */
    public final List<Tensor> inputGradients() {
        return LocalJacobians.of(latest()).toInputs();
    }

    /** The local Jacobian to each weight, at the latest call; empty without weights. */
    public final List<Tensor> weightGradients() {
        return LocalJacobians.of(latest()).toWeights();
    }

    /**
     * The gradient to each input, at the latest call, for each upstream gradient: all inputs for the first upstream, then
     * all for the second, and so on, not added together.
     *
     * @param upstream gradients of the target to this output; null, or a list of one null, stands for the local Jacobians
     */
    public final List<Tensor> composeInputGradients(List<Tensor> upstream) {
        return isAbsent(upstream) ? inputGradients() : LocalJacobians.of(latest()).gradientsToInputs(upstream);
    }

    /** The gradient to each weight, summed over the batch, as {@link #composeInputGradients(List)}. */
    public final List<Tensor> composeWeightGradients(List<Tensor> upstream) {
        return isAbsent(upstream) ? weightGradients() : LocalJacobians.of(latest()).gradientsToWeights(upstream);
    }

    private static boolean isAbsent(List<Tensor> upstream) {
        return upstream == null || upstream.isEmpty() || upstream.get(0) == null;
    }

    /** The name of its class. */
    @Override
    public String toString() {
        return getClass().isAnonymousClass() ? getClass().getName() : getClass().getSimpleName();
    }
}
