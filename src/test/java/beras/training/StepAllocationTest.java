package beras.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.FreshJvm;
import beras.data.image.Images;
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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Once compiled, a training step leaves next to nothing on the heap, whatever the size of net and batch; in a JVM of its own, for
 * how well a program is compiled depends on what ran before.
 */
@Tag("model")
@Tag("vector")
class StepAllocationTest {

    private static final int ALLOWED = 1024;
    private static final int ALLOWED_ON_TWO_THREADS = 3 * 1024;
    private static final int STEPS = 50;
    private static final int MOST_FITS = 50;

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

    /** Of images with zeros that are skipped, and without any. */
    @ParameterizedTest
    @CsvSource({"32, 7, 1", "128, 7, 1", "128, 1, 1", "128, 7, 2"})
    void aStepAllocatesNextToNothing(int batchSize, int step, int threads) throws IOException, InterruptedException {
        int allowed = threads == 1 ? ALLOWED : ALLOWED_ON_TWO_THREADS;
        String bytes = FreshJvm.run(List.of(FreshJvm.VECTORS), Program.class, batchSize, step, threads, allowed).get(0);
        assertTrue(Double.parseDouble(bytes) <= allowed, "A step allocates " + bytes + " bytes");
    }

    /** Trains until a step allocates no more than allowed, or for a while, and prints what it does. */
    static final class Program {

        public static void main(String[] arguments) throws InterruptedException {
            int batchSize = Integer.parseInt(arguments[0]);
            int step = Integer.parseInt(arguments[1]);
            Threads.set(Integer.parseInt(arguments[2]));
            int allowed = Integer.parseInt(arguments[3]);
            Backend.awaitFast();
            Sequential model = model();
            int count = (STEPS + 1) * batchSize;
            byte[] pixels = new byte[count * 784];
            for (int i = 0; i < pixels.length; i += step) {
                pixels[i] = (byte) (1 + i % 255);
            }
            Images images = new Images(pixels, 28, 28, new byte[count], 10);
            Meter meter = new Meter();
            FitOptions options = new FitOptions().epochs(20).batchSize(batchSize).callbacks(meter);
            for (int fits = 0; fits < MOST_FITS && meter.bytesPerStep() > allowed; fits++) { // until it is compiled
                model.fit(images, options);
            }
            System.out.println(meter.bytesPerStep());
        }
    }
}
