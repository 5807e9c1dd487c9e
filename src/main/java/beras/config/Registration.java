package beras.config;

import java.util.ServiceLoader;

/**
 * Registers custom types for the command line, configs and model files. A class implements it,
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
 * and is named in the file {@code META-INF/services/beras.config.Registration} on the class path, or in the {@code module-info}
 * of a module. A {@link ServiceLoader} finds it, and it is called once, at the first name or class that no {@link Registry}
 * has: programs without custom types have no cost.
 */
public interface Registration {

    /** Registers types and functions, such as by {@code Layers.REGISTRY.register} and {@code Layers.register}. Called once in a program. */
    void register();
}
