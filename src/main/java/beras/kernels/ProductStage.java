package beras.kernels;

import beras.kernels.ProductPlan.Way;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which kernels of products with SIMD are compiled and so in use; the wide tile, for {@link Way#DENSE}, always is.
 *
 * @param ways those that need other kernels, which are compiled
 */
record ProductStage(Set<Way> ways) {

    static final ProductStage FIRST = new ProductStage(EnumSet.noneOf(Way.class));
    static final ProductStage COMPLETE = new ProductStage(EnumSet.copyOf(ProductRequests.WAYS));

    /** With the kernels of a way. */
    ProductStage with(Way way) {
        Set<Way> more = EnumSet.copyOf(ways);
        more.add(way.kernels());
        return new ProductStage(more);
    }

    /** Whether a product may go this way. */
    boolean has(Way way) {
        return way == Way.DENSE || ways.contains(way.kernels());
    }
}
