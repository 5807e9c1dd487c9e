/**
 * Whole training runs side by side: BERAS and its rivals do the same job, each in a separate process, started as by a user, and
 * taking turns. {@code bench/rivals/README.md} describes the job and how each party does it.
 */
package beras.bench.endtoend;
