package beras.optimizers;

import beras.config.Arguments;
import beras.config.Config;
import java.util.Arrays;

/** A rate for each stretch of steps: {@code values[i]} up to and with step {@code boundaries[i]}, the last value after all. */
public final class PiecewiseConstantDecay implements LearningRateSchedule {

    private final int[] boundaries;
    private final double[] values;

    /**
     * @param boundaries increasing
     * @param values     one more than boundaries, each at least 0
     * @throws IllegalArgumentException if an argument is out of range
     */
    public PiecewiseConstantDecay(int[] boundaries, double[] values) {
        if (values.length != boundaries.length + 1) {
            throw new IllegalArgumentException("There must be one value more than boundaries. Received: " + boundaries.length
                    + " boundaries and " + values.length + " values");
        }
        for (int i = 1; i < boundaries.length; i++) {
            if (boundaries[i] <= boundaries[i - 1]) {
                throw new IllegalArgumentException("boundaries must increase. Received: " + Arrays.toString(boundaries));
            }
        }
        for (int i = 0; i < values.length; i++) {
            Arguments.notNegative("values[" + i + "]", values[i]);
        }
        this.boundaries = boundaries.clone();
        this.values = values.clone();
    }

    @Override
    public double rate(int step) {
        int i = 0;
        while (i < boundaries.length && step > boundaries[i]) {
            i++;
        }
        return values[i];
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("boundaries", Arrays.stream(boundaries).boxed().toList())
                .with("values", Arrays.stream(values).boxed().toList());
    }
}
