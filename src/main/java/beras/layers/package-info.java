/**
 * Layers: what a model is made of, stacked or, by {@link beras.layers.Node}s, in any graph. Names and shapes are those of
 * Keras; only the bias of {@link beras.layers.Dense} has two axes, as in the assignment.
 */
package beras.layers;
