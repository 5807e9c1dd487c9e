package beras.kernels;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A program that computes one function, and little else before, keeps its vectors in registers too. Each runs in a JVM of its
 * own: without {@link Lanes#useEachOperation} JDK 17 would put a vector of each iteration on the heap there, and not here.
 */
@Tag("vector")
@Tag("process")
class FreshJvmAllocationTest {

    private static final int ELEMENTS = 12_800;
    private static final int STEPS = 3 * Thresholds.STEPS_PER_PASS;
    /** What packed columns, lists and the like may take. */
    private static final double PANELS = 8 << 20;

    @ParameterizedTest
    @EnumSource(names = {"EXP", "TANH", "GELU"})
    void aFunctionAllocatesNothing(UnaryOp op) throws IOException, InterruptedException {
        assertEquals(0, FreshJvm.least(0, Program.class, op));
    }

    /**
     * The sums of many steps start from those of the steps before. If the compiler has not seen that when it compiles a tile, the first
     * such product throws the tile away, and is computed by code that puts each vector on the heap: some 80 MB.
     */
    @Test
    void theFirstProductOfManyStepsFindsCompiledTiles() throws IOException, InterruptedException {
        double bytes = FreshJvm.least(PANELS, FirstProduct.class);
        assertTrue(bytes <= PANELS, bytes + " bytes");
    }

    /** Prints how many bytes the first product of many steps allocates. */
    static final class FirstProduct {

        public static void main(String[] arguments) throws InterruptedException {
            Backend.awaitFast();
            MatrixView a = ones(64, STEPS);
            MatrixView b = ones(STEPS, 96);
            MatrixView c = ones(64, 96);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            Backend.products().gemm(false, false, a, b, c);
            System.out.println(threads.getThreadAllocatedBytes(thread) - before);
            assertEquals(STEPS, c.get(0));
        }

        private static MatrixView ones(int rows, int cols) {
            MatrixView ones = new MatrixView(new float[rows * cols], 0, rows, cols);
            Arrays.fill(ones.data, 1f);
            return ones;
        }
    }

    /** Prints how many bytes a call allocates as soon as that is nothing, or after some time. */
    static final class Program {

        private static final long PATIENCE_NANOS = 30_000_000_000L;
        private static final int CALLS = 100;

        public static void main(String[] arguments) throws InterruptedException {
            UnaryOp op = UnaryOp.valueOf(arguments[0]);
            Backend.awaitFast();
            MatrixView x = new MatrixView(new float[ELEMENTS]);
            MatrixView y = new MatrixView(new float[ELEMENTS]);
            for (int i = 0; i < ELEMENTS; i++) {
                x.data[i] = i % 40 - 20;
            }
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long thread = Thread.currentThread().getId();
            long end = System.nanoTime() + PATIENCE_NANOS;
            long bytes;
            do {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int i = 0; i < CALLS; i++) {
                    Backend.elements().map(op, 0f, x, y);
                }
                bytes = threads.getThreadAllocatedBytes(thread) - before;
            } while (bytes >= CALLS && System.nanoTime() < end);
            System.out.println(bytes / CALLS);
        }
    }
}
