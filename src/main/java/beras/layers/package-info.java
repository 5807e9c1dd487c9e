/**
 * Layers: the parts of a model, stacked or, by {@link beras.layers.Node}s, in any graph; by name from
 * {@link beras.layers.Layers}. Names and shapes are Keras's; only the bias of {@link beras.layers.Dense} has two axes, as in
 * the assignment. Begin with {@link beras.layers.Input} and {@code Dense} in a {@link beras.models.Sequential}.
 *
 * <p>{@code EveryLayerTest} tests the common rules of all layers, {@code models.SameBitsTest} has hashes.
 */
package beras.layers;
