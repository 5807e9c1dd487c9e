package beras.kernels;

import beras.kernels.ProductPlan.Way;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Asks for kernels that are compiled only when a product would be faster with them, for compiling takes time. */
final class ProductRequests {

    /** Those that can be requested. */
    static final List<Way> WAYS = List.of(Way.SKIP_ZEROS, Way.BROAD, Way.NARROW, Way.GATHER);

    private final Set<Way> requested = ConcurrentHashMap.newKeySet();
    private final Consumer<Way> first;

    /** @param first receives each way when it is first requested */
    ProductRequests(Consumer<Way> first) {
        this.first = first;
    }

    /** Asks for the kernels of this way. */
    void request(Way way) {
        if (requested.add(way.kernels())) {
            first.accept(way.kernels());
        }
    }

    boolean isRequested(Way way) {
        return requested.contains(way);
    }
}
