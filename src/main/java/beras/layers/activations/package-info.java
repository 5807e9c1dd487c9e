/**
 * Activations as layers of their own, and by name. {@code compile} fuses them into the Dense layer before them where their
 * derivative follows from their output.
 */
package beras.layers.activations;
