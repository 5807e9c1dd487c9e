package beras.optimizers;

import beras.kernels.Backend;
import beras.tensor.Tensor;
import beras.tensor.Variable;

/**
 * RMSProp as the assignment has it: {@code v = beta v + (1 - beta) g^2; w = w - learningRate * g / (sqrt(v) + epsilon)},
 * epsilon outside the root (Keras has it inside). Defaults: beta 0.9, epsilon 1e-6. State: {@code [v]}.
 */
public final class RMSProp extends Optimizer {

    private final float beta;
    private final float rest;
    private final float epsilon;

    /** With beta 0.9 and epsilon 1e-6. */
    public RMSProp(float learningRate) {
        this(learningRate, 0.9, 1e-6f);
    }

    /**
     * @param beta    share of the old mean square, from 0 to below 1
     * @param epsilon above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public RMSProp(float learningRate, double beta, float epsilon) {
        super(learningRate);
        this.beta = requireFactor("beta", (float) beta);
        this.rest = (float) (1 - beta);
        this.epsilon = requireEpsilon(epsilon);
    }

    @Override
    int slotCount() {
        return 1;
    }

    @Override
    void update(Variable w, Tensor g, float[][] state) {
        Backend.kernels().rmsProp(w.data(), w.offset(), g.data(), g.offset(), state[0], 0, w.size(), learningRate(), beta, rest,
                epsilon);
    }
}
