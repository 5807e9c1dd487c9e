package beras.assignment;

import beras.autograd.Call;
import beras.autograd.Diffable;
import beras.tensor.Tensor;
import java.util.List;

/** The sum of two matrices, with just what a new node must have: its Jacobians are two identities. */
public final class Add extends Diffable {

    @Override
    protected Tensor compute(Call call) {
        return call.input(0).add(call.input(1));
    }

    @Override
    protected List<Tensor> inputGradients(Call call) {
        int n = call.input(0).dim(1);
        Tensor identity = Tensor.generate(i -> i / n == i % n ? 1 : 0, n, n);
        return List.of(identity, identity);
    }
}
