package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A node of a network that can be differentiated: a layer, an activation or a loss.
 *
 * <p>{@link #forward(Tensor...)} computes and leaves no trace. {@link #call} computes, remembers its inputs and output, and
 * is recorded by the thread's {@link GradientTape} if there is one.
 *
 * <p>Two views of the derivative. {@link #inputGradients()} and {@link #weightGradients()} give the <em>local Jacobians</em>,
 * entry {@code [i][o]} being d(output o) / d(input i): a matrix {@code (inputs, outputs)} if it is the same for all
 * examples, {@code (batch, inputs, outputs)} if it differs between them, or of the input's own shape if the function works
 * element by element. Examples of several axes count as flattened. {@link #composeInputGradients(List)} and
 * {@link #composeWeightGradients(List)} multiply them with the gradient that comes from above, <em>upstream</em>, and sum over
 * the batch for weights. By default they really do so; a subclass overrides the form that takes a {@link Call} with something
 * faster, equal in value.
 *
 * <p>To write one: implement {@link #compute}, by operations of {@link Tensor} or calls of other diffables. That is all: a tape
 * differentiates through these. One that computes by itself, or has a faster way, overrides {@link #inputGradients(Call)} or
 * {@link #composeInputGradients(Call, Tensor)}, and for weights {@link #weightGradients(Call)} or
 * {@link #composeWeightGradients(Call, Tensor)}: it is then differentiated by these, and what {@code compute} does is not recorded.
 * So that its gradients can be differentiated in turn, it overrides {@link #define}, from which local Jacobians follow.
 */
public abstract class Diffable extends Weighted implements Callable {

    private static final Set<String> GRADIENTS = Set.of("inputGradients", "composeInputGradients", "weightGradients",
            "composeWeightGradients");

    /** Whether objects of a class have gradients of their own. */
    private static final ClassValue<Boolean> HAVE_GRADIENTS = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            for (Class<?> c = type; c != Diffable.class; c = c.getSuperclass()) {
                for (Method method : c.getDeclaredMethods()) {
                    if (GRADIENTS.contains(method.getName()) && method.getParameterCount() > 0 && method.getParameterTypes()[0] == Call.class) {
                        return true;
                    }
                }
            }
            return false;
        }
    };

    private Boolean hasGradients; // of its own; null: not asked yet
    private Call latest;

    // -------------------------------------------------------------------------------------------------- calling

    /**
     * Computes the output; remembers this call (unless a training loop's tape reuses its memory), and records it if a tape is
     * open in this thread. A diffable without gradients of its own is not: what it computes by operations and calls is, and is
     * differentiated through.
     *
     * @throws IllegalArgumentException if the inputs do not fit, naming what was expected and what was received
     */
    @Override
    public Tensor call(Tensor... inputs) {
        GradientTape tape = GradientTape.active();
        if (tape == GradientTape.NONE) {
            return compute(new Call(this, List.of(inputs), null));
        }
        Call call = new Call(this, List.of(inputs), tape);
        Tensor output = tape == null ? compute(call) : compute(call, tape);
        for (Tensor input : inputs) {
            if (output == input) { // tensors are compared by identity: the output must be another object
                output = hasGradients() ? unrecordedView(output) : output.reshape(output.shape().toArray());
            }
        }
        if (tape != null && hasGradients() && tape.hasProduced(output)) { // else its earlier gradient would count
            output = unrecordedView(output);
        }
        call.output(output);
        if (tape != null) {
            tape.record(call);
        }
        if (tape == null || !tape.reusesMemory()) { // else the call's tensors are overwritten by the next step
            latest = call;
        }
        return output;
    }

    private static Tensor unrecordedView(Tensor output) {
        GradientTape tape = GradientTape.pause();
        Tensor view = output.stopGradient();
        GradientTape.resume(tape);
        return view;
    }

    /** Without a record of what is computed, if there are gradients of its own; else with gradients to all inputs. */
    private Tensor compute(Call call, GradientTape tape) {
        boolean before = tape.suspended();
        if (hasGradients()) {
            tape.suspend(true);
        } else {
            tape.watch(call.inputs());
        }
        try {
            return compute(call);
        } finally {
            tape.suspend(before);
        }
    }

    private boolean hasGradients() {
        if (hasGradients == null) {
            hasGradients = HAVE_GRADIENTS.get(getClass());
        }
        return hasGradients;
    }

    /**
     * Computes the output while a tape is open in this thread, and has it record what is computed of this, even if this has gradients
     * of its own; the call itself is neither recorded nor remembered.
     */
    protected final Tensor computeRecorded(Tensor... inputs) {
        return compute(new Call(this, List.of(inputs), GradientTape.active()));
    }

    /** Computes the output and leaves no trace: nothing recorded, nothing remembered. Safe in any number of threads. */
    public Tensor forward(Tensor... inputs) {
        GradientTape tape = GradientTape.pause();
        try {
            return compute(new Call(this, List.of(inputs), null));
        } finally {
            GradientTape.resume(tape);
        }
    }

    /**
     * The forward pass: from {@link Call#input} to the output, in memory from {@link Call#allocate}. Must not change an input
     * nor keep state in this object; what the backward pass needs goes to {@link Call#save}.
     */
    protected abstract Tensor compute(Call call);

    /**
     * The same function by operations of tensors, for a diffable with gradients of its own: its gradients are those of the
     * definition where they are differentiated in turn, under an outer tape. What the forward pass has drawn at random or
     * {@linkplain Call#saved saved} is taken from the call.
     *
     * @throws UnsupportedOperationException by default
     */
    protected Tensor define(Call call) {
        throw new UnsupportedOperationException("The gradient of " + this + " has no derivative: " + getClass().getSimpleName()
                + " has no definition by operations of tensors. Override define(Call), or take another layer");
    }

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

    private Call latest() {
        if (latest == null) {
            throw new IllegalStateException(getClass().getSimpleName() + " was not called yet: its gradients are those of a"
                    + " call");
        }
        return latest;
    }

    // ------------------------------------------------------------------------------------------ local Jacobians

    /** The local Jacobian to each input, at the latest call. */
    public final List<Tensor> inputGradients() {
        return inputGradients(latest());
    }

    /** The local Jacobian to each weight, at the latest call; empty without weights. */
    public final List<Tensor> weightGradients() {
        return weightGradients(latest());
    }

    /**
     * The local Jacobian to each input, at the given call; by default that of the {@linkplain #define definition},
     * {@code (batch, inputs, outputs)}. No example may depend on another.
     *
     * @throws UnsupportedOperationException by default, if there is no definition: what is made of operations and calls is
     *     differentiated through them
     */
    protected List<Tensor> inputGradients(Call call) {
        try {
            return Jacobians.ofInputs(call);
        } catch (UnsupportedOperationException e) {
            throw noJacobians("inputGradients(Call)", "composeInputGradients(Call, Tensor)", e);
        }
    }

    /**
     * The local Jacobian to each weight, at the given call; empty without weights. By default that of the
     * {@linkplain #define definition}, {@code (batch, weights, outputs)}.
     *
     * @throws UnsupportedOperationException by default, if there are weights and no definition
     */
    protected List<Tensor> weightGradients(Call call) {
        if (weights().isEmpty()) {
            return List.of();
        }
        try {
            return Jacobians.ofWeights(call);
        } catch (UnsupportedOperationException e) {
            throw noJacobians("weightGradients(Call)", "composeWeightGradients(Call, Tensor)", e);
        }
    }

    private UnsupportedOperationException noJacobians(String local, String composed, Exception cause) {
        return new UnsupportedOperationException(this + " has no local Jacobians. If it is made of operations of tensors, or of other"
                + " layers, a GradientTape differentiates through these: each step of compute must be one, up to the very tensor"
                + " that it returns. If it computes by itself, it must override " + local + ", " + composed + " or both", cause);
    }

    // -------------------------------------------------------------------------------------------- compositions

    /**
     * The gradient to each input, at the latest call, for each upstream gradient: all inputs for the first upstream, then
     * all for the second, and so on, not added together.
     *
     * @param upstream gradients of the target to this output; null, or a list of one null, stands for the local Jacobians
     */
    public final List<Tensor> composeInputGradients(List<Tensor> upstream) {
        if (isAbsent(upstream)) {
            return inputGradients();
        }
        List<Tensor> all = new ArrayList<>();
        for (Tensor u : upstream) {
            addAll(composeInputGradients(latest(), u), inputs(), all);
        }
        return all;
    }

    /** The gradient to each weight, summed over the batch, as {@link #composeInputGradients(List)}. */
    public final List<Tensor> composeWeightGradients(List<Tensor> upstream) {
        if (isAbsent(upstream)) {
            return weightGradients();
        }
        List<Tensor> all = new ArrayList<>();
        for (Tensor u : upstream) {
            addAll(composeWeightGradients(latest(), u), weights(), all);
        }
        return all;
    }

    /** Null stands for a gradient of zeros. */
    private static void addAll(List<Tensor> gradients, List<? extends Tensor> owners, List<Tensor> all) {
        for (int i = 0; i < gradients.size(); i++) {
            all.add(gradients.get(i) == null ? Tensor.zeros(owners.get(i).shape()) : gradients.get(i));
        }
    }

    private static boolean isAbsent(List<Tensor> upstream) {
        return upstream == null || upstream.isEmpty() || upstream.get(0) == null;
    }

    /**
     * The gradient to each input at one call for one upstream: the vector-Jacobian product that training uses. A null stands
     * for a gradient that is zero throughout.
     */
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return composeInputsFromLocal(call, upstream);
    }

    /** The gradient to each weight at one call for one upstream. */
    protected List<Tensor> composeWeightGradients(Call call, Tensor upstream) {
        return composeWeightsFromLocal(call, upstream);
    }

    /**
     * {@link #composeInputGradients(Call, Tensor)} by its definition: for each example, the local Jacobian times the row of
     * {@code upstream}.
     */
    public final List<Tensor> composeInputsFromLocal(Call call, Tensor upstream) {
        List<Tensor> locals = inputGradients(call);
        Tensor[] results = new Tensor[locals.size()];
        for (int i = 0; i < results.length; i++) {
            Tensor local = locals.get(i);
            Tensor input = call.input(i);
            if (worksByElement()) {
                results[i] = local.multiply(upstream);
            } else if (local.rank() == 3) {
                Tensor out = Tensor.zeros(input.shape());
                Tensor rows = rows(upstream);
                for (int s = 0; s < local.dim(0); s++) {
                    Tensor product = jacobian(local, s).matmul(rows.slice(s, s + 1).transpose());
                    System.arraycopy(product.data(), 0, out.data(), s * local.dim(1), local.dim(1));
                }
                results[i] = out;
            } else {
                results[i] = rows(upstream).matmul(local.transpose()).reshape(input.shape().toArray());
            }
        }
        return Arrays.asList(results);
    }

    /** Whether the local Jacobian has the input's own shape: one derivative for each element. False by default. */
    protected boolean worksByElement() {
        return false;
    }

    /**
     * {@link #composeWeightGradients(Call, Tensor)} by its definition: for each example, the local Jacobian times the row of
     * {@code upstream} along its last axis, summed over the batch. A local Jacobian with a row for each element of the weight
     * is multiplied as a matrix; one with fewer rows says what each output gets of its own weights.
     */
    public final List<Tensor> composeWeightsFromLocal(Call call, Tensor upstream) {
        List<Tensor> results = new ArrayList<>();
        Tensor rows = rows(upstream);
        for (Tensor local : weightGradients(call)) {
            Shape shape = weights().get(results.size()).shape();
            Tensor sum = null;
            for (int s = 0; s < rows.dim(0); s++) {
                Tensor one = local.rank() == 3 ? jacobian(local, s) : local;
                Tensor row = rows.slice(s, s + 1);
                Tensor product = one.rank() == 2 && one.dim(0) == shape.size() ? one.matmul(row.transpose()).reshape(shape.toArray())
                        : one.multiply(row);
                sum = sum == null ? product : sum.add(product);
            }
            results.add(sum == null ? Tensor.zeros(shape) : sum);
        }
        return results;
    }

    /** An example a row. */
    private static Tensor rows(Tensor batch) {
        return batch.rank() <= 2 ? batch : batch.reshape(batch.dim(0), batch.shape().rest().size());
    }

    private static Tensor jacobian(Tensor perExample, int s) {
        return perExample.slice(s, s + 1).reshape(perExample.dim(1), perExample.dim(2));
    }

    /** The name of its class. */
    @Override
    public String toString() {
        return getClass().isAnonymousClass() ? getClass().getName() : getClass().getSimpleName();
    }
}
