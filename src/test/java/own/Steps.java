package own;

import beras.config.Arguments;
import beras.config.Settings;
import beras.optimizers.LearningRateSchedule;

/** Half the rate after every so many steps. */
public final class Steps implements LearningRateSchedule {

    private double first = 0.1;
    private int length = 10;

    @Override
    public void settings(Settings s) {
        first = Arguments.positive("first", s.number("first", first));
        length = Arguments.atLeast(1, "length", s.integer("length", length));
    }

    @Override
    public double rate(int step) {
        return Math.scalb(first, -(step / length));
    }
}
