package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiled kernels keep their vectors in registers. A vector that escapes to the heap costs no correctness but nearly all
 * the speed, so this is checked.
 *
 * <p>The first class of its JVM, and it leaves {@link Backend} alone: how well a kernel is compiled depends a little on what
 * ran before.
 */
@Tag("kernels")
@Tag("vector")
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int COUNT = Threads.count();
    private static final int ROWS = 24;
    /** As rows that are summed in one piece, and in two. */
    private static final int[] COLS = {80, 1100};
    /** Bytes for each output: the range a face passes on as a function, and a byte now and then of the measurement itself. */
    private static final int ALONE = 80;
    /** The same where two threads share the work, which costs some objects of fixed size. */
    private static final int SHARED = 400;
    private static final int CALLS = 100;
    private static final int ATTEMPTS = 300;

    @BeforeAll
    static void theBuildMeantVectors() {
        assertTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        Lanes.useEachOperation(); // as the warm-up does
    }

    /** The least that some calls in a row allocate, each: less and less, until the optimising compiler has all of it. */
    private static double bytesPerCall(Runnable call, double enough) {
        double least = Double.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least > enough; attempt++) {
            least = Math.min(least, (double) allocatedBy(call, CALLS) / CALLS);
        }
        return least;
    }

    private static long allocatedBy(Runnable call, int times) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < times; i++) {
            call.run();
        }
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    /** Those that call others come last: each is measured as it is compiled by itself. */
    static List<String> kernels() {
        return KernelCases.BY_NAME.keySet().stream().sorted(Comparator.comparing(name -> name.startsWith("convolutions."))).toList();
    }

    @AfterEach
    void restoreThreads() {
        Threads.set(COUNT);
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("kernels")
    void kernelsAllocateNextToNothing(String kernel) {
        check(kernel, Faces.inLanes(Faces.NEVER), ALONE);
    }

    @Order(2)
    @ParameterizedTest
    @MethodSource("kernels")
    void onTwoThreadsTheyAllocateLittle(String kernel) {
        Threads.set(2);
        check(kernel, Faces.inLanes(1), SHARED);
    }

    private static void check(String kernel, Faces faces, int allowedForAnOutput) {
        KernelCases.Case kernelCase = KernelCases.BY_NAME.get(kernel);
        for (int cols : COLS) {
            Blocks blocks = new Blocks(1, false); // the same for every call, so that only the kernel's own allocations count
            Runnable call = () -> {
                blocks.again();
                kernelCase.run(faces, ROWS, cols, blocks);
            };
            call.run();
            int allowed = allowedForAnOutput * blocks.outputs();
            double bytes = bytesPerCall(call, allowed);
            assertTrue(bytes <= allowed, kernel + " on " + cols + " columns allocates " + bytes + " bytes a call");
        }
    }

    /** A kernel with the known fault, a species that is no constant: the measure must see it. Last, for it loads more species. */
    @Order(3)
    @Test
    void theMeasureSeesVectorsOnTheHeap() {
        Canary canary = new Canary(Lanes.FLOATS);
        double bytes = bytesPerCall(canary, SHARED);
        assertTrue(bytes > SHARED, "the canary allocates only " + bytes + " bytes a call");
    }

    private static final class Canary implements Runnable {
        private VectorSpecies<Float> species;
        private final float[] a = new float[ROWS * COLS[0]];

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
