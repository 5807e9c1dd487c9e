package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * Steps that shrink with the sum of all squared gradients (Duchi and others, 2011): {@code v = v + g^2;
 * w = w - learningRate * g / sqrt(v + epsilon)}. Defaults: {@code v} begins at 0.1, epsilon 1e-7. State: {@code [v]}.
 */
public final class Adagrad extends Optimizer {

    private final double initialAccumulatorValue;
    private final float epsilon;

    /** With sums that begin at 0.1, and epsilon 1e-7. Keras's learning rate is 0.001. */
    public Adagrad(float learningRate) {
        this(learningRate, 0.1, 1e-7f);
    }

    /**
     * @param initialAccumulatorValue where the sums begin, at least 0
     * @param epsilon                 above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Adagrad(float learningRate, double initialAccumulatorValue, float epsilon) {
        super(learningRate);
        this.initialAccumulatorValue = Arguments.notNegative("initialAccumulatorValue", initialAccumulatorValue);
        this.epsilon = Arguments.positive("epsilon", epsilon);
    }

    @Override
    Config addTo(Config config) {
        return config.with("initialAccumulatorValue", initialAccumulatorValue).with("epsilon", epsilon);
    }

    @Override
    int slotCount() {
        return 1;
    }

    @Override
    float initialSlot() {
        return (float) initialAccumulatorValue;
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        Backend.kernels().adagrad(w.data(), w.offset(), g, gOffset, slots[0], 0, w.size(), rate, epsilon);
    }
}
