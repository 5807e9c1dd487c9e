package beras.optimizers;

import beras.config.Configurable;
import beras.config.Settings;

/**
 * A learning rate that depends on the step, which the constructor of any optimizer takes.
 *
 * <p>Not changed any more once it is used, and a function of the step alone, so that a resumed training has the same rates.
 */
public interface LearningRateSchedule extends Configurable {

    /**
     * The learning rate of a step, in double and by strict arithmetic: the same bits on any machine.
     *
     * @param step the number of steps before this one, from 0
     */
    double rate(int step);

    /**
     * Changes one setting, by the name that configs and the reference have.
     *
     * @return this
     * @throws IllegalArgumentException if there is no such setting, or the value does not fit; nothing is changed then
     */
    default LearningRateSchedule with(String setting, Object value) {
        Settings.set(this, setting, value);
        return this;
    }
}
