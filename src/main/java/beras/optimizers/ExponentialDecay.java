package beras.optimizers;

import beras.config.Arguments;

/**
 * A rate that shrinks by the same factor in every {@code decaySteps} steps:
 * {@code initialLearningRate * decayRate^(step / decaySteps)}.
 */
public final class ExponentialDecay extends TimeDecay {

    ExponentialDecay() {}

    /**
     * With a rate that changes at every step.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @param decayRate           above 0; with more than 1 the rate grows
     * @throws IllegalArgumentException if an argument is out of range
     */
    public ExponentialDecay(double initialLearningRate, int decaySteps, double decayRate) {
        super(initialLearningRate, decaySteps, decayRate);
    }

    @Override
    double checkedRate(double rate) {
        return Arguments.positive("decayRate", rate);
    }

    @Override
    double rate(double initial, double decayRate, double time) {
        return initial * StrictMath.pow(decayRate, time);
    }
}
