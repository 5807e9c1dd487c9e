package beras.autograd;

import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Access of tests of layers to this package. */
public final class Definitions {

    /** The result of the composition of operations for the use of a fused one. */
    public static Tensor of(OperationCall use) {
        return ((FusedOperation) use.operation()).composition(use);
    }

    /** A tape that may be within another, in training or not. */
    public static GradientTape tape(boolean training) {
        return GradientTape.inside(training);
    }

    /** The gradient to each input by its definition: for each example, the local Jacobian times the row of {@code upstream}. */
    public static List<Tensor> inputsFromLocal(Call call, Tensor upstream) {
        LocalJacobians of = LocalJacobians.of(call);
        List<Tensor> results = new ArrayList<>();
        for (Tensor local : of.toInputs()) {
            int[] shape = of.inputs.get(results.size()).shape().toArray();
            results.add(of.worksByElement() ? local.multiply(upstream)
                    : local.rank() == 2 ? rows(upstream).matmul(local.transpose()).reshape(shape)
                    : rows(upstream).expandDims(1).matmul(local.transpose(0, 2, 1)).reshape(shape));
        }
        return results;
    }

    /**
     * As {@link #inputsFromLocal}, to each weight, summed over the batch; a Jacobian with few rows is of each output to its own
     * weights.
     */
    public static List<Tensor> weightsFromLocal(Call call, Tensor upstream) {
        LocalJacobians of = LocalJacobians.of(call);
        List<Tensor> results = new ArrayList<>();
        Tensor rows = rows(upstream);
        for (Tensor local : of.toWeights()) {
            Shape shape = call.diffable().weights().get(results.size()).shape();
            Tensor sum = Tensor.zeros(shape);
            for (int s = 0; s < rows.dim(0); s++) {
                Tensor one = local.rank() == 3 ? local.slice(s, s + 1).reshape(local.dim(1), local.dim(2)) : local;
                Tensor row = rows.slice(s, s + 1);
                sum = sum.add(one.rank() == 2 && one.dim(0) == shape.size() ? one.matmul(row.transpose()).reshape(shape.toArray())
                        : one.multiply(row).reshape(shape.toArray()));
            }
            results.add(sum);
        }
        return results;
    }

    /** An example a row. */
    private static Tensor rows(Tensor batch) {
        return batch.rank() <= 2 ? batch : batch.reshape(batch.dim(0), batch.shape().rest().size());
    }

    private Definitions() {}
}
