package beras.optimizers;

import beras.config.Arguments;

/** A rate in inverse proportion to time: {@code initialLearningRate / (1 + decayRate * step / decaySteps)}. */
public final class InverseTimeDecay extends TimeDecay {

    InverseTimeDecay() {}

    /**
     * With a rate that changes at every step.
     *
     * @param initialLearningRate at least 0
     * @param decaySteps          at least 1
     * @param decayRate           at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public InverseTimeDecay(double initialLearningRate, int decaySteps, double decayRate) {
        super(initialLearningRate, decaySteps, decayRate);
    }

    @Override
    double checkedRate(double rate) {
        return Arguments.notNegative("decayRate", rate);
    }

    @Override
    double rate(double initial, double decayRate, double time) {
        return initial / (1 + decayRate * time);
    }
}
