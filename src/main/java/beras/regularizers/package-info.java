/**
 * Penalties on weights that are added to the loss; by name from {@link beras.regularizers.Regularizers}. Begin with
 * {@code new Dense(8).with("kernelRegularizer", "l2(1e-4)")}.
 */
package beras.regularizers;
