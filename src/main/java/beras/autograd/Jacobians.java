package beras.autograd;

import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Local Jacobians by the {@linkplain Diffable#define definition} of what was called: one backward pass for each output. */
final class Jacobians {

    /** {@code (batch, inputs, outputs)} for each input; no example may depend on another. */
    static List<Tensor> ofInputs(Call call) {
        return GradientTape.paused(() -> of(call, call.inputs(), false));
    }

    /** {@code (batch, weights, outputs)} for each weight. */
    static List<Tensor> ofWeights(Call call) {
        return GradientTape.paused(() -> of(call, call.diffable().weights(), true));
    }

    /** @param apart whether each example needs a backward pass of its own, as the gradients have no batch axis */
    private static List<Tensor> of(Call call, List<? extends Tensor> sources, boolean apart) {
        GradientTape tape = GradientTape.inside(call.training());
        Tensor y;
        try (tape) {
            tape.watch(call.inputs().toArray(Tensor[]::new));
            y = call.diffable().define(call);
        }
        int batch = y.dim(0);
        int outputs = y.shape().rest().size();
        List<Tensor> jacobians = new ArrayList<>();
        for (Tensor source : sources) {
            int n = apart ? source.size() : source.shape().rest().size();
            jacobians.add(Tensor.zeros(batch, n, outputs));
        }
        for (int o = 0; o < outputs; o++) {
            for (int from = 0; from < batch; from += apart ? 1 : batch) {
                Tensor upstream = Tensor.zeros(y.shape());
                for (int s = from; s < (apart ? from + 1 : batch); s++) {
                    upstream.data()[s * outputs + o] = 1f;
                }
                fill(jacobians, tape.gradient(y, sources, upstream), from, o);
            }
        }
        return Collections.unmodifiableList(jacobians);
    }

    /** Writes gradients into the column of an output, from an example on. */
    private static void fill(List<Tensor> jacobians, List<Tensor> gradients, int from, int output) {
        for (int i = 0; i < gradients.size(); i++) {
            Tensor jacobian = jacobians.get(i);
            float[] column = gradients.get(i) == null ? new float[0] : gradients.get(i).toArray(); // null: zeros
            for (int e = 0; e < column.length; e++) {
                jacobian.data()[(from * jacobian.dim(1) + e) * jacobian.dim(2) + output] = column[e];
            }
        }
    }

    private Jacobians() {}
}
