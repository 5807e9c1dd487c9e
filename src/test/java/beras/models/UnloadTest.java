package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.FreshJvm;
import beras.compute.Compute;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.losses.MeanSquaredError;
import beras.optimizers.Adam;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that redeploys loads the library again: what was loaded before is collected. */
@Tag("models")
class UnloadTest {

    private static final int PATIENCE_SECONDS = 30;

    /** Runs in a copy of the library. */
    public static final class Program implements Runnable {

        @Override
        public void run() {
            Compute.setThreads(1); // others end after a minute
            Model model = new Sequential(new Dense(5, 64), new ReLU(), new Dense(64, 1));
            model.compile(new Adam(0.01), new MeanSquaredError());
            model.fit(Examples.of(Tensor.generate(i -> i % 7, 200, 5), Tensor.generate(i -> i % 3, 200, 1)),
                    new FitOptions().epochs(2).batchSize(20));
        }
    }

    /** @param ends whether the thread that has trained ends before */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCopyOfTheLibraryIsCollected(boolean ends) throws Exception {
        assertEquals(List.of("true"), FreshJvm.run(List.of(FreshJvm.VECTORS), Server.class, ends));
    }

    /** Redeploys in a JVM of its own, where no earlier test keeps what the JDK caches softly; prints whether the copy was collected. */
    static final class Server {

        public static void main(String[] arguments) throws Exception {
            ExecutorService pool = Executors.newSingleThreadExecutor();
            WeakReference<ClassLoader> loader = pool.submit(UnloadTest::use).get();
            if (Boolean.parseBoolean(arguments[0])) {
                pool.shutdown();
                pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!loader.refersTo(null) && System.nanoTime() < end) {
                System.gc();
                LockSupport.parkNanos(100_000_000);
            }
            System.out.println(loader.refersTo(null));
            pool.shutdown();
        }
    }

    private static WeakReference<ClassLoader> use() throws Exception {
        URL[] places = {UnloadTest.class.getProtectionDomain().getCodeSource().getLocation(),
            Model.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader copy = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
            Class<?> program = copy.loadClass(Program.class.getName());
            assertNotSame(Program.class, program);
            ((Runnable) program.getConstructor().newInstance()).run();
            return new WeakReference<>(copy);
        }
    }
}
