package beras.config;

import java.util.ServiceLoader;

/**
 * Makes custom types known wherever types are named: to the command line, to configs and to model files, without a line
 * of code there. A class implements it,
 *
 * <pre>{@code
 * public final class Ours implements Registration {
 *     public void register() {
 *         Layers.REGISTRY.register(Gain::new, "louder");
 *         Losses.REGISTRY.register(Quartic::new);
 *         Losses.register("distance", (prediction, truth) -> prediction.subtract(truth).square().sum(1).sqrt());
 *     }
 * }
 * }</pre>
 *
 * and is named in the file {@code META-INF/services/beras.config.Registration} on the class path, or in the
 * {@code module-info} of a module. It is found by a {@link ServiceLoader}, and called once, when a name or a class is asked for
 * that no {@link Registry} has: a program that needs none of it pays nothing.
 */
public interface Registration {

    /** Registers types and functions, such as by {@code Layers.REGISTRY.register} and {@code Layers.register}. Called once in a program. */
    void register();
}
