/**
 * How a net learns: {@link beras.training.Trainer} is the loop, {@link beras.training.FitOptions} and
 * {@link beras.training.Objective} say what it does, and a {@link beras.training.Callback} listens. It knows a net only as a
 * {@link beras.training.Trainable}, so that models may offer {@code fit} themselves.
 */
package beras.training;
