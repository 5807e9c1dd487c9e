package beras.kernels;

/**
 * The plan of a matrix product: the whole decision tree, in pure functions of shapes and density. All algorithms are bit-identical.
 *
 * <ol>
 *   <li>{@linkplain Sharing Threads share} the product: {@link #sharing} and {@link #layerSharing}.
 *   <li>Each part of the product has one {@linkplain Algorithm algorithm}: {@link #algorithm}; {@link VectorProducts} uses {@link
 *       #denseAlgorithm} until it is compiled.
 *   <li>An algorithm computes the product by groups of columns of the width of a {@linkplain Tile tile}: {@link #denseTile}, {@link
 *       #sparseTile}.
 *   <li>The columns of the right matrix for a tile are read in place or packed first: {@link #densePacking}, {@link
 *       #sparsePacking}.
 * </ol>
 */
final class ProductPlan {

    /** The dimension that the threads share. */
    enum Sharing {
        /** The rows of the result. */
        ROWS,
        /** The columns of the result: each thread reads its columns of the right matrix and all of the left one. */
        COLUMNS,
        /**
         * The reduction dimension k: each thread has its rows of the right matrix and passes the sums to the next, see {@link
         * KSplitStage}.
         */
        K
    }

    /** The kernel of a part of a product. */
    enum Algorithm {
        /** {@link SparseGemm#gemmOfFewRows}. */
        FEW_ROWS,
        /** {@link SparseGemm#gemm}. */
        SKIP_ZEROS,
        /** {@link VectorGemm} with the broad tile where there are columns enough for it. */
        BROAD,
        /** {@link VectorGemm}. */
        DENSE,
        /** The same, with the narrow tile for a few remaining columns. */
        NARROW,
        /** {@link VectorGemm#gather}: two lists have the offsets of the elements of the left matrix. */
        GATHER
    }

    /** How many columns are computed at a time, and of how many rows. */
    enum Tile {
        NARROW(1, 8),
        WIDE(2, Lanes.COUNT == 16 ? 8 : 6),
        /** Needs more than 16 registers. */
        BROAD(4, 6),
        SPARSE(4, 2),
        /** Needs more than 16 registers. */
        SPARSE_WIDE(8, 2);

        /** Whether there are the registers for {@link #BROAD} and {@link #SPARSE_WIDE}. */
        static final boolean HAS_LARGE = Lanes.COUNT == 16;
        /** The rows of the tiles that gather: the taps of 3 x 3, and a third of 27, of which 5 x 5 fill 25. */
        static final int ROWS_GATHERED = 9;

        final int columns;
        final int rows;

        Tile(int vectors, int rows) {
            this.columns = vectors * Lanes.COUNT;
            this.rows = rows;
        }
    }

    /** Where a tile reads its columns of the right matrix. */
    enum Packing {
        DIRECT,
        /** In place, unless {@link Alignment} finds that tiles are faster on a copy that begins at a cache line. */
        ALIGNED,
        /** From a copy of these columns, transposed if the matrix is, and filled up with zeros. */
        PACKED
    }

    /** The longer side of a product {@code c (m, n)}. */
    static Sharing sharing(int m, int n) {
        return m > n ? Sharing.ROWS : Sharing.COLUMNS;
    }

    /**
     * The plan of a layer's forward pass, {@code (m, k)} by {@code (k, n)}. Where k is split, a thread has the same rows of the
     * gradient, and of the weights in the update: so they stay in the cache of one core.
     *
     * @param splitsK whether k {@linkplain #canSplitK can be split}, and zeros are skipped
     */
    static Sharing layerSharing(boolean splitsK, int m, int n, int threads) {
        return splitsK ? Sharing.K
                : n > m && n / threads >= Thresholds.SHARED_COLUMNS ? Sharing.COLUMNS : Sharing.ROWS;
    }

    /**
     * Whether the reduction dimension k of a product could be split, if the left matrix {@linkplain #isSparse is sparse}: k has to
     * be larger than the number of columns, and all stages have to process the same tiles, which must not compute a column twice.
     */
    static boolean canSplitK(int m, int n, int k) {
        return sharing(k, n) == Sharing.ROWS && mayBeSparse(m, n, k) && (m + 1) / 2 <= listedPairs(k)
                && n % Tile.SPARSE.columns == 0;
    }

    /** The number of pairs of rows of {@code k} steps that are listed at a time. */
    static int listedPairs(int k) {
        return Math.max(1, Math.min(Thresholds.LISTED_ROWS / 2, Thresholds.LISTED_STEPS / Math.max(k, 1)));
    }

