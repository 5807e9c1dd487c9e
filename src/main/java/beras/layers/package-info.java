/** Layers: what a model is stacked of. Names and shapes are those of Keras, with the assignment's two-axis bias. */
package beras.layers;
