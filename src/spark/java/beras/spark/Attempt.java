package beras.spark;

import beras.data.DataException;
import beras.saving.ModelFormatException;
import beras.training.DivergedException;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * The result of work in an executor. Invalid data or settings fail in each attempt, so their exception comes back as a result,
 * which Spark does not retry, and the driver throws it unchanged. All other exceptions are thrown in the executor, so that
 * Spark repeats the task, elsewhere if need be: a lost disk, a lost shuffle file, a task that is killed.
 */
final class Attempt<T extends Serializable> implements Serializable {

    private static final long serialVersionUID = 1;

    private final T result; // null: nothing, or it failed
    private final Exception failure; // null: it did not

    private Attempt(T result, Exception failure) {
        this.result = result;
        this.failure = failure;
    }

    /**
     * Tries.
     *
     * @throws Exception from the work, unless it is about data or settings
     */
    static <T extends Serializable> Attempt<T> of(Callable<T> work) throws Exception {
        try {
            return new Attempt<>(work.call(), null);
        } catch (DataException e) {
            if (e.getCause() instanceof IOException) { // the file was read before, by the driver: this disk fails
                throw e;
            }
            return new Attempt<>(null, e);
        } catch (ModelFormatException | IllegalArgumentException | DivergedException e) {
            return new Attempt<>(null, e);
        }
    }

    /** The result, which may be null; or throws the exception. */
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
