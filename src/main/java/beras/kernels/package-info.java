/**
 * Flat-array numeric primitives, scalar and in vector lanes, with the same bits from both.
 *
 * <p>{@link beras.kernels.Kernels} lists them and states the bit contract; {@link beras.kernels.Backend} chooses the
 * implementation; {@link beras.kernels.Threads} splits work. This is the only package that may use
 * {@code jdk.incubator.vector}, and it depends on nothing else.
 *
 * <p>{@code KernelBitsTest} and {@code AllocationTest} go through all {@code KernelCases}.
 */
package beras.kernels;
