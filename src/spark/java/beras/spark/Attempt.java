package beras.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * What came of work in an executor. What is wrong with data or settings is wrong in each attempt, so it comes back as a result,
 * which Spark does not try again, and is thrown by the driver as it was.
 */
final class Attempt<T extends Serializable> implements Serializable {

    private static final long serialVersionUID = 1;

    private final T result; // null: nothing, or it failed
    private final Exception failure; // null: it did not

    private Attempt(T result, Exception failure) {
        this.result = result;
        this.failure = failure;
    }

    /** Tries. */
    static <T extends Serializable> Attempt<T> of(Callable<T> work) {
        try {
            return new Attempt<>(work.call(), null);
        } catch (IOException | RuntimeException e) {
            return new Attempt<>(null, e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The result, which may be null, or what was thrown. */
    T get() throws IOException {
        if (failure instanceof IOException io) {
            throw io;
        }
        if (failure != null) {
            throw (RuntimeException) failure;
        }
        return result;
    }
}
