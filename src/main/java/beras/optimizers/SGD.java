package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Update;
import beras.kernels.UpdateRules;

/**
 * Stochastic gradient descent, {@code w = w - learningRate * g}: the assignment's BasicOptimizer. With momentum
 * {@code v = momentum * v - learningRate * g; w = w + v}, and with Nesterov's look ahead
 * {@code w = w + momentum * v - learningRate * g} in the end. Defaults: momentum 0, not Nesterov. State: {@code [v]} with
 * momentum, else nothing.
 *
 * <pre>{@code
 * model.compile(new SGD(0.1).momentum(0.9).nesterov(true), new MeanSquaredError());
 * }</pre>
 */
public final class SGD extends Optimizer {

    private float momentum;
    private boolean nesterov;

    /** With a learning rate of 0.01, as in Keras. */
    public SGD() {
        this(0.01);
    }

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public SGD(double learningRate) {
        super(learningRate);
    }

    /**
     * Share of the old step; default 0, no momentum.
     *
     * @throws IllegalArgumentException if it is not from 0 to below 1
     * @throws IllegalStateException after the first step
     */
    public SGD momentum(double value) {
        with("momentum", value);
        return this;
    }

    /**
     * Whether the momentum to come is part of a step; without effect if there is none. Default false.
     *
     * @throws IllegalStateException after the first step
     */
    public SGD nesterov(boolean value) {
        with("nesterov", value);
        return this;
    }

    @Override
    public void settings(Settings s) {
        momentum = Arguments.factor("momentum", s.real("momentum", momentum));
        nesterov = s.flag("nesterov", nesterov);
    }

    @Override
    protected int slotCount() {
        return momentum == 0f ? 0 : 1;
    }

    @Override
    Update rule(int t, float rate) {
        return momentum == 0f ? new UpdateRules.Sgd(rate) : new UpdateRules.SgdMomentum(rate, momentum, nesterov);
    }
}
