/**
 * Optimizers, each step one pass over memory in one kernel, by name from {@link beras.optimizers.Optimizers}; and the learning
 * rates that they can follow, from {@link beras.optimizers.Schedules}.
 *
 * <p>{@code OptimizerTest} has what all share, {@code OptimizersTest} names and settings, {@code OptionsTest} clipping, decay and
 * averages, {@code OptimizerBitsTest} hashes.
 */
package beras.optimizers;
