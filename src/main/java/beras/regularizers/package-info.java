/** Penalties on weights that are added to the loss; by name from {@link beras.regularizers.Regularizers}. */
package beras.regularizers;
