/** Penalties on weights that are added to the loss. */
package beras.regularizers;
