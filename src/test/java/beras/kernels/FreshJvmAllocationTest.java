package beras.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.FreshJvm;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A program that computes one function, and little else before, keeps its vectors in registers too. Each runs in a JVM of its
 * own: without {@link Lanes#useEachOperation} JDK 17 would put a vector of each iteration on the heap there, and not here.
 */
@Tag("vector")
class FreshJvmAllocationTest {

    private static final int ELEMENTS = 12_800;

    @ParameterizedTest
    @EnumSource(names = {"EXP", "TANH", "GELU"})
    void aFunctionAllocatesNothing(UnaryOp op) throws IOException, InterruptedException {
        assertEquals(0, FreshJvm.least(0, Program.class, op));
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
