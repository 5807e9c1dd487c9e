/**
 * First values of weights, pure functions of shape and seed; by name from {@link beras.initializers.Initializers}. Begin with
 * {@code new Dense(8).with("kernelInitializer", "he_normal")}.
 */
package beras.initializers;
