package beras.kernels;

import beras.kernels.ProductPlan.Way;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Asks for kernels that are compiled only when a product would be faster with them, for compiling takes time. */
final class ProductRequests {

    /** Those that can be requested: the kernels of few rows are among those that skip zeros. */
    static final List<Way> WAYS = List.of(Way.SKIP_ZEROS, Way.BROAD, Way.GATHER);

    private final Set<Way> requested = ConcurrentHashMap.newKeySet();
    private final BlockingQueue<Way> queue = new LinkedBlockingQueue<>();

    /** Asks for the kernels of this way. */
    void request(Way way) {
        Way kernels = way == Way.FEW_ROWS ? Way.SKIP_ZEROS : way;
        if (requested.add(kernels)) {
            queue.add(kernels);
        }
    }

    boolean isRequested(Way way) {
        return requested.contains(way);
    }

    /** Waits for the next request; each comes once. */
    Way await() throws InterruptedException {
        return queue.take();
    }
}
