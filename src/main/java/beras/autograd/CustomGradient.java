package beras.autograd;

import beras.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * A function with custom gradients in place of those of its operations, such as a straight-through estimator:
 *
 * <pre>{@code
 * CustomGradient round = new CustomGradient(in -> in.get(0).round(), (in, out, upstream) -> List.of(upstream));
 * Tensor y = round.call(x);
 * }</pre>
 *
 * <p>Gradients that are computed by operations of tensors can be differentiated again.
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
         * @param inputs   the inputs of the call
         * @param output   the function's result
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
        return new Custom(function, gradients).apply(call.inputs().toArray(Tensor[]::new));
    }

    /** The operation on a tape. */
    record Custom(Function<List<Tensor>, Tensor> function, Gradients gradients) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            Tensor output = function.apply(call.inputs());
            boolean isKnown = call.inputs().stream().anyMatch(input -> input == output) || GradientTape.hasRecorded(output);
            return isKnown ? output.stopGradient() : output; // tensors are compared by identity
        }

        /** To all inputs. */
        List<Tensor> gradients(OperationCall call, Tensor upstream) {
            List<Tensor> all = gradients.apply(call.inputs(), call.output(), upstream);
            if (all.size() != call.inputCount()) {
                throw new IllegalStateException("A CustomGradient needs a gradient for each of its " + call.inputCount()
                        + " inputs. Received: " + all.size());
            }
            return all;
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            return gradients(call, upstream).get(i);
        }

        /** The function, for comparisons: differentiated are the gradients given. */
        @Override
        public Tensor composition(OperationCall call) {
            return function.apply(call.inputs());
        }
    }
}
