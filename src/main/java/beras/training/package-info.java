/**
 * How a net learns: {@link beras.training.Trainer} is the loop, {@link beras.training.FitOptions} and
 * {@link beras.training.Objective} say what it does, and a {@link beras.training.Callback} listens. A training ends with
 * an {@link beras.training.Outcome}, and can be gone on with from a {@link beras.training.TrainingState}. A net is known only as
 * a {@link beras.training.Trainable}, so that models may offer {@code fit} themselves.
 */
package beras.training;
