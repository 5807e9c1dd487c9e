/**
 * Automatic differentiation: {@link beras.autograd.Diffable} is a node, {@link beras.autograd.Call} one use of it,
 * {@link beras.autograd.GradientTape} records the calls of a scope and adds up gradients over all paths.
 *
 * <p>{@code GradientCheckTest} compares with differences in double, {@code layers.EveryLayerTest} fused gradients with local
 * Jacobians.
 */
package beras.autograd;
