/**
 * Numeric kernels on blocks of floats, scalar and in vector lanes, with the same bits from both.
 *
 * <p>They come in families by subject, such as {@link beras.kernels.Products} or {@link beras.kernels.Sums}; {@link
 * beras.kernels.Backend} has them all. The class that bears the family's name is its face: it says what each kernel computes,
 * checks that {@linkplain beras.kernels.Block blocks} agree, and splits large work over {@link beras.kernels.Threads}. The class
 * {@code Scalar...} is the definition, in plain Java; the class {@code Vector...} extends it and overrides what is worth lanes.
 *
 * <p><b>Bit contract.</b> A result is a pure function of the input bits: all implementations return the same bits, whatever
 * their vector width or number of threads. (A NaN is a NaN; which of the NaN bit patterns is not said.) It holds because only
 * correctly rounded operations ({@code + - * / sqrt fma}) are used, in an order that the face fixes:
 * <ul>
 *   <li>an element of a matrix product is one chain of {@code fma}, see {@link beras.kernels.Products}, and convolutions are
 *       products, see {@link beras.kernels.Convolutions};
 *   <li>a row sum is folded over 16 virtual lanes, a column sum runs in increasing row order, both in blocks, see
 *       {@link beras.kernels.Sums};
 *   <li>{@code exp}, {@code log}, {@code tanh} and the functions made of them are polynomials of our own, in {@code FloatMath}.
 * </ul>
 *
 * <p><b>In place.</b> Where a face says so, an output may be the same block as an input; it must never overlap one otherwise.
 *
 * <p>This is the only package that may use {@code jdk.incubator.vector}, and it depends on nothing else. {@code KernelBitsTest}
 * and {@code AllocationTest} go through all {@code KernelCases}.
 */
package beras.kernels;
