/**
 * Whole trainings side by side: BERAS and its rivals do the same job, each as a process of its own, started as a
 * user starts it, and taking turns. {@code bench/rivals/README.md} says what the job is and how each party does it.
 */
package beras.bench.endtoend;
