package beras.kernels;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The interface to the kernels of one subject: checks shapes, splits large work over {@link Threads}, and calls an implementation.
 * Work is split by rows, columns or elements of the output; only {@link Products} may split the reduction dimension k, and still
 * adds the products in order.
 *
 * <p>An implementation receives whole blocks and the range to compute. The scalar implementation defines the results; the SIMD
 * implementation extends it, and runs each kernel once it is compiled, see {@link SimdKernel}.
 *
 * @param <K> the scalar implementation
 */
abstract class KernelGroup<K> {

    private static final List<KernelGroup<?>> IN_USE = new ArrayList<>();
    private static boolean preparing;
    private static boolean throughout;

    /** A kernel on a range of its units: rows, columns or elements. */
    @FunctionalInterface
    interface Kernel<K> {
        void run(K kernels, int from, int to);
    }

    int elements; // the number from which on work is split; tests split all
    private volatile K live;
    private volatile K simd; // computes kernels once they are compiled; null: live computes all

    KernelGroup(K live, int elements) {
        this.live = live;
        this.elements = elements;
    }

    /** Registers a group for {@link #prepareSimd} and {@link #useSimdThroughout}. */
    static synchronized <F extends KernelGroup<?>> F inUse(F group) {
        IN_USE.add(group);
        if (throughout) {
            group.useSimd();
        } else if (preparing) {
            group.prepare();
        }
        return group;
    }

    /** From now on, calls of kernels request SIMD, in all groups in use and later ones. */
    static synchronized void prepareSimd() {
        preparing = true;
        if (!throughout) {
            IN_USE.forEach(KernelGroup::prepare);
        }
    }

    /** Lets all groups in use, and those to come, compute all kernels with SIMD, compiled or not. */
    static synchronized void useSimdThroughout() {
        throughout = true;
        IN_USE.forEach(KernelGroup::useSimd);
    }

    /** A new implementation with SIMD. */
    abstract K simd();

    final void prepare() {
        simd = simd();
    }

    final void useSimd() {
        use(simd());
    }

    /** Lets an implementation compute all kernels. */
    final void use(K kernels) {
        live = kernels;
        simd = null;
    }

    /** The implementation of kernels without vector code, or whose vector code is not compiled. */
    final K live() {
        return live;
    }

    /** A kernel for each constant but those without vector code. */
    static <E extends Enum<E>, K> Map<E, SimdKernel<K>> ofEach(Class<E> constants, Set<E> scalar,
            Function<E, SimdKernel<K>> kernel) {
        Map<E, SimdKernel<K>> kernels = new EnumMap<>(constants);
        for (E constant : constants.getEnumConstants()) {
            if (!scalar.contains(constant)) {
                kernels.put(constant, kernel.apply(constant));
            }
        }
        return kernels;
    }

    /** A kernel of elements, or of rows with a loop over their elements. */
    static <K> SimdKernel<K> ofElements(SimdKernel.Call<K> call) {
        return new SimdKernel<>(TinyBlocks.NO_COLUMNS, call);
    }

    /** A kernel of columns with a loop over their rows. */
    static <K> SimdKernel<K> ofColumns(SimdKernel.Call<K> call) {
        return new SimdKernel<>(TinyBlocks.NO_ROWS, call);
    }

    /** A kernel whose loops run only for rows of elements. */
    static <K> SimdKernel<K> ofRows(SimdKernel.Call<K> call) {
        return new SimdKernel<>(TinyBlocks.ROW, call);
    }

    /** Splits the rows of a kernel without vector code. */
    final void splitRows(int rows, int cols, Kernel<K> kernel) {
        splitRows(null, rows, cols, kernel);
    }

    /** Splits the elements of a kernel without vector code. */
    final void splitElements(int n, Kernel<K> kernel) {
        splitElements(null, n, kernel);
    }

    final void splitRows(SimdKernel<K> which, int rows, int cols, Kernel<K> kernel) {
        split(which, rows, 1, (long) rows * cols, cols, kernel);
    }

    final void splitColumns(SimdKernel<K> which, int rows, int cols, Kernel<K> kernel) {
        split(which, cols, Thresholds.ELEMENT_GRAIN, (long) rows * cols, cols, kernel);
    }

    final void splitElements(SimdKernel<K> which, int n, Kernel<K> kernel) {
        split(which, n, Thresholds.ELEMENT_GRAIN, n, FloatMath.LANES, kernel);
    }

    private void split(SimdKernel<K> which, int n, int grain, long work, int cols, Kernel<K> kernel) {
        K kernels = chosen(which, work, cols);
        if (Threads.shared(work, elements)) {
            Threads.split(n, grain, (from, to) -> kernel.run(kernels, from, to));
        } else {
            kernel.run(kernels, 0, n);
        }
    }

    /** The current implementation of a kernel that is independent of rows. */
    final K chosen(SimdKernel<K> kernel, long work) {
        return chosen(kernel, work, FloatMath.LANES);
    }

    /**
     * The current implementation of a kernel.
     *
     * @param work elements to compute
     * @param cols elements of a row
     */
    final K chosen(SimdKernel<K> kernel, long work, int cols) {
        K kernels = simd;
        return kernel != null && kernels != null && kernel.isFast(kernels, live, work, cols) ? kernels : live;
    }
}
