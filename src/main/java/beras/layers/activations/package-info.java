/**
 * Activations as separate layers; by name from {@link beras.layers.Layers#ACTIVATIONS}, such as for
 * {@code new Dense(128, "relu")}. A model computes a Dense layer and the activation behind it as one where the derivative
 * follows from the output. The activations used as layers have classes; the others are rows of
 * {@link beras.layers.activations.Activation}'s table.
 */
package beras.layers.activations;
