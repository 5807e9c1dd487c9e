/**
 * The benchmarks: the kernels as a program calls them, the plain loops for comparison, and the two limits of the machine that
 * explain the numbers.
 *
 * <p>Every benchmark is a {@link beras.bench.kernels.Checked}: it proves its result before a time is taken. None chooses its
 * kernels; the system properties of its JVM do, so the same code measures scalar and vector.
 */
package beras.bench.kernels;
