package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * Adam with Nesterov's look ahead (Dozat, 2016): {@code w = w - learningRate * m^ / (sqrt(v^) + epsilon)} with
 * {@code m^ = u(t+1) m / (1 - U(t+1)) + (1 - u(t)) g / (1 - U(t))}, {@code v^ = v / (1 - beta2^t)},
 * {@code u(t) = beta1 (1 - 0.96^t / 2)} and {@code U(t) = u(1) u(2) ... u(t)}. Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7.
 * State: {@code [m, v]}.
 */
public final class Nadam extends Optimizer {

    private static final double DECAY = 0.96;

    private final double beta1;
    private final double beta2;
    private final float epsilon;
    private int factors; // in the product
    private double product = 1;
    private float meanRate;
    private float gradientRate;
    private float root;

    /** With beta1 0.9, beta2 0.999 and epsilon 1e-7. Keras's learning rate is 0.001. */
    public Nadam(float learningRate) {
        this(learningRate, 0.9, 0.999, 1e-7f);
    }

    /**
     * @param beta1   share of the old mean, from 0 to below 1
     * @param beta2   share of the old mean square, from 0 to below 1
     * @param epsilon above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Nadam(float learningRate, double beta1, double beta2, float epsilon) {
        super(learningRate);
        Arguments.factor("beta1", (float) beta1);
        Arguments.factor("beta2", (float) beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = Arguments.positive("epsilon", epsilon);
    }

    @Override
    Config addTo(Config config) {
        return config.with("beta1", beta1).with("beta2", beta2).with("epsilon", epsilon);
    }

    @Override
    void beginUpdate(int t, float rate) {
        extendProduct(t);
        double next = u(t + 1);
        meanRate = (float) (rate * next / (1 - product * next));
        gradientRate = (float) (rate * (1 - u(t)) / (1 - product));
        root = (float) (1 / Math.sqrt(1 - Adam.power(beta2, t)));
    }

    private double u(int t) {
        return beta1 * (1 - 0.5 * Adam.power(DECAY, t));
    }

    /** By one factor, or from the first if this optimizer was set to another step: always the same multiplications. */
    private void extendProduct(int t) {
        if (t <= factors) {
            factors = 0;
            product = 1;
        }
        while (factors < t) {
            factors++;
            product *= u(factors);
        }
    }

    @Override
    int slotCount() {
        return 2;
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        Backend.kernels().nadam(w.data(), w.offset(), g, gOffset, slots[0], 0, slots[1], 0, w.size(), meanRate, gradientRate,
                (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), root, epsilon);
    }
}
