package beras.kernels;

import beras.kernels.ProductPlan.Way;

/**
 * Which kernels of products with SIMD are compiled and so in use; the wide tile always is.
 *
 * @param elements   what follows a product
 * @param narrow     the narrow tile
 * @param skipsZeros those of {@link SparseGemm}
 * @param broad      the broad tile
 */
record ProductStage(boolean elements, boolean narrow, boolean skipsZeros, boolean broad) {

    static final ProductStage FIRST = new ProductStage(false, false, false, false);
    static final ProductStage COMPLETE = new ProductStage(true, true, true, true);

    ProductStage withElements() {
        return new ProductStage(true, narrow, skipsZeros, broad);
    }

    ProductStage withNarrow() {
        return new ProductStage(elements, true, skipsZeros, broad);
    }

    /** With what a product needs that goes this way. */
    ProductStage with(Way way) {
        return new ProductStage(elements, narrow, skipsZeros || isSparse(way), broad || way == Way.BROAD);
    }

    /** Whether a product may go this way. */
    boolean has(Way way) {
        return way == Way.DENSE || (isSparse(way) ? skipsZeros : broad);
    }

    private static boolean isSparse(Way way) {
        return way == Way.SKIP_ZEROS || way == Way.FEW_ROWS;
    }
}
