/** Optimizers; each step is one pass over memory in one kernel. */
package beras.optimizers;
