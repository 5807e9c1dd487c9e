package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import java.util.Arrays;

/** A rate for each stretch of steps: {@code values[i]} up to and with step {@code boundaries[i]}, the last value after all. */
public final class PiecewiseConstantDecay implements LearningRateSchedule {

    private int[] boundaries = {};
    private double[] values = {};

    PiecewiseConstantDecay() {}

    /**
     * @param boundaries increasing
     * @param values     one more than boundaries, each at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public PiecewiseConstantDecay(int[] boundaries, double[] values) {
        this.boundaries = boundaries.clone();
        this.values = values.clone();
        Settings.check(this);
    }

    @Override
    public void settings(Settings s) {
        int[] steps = s.integers("boundaries", boundaries);
        double[] rates = s.required().numbers("values", values);
        if (rates.length != steps.length + 1) {
            throw new IllegalArgumentException("There must be one value more than boundaries. Received: " + steps.length
                    + " boundaries and " + rates.length + " values");
        }
        for (int i = 1; i < steps.length; i++) {
            if (steps[i] <= steps[i - 1]) {
                throw new IllegalArgumentException("boundaries must increase. Received: " + Arrays.toString(steps));
            }
        }
        for (int i = 0; i < rates.length; i++) {
            Arguments.notNegative("values[" + i + "]", rates[i]);
        }
        boundaries = steps;
        values = rates;
    }

    @Override
    public double rate(int step) {
        int i = 0;
        while (i < boundaries.length && step > boundaries[i]) {
            i++;
        }
        return values[i];
    }
}
