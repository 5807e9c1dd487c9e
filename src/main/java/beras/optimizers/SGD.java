package beras.optimizers;

import beras.kernels.Backend;
import beras.tensor.Tensor;
import beras.tensor.Variable;

/** Stochastic gradient descent, {@code w = w - learningRate * g}: the assignment's BasicOptimizer. */
public final class SGD extends Optimizer {

    public SGD(float learningRate) {
        super(learningRate);
    }

    @Override
    int slotCount() {
        return 0;
    }

    @Override
    void update(Variable w, Tensor g, float[][] state) {
        Backend.kernels().sgd(w.data(), w.offset(), g.data(), g.offset(), w.size(), learningRate());
    }
}
