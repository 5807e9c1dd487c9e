package beras.autograd;

import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradients, computed so that an outer tape can differentiate them in turn: those of a call's
 * {@linkplain Diffable#define definition} by operations.
 */
final class SecondOrder {

    /** What takes the gradient to a tensor; null: zero. */
    interface Sink {

        void accept(Tensor owner, Tensor gradient);
    }

    /** The gradients to the inputs and weights of a call. */
    static void differentiate(Call call, Tensor upstream, Sink sink) {
        List<Tensor> sources = new ArrayList<>(call.inputs());
        sources.addAll(call.diffable().weights());
        List<Tensor> gradients;
        GradientTape tape = GradientTape.inside(call.training());
        try (tape) {
            tape.watch(call.inputs().toArray(Tensor[]::new));
            Tensor output = call.diffable().define(call);
            gradients = tape.gradient(output, sources, upstream);
        } catch (UnsupportedOperationException e) {
            gradients = undifferentiable(call, sources, upstream, e.getMessage());
        }
        for (int i = 0; i < sources.size(); i++) {
            sink.accept(sources.get(i), gradients.get(i));
        }
    }

    /** Right gradients which cannot be differentiated. */
    private static List<Tensor> undifferentiable(Call call, List<Tensor> sources, Tensor upstream, String reason) {
        List<Tensor> gradients = GradientTape.paused(() -> {
            List<Tensor> composed = new ArrayList<>(call.diffable().composeInputGradients(call, upstream));
            composed.addAll(call.diffable().composeWeightGradients(call, upstream));
            return composed;
        });
        List<Tensor> inputs = new ArrayList<>(sources);
        inputs.add(upstream);
        for (Tensor gradient : gradients) {
            if (gradient != null) {
                GradientTape.active().record(refused(inputs, gradient, reason));
            }
        }
        return gradients;
    }

    /** What stands on a tape for a gradient that cannot be differentiated: it says so if the tape comes to it. */
    static Call refused(List<? extends Tensor> inputs, Tensor gradient, String reason) {
        Call call = new Call(new Refusal(reason), List.copyOf(inputs), null);
        call.output(gradient);
        return call;
    }

    private static final class Refusal extends Diffable {

        private final String reason;

        Refusal(String reason) {
            this.reason = reason;
        }

        @Override
        protected Tensor compute(Call call) {
            return call.output();
        }

        @Override
        protected List<Tensor> composeInputGradients(Call call, Tensor upstream) {
            throw new UnsupportedOperationException(reason);
        }
    }

    private SecondOrder() {}
}
