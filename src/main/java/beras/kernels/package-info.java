/**
 * Numeric kernels on blocks of floats, scalar and with vectors, with the same bits from both.
 *
 * <p>They come in groups by subject, such as {@link beras.kernels.Products} or {@link beras.kernels.Sums}; {@link
 * beras.kernels.Backend} has them all. The class that bears the group's name is the public class: it says what each kernel
 * computes, checks that {@linkplain beras.kernels.MatrixView blocks} agree, and splits large work over {@link
 * beras.kernels.Threads}. The class {@code Scalar...} is the definition, in plain Java; the class {@code Vector...} extends it
 * and overrides what is worth vectors.
 *
 * <p><b>Bit contract.</b> A result is a pure function of the input bits: all implementations return the same bits, whatever
 * their vector width or number of threads. (A NaN is a NaN; which of the NaN bit patterns is not said.) It holds because only
 * correctly rounded operations ({@code + - * / sqrt fma}) are used, in an order that the public class fixes:
 * <ul>
 *   <li>an element of a matrix product is one chain of {@code fma}, see {@link beras.kernels.Products}, and convolutions are
 *       products, see {@link beras.kernels.Convolutions};
 *   <li>a row sum is folded over 16 virtual lanes, a column sum runs in increasing row order, both in blocks, see
 *       {@link beras.kernels.Sums};
 *   <li>{@code exp}, {@code log}, {@code tanh} and the functions made of them are polynomials of BERAS's own, in {@code ScalarMath}.
 * </ul>
 *
 * <p><b>SIMD</b> comes into use kernel by kernel: the first calls of a kernel are scalar, and a large one or many ask {@code
 * WarmUp} to have the vector code compiled, by the call that stands at the kernel's declaration, see {@code SimdKernel}.
 *
 * <p><b>In place.</b> Where a public class says so, an output may be the same block as an input; it must never overlap one
 * otherwise.
 *
 * <p><b>A product</b>, from call to tile:
 * <ol>
 *   <li>{@link beras.kernels.Products#gemm} and {@link beras.kernels.Products#dense} check shapes. Work of less than {@code
 *       Thresholds.SHARED_WORK} multiply-adds is computed as it is; else {@code ProductPlan.sharing} or {@code layerSharing} says
 *       whether {@link beras.kernels.Threads} share the rows, the columns or the steps of the product.
 *   <li>Each part goes to the implementation in use, {@code ScalarProducts} or, from when the wide tile is compiled, {@code
 *       VectorProducts}. {@code ProductPlan.algorithm} names the fastest for the part, by its shape and, if that may matter, by samples
 *       of how many zeros the left matrix has ({@code Density}). If the {@code SimdKernel} of that algorithm is not compiled yet, it is
 *       asked for, and a dense one takes its place.
 *   <li>{@code SparseGemm} lists the steps at which the left matrix is not zero, two rows at a time, if the right matrix is
 *       finite; else the part is computed by a dense one. Without lists it computes the products of few rows. {@code VectorGemm} goes
 *       through all steps, {@code Thresholds.STEPS_PER_PASS} at a time.
 *   <li>Both go through the columns tile by tile: {@code ProductPlan.denseTile} or {@code sparseTile} says how wide the next is,
 *       {@code densePacking} or {@code sparsePacking} whether its columns of the right matrix are copied first, perhaps to a
 *       cache line ({@code Alignment}). {@code Tiles}, which a generator in the build writes, has the loops.
 *   <li>{@code Elements.after} adds the bias and computes the activation.
 * </ol>
 *
 * <p><b>A convolution</b> is such a product of patches with filters: {@code Patches} copies the patches of some positions to a panel,
 * and adds a panel of gradients to the images. With few channels, copying takes longer than multiplying, so {@code
 * WindowedImages} are read in place: {@code VectorProducts.gather}, the algorithm {@code GATHER}, finds each element of the left
 * matrix at the sum of two offsets, which these list.
 *
 * <p><b>A recurrent layer</b> is a product for the inputs of all steps, and then {@link beras.kernels.Recurrences}: the sequences of a
 * batch are packed, step by step, so that the rows of a step follow each other and none is padding; each thread takes its part of them
 * through all steps, by products and functions of each element.
 *
 * <p><b>Attention</b> is {@link beras.kernels.Attentions}: each thread packs what counts of a head, and computes scores, softmax and
 * result by products and rows of softmax.
 *
 * <p><b>An update</b>, from optimizer to weight: {@code Optimizer.applyGradients} makes the rule of the step, such as {@link
 * beras.kernels.UpdateRules.Adam}, once for all variables, and calls {@link beras.kernels.Updates#apply} for each. That checks sizes
 * and lets threads share the elements, from {@code Thresholds.SHARED_ELEMENTS} on. {@code VectorRules.apply} finds the loop of
 * the rule's class; what is left beyond whole vectors, and a rule without a loop, goes to the rule's own {@link
 * beras.kernels.Update#apply}, which is the definition.
 *
 * <p>This is the only package that may use {@code jdk.incubator.vector}, and it depends on nothing else. The module does not
 * export it: {@code beras.compute} says what runs. {@code Thresholds} has all numbers by which kernels choose; {@code
 * KernelBitsTest} and {@code AllocationTest} go through all {@code KernelCases}.
 */
package beras.kernels;
