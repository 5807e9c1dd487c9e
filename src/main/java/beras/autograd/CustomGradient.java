package beras.autograd;

import beras.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * A function with gradients of its own in place of those of its operations, such as a straight-through estimator:
 *
 * <pre>{@code
 * CustomGradient round = new CustomGradient(in -> in.get(0).round(), (in, out, upstream) -> List.of(upstream));
 * Tensor y = round.call(x);
 * }</pre>
 *
 * <p>Gradients that are made of operations of tensors can be differentiated again.
 */
public final class CustomGradient extends Diffable {

    private final Function<List<Tensor>, Tensor> function;
    private final Gradients gradients;

    /** The gradients to the inputs of a function. */
    @FunctionalInterface
    public interface Gradients {

        /**
         * The vector-Jacobian products.
         *
         * @param inputs   those of the call
         * @param output   what the function gave
         * @param upstream the gradient to the output, of its shape
         * @return one for each input, of its shape; null: zero
         */
        List<Tensor> apply(List<Tensor> inputs, Tensor output, Tensor upstream);
    }

    /**
     * @param function of which nothing is recorded
     */
    public CustomGradient(Function<List<Tensor>, Tensor> function, Gradients gradients) {
        this.function = function;
        this.gradients = gradients;
    }

    /** The function itself, whose operations a tape records if they are applied outside of a call of this. */
    public Function<List<Tensor>, Tensor> function() {
        return function;
    }

    @Override
    protected Tensor compute(Call call) {
        return function.apply(call.inputs());
    }

    /** The function, for comparisons: differentiated are the gradients given. */
    @Override
    protected Tensor define(Call call) {
        return compute(call);
    }

    /**
     * {@inheritDoc}
     *
     * @throws UnsupportedOperationException always: it is known by its products with an upstream gradient
     */
    @Override
    protected List<Tensor> inputGradients(Call call) {
        throw new UnsupportedOperationException("A CustomGradient has no local Jacobians: take its gradients, or the jacobian, by"
                + " a GradientTape");
    }

    @Override
    protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
        return gradients.apply(call.inputs(), call.output(), upstream);
    }
}
