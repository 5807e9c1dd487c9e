package beras.models;

import beras.config.Arguments;
import beras.config.InvalidDataException;
import beras.tensor.Rng;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Chooses the next token from the outputs of a model for each token. The same settings and outputs give the same tokens on any
 * machine.
 *
 * @param temperature the divisor of logits, at least 0: below 1 likely tokens become likelier; 0: the likeliest is taken
 * @param topK        only so many of the likeliest tokens are candidates; 0: all
 * @param topP        only the likeliest tokens whose probabilities sum to this are candidates, the one that reaches it
 *     included; in (0, 1]
 * @param seed        of the choice
 */
public record Sampling(double temperature, int topK, double topP, long seed) {

    /** From the unchanged probabilities, with the seed 1. */
    public static final Sampling DEFAULT = new Sampling(1, 0, 1, 1);

    /** The temperature of samples of texts, where none is given. */
    public static final double TEMPERATURE = 0.8;

    /** Of this temperature, with the seed 1. */
    public static final Sampling OF_TEXTS = new Sampling(TEMPERATURE, 0, 1, 1);

    /** @throws IllegalArgumentException if a number is out of its range */
    public Sampling {
        if (!(temperature >= 0) || temperature == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("The temperature must be a number of at least 0. Received: " + temperature);
        }
        Arguments.atLeast(0, "topK", topK);
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("topP must be above 0 and at most 1. Received: " + topP);
        }
    }

    /**
     * Chooses a token.
     *
     * @param scores logits, or logarithms of probabilities: as many as there are tokens from index {@code at} on; a token of
     *               {@code -Infinity} is not chosen
     * @param number of the choice, from 0, which decides with the seed
     * @throws IllegalArgumentException if a score is NaN, or none is finite
     */
    int choose(float[] scores, int at, int count, long number) {
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
            if (Float.isNaN(scores[at + i])) {
                throw new InvalidDataException("The model gives NaN for token " + i + ", so its weights are damaged");
            }
        }
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[at + i])); // stable: of equal ones the first
        if (!(Math.abs(scores[at + order[0]]) <= Float.MAX_VALUE)) {
            throw new InvalidDataException("The model gives no finite number for the likeliest token. Received: "
                    + scores[at + order[0]]);
        }
        if (temperature == 0) {
            return order[0];
        }
        int most = topK == 0 ? count : Math.min(topK, count);
        double[] weights = new double[most];
        double sum = 0;
        for (int i = 0; i < most; i++) {
            weights[i] = StrictMath.exp((scores[at + order[i]] - scores[at + order[0]]) / temperature);
            sum += weights[i];
        }
        double kept = 0;
        int last = 0;
        while (last < most && kept < topP * sum) {
            kept += weights[last++];
        }
        double drawn = new Rng(seed, "sampling", 0).uniform(number) * kept;
        for (int i = 0; i < last; i++) {
            drawn -= weights[i];
            if (drawn < 0) {
                return order[i];
            }
        }
        return order[0]; // of a sum that was rounded
    }
}
