package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.autograd.Call;
import beras.data.image.Images;
import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.kernels.Threads;
import beras.layers.BatchNormalization;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.MaxPooling2D;
import beras.layers.Reshape;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Losses;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Once compiled, a training step leaves next to nothing on the heap, whatever the size of net and batch; in a JVM of its own, for
 * how well a program is compiled depends on what ran before.
 */
@Tag("model")
@Tag("vector")
@Tag("process")
class StepAllocationTest {

    private static final int ALLOWED = 1024;
    private static final int ALLOWED_ON_TWO_THREADS = 3 * 1024;
    /** They have more layers, and each has a few words on what its window is. */
    private static final int ALLOWED_OF_CONVOLUTIONS = 8 * 1024;
    /** A few words on each operation: its settings, and the shapes of views. */
    private static final int ALLOWED_OF_FORMULAS = 8 * 1024;
    private static final int STEPS = 50;
    private static final int MOST_FITS = 250;

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

    /** A softmax regression as a user writes it: every step of it is an operation of its own. */
    private static final class Formula extends Layer {

        private final Variable w = addWeight("w", Shape.of(784, 10), Initializers.glorotUniform());
        private final Variable b = addWeight("b", Shape.of(10), Initializers.zeros());

        @Override
        public Shape outputShape(Shape input) {
            return b.shape();
        }

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).matmul(w).add(b);
        }
    }

    private static Sequential model(String net) {
        if (net.equals("formula")) {
            Sequential model = new Sequential(1, new Input(784), new Formula());
            model.compile(new Adam(0.001f), Losses.lambda("negative_log_likelihood",
                    (logits, truth) -> logits.logSoftmax(-1).multiply(truth).sum(-1).negate()));
            return model;
        }
        Sequential model = net.equals("dense")
                ? new Sequential(new Dense(784, 128, Initializers.glorotUniform(), 1), new ReLU(),
                        new Dense(128, 10, Initializers.glorotUniform(), 2), new Softmax())
                : new Sequential(1, new Input(784), new Reshape(28, 28, 1), new Conv2D(16, 3).activation("relu"),
                        new MaxPooling2D(2), new Conv2D(16, 3).padding("same"), new BatchNormalization(), new ReLU(),
                        new MaxPooling2D(2), new Flatten(), new Dense(10, "softmax"));
        model.compile(new Adam(0.001f), new CategoricalCrossEntropy(), "accuracy");
        return model;
    }

    /** Of images with zeros that are skipped, and without any. */
    @ParameterizedTest
    @CsvSource({"dense, 32, 7, 1", "dense, 128, 7, 1", "dense, 128, 1, 1", "dense, 128, 7, 2", "formula, 128, 1, 1", "convolutions, 16, 7, 1"})
    void aStepAllocatesNextToNothing(String net, int batchSize, int step, int threads) throws IOException, InterruptedException {
        int allowed = net.equals("convolutions") ? ALLOWED_OF_CONVOLUTIONS : net.equals("formula") ? ALLOWED_OF_FORMULAS : threads == 1 ? ALLOWED : ALLOWED_ON_TWO_THREADS;
        double bytes = FreshJvm.least(allowed, Program.class, net, batchSize, step, threads, allowed);
        assertTrue(bytes <= allowed, "A step allocates " + bytes + " bytes");
    }

    /** Trains until a step allocates no more than allowed, or for a while, and prints what it does. */
    static final class Program {

        public static void main(String[] arguments) throws InterruptedException {
            Sequential model = model(arguments[0]);
            int batchSize = Integer.parseInt(arguments[1]);
            int step = Integer.parseInt(arguments[2]);
            Threads.set(Integer.parseInt(arguments[3]));
            int allowed = Integer.parseInt(arguments[4]);
            Backend.awaitFast();
            int count = (STEPS + 1) * batchSize;
            byte[] pixels = new byte[count * 784];
            for (int i = 0; i < pixels.length; i += step) {
                pixels[i] = (byte) (1 + i % 255);
            }
            Images images = new Images(pixels, 28, 28, new byte[count], 10);
            Meter meter = new Meter();
            FitOptions options = new FitOptions().epochs(4).batchSize(batchSize).callbacks(meter);
            for (int fits = 0; fits < MOST_FITS && meter.bytesPerStep() > allowed; fits++) { // until it is compiled
                model.fit(images, options);
            }
            System.out.println(meter.bytesPerStep());
        }
    }
}
