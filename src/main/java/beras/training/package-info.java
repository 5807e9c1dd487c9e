/**
 * How a net learns. A {@link beras.training.Recipe} says how it is made and trained, {@link beras.training.Trainer} is the loop,
 * {@link beras.training.FitOptions} and {@link beras.training.Objective} say what it does, and a
 * {@link beras.training.Callback} listens. A training ends with an {@link beras.training.Outcome}, and can be resumed from a
 * {@link beras.training.TrainingState}. What was measured is an {@link beras.training.Evaluation}. A net is known only as a
 * {@link beras.training.Trainable}, so that models may offer {@code fit} themselves.
 *
 * <p>{@code ResumeTest} breaks trainings off, {@code CombinationsTest} has options meet, {@code models.FitEqualsTapeTest}
 * compares with a user's tape.
 */
package beras.training;
