/**
 * Layers: what a model is made of, stacked or, by {@link beras.layers.Node}s, in any graph; by name from
 * {@link beras.layers.Layers}. Names and shapes are those of Keras; only the bias of {@link beras.layers.Dense} has two axes, as
 * in the assignment. Begin with {@link beras.layers.Input} and {@code Dense} in a {@link beras.models.Sequential}.
 *
 * <p>{@code EveryLayerTest} holds all of them to common rules, {@code models.LayersSameBitsTest} has hashes.
 */
package beras.layers;
