package beras.optimizers;

import beras.config.Config;
import beras.tensor.Variable;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam#keras(float)} with
 * {@link Optimizer#weightDecay} set. Defaults: weight decay 0.004, beta1 0.9, beta2 0.999, epsilon 1e-7, not AMSGrad. State:
 * as Adam.
 */
public final class AdamW extends Optimizer {

    private final Adam adam;

    /** With weight decay 0.004. Keras's learning rate is 0.001. */
    public AdamW(float learningRate) {
        this(learningRate, 0.004);
    }

    /** With beta1 0.9, beta2 0.999 and epsilon 1e-7. */
    public AdamW(float learningRate, double weightDecay) {
        this(learningRate, weightDecay, 0.9, 0.999, 1e-7f, false);
    }

    /**
     * @param weightDecay share of a weight that it loses in a step, over the learning rate; at least 0
     * @param beta1       share of the old mean, from 0 to below 1
     * @param beta2       share of the old mean square, from 0 to below 1
     * @param epsilon     above 0
     * @param amsgrad     whether to divide by the root of the largest {@code v} so far
     * @throws IllegalArgumentException if an argument is out of range
     */
    public AdamW(float learningRate, double weightDecay, double beta1, double beta2, float epsilon, boolean amsgrad) {
        super(learningRate);
        adam = Adam.keras(learningRate, beta1, beta2, epsilon, amsgrad);
        weightDecay(weightDecay);
    }

    @Override
    Config addTo(Config config) {
        return adam.addMomentsTo(config);
    }

    @Override
    void beginUpdate(int t, float rate) {
        adam.beginUpdate(t, rate);
    }

    @Override
    int slotCount() {
        return adam.slotCount();
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        adam.update(w, g, gOffset, slots, rate);
    }
}
