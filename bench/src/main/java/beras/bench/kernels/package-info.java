/**
 * What is measured: the kernels as a program calls them, the plain loops they are compared with, and the two limits of the
 * machine that explain the numbers.
 *
 * <p>Every benchmark is a {@link beras.bench.kernels.Checked}: it proves its result before a time is taken. None knows which
 * kernels it runs on; that is up to the system properties of its JVM, so the same code measures scalar and vector.
 */
package beras.bench.kernels;
