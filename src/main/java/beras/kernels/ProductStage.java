package beras.kernels;

import beras.kernels.ProductPlan.Way;

/**
 * Which kernels of products with SIMD are compiled and so in use; the wide tile always is.
 *
 * @param narrow     the narrow tile
 * @param skipsZeros those of {@link SparseGemm}
 * @param broad      the broad tile
 * @param gathers    those of {@link VectorGemm#gather}
 */
record ProductStage(boolean narrow, boolean skipsZeros, boolean broad, boolean gathers) {

    static final ProductStage FIRST = new ProductStage(false, false, false, false);
    static final ProductStage COMPLETE = new ProductStage(true, true, true, true);

    ProductStage withNarrow() {
        return new ProductStage(true, skipsZeros, broad, gathers);
    }

    /** With what a product needs that goes this way. */
    ProductStage with(Way way) {
        return new ProductStage(narrow, skipsZeros || isSparse(way), broad || way == Way.BROAD, gathers || way == Way.GATHER);
    }

    /** Whether a product may go this way. */
    boolean has(Way way) {
        return way == Way.DENSE || (isSparse(way) ? skipsZeros : way == Way.GATHER ? gathers : broad);
    }

    private static boolean isSparse(Way way) {
        return way == Way.SKIP_ZEROS || way == Way.FEW_ROWS;
    }
}
