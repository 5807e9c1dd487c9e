package beras.autograd;

import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

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
        List<Tensor> distinct = distinct(sources); // the gradient to a tensor that is several inputs is that of all together
        GradientTape tape = GradientTape.inside(call.training());
        try (tape) {
            tape.watch(call.inputs().toArray(Tensor[]::new));
            Tensor output = call.diffable().define(call);
            accept(distinct, tape.gradient(output, distinct, upstream), sink);
        } catch (UnsupportedOperationException e) {
            accept(sources, undifferentiable(call, sources, upstream, e.getMessage()), sink);
        }
    }

    private static List<Tensor> distinct(List<Tensor> tensors) {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return tensors.stream().filter(seen::add).toList();
    }

    private static void accept(List<Tensor> owners, List<Tensor> gradients, Sink sink) {
        for (int i = 0; i < owners.size(); i++) {
            sink.accept(owners.get(i), gradients.get(i));
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
