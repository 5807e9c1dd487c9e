/** Optimizers, each step one pass over memory in one kernel, and the learning rates that they can follow. */
package beras.optimizers;
