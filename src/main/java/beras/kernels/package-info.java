/**
 * Numeric kernels on blocks of floats, scalar and with vectors, with bit-identical results.
 *
 * <p>They come in groups by subject, such as {@link beras.kernels.Products} or {@link beras.kernels.Sums}; {@link
 * beras.kernels.Backend} has them all. The class with the group's name is public: it specifies each kernel, checks the shapes of
 * {@linkplain beras.kernels.MatrixView blocks}, and splits large work over {@link beras.kernels.Threads}. The class {@code
 * Scalar...} is the definition, in plain Java; the class {@code Vector...} extends it and overrides kernels that are faster with
 * vectors.
 *
 * <p><b>Bit contract.</b> A result is a pure function of the input bits: all implementations are bit-identical, for any vector
 * width or number of threads. (The bit pattern of a NaN is unspecified.) It holds because only correctly rounded operations ({@code
 * + - * / sqrt fma}) are used, in an order that the public class fixes:
 * <ul>
 *   <li>an element of a matrix product is one chain of {@code fma}, see {@link beras.kernels.Products}, and convolutions are
 *       products, see {@link beras.kernels.Convolutions};
 *   <li>a row sum is folded over 16 virtual lanes, a column sum runs in increasing row order, both in blocks, see {@link
 *       beras.kernels.Sums};
 *   <li>{@code exp}, {@code log}, {@code tanh} and the functions made of them are polynomials, in {@code ScalarMath}.
 * </ul>
 *
 * <p><b>SIMD</b> comes into use kernel by kernel: the first calls of a kernel are scalar, and a large call, or many calls, make
 * {@code WarmUp} compile the vector code, by the call in the kernel's declaration, see {@code SimdKernel}.
 *
 * <p><b>In place.</b> Where a public class allows it, an output may be the same block as an input; it must never overlap one
 * otherwise.
 *
 * <p><b>A product</b>, from call to tile:
 * <ol>
 *   <li>{@link beras.kernels.Products#gemm} and {@link beras.kernels.Products#dense} check shapes. Work of less than {@code
 *       Thresholds.SHARED_WORK} multiply-adds stays in one thread; else {@code ProductPlan.sharing} or {@code layerSharing} decides
 *       whether {@link beras.kernels.Threads} share the rows, the columns or the steps of the product.
 *   <li>The implementation in use computes each part: {@code ScalarProducts} or, once the wide tile is compiled, {@code
 *       VectorProducts}. {@code ProductPlan.algorithm} selects the fastest algorithm for the part, by its shape and, if that may
 *       matter, by a sampled density of the left matrix ({@code Density}). If the {@code SimdKernel} of that algorithm is not
 *       compiled yet, it is requested, and a dense algorithm replaces it.
 *   <li>{@code SparseGemm} lists the steps at which the left matrix is not zero, two rows at a time, if the right matrix is finite;
 *       else the part is computed by a dense one. It computes products of few rows without lists. {@code VectorGemm} processes all
 *       steps, {@code Thresholds.STEPS_PER_PASS} at a time.
 *   <li>Both process the columns tile by tile: {@code ProductPlan.denseTile} or {@code sparseTile} selects the width of the next,
 *       {@code densePacking} or {@code sparsePacking} decides whether its columns of the right matrix are packed first, perhaps
 *       aligned to a cache line ({@code Alignment}). The generated class {@code Tiles} has the loops.
 *   <li>{@code Elements.after} adds the bias and computes the activation.
 * </ol>
 *
 * <p><b>A convolution</b> is such a product of patches with filters: {@code Patches} copies the patches of some positions to a
 * panel, and adds a panel of gradients to the images. With few channels, copying takes longer than multiplying, so {@code
 * WindowedImages} are read in place: {@code VectorProducts.gather}, the algorithm {@code GATHER}, finds each element of the left
 * matrix at the sum of two offsets, listed by {@code WindowedImages}.
 *
 * <p><b>A recurrent layer</b> is a product for the inputs of all steps, and then {@link beras.kernels.Recurrences}: the sequences
 * of a batch are packed, step by step, so that the rows of a step follow each other and none is padding; each thread computes all
 * steps of its part, by products and elementwise functions.
 *
 * <p><b>Attention</b> is {@link beras.kernels.Attentions}: each thread packs the unmasked steps of a head, and computes scores,
 * softmax and result by products and softmaxes of rows.
 *
 * <p><b>An update</b>, from optimizer to weight: {@code Optimizer.applyGradients} makes the rule of the step, such as {@link
 * beras.kernels.UpdateRules.Adam}, once for all variables, and calls {@link beras.kernels.Updates#apply} for each, which checks
 * sizes and splits the elements over threads, from {@code Thresholds.SHARED_ELEMENTS} on. {@code VectorRules.apply} finds the loop
 * of the rule's class; {@link beras.kernels.Update#apply}, the definition, computes the elements beyond whole vectors, and rules
 * without a loop.
 *
 * <p>This is the only package that may use {@code jdk.incubator.vector}, and it depends on nothing else. The module does not export
 * it: {@code beras.compute} reports the implementation in use. {@code Thresholds} has all thresholds of kernels; {@code
 * KernelBitsTest} and {@code AllocationTest} cover all {@code KernelCases}.
 */
package beras.kernels;
