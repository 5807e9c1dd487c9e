package beras.kernels;

import beras.kernels.ProductPlan.Algorithm;
import beras.kernels.ProductPlan.Tile;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link Products} with SIMD: in use once the wide tile is compiled. Each other kernel is requested when a product would be faster
 * with it, and used once it is compiled.
 *
 * <p>Only the tile, and the vector code of products that skip zeros, are compiled in advance. Their callers are compiled in use;
 * compiled with them inlined, they would take as long again.
 */
final class VectorProducts extends ScalarProducts {

    private static final int SIZE = TinyBlocks.FULL.depth;
    private static final int ROWS = 8;
    private static final float[] ZEROS = new float[SIZE * Math.max(SIZE, Tile.SPARSE_WIDE.columns)];
    private static final float[] OUT = new float[SIZE * Tile.WIDE.columns];
    private static final int[] STEPS = IntStream.range(0, SIZE).toArray();
    private static final int[] WORDS = new int[SIZE];
    private static final int[] NONZEROS = new int[SIZE];

    final SimdKernel<VectorProducts> wide = ofTiles((k, t, n) -> tile(Tile.WIDE, t.depth, n));
    final SimdKernel<VectorProducts> skipZeros = ofTiles(
            (k, t, n) -> {
                while (Tile.HAS_LARGE && n-- > 0) {
                    Tiles.tile2x8(STEPS, 0, t.depth, ZEROS, 0, SIZE, 1, ZEROS, 0, Tile.SPARSE_WIDE.columns, Tiles.ZEROS, 0, 0,
                            OUT, 0, Tile.SPARSE_WIDE.columns);
                }
            },
            (k, t, n) -> {
                while (n-- > 0) {
                    Tiles.tile2x4(STEPS, 0, t.depth, ZEROS, 0, SIZE, 1, ZEROS, 0, Tile.SPARSE.columns, Tiles.ZEROS, 0, 0, OUT,
                            0, Tile.SPARSE.columns);
                }
            },
            (k, t, n) -> { while (n-- > 0) { OUT[0] = SparseGemm.isFinite(ZEROS, 0, SIZE * t.depth) ? 1f : 0f; } },
            (k, t, n) -> { while (n-- > 0) { SparseGemm.bitsOfLanes(t.depth, ZEROS, 0, 0, Lanes.COUNT, WORDS, 0); } },
            // Few words: all are written to one place, and across a page boundary each takes ten times as long.
            (k, t, n) -> { while (n-- > 0) { SparseGemm.listNonzeros(t.depth / 8, WORDS, 0, 1, NONZEROS, 0); } });
    final SimdKernel<VectorProducts> broad =
            ofTiles((k, t, n) -> tile(Tile.HAS_LARGE ? Tile.BROAD : Tile.WIDE, t.depth, n));
    final SimdKernel<VectorProducts> narrow = ofTiles((k, t, n) -> tile(Tile.NARROW, t.depth, n));
    final SimdKernel<VectorProducts> gather = ofTiles(
            (k, t, n) -> {
                while (n-- > 0) {
                    Tiles.gather9x1(t.depth, ZEROS, 0, STEPS, 0, Tile.ROWS_GATHERED - 1, STEPS, 0, ZEROS, 0, Lanes.COUNT,
                            Tiles.ZEROS, 0, 0, OUT, 0, Lanes.COUNT);
                }
            },
            (k, t, n) -> {
                while (Tile.HAS_LARGE && n-- > 0) {
                    Tiles.gather9x2(t.depth, ZEROS, 0, STEPS, 0, Tile.ROWS_GATHERED - 1, STEPS, 0, ZEROS, 0, 2 * Lanes.COUNT,
                            Tiles.ZEROS, 0, 0, OUT, 0, 2 * Lanes.COUNT);
                }
            },
            (k, t, n) -> {
                while (n-- > 0) {
                    Tiles.byColumn9x1(t.depth, ZEROS, 0, STEPS, 0, Tile.ROWS_GATHERED - 1, STEPS, 0, ZEROS, 0, Lanes.COUNT,
                            Tiles.ZEROS, 0, 0, OUT, 0, Lanes.COUNT);
                }
            });
    private final List<SimdKernel<VectorProducts>> kernels = List.of(wide, skipZeros, broad, narrow, gather);

    @SafeVarargs
    @SuppressWarnings("varargs") // List.of makes a copy
    private static SimdKernel<VectorProducts> ofTiles(SimdKernel.Call<VectorProducts>... calls) {
        return new SimdKernel<>(TinyBlocks.NO_STEPS, calls);
    }

