package beras.optimizers;

import beras.config.Configurable;

/**
 * A learning rate that depends on the step, see {@link Optimizer#schedule}.
 *
 * <p>Immutable, and a function of the step alone, so that a training which goes on later finds the same rates.
 */
public interface LearningRateSchedule extends Configurable {

    /**
     * The learning rate of a step, in double and by strict arithmetic: the same bits on any machine.
     *
     * @param step the number of steps before this one, from 0
     */
    double rate(int step);
}
