package beras.kernels;

import org.junit.jupiter.api.AfterEach;

/** A test that sets the number of threads, which is as before after each. */
public interface RestoresThreads {

    int THREADS = Threads.count();

    @AfterEach
    default void restoreThreads() {
        Threads.set(THREADS);
    }
}
