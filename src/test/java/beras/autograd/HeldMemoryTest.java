package beras.autograd;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.kernels.Backend;
import beras.kernels.MatrixView;
import beras.layers.activations.ReLU;
import beras.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory that layers and threads keep after use is free for others when memory runs short. */
@Tag("core")
@Tag("process")
class HeldMemoryTest {

    private static final int MEGABYTE = 1 << 18; // floats

    @Test
    void whatWasComputedDoesNotStayWhenMemoryRunsShort() throws IOException, InterruptedException {
        List<String> options = List.of("-Xmx160m", "-XX:+UseG1GC");
        assertEquals(List.of("a buffer of a thread", "calls without a tape", "calls under a tape",
                "ReLU was called, but memory ran short since, so what it computed is gone. Call it again", "calls again"),
                FreshJvm.run(options, Program.class));
    }

    /** Ends with an OutOfMemoryError where something stays. */
    static final class Program {

        public static void main(String[] args) {
            largeRow();
            allocate(140);
            System.out.println("a buffer of a thread");
            List<ReLU> layers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                layers.add(new ReLU());
                layers.get(i).call(Tensor.zeros(4, MEGABYTE));
            }
            System.out.println("calls without a tape");
            for (ReLU layer : layers) {
                try (GradientTape tape = new GradientTape()) {
                    Tensor x = Tensor.zeros(4, MEGABYTE);
                    tape.gradient(layer.call(x).sum(), x);
                }
            }
            System.out.println("calls under a tape");
            allocate(100);
            try {
                layers.get(0).inputGradients();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage());
            }
            layers.get(0).call(Tensor.ones(2));
            System.out.println(layers.get(0).inputGradients().get(0).equals(Tensor.ones(2)) ? "calls again" : "wrong");
        }

        private static void largeRow() {
            MatrixView row = new MatrixView(new float[40 * MEGABYTE]);
            Backend.softmaxes().softmax(row, null, new MatrixView(new float[1]));
        }

        /** Small arrays, as a large one needs free regions side by side. */
        private static void allocate(int megabytes) {
            float[][] arrays = new float[16 * megabytes][];
            for (int i = 0; i < arrays.length; i++) {
                arrays[i] = new float[MEGABYTE / 16];
            }
        }
    }
}
