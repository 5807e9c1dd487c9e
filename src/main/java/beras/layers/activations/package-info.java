/**
 * Activations as layers of their own; by name from {@link beras.layers.Layers#ACTIVATIONS}, such as for
 * {@code new Dense(128, "relu")}. A model computes a Dense layer and the activation behind it as one where the derivative follows
 * from the output. Name one in a layer; use its class for settings of its own.
 */
package beras.layers.activations;
