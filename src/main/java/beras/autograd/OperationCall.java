package beras.autograd;

import beras.tensor.Operation;
import beras.tensor.Tensor;
import beras.tensor.Variable;

/**
 * One use of an {@link Operation}: a step on a {@link GradientTape}. It has the inputs, the output, and the values that the
 * forward pass kept for the backward pass.
 */
public final class OperationCall extends AbstractCall {

    private Operation operation;
    private OperationCall fused; // null: none
    private long recordedAt; // how many changes of variables there had been

    OperationCall(Operation operation, Tensor[] inputs, GradientTape tape) {
        begin(operation, inputs, tape);
    }

    /** Makes it another use: that of a step of training after the step before has ended. */
    OperationCall begin(Operation newOperation, Tensor[] newInputs, GradientTape newTape) {
        operation = newOperation;
        inputs = newInputs;
        tape = newTape;
        within = newTape == null ? null : newTape.within();
        output = null;
        saved = null;
        fused = null;
        return this;
    }

    /** The operation. */
    public Operation operation() {
        return operation;
    }

    boolean isWithin(Call call) {
        return within != null && within.isWithin(call);
    }

    /**
     * Whether input 0 is the output, on the same tape, of one call of such a diffable. If so, this can differentiate through
     * both at once, straight to the input 0 of {@link #fused}: the tape then requests that gradient, unless input 0 is itself a
     * source.
     */
    public boolean fuses(Class<? extends Diffable> type) {
        OperationCall producer = tape == null ? null : tape.operation(inputs[0]);
        boolean fits = producer != null && producer.within != null && type.isInstance(producer.within.diffable())
                && producer.within.output() == producer.output;
        fused = fits ? producer : null;
        return fits;
    }

    /** The operation of input 0, if this {@link #fuses} with it; else null. */
    public OperationCall fused() {
        return fused;
    }

    /** Whether the gradient to input 0 must now be that to the input 0 of {@link #fused}. */
    public boolean isFused() {
        return fused != null && tape != null && !tape.isSource(inputs[0]);
    }

    /** The tensor that the gradient number {@code i} is for. */
    Tensor target(int i) {
        return i == 0 && isFused() ? fused.inputs[0] : inputs[i];
    }

    /**
     * A value common to the gradients of several inputs, such as the gradient before an activation: the last
     * {@linkplain #cache cached} one for this upstream gradient while a tape differentiates, or null.
     */
    public Tensor cached(Tensor upstream) {
        return tape == null ? null : tape.cached(upstream);
    }

    /** Caches {@code gradient} for {@link #cached}, and returns it. */
    public Tensor cache(Tensor upstream, Tensor gradient) {
        if (tape != null) {
            tape.cache(upstream, gradient);
        }
        return gradient;
    }

    /** Remembers that it was computed with the present contents of variables. */
    void recorded() {
        recordedAt = Variable.changes();
    }

    private boolean hasInputChangedSince() {
        for (Tensor input : inputs) {
            if (input.changedAt() > recordedAt) {
                return true;
            }
        }
        return false;
    }

    /**
     * Begins the backward pass of a tape through this use.
     *
     * @throws IllegalStateException if a variable was changed since, whose earlier contents the gradient needs
     */
    void differentiate(GradientTape newTape) {
        if (recordedAt != Variable.changes() && hasInputChangedSince()) { // not in a training step, which needs no later gradients
            throw new IllegalStateException("A variable that " + this + " was computed with has been changed since, by assign or by"
                    + " an optimizer: its gradient would be that at other contents. Take all gradients of a tape before variables are"
                    + " changed, or compute again under another tape");
        }
        tape = newTape;
    }

    /** Ends the backward pass. */
    void differentiated() {
        tape = null;
    }

    /** The diffable that it is all of, such as a layer; else the operation. */
    @Override
    public String toString() {
        return within != null && within.output() == output && operation instanceof FusedOperation ? within.diffable().toString()
                : operation.toString();
    }
}
