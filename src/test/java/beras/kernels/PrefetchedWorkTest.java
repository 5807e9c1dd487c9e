package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batches;
import beras.feed.Dataset;
import beras.feed.Examples;
import beras.tensor.Tensor;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Making batches ahead takes one thread, and leaves the others to training. */
@Tag("kernels")
class PrefetchedWorkTest implements RestoresThreads {

    @BeforeEach
    void withThreadsToShare() {
        Threads.set(2);
    }

    private static Set<Boolean> shared(int ahead) {
        Set<Boolean> shared = Collections.newSetFromMap(new ConcurrentHashMap<>());
        Batches batches = Dataset.of(Examples.of(Tensor.zeros(6, 2), Tensor.zeros(6)))
                .map(example -> shared.add(Threads.shared())).batch(2);
        try (Batches.Pass pass = (ahead == 0 ? batches : batches.prefetch(ahead)).open(0)) {
            while (pass.next() != null) {
                // all are read
            }
        }
        return shared;
    }

    @Test
    void itSharesNoWork() {
        assertEquals(Set.of(true), shared(0));
        assertEquals(Set.of(false), shared(2));
    }
}
