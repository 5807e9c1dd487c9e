/**
 * Rules that weights must keep, restored after every step of training; by name from {@link beras.constraints.Constraints}.
 */
package beras.constraints;
