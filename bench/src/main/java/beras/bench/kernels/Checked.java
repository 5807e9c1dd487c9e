package beras.bench.kernels;

import beras.kernels.Backend;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A benchmark that is run once and checked against double precision before it is timed: a fast wrong kernel has no speed.
 *
 * <p>Results are per nanosecond, so counters such as {@link Flops} are in giga per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgs = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public abstract class Checked {

    @Setup(Level.Trial)
    public final void prepareAndCheck() throws InterruptedException {
        Backend.awaitFast(); // until then scalar kernels stand in
        prepare();
        call();
        check();
    }

    /** Makes the inputs. */
    protected abstract void prepare();

    /** The work to time. */
    protected abstract void call();

    /**
     * Compares the result of the first call with the expected one.
     *
     * @throws IllegalStateException if they differ
     */
    protected abstract void check();

    /** Refuses a result that is further from the right one than {@code tolerance}, or NaN. */
    protected final void requireClose(String what, int index, double got, double right, double tolerance) {
        if (!(Math.abs(got - right) <= tolerance)) {
            throw new IllegalStateException("Wrong result of " + getClass().getSimpleName() + ": " + what + "[" + index + "] is "
                    + got + " and should be " + right + ", give or take " + tolerance);
        }
    }
}
