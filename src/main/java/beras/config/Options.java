package beras.config;

import java.util.function.Consumer;

/**
 * Immutable options, of which each method gives a changed copy.
 *
 * @param <T> the type itself
 */
public abstract class Options<T extends Options<T>> implements Cloneable {

    /** All at their defaults. */
    protected Options() {}

    /** A copy that was changed before anybody else sees it. */
    @SuppressWarnings("unchecked")
    protected final T with(Consumer<? super T> change) {
        try {
            T copy = (T) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }
}