    /** Whether {@link #algorithm} depends on the {@linkplain Density density} of the left matrix. */
    static boolean dependsOnDensity(boolean transposeA, boolean transposeB, int m, int n, int k) {
        return !transposeB && mayBeSparse(m, n, k) && !hasFewRows(transposeA, false, m, n);
    }

    private static boolean mayBeSparse(int m, int n, int k) {
        return n >= Tile.SPARSE.columns && (long) m * n * k >= Thresholds.SPARSE_WORK;
    }

    /**
     * The fastest algorithm.
     *
     * @param density density of the left matrix, if the algorithm {@linkplain #dependsOnDensity depends} on it; else {@link
     *     Density#ALL}
     */
    static Algorithm algorithm(boolean transposeA, boolean transposeB, int m, int n, int k, int density) {
        return hasFewRows(transposeA, transposeB, m, n) ? Algorithm.FEW_ROWS
                : isSparse(transposeA, n, density) ? Algorithm.SKIP_ZEROS
                : denseAlgorithm(m, n, k);
    }

    /** The fastest algorithm that skips no zeros. */
    static Algorithm denseAlgorithm(int m, int n, int k) {
        return isBroad(m, n, k) ? Algorithm.BROAD : Algorithm.DENSE;
    }

    private static boolean hasFewRows(boolean transposeA, boolean transposeB, int m, int n) {
        return !transposeA && !transposeB && m <= Thresholds.FEW_ROWS && n >= Tile.SPARSE.columns;
    }

    /** Whether a product of {@code n} columns is faster in sparse tiles. */
    static boolean isSparse(boolean transposeA, int n, int density) {
        if (density == Density.ALL) {
            return false;
        }
        float columns = 0; // that sparse tiles compute
        for (int left = n; left > 0; left -= sparseTile(n, left).columns) {
            columns += sparseTile(n, left).columns;
        }
        float speed = transposeA ? Thresholds.SPARSE_SPEED_OF_COLUMNS : Thresholds.SPARSE_SPEED_OF_ROWS;
        return density < (speed * n - Thresholds.LISTING_VECTORS * Lanes.COUNT) / columns * Density.ALL;
    }

    private static boolean isBroad(int m, int n, int k) {
        return Tile.HAS_LARGE && m >= Thresholds.BROAD_ROWS && n >= Tile.BROAD.columns && k >= Thresholds.BROAD_STEPS
                && (long) m * n * k >= Thresholds.BROAD_WORK;
    }

    /** Whether the last columns of a dense product are so few that the narrow tile computes them. */
    static boolean endsNarrow(int n) {
        int last = n % Tile.WIDE.columns;
        return last > 0 && last <= Tile.NARROW.columns;
    }

    /** The next dense tile for the remaining columns: the narrow one if it {@code endsNarrow}. */
    static Tile denseTile(Algorithm algorithm, boolean endsNarrow, int left) {
        return algorithm == Algorithm.BROAD && left >= Tile.BROAD.columns ? Tile.BROAD
                : endsNarrow && left <= Tile.NARROW.columns ? Tile.NARROW : Tile.WIDE;
    }

    /** The next sparse tile of {@code n} columns, for the remaining ones. */
    static Tile sparseTile(int n, int left) {
        return Tile.HAS_LARGE && n >= Tile.SPARSE_WIDE.columns && left > Tile.SPARSE.columns ? Tile.SPARSE_WIDE : Tile.SPARSE;
    }

    /**
     * How a dense tile reads the right matrix.
     *
     * @param k    its rows that are read in one pass
     * @param ldb  floats between its rows
     * @param cols columns that there are for the tile
     */
    static Packing densePacking(boolean transposeB, int m, int k, int ldb, Tile tile, int cols) {
        boolean isReadOften = m >= Thresholds.PACK_ROWS || tile != Tile.BROAD && (long) m * k >= Thresholds.PACK_WORK;
        if (transposeB || isReadOften && ldb >= Thresholds.FAR_APART) {
            return Packing.PACKED;
        }
        if (tile == Tile.BROAD) {
            return Packing.ALIGNED;
        }
        return cols == tile.columns ? Packing.DIRECT : Packing.PACKED;
    }

    /**
     * How a sparse tile reads the right matrix.
     *
     * @param reads steps that are listed for all rows, of {@code k} each
     */
    static Packing sparsePacking(long reads, int k, int ldb) {
        return reads <= (long) Thresholds.PACK_READS * k ? Packing.DIRECT
                : ldb >= Thresholds.FAR_APART ? Packing.PACKED : Packing.ALIGNED;
    }

    private ProductPlan() {}
}
