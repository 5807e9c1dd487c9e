package beras.optimizers;

import beras.kernels.Backend;
import beras.tensor.Tensor;
import beras.tensor.Variable;

/**
 * Adam (Kingma and Ba, 2015): moving means of the gradient and of its square, corrected for their start at 0;
 * {@code w = w - learningRate * m^ / (sqrt(v^) + epsilon)} with {@code m^ = m / (1 - beta1^t)}, {@code v^ = v / (1 - beta2^t)}.
 * Defaults: beta1 0.9, beta2 0.999, epsilon 1e-7. State: {@code [m, v]}.
 *
 * <p>Moments too small to matter become 0, see {@link beras.kernels.Kernels#adam}.
 */
public final class Adam extends Optimizer {

    private final double beta1;
    private final double beta2;
    private final float epsilon;
    private int steps;
    private float rate;
    private float root;

    /** With beta1 0.9, beta2 0.999 and epsilon 1e-7. */
    public Adam(float learningRate) {
        this(learningRate, 0.9, 0.999, 1e-7f);
    }

    /**
     * @param beta1   share of the old mean, from 0 to below 1
     * @param beta2   share of the old mean square, from 0 to below 1
     * @param epsilon above 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public Adam(float learningRate, double beta1, double beta2, float epsilon) {
        super(learningRate);
        requireFactor("beta1", (float) beta1);
        requireFactor("beta2", (float) beta2);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = requireEpsilon(epsilon);
    }

    /** The number of steps made; each call of {@code applyGradients} is one, whatever the number of variables. */
    public int steps() {
        return steps;
    }

    @Override
    void beginStep() {
        steps++;
        rate = (float) (learningRate() / (1 - power(beta1, steps)));
        root = (float) (1 / Math.sqrt(1 - power(beta2, steps)));
    }

    /** {@code base^n} by squaring: strict arithmetic, unlike {@code Math.pow}. */
    private static double power(double base, int n) {
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
        return 2;
    }

    @Override
    void update(Variable w, Tensor g, float[][] state) {
        Backend.kernels().adam(w.data(), w.offset(), g.data(), g.offset(), state[0], 0, state[1], 0, w.size(), rate,
                (float) beta1, (float) (1 - beta1), (float) beta2, (float) (1 - beta2), root, epsilon);
    }
}
