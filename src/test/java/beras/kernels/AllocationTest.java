package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiled kernels keep their vectors in registers. A vector that escapes to the heap costs no correctness but nearly all
 * the speed, so this is checked.
 *
 * <p>All are measured in a JVM of their own, for how well a kernel is compiled depends a little on what ran before. What
 * allocates too much is at fault if it does so in each of {@link FreshJvm#CHANCES}.
 */
@Tag("kernels")
@Tag("vector")
@Tag("heap")
class AllocationTest {

    private static final String BROAD = "a product that is large enough for the broad tile";
    private static final String CANARY = "the canary";
    private static final Map<String, Measured> MEASURED = new HashMap<>();

    /** Bytes a call. */
    private record Measured(double least, int allowed) {

        boolean isLittle() {
            return least <= allowed;
        }

        Measured or(Measured other) {
            return least < other.least ? this : other;
        }
    }

    @BeforeAll
    static void measure() throws IOException, InterruptedException {
        List<String> options = List.of(FreshJvm.VECTORS, "-Xmx2g", "-D" + SimdProperty.NAME + "=" + SimdProperty.value());
        for (int jvm = 0; jvm == 0 || jvm < FreshJvm.CHANCES && !keys().allMatch(key -> MEASURED.get(key).isLittle()); jvm++) {
            for (String line : FreshJvm.run(options, Program.class)) {
                String[] cells = line.split("\t");
                MEASURED.merge(cells[0], new Measured(Double.parseDouble(cells[1]), Integer.parseInt(cells[2])), Measured::or);
            }
        }
    }

    static Stream<String> keys() {
        Stream<String> kernels = Stream.of(false, true).flatMap(shared -> Program.kernels().stream()
                .flatMap(kernel -> Arrays.stream(Program.COLS).mapToObj(cols -> Program.key(kernel, cols, shared))));
        return Stream.concat(kernels, Stream.of(BROAD));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void kernelsAllocateNextToNothing(String key) {
        Measured bytes = MEASURED.get(key);
        assertTrue(bytes.isLittle(), key + " allocates " + bytes.least + " bytes a call");
    }

    /** A kernel with the known fault, a species that is no constant: the measure must see it. */
    @Test
    void theMeasureSeesVectorsOnTheHeap() {
        Measured bytes = MEASURED.get(CANARY);
        assertFalse(bytes.isLittle(), "the canary allocates only " + bytes.least + " bytes a call");
    }

    /** Prints a line for each measurement: what was measured, bytes a call, how many are allowed. */
    static final class Program {

        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private static final int ROWS = 24;
        /** As rows that are summed in one piece, and in two. */
        private static final int[] COLS = {80, 1100};
        /** Bytes for each output: the range a face passes on as a function, and a byte now and then of the measurement itself. */
        private static final int ALONE = 80;
        /** The same where two threads share the work, which costs some objects of fixed size. */
        private static final int SHARED = 400;
        private static final int CALLS = 100;
        private static final int ATTEMPTS = 300;

        public static void main(String[] arguments) {
            Lanes.useEachOperation(); // as the warm-up does
            kernels().forEach(kernel -> measure(kernel, false));
            print(BROAD, bytesPerCall(broadProduct(), ALONE), ALONE);
            Threads.set(2);
            kernels().forEach(kernel -> measure(kernel, true));
            print(CANARY, bytesPerCall(new Canary(Lanes.FLOATS), SHARED), SHARED); // last, for it loads more species
        }

        /** Those that call others come last, {@code clip} too, which calls scaleAndClip: each is measured as compiled by itself. */
        private static List<String> kernels() {
            return KernelCases.BY_NAME.keySet().stream()
                    .sorted(Comparator.comparing(name -> name.startsWith("convolutions.") || name.equals("elements.clip"))).toList();
        }

        private static String key(String kernel, int cols, boolean shared) {
            return kernel + " on " + cols + " columns" + (shared ? ", on two threads" : "");
        }

        private static void measure(String kernel, boolean shared) {
            Faces faces = Faces.inLanes(shared ? 1 : Faces.NEVER);
            KernelCases.Case kernelCase = KernelCases.BY_NAME.get(kernel);
            for (int cols : COLS) {
                Blocks blocks = new Blocks(1, false); // the same for every call, so that only the kernel's own allocations count
                Runnable call = () -> {
                    blocks.again();
                    kernelCase.run(faces, ROWS, cols, blocks);
                };
                call.run();
                int allowed = (shared ? SHARED : ALONE) * blocks.outputs();
                print(key(kernel, cols, shared), bytesPerCall(call, allowed), allowed);
            }
        }

        private static Runnable broadProduct() {
            Faces faces = Faces.inLanes(Faces.NEVER);
            MatrixView a = new MatrixView(new float[64 * 420], 0, 64, 420);
            MatrixView b = new MatrixView(new float[420 * 80], 0, 420, 80);
            MatrixView c = new MatrixView(new float[64 * 80], 0, 64, 80);
            return () -> faces.products().gemm(false, false, a, b, c);
        }

        private static void print(String key, double bytes, int allowed) {
            System.out.println(key + "\t" + bytes + "\t" + allowed);
        }

        /** The least that some calls in a row allocate, each: less and less, until the optimising compiler has all of it. */
        private static double bytesPerCall(Runnable call, double enough) {
            double least = Double.MAX_VALUE;
            for (int attempt = 0; attempt < ATTEMPTS && least > enough; attempt++) {
                least = Math.min(least, (double) allocatedBy(call) / CALLS);
            }
            return least;
        }

        private static long allocatedBy(Runnable call) {
            long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        }
    }

    private static final class Canary implements Runnable {
        private VectorSpecies<Float> species;
        private final float[] a = new float[Program.ROWS * Program.COLS[0]];

        Canary(VectorSpecies<Float> species) {
            this.species = species;
        }

        @Override
        public void run() {
            for (int i = 0; i + species.length() <= a.length; i += species.length()) {
                FloatVector.fromArray(species, a, i).add(1f).intoArray(a, i);
            }
            species = species.length() == 4 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;
        }
    }
}
