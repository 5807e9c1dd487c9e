package beras.config;

/**
 * An object that can describe its settings, so that an equal one can be made from them: by a {@link Registry}, from a
 * {@link Config}. For that its class needs a constructor without arguments, and lists its settings once:
 *
 * <pre>{@code
 * final class Scale extends Layer {
 *     private float factor = 1f;
 *
 *     @Override
 *     public void settings(Settings s) {
 *         factor = Arguments.positive("factor of Scale", s.real("factor", factor));
 *     }
 *
 *     @Override
 *     protected Tensor compute(Call call) {
 *         return call.input(0).multiply(factor);
 *     }
 * }
 * }</pre>
 */
public interface Configurable {

    /**
     * Lists the settings of this class, in the order in which a text may give them without names. Each is read and assigned in
     * one line, with its checks: {@code rate = checked(s.number("rate", rate))}. The initial value of the field is the default.
     *
     * <p>Called to make one from a config, and to describe one; so it must not depend on which of both is done.
     */
    default void settings(Settings s) {}

    /** Lists these settings and those common to all of its kind. Overridden by the class of a kind, such as that of all layers. */
    default void describe(Settings s) {
        settings(s);
    }

    /** The name of its type: the simple name of the class, or, of something made from a function, the name of that. */
    default String typeName() {
        return getClass().getSimpleName();
    }

    /**
     * The identity of the type, by which a {@link Registry} recognises it: equal for all of a type, and not for others of the
     * same name. The class, or, for an object made from a function, the name with the function.
     */
    default Object typeKey() {
        return getClass();
    }

    /**
     * The {@linkplain #typeName type} and every setting; no weights, and nothing that training changes.
     *
     * @throws IllegalArgumentException if a part is of a class that is not registered
     */
    default Config config() {
        return Settings.of(this);
    }
}
