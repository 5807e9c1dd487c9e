package beras.autograd;

import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Gradients that an outer tape can differentiate in turn: those of a call's {@linkplain FusedOperation#composition composition}
 * by operations.
 */
final class SecondOrder {

    /** @param sink takes the gradient to each input of the use of an operation; null: zero */
    static void differentiate(OperationCall use, FusedOperation operation, Tensor upstream, BiConsumer<Tensor, Tensor> sink) {
        List<Tensor> distinct = distinct(use.inputs()); // the gradient to a tensor that is several inputs is that of all together
        GradientTape tape = GradientTape.inside(GradientTape.active().training());
        try (tape) {
            tape.watchAll(distinct.toArray(Tensor[]::new));
            Tensor output = operation.composition(use);
            accept(distinct, tape.gradient(output, distinct, upstream), sink);
        } catch (UnsupportedOperationException e) {
            accept(use.inputs(), undifferentiable(use, upstream, e.getMessage()), sink);
        }
    }

    private static List<Tensor> distinct(List<Tensor> tensors) {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return tensors.stream().filter(seen::add).toList();
    }

    private static void accept(List<Tensor> owners, List<Tensor> gradients, BiConsumer<Tensor, Tensor> sink) {
        for (int i = 0; i < owners.size(); i++) {
            sink.accept(owners.get(i), gradients.get(i));
        }
    }

    /** Right gradients which cannot be differentiated. */
    private static List<Tensor> undifferentiable(OperationCall use, Tensor upstream, String reason) {
        List<Tensor> inputs = new ArrayList<>(use.inputs());
        inputs.add(upstream);
        List<Tensor> gradients = new ArrayList<>();
        for (int i = 0; i < use.inputCount(); i++) {
            int input = i;
            Tensor gradient = GradientTape.paused(() -> Derivatives.gradient(use, input, upstream));
            if (gradient != null) {
                GradientTape.active().recordUse(refused(null, inputs, gradient, reason));
            }
            gradients.add(gradient);
        }
        return gradients;
    }

    /** The entry of a tape for a gradient that cannot be differentiated: it throws if the tape reaches it. */
    static OperationCall refused(GradientTape tape, List<? extends Tensor> inputs, Tensor gradient, String reason) {
        OperationCall use = new OperationCall(new Refusal(reason), inputs.toArray(Tensor[]::new), tape);
        use.end(gradient);
        return use;
    }

    private record Refusal(String reason) implements FusedOperation {

        @Override
        public Tensor compute(OperationCall call) {
            return call.output();
        }

        @Override
        public Tensor gradient(OperationCall call, int i, Tensor upstream) {
            throw new UnsupportedOperationException(reason);
        }
    }

    private SecondOrder() {}
}
