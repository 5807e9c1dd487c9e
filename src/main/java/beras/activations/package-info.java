/** Activations as layers of their own; {@code compile} fuses them into the Dense layer before them. */
package beras.activations;
