/**
 * Automatic differentiation. {@link beras.autograd.GradientTape} records the computations in a scope, and applies the chain
 * rule backwards; begin there. It records operations of tensors, whose rules are one table, {@code Derivatives}, and calls of
 * {@link beras.autograd.Diffable}s: layers, activations and losses, which have faster gradients, or are made of operations
 * themselves. A {@link beras.autograd.Call} is one use of a node.
 *
 * <p>A page of the documentation, {@code explain/autograd.md}, walks through a product, a broadcast and a softmax.
 *
 * <p>{@link beras.autograd.GradientCheck} compares gradients with differences in double; {@code OperationsTest} does so for all
 * operations, {@code layers.EveryLayerTest} compares fused gradients with local Jacobians.
 */
package beras.autograd;
