package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * Stochastic gradient descent, {@code w = w - learningRate * g}: the assignment's BasicOptimizer. With momentum
 * {@code v = momentum * v - learningRate * g; w = w + v}, and with Nesterov's look ahead
 * {@code w = w + momentum * v - learningRate * g} in the end. Defaults: momentum 0, not Nesterov. State: {@code [v]} with
 * momentum, else nothing.
 */
public final class SGD extends Optimizer {

    private final float momentum;
    private final boolean nesterov;

    /** Without momentum. Keras's learning rate is 0.01. */
    public SGD(float learningRate) {
        this(learningRate, 0f);
    }

    /** With momentum, not Nesterov's. */
    public SGD(float learningRate, float momentum) {
        this(learningRate, momentum, false);
    }

    /**
     * @param momentum share of the old step, from 0 to below 1
     * @param nesterov whether the momentum to come is part of a step; without effect if there is none
     * @throws IllegalArgumentException if an argument is out of range
     */
    public SGD(float learningRate, float momentum, boolean nesterov) {
        super(learningRate);
        this.momentum = Arguments.factor("momentum", momentum);
        this.nesterov = nesterov;
    }

    @Override
    Config addTo(Config config) {
        return config.with("momentum", momentum).with("nesterov", nesterov);
    }

    @Override
    int slotCount() {
        return momentum == 0f ? 0 : 1;
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        if (momentum == 0f) {
            Backend.kernels().sgd(w.data(), w.offset(), g, gOffset, w.size(), rate);
        } else {
            Backend.kernels().sgdMomentum(w.data(), w.offset(), g, gOffset, slots[0], 0, w.size(), rate, momentum, nesterov);
        }
    }
}
