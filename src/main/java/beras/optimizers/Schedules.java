package beras.optimizers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;
import java.util.function.Supplier;

/** All learning rate schedules by name. None has a default for its rate and steps, so each needs a config. */
public final class Schedules {

    /** The registry itself. */
    public static final Registry<LearningRateSchedule> REGISTRY = new Registry<>("a schedule", LearningRateSchedule.class)
            .add("ExponentialDecay", "exponential")
            .add("InverseTimeDecay", "inverse_time")
            .add("PiecewiseConstantDecay", "piecewise")
            .add("PolynomialDecay", "polynomial")
            .add("CosineDecay", "cosine")
            .add("CosineDecayRestarts", "cosine_restarts");

    /**
     * A schedule by its {@linkplain LearningRateSchedule#config config}.
     *
     * @throws IllegalArgumentException if there is no such name, or a setting is wrong
     */
    public static LearningRateSchedule of(Config config) {
        return REGISTRY.of(config);
    }

    /**
     * Makes a class of one's own known by its simple name, and so to configs, text and model files.
     *
     * @param maker makes one with default settings, such as {@code Triangle::new}
     * @param names further names
     * @throws IllegalArgumentException if a name is taken by another class
     */
    public static void register(Supplier<? extends LearningRateSchedule> maker, String... names) {
        REGISTRY.register(maker, names);
    }

    /** Whether there is a schedule of this name. */
    public static boolean has(String name) {
        return REGISTRY.has(name);
    }

    /** The names of all schedules. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Schedules() {}
}
