/**
 * Optimizers, by name from {@link beras.optimizers.Optimizers}, and the learning rates that they can follow, from {@link
 * beras.optimizers.Schedules}. Begin with {@code new Adam(0.001)} or {@code "adam(0.001)"}. A step is one pass over memory in
 * one kernel.
 *
 * <h2>A line of Adam</h2>
 *
 * <p>{@code m = beta1 * m + (1 - beta1) * g} stands in {@code kernels.UpdateRules.Adam.apply}, with the rest of the rule: the
 * records of {@code kernels.UpdateRules} are the definitions. How a step comes there:
 *
 * <ol>
 * <li>{@link beras.optimizers.Optimizer#applyGradients} rejects gradients of wrong shapes, counts the step, and gets the
 *     learning rate from the schedule. With gradient accumulation it adds the gradients to their sums, and stops here but in
 *     every {@code n}-th step.
 * <li>{@code Adam.rule} is called once for all variables: it makes the rule, an {@code UpdateRules.Adam}, of the
 *     learning rate and of the bias corrections, which are the same for all weights.
 * <li>For each variable with a gradient, {@code OptimizerState} returns the slots {@code m} and {@code v}, in memory that is
 * kept from step to step; weight decay takes its share off the weights; {@code GradientRules} unscales and clips the gradient,
 * if enabled.
 * <li>{@code kernels.Updates.apply} shares the elements among the threads. Each runs the rule on its part: by vectors, which
 *     repeat the record's formula and give the same bits, and the record itself where there are none.
 * <li>At last {@code WeightAverages} updates the moving averages of the weights, if they are kept.
 * </ol>
 *
 * <p>{@code OptimizerTest} has the common rules, {@code OptimizersTest} names and settings, {@code OptionsTest} clipping, decay
 * and averages, {@code OptimizerBitsTest} hashes.
 */
package beras.optimizers;
