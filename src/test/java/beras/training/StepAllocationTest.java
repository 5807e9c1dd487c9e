package beras.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    @ParameterizedTest
    @CsvSource({"32, 1", "128, 1", "128, 2"})
    void aStepAllocatesNextToNothing(int batchSize, int threads) throws IOException, InterruptedException {
        int allowed = threads == 1 ? ALLOWED : ALLOWED_ON_TWO_THREADS;
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
                "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), Program.class.getName(),
                String.valueOf(batchSize), String.valueOf(threads), String.valueOf(allowed))
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), output);
        assertTrue(Double.parseDouble(output) <= allowed, "A step of " + batchSize + " examples on " + threads
                + " threads allocates " + output + " bytes");
    }

    /** Trains until a step allocates no more than allowed, or for a while, and prints what it does. */
    static final class Program {

        public static void main(String[] arguments) throws InterruptedException {
            int batchSize = Integer.parseInt(arguments[0]);
            Threads.set(Integer.parseInt(arguments[1]));
            int allowed = Integer.parseInt(arguments[2]);
            Backend.awaitFast();
            Sequential model = model();
            int count = (STEPS + 1) * batchSize;
            Images images = new Images(new byte[count * 784], 28, 28, new byte[count], 10);
            Meter meter = new Meter();
            FitOptions options = new FitOptions().epochs(20).batchSize(batchSize).callbacks(meter);
            for (int fits = 0; fits < MOST_FITS && meter.bytesPerStep() > allowed; fits++) { // until it is compiled
                model.fit(images, options);
            }
            System.out.println(meter.bytesPerStep());
        }
    }
}
