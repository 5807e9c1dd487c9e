package beras.optimizers;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): {@link Adam#keras(double)} with
 * weight decay. Defaults: weight decay 0.004, beta1 0.9, beta2 0.999, epsilon 1e-7, not AMSGrad. State:
 * as Adam.
 */
public final class AdamW extends Adam {

    {
        form = Form.KERAS;
        with("weightDecay", 0.004);
    }

    /** With a learning rate of 0.001, as in Keras. */
    public AdamW() {}

    /** @throws IllegalArgumentException if the rate is not finite or not above 0 */
    public AdamW(double learningRate) {
        super(learningRate);
    }
}
