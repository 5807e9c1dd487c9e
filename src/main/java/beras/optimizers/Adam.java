package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Variable;

/**
 * Adam (Kingma and Ba, 2015): moving means of the gradient and of its square, corrected for their start at 0;
 * {@code w = w - learningRate * m^ / (sqrt(v^) + epsilon)} with {@code m^ = m / (1 - beta1^t)}, {@code v^ = v / (1 - beta2^t)}.
 * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7, not AMSGrad. State: {@code [m, v]}, with AMSGrad {@code [m, v, largest v]}.
 *
 * <p>There are two forms, which differ in the place of epsilon. The constructors give the one above, that of the assignment and
 * of PyTorch. {@link #keras(float)} and its like give Keras's, which adds epsilon before the correction:
 * {@code w = w - learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + epsilon)}. With the default epsilon hardly
 * any training can tell.
 *
 * <p>Moments too small to matter become 0, see {@link beras.kernels.Kernels#adam}.
 */
public final class Adam extends Optimizer {

    private final boolean keras;
    private final double beta1;
    private final double beta2;
    private final float epsilon;
    private final boolean amsgrad;
    private float correctedRate;
    private float root;

    /** The assignment's, with beta1 0.9, beta2 0.999 and epsilon 1e-7. Keras's learning rate is 0.001. */
    public Adam(float learningRate) {
        this(learningRate, 0.9, 0.999, 1e-7f);
    }

    /**
     * The assignment's.
     *
     * @param beta1   share of the old mean, from 0 to below 1
     * @param beta2   share of the old mean square, from 0 to below 1
     * @param epsilon above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Adam(float learningRate, double beta1, double beta2, float epsilon) {
        this(learningRate, beta1, beta2, epsilon, false);
    }

    /**
     * The assignment's, if wanted as AMSGrad (Reddi and others, 2018).
     *
     * @param beta1   share of the old mean, from 0 to below 1
     * @param beta2   share of the old mean square, from 0 to below 1
     * @param epsilon above 0
     * @param amsgrad whether to divide by the root of the largest {@code v} so far
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Adam(float learningRate, double beta1, double beta2, float epsilon, boolean amsgrad) {
        this(learningRate, false, beta1, beta2, epsilon, amsgrad);
    }

    private Adam(float learningRate, boolean keras, double beta1, double beta2, float epsilon, boolean amsgrad) {
        super(learningRate);
        Arguments.factor("beta1", (float) beta1);
        Arguments.factor("beta2", (float) beta2);
        this.keras = keras;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = Arguments.positive("epsilon", epsilon);
        this.amsgrad = amsgrad;
    }

    /** Keras's, with beta1 0.9, beta2 0.999 and epsilon 1e-7. Keras's learning rate is 0.001. */
    public static Adam keras(float learningRate) {
        return keras(learningRate, 0.9, 0.999, 1e-7f, false);
    }

    /**
     * Keras's.
     *
     * @param beta1   share of the old mean, from 0 to below 1
     * @param beta2   share of the old mean square, from 0 to below 1
     * @param epsilon above 0
     * @param amsgrad whether to divide by the root of the largest {@code v} so far
     * @throws IllegalArgumentException if an argument is out of range
     */
    public static Adam keras(float learningRate, double beta1, double beta2, float epsilon, boolean amsgrad) {
        return new Adam(learningRate, true, beta1, beta2, epsilon, amsgrad);
    }

    @Override
    Config addTo(Config config) {
        return addMomentsTo(config.with("form", keras ? "keras" : null));
    }

    /** Adds the settings without the form. */
    Config addMomentsTo(Config config) {
        return config.with("beta1", beta1).with("beta2", beta2).with("epsilon", epsilon).with("amsgrad", amsgrad);
    }

    @Override
    void beginUpdate(int t, float rate) {
        double correction1 = 1 - power(beta1, t);
        double correction2 = 1 - power(beta2, t);
        correctedRate = (float) (keras ? rate * Math.sqrt(correction2) / correction1 : rate / correction1);
        root = keras ? 1f : (float) (1 / Math.sqrt(correction2));
    }

    /** {@code base^n} by squaring: strict arithmetic, unlike {@code Math.pow}. */
    static double power(double base, int n) {
        double result = 1;
        for (double square = base; n > 0; n >>= 1, square *= square) {
            if ((n & 1) == 1) {
                result *= square;
            }
        }
        return result;
    }

    @Override
    int slotCount() {
        return amsgrad ? 3 : 2;
    }

    @Override
    void update(Variable w, float[] g, int gOffset, float[][] slots, float rate) {
        if (amsgrad) {
            Backend.kernels().amsGrad(w.data(), w.offset(), g, gOffset, slots[0], 0, slots[1], 0, slots[2], 0, w.size(),
                    correctedRate, (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), root, epsilon);
        } else {
            Backend.kernels().adam(w.data(), w.offset(), g, gOffset, slots[0], 0, slots[1], 0, w.size(), correctedRate,
                    (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), root, epsilon);
        }
    }
}
