package beras.optimizers;

import beras.autograd.GradientTape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import java.util.Optional;

/**
 * Thrown for a gradient that is NaN or infinite; {@link Optimizer#applyGradients} made no step: variables and the optimizer's
 * state are unchanged. {@code fit} reports it as a {@code DivergedException}.
 */
public final class NonFiniteGradientException extends ArithmeticException {

    private static final long serialVersionUID = 1L;

    private final boolean explained;

    private NonFiniteGradientException(String message, boolean explained) {
        super(message);
        this.explained = explained;
    }

    static NonFiniteGradientException of(Variable variable, Tensor gradient) {
        float[] values = gradient.toArray();
        int i = 0;
        while (Float.isFinite(values[i])) {
            i++;
        }
        return new NonFiniteGradientException("The gradient of variable " + variable.name() + " of shape " + variable.shape()
                + " has an element " + values[i] + ", so no step was made", false);
    }

    /** The same, also saying which operation or layer of a tape made the gradient so, if that is found. */
    public NonFiniteGradientException explainedBy(GradientTape tape, Tensor target, List<Variable> variables) {
        Optional<String> origin = explained ? Optional.empty() : origin(tape, target, variables);
        if (origin.isEmpty()) {
            return this;
        }
        NonFiniteGradientException better = new NonFiniteGradientException(getMessage() + ". It comes from " + origin.get(), true);
        better.setStackTrace(getStackTrace());
        return better;
    }

    private static Optional<String> origin(GradientTape tape, Tensor target, List<Variable> variables) {
        try {
            return tape.nonFinite(target, variables);
        } catch (IllegalStateException e) { // variables were changed since, such as by another optimizer
            return Optional.empty();
        }
    }
}
