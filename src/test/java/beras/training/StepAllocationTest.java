package beras.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.data.Images;
import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.kernels.Threads;
import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.metrics.CategoricalAccuracy;
import beras.models.Sequential;
import beras.optimizers.Adam;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Once compiled, a training step leaves next to nothing on the heap, whatever the size of net and batch.
 *
 * <p>Early in its JVM, and in one thread: what is split over threads elsewhere is passed on as an object here too.
 */
@Tag("model")
@Tag("vector")
@Order(0)
class StepAllocationTest {

    private static final int THREADS = Threads.count();
    private static final int ALLOWED = 1024;
    private static final int STEPS = 50;
    private static final int MOST_FITS = 50;

    @AfterEach
    void restoreThreads() {
        Threads.set(THREADS);
    }

    @BeforeAll
    static void beginFast() throws InterruptedException {
        Backend.awaitFast();
    }

    /** What the steps of an epoch allocate, without those of its begin and end; of several epochs the least. */
    private static final class Meter implements Callback {

        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private long start;
        private long least = Long.MAX_VALUE;

        @Override
        public void onBatchEnd(int batch, Logs logs) {
            long now = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            if (batch == 0) {
                start = now;
            } else if (batch == STEPS) {
                least = Math.min(least, now - start);
            }
        }

        double bytesPerStep() {
            return (double) least / STEPS;
        }
    }

    private static Sequential model() {
        Sequential model = new Sequential(
                new Dense(784, 128, Initializers.glorotUniform(), 1), new ReLU(),
                new Dense(128, 10, Initializers.glorotUniform(), 2), new Softmax());
        model.compile(new Adam(0.001f), new CategoricalCrossEntropy(), new CategoricalAccuracy());
        return model;
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 128})
    void aStepAllocatesNextToNothing(int batchSize) {
        Threads.set(1);
        Sequential model = model();
        int count = (STEPS + 1) * batchSize;
        Images images = new Images(new byte[count * 784], 28, 28, new byte[count], 10);
        Meter meter = new Meter();
        FitOptions options = new FitOptions().epochs(20).batchSize(batchSize).callbacks(meter);
        for (int fits = 0; fits < MOST_FITS && meter.bytesPerStep() > ALLOWED; fits++) { // until the optimising compiler has it
            model.fit(images, options);
        }
        assertTrue(meter.bytesPerStep() <= ALLOWED,
                "A step of " + batchSize + " examples allocates " + meter.bytesPerStep() + " bytes");
    }
}
