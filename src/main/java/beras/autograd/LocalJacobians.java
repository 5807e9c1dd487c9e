package beras.autograd;

import beras.tensor.Operation;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The derivatives of one call as in Brown University's course, by backward passes through its recorded operations.
 *
 * <p>A local Jacobian has an entry {@code [i][o]} for d(output o) / d(input i): {@code (batch, inputs, outputs)}; without the batch if
 * it is the same for all examples; of the input's own shape if the function works element by element or gives one number. No example
 * may depend on another.
 */
final class LocalJacobians {

    private final Diffable diffable;
    final List<Tensor> inputs;
    private final Tensor output;
    private final GradientTape tape;

    private LocalJacobians(Diffable diffable, List<Tensor> inputs, Tensor output, GradientTape tape) {
        this.diffable = diffable;
        this.inputs = inputs;
        this.output = output;
        this.tape = tape;
    }

    /** Reads the recorded operations of the call; a call without a tape is computed again, as in prediction. */
    static LocalJacobians of(Call call) {
        return GradientTape.paused(() -> {
            boolean distinct = call.inputs().stream().map(System::identityHashCode).distinct().count() == call.inputCount();
            List<OperationCall> operations = call.diffable().operations(call);
            if (!operations.isEmpty() && distinct) {
                return new LocalJacobians(call.diffable(), call.inputs(), call.output(), GradientTape.of(operations));
            }
            Tensor[] inputs = call.inputs().stream().map(Tensor::stopGradient).toArray(Tensor[]::new); // one may be several
            GradientTape tape = GradientTape.inside(call.training());
            try (tape) {
                tape.watch(inputs);
                Tensor computed = call.diffable().compute(new Call(call.diffable(), inputs, tape));
                return new LocalJacobians(call.diffable(), List.of(inputs), computed, tape);
            }
        });
    }

    /** For each upstream the gradients to all inputs, zeros if there are none. */
    List<Tensor> gradientsToInputs(List<Tensor> upstreams) {
        return upstreams.stream().flatMap(upstream -> gradients(inputs, upstream).stream()).toList();
    }

    /** For each upstream the gradients to all weights, zeros if there are none. */
    List<Tensor> gradientsToWeights(List<Tensor> upstreams) {
        return upstreams.stream().flatMap(upstream -> gradients(diffable.weights(), upstream).stream()).toList();
    }

    private List<Tensor> gradients(List<? extends Tensor> sources, Tensor upstream) {
        List<Tensor> gradients = GradientTape.paused(() -> tape.gradient(output, sources, upstream));
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            all.add(gradients.get(i) == null ? Tensor.zeros(sources.get(i).shape()) : gradients.get(i));
        }
        return all;
    }

    List<Tensor> toInputs() {
        if (worksByElement()) {
            return gradients(inputs, Tensor.ones(output.shape().toArray()));
        }
        List<Tensor> full = full(inputs, true);
        return !isAffine() ? full : List.of(full.get(0).slice(0, 1).reshape(full.get(0).dim(1), full.get(0).dim(2)));
    }

    List<Tensor> toWeights() {
        List<Tensor> full = full(diffable.weights(), false);
        if (!isAffine() || full.isEmpty()) {
            return full;
        }
        int units = output.dim(1);
        Tensor own = Tensor.eye(units); // each output has a column of weights
        Tensor ofKernel = full.get(0).reshape(output.dim(0), full.get(0).dim(1) / units, units, units).multiply(own).sum(2);
        return full.size() == 1 ? List.of(ofKernel) : List.of(ofKernel, full.get(1).slice(0, 1).multiply(own).sum(1));
    }

    /** Whether each element of the output follows from one of the only input, or the output is one number. */
    boolean worksByElement() {
        boolean elementwise = inputs.size() == 1 && inputs.get(0).shape().equals(output.shape());
        for (int i = 0; elementwise && i < tape.operations().size(); i++) {
            Operation operation = tape.operations().get(i).operation();
            elementwise = operation instanceof Operation.Unary || operation instanceof Operation.Binary || operation instanceof Operation.Clip
                    || operation instanceof Operation.Where || operation instanceof Operation.Reshape
                    || operation instanceof Operation.BroadcastTo
                    || operation instanceof Operation.StopGradient
                    || operation instanceof FusedOperation fused && fused.isElementwise();
        }
        return elementwise || output.rank() == 0;
    }

    /** Whether it is {@code x · w + b} of matrices. */
    private boolean isAffine() {
        return tape.operations().size() == 1 && tape.operations().get(0).operation() instanceof Affine affine && affine.isLinear()
                && output.rank() == 2;
    }

    /**
     * {@code (batch, elements, outputs)} for each source, by a backward pass for each output of each example.
     *
     * @param byExample whether the sources have an axis of examples, of which each output follows from one
     */
    private List<Tensor> full(List<? extends Tensor> sources, boolean byExample) {
        if (sources.isEmpty()) {
            return List.of();
        }
        int batch = output.dim(0);
        int outputs = output.shape().rest().size();
        List<Tensor> jacobians = sources.stream()
                .map(source -> Tensor.zeros(batch, byExample ? source.shape().rest().size() : source.size(), outputs)).toList();
        for (int at = 0; at < batch * outputs; at++) {
            Tensor upstream = Tensor.zeros(output.shape());
            upstream.data()[at] = 1f;
            List<Tensor> gradients = gradients(sources, upstream);
            for (int i = 0; i < sources.size(); i++) {
                Tensor jacobian = jacobians.get(i);
                int size = jacobian.dim(1);
                float[] gradient = gradients.get(i).toArray();
                for (int e = 0; e < gradient.length; e++) {
                    if (!byExample || e / size == at / outputs) {
                        jacobian.data()[(at / outputs * size + e % size) * outputs + at % outputs] = gradient[e];
                    } else if (gradient[e] != 0f) {
                        throw new UnsupportedOperationException(diffable + " has no local Jacobians here, where each example depends on"
                                + " others: use composeInputGradients");
                    }
                }
            }
        }
        return jacobians;
    }
}
