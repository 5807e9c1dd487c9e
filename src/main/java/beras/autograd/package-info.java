/**
 * Automatic differentiation: {@link beras.autograd.Diffable} is a node, {@link beras.autograd.Call} one use of it,
 * {@link beras.autograd.GradientTape} records the calls of a scope and adds up gradients over all paths.
 *
 * <p>{@link beras.autograd.GradientCheck} compares gradients with differences in double; {@code OperationsTest} does so for all
 * operations, {@code layers.EveryLayerTest} compares fused gradients with local Jacobians.
 */
package beras.autograd;