    private static void tile(Tile tile, int depth, int n) {
        int width = tile.columns;
        while (n-- > 0) {
            VectorGemm.compute(tile, depth, ZEROS, 0, depth, 1, ROWS - 1, ZEROS, 0, width, OUT, 0, width, false);
        }
    }

    /** Brings the kernels of some algorithms into use, compiled or not; the others will never be. */
    VectorProducts using(Algorithm... algorithms) {
        kernels.forEach(SimdKernel::isFirstRequest);
        for (Algorithm algorithm : algorithms) {
            kernel(algorithm).use();
        }
        return this;
    }

    /** Asks for all kernels. */
    void requestAll() {
        for (SimdKernel<VectorProducts> kernel : kernels) {
            if (kernel.isFirstRequest()) {
                Backend.warmUp(kernel, this, null);
            }
        }
    }

    SimdKernel<VectorProducts> kernel(Algorithm algorithm) {
        return switch (algorithm) {
            case DENSE -> wide;
            case FEW_ROWS, SKIP_ZEROS -> skipZeros;
            case BROAD -> broad;
            case NARROW -> narrow;
            case GATHER -> gather;
        };
    }

    private boolean isFast(SimdKernel<VectorProducts> kernel, int m, int n) {
        return kernel.isFast(this, null, (long) m * n, FloatMath.LANES);
    }

    @Override
    boolean canSplitK(MatrixView x, MatrixView w, MatrixView y) {
        return skipZeros.isFast() && ProductPlan.canSplitK(y.rows, y.cols, x.cols)
                && ProductPlan.isSparse(false, y.cols, Density.of(false, x.rows, x.cols, x.data, x.offset, x.stride));
    }

    @Override
    boolean denseSteps(MatrixView x, MatrixView w, MatrixView y, int from, int to, KSplitStage stage) {
        return SparseGemm.gemm(false, y.rows, y.cols, to - from, x.data, x.offset + from, x.stride, w.data, w.row(from), w.stride,
                y.data, y.offset, y.stride, stage);
    }

    @Override
    boolean isFasterTransposed(int m, int n, int k, float[] a, int aOffset, int lda) {
        return fastest(true, false, m, n, k, a, aOffset, lda) != Algorithm.SKIP_ZEROS
                && ProductPlan.algorithm(true, false, n, m, k, Density.ALL) == Algorithm.BROAD;
    }

    private static Algorithm fastest(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda) {
        boolean matters = ProductPlan.dependsOnDensity(transposeA, transposeB, m, n, k);
        return ProductPlan.algorithm(transposeA, transposeB, m, n, k, matters ? Density.of(transposeA, m, k, a, aOffset, lda) : Density.ALL);
    }

    @Override
    void gemm(boolean transposeA, boolean transposeB, int m, int n, int k, float[] a, int aOffset, int lda, float[] b,
            int bOffset, int ldb, float[] c, int cOffset, int ldc) {
        Algorithm algorithm = fastest(transposeA, transposeB, m, n, k, a, aOffset, lda);
        if (!isFast(kernel(algorithm), m, n)) {
            algorithm = denseAlgorithm(m, n, k);
        }
        if (algorithm == Algorithm.FEW_ROWS) {
            SparseGemm.gemmOfFewRows(m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
            return;
        }
        if (algorithm == Algorithm.SKIP_ZEROS) {
            if (SparseGemm.gemm(transposeA, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc, null)) {
                return;
            }
            algorithm = denseAlgorithm(m, n, k);
        }
        boolean endsNarrow = ProductPlan.endsNarrow(n) && isFast(narrow, m, n);
        VectorGemm.gemm(algorithm, endsNarrow, transposeA, transposeB, m, n, k, a, aOffset, lda, b, bOffset, ldb, c, cOffset, ldc);
    }

    /** The fastest algorithm that skips no zeros, as beside infinite numbers, and is compiled. */
    private Algorithm denseAlgorithm(int m, int n, int k) {
        return broad.isFast() ? ProductPlan.denseAlgorithm(m, n, k) : Algorithm.DENSE;
    }

    @Override
    void gather(boolean byColumn, int m, int n, int k, float[] a, int aOffset, int[] rows, int firstRow, int[] steps, int firstStep,
            float[] b, int bOffset, int ldb, float[] c, int cOffset, int ldc, boolean accumulate) {
        if (isFast(gather, m, n)) {
            VectorGemm.gather(byColumn, m, n, k, a, aOffset, rows, firstRow, steps, firstStep, b, bOffset, ldb, c, cOffset, ldc, accumulate);
        } else {
            super.gather(byColumn, m, n, k, a, aOffset, rows, firstRow, steps, firstStep, b, bOffset, ldb, c, cOffset, ldc, accumulate);
        }
    }
}
