/**
 * Rules that weights must keep, restored after every step of training; by name from {@link beras.constraints.Constraints}.
 * Begin with {@code new Dense(8).with("kernelConstraint", "max_norm(3)")}.
 */
package beras.constraints;
