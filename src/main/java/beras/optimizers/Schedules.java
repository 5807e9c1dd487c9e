package beras.optimizers;

import beras.config.Config;
import beras.config.Registry;
import java.util.List;

/** Learning rate schedules by name. None has a default for its rate and steps, so each needs a config. */
public final class Schedules {

    private static final Registry<LearningRateSchedule> REGISTRY = new Registry<LearningRateSchedule>("a schedule", Schedules::make)
            .add("ExponentialDecay")
            .add("InverseTimeDecay")
            .add("PiecewiseConstantDecay")
            .add("PolynomialDecay")
            .add("CosineDecay")
            .add("CosineDecayRestarts");

    private static LearningRateSchedule make(Config config) {
        return switch (config.type()) {
            case "ExponentialDecay" -> exponentialDecay(config);
            case "InverseTimeDecay" -> inverseTimeDecay(config);
            case "PiecewiseConstantDecay" -> piecewiseConstantDecay(config);
            case "PolynomialDecay" -> polynomialDecay(config);
            case "CosineDecay" -> cosineDecay(config);
            case "CosineDecayRestarts" -> cosineDecayRestarts(config);
            default -> throw new AssertionError(config);
        };
    }

    private static ExponentialDecay exponentialDecay(Config c) {
        c.requireOnly("initialLearningRate", "decaySteps", "decayRate", "staircase");
        return new ExponentialDecay(c.number("initialLearningRate"), c.integer("decaySteps"), c.number("decayRate"),
                c.flag("staircase", false));
    }

    private static InverseTimeDecay inverseTimeDecay(Config c) {
        c.requireOnly("initialLearningRate", "decaySteps", "decayRate", "staircase");
        return new InverseTimeDecay(c.number("initialLearningRate"), c.integer("decaySteps"), c.number("decayRate"),
                c.flag("staircase", false));
    }

    private static PiecewiseConstantDecay piecewiseConstantDecay(Config c) {
        c.requireOnly("boundaries", "values");
        return new PiecewiseConstantDecay(c.integers("boundaries"), c.numbers("values"));
    }

    private static PolynomialDecay polynomialDecay(Config c) {
        c.requireOnly("initialLearningRate", "decaySteps", "endLearningRate", "power", "cycle");
        return new PolynomialDecay(c.number("initialLearningRate"), c.integer("decaySteps"),
                c.number("endLearningRate", 0.0001), c.number("power", 1), c.flag("cycle", false));
    }

    private static CosineDecay cosineDecay(Config c) {
        c.requireOnly("initialLearningRate", "decaySteps", "alpha", "warmupTarget", "warmupSteps");
        double initial = c.number("initialLearningRate");
        return new CosineDecay(initial, c.integer("decaySteps"), c.number("alpha", 0), c.number("warmupTarget", initial),
                c.integer("warmupSteps", 0));
    }

    private static CosineDecayRestarts cosineDecayRestarts(Config c) {
        c.requireOnly("initialLearningRate", "firstDecaySteps", "tMul", "mMul", "alpha");
        return new CosineDecayRestarts(c.number("initialLearningRate"), c.integer("firstDecaySteps"), c.number("tMul", 2),
                c.number("mMul", 1), c.number("alpha", 0));
    }

    /**
     * The schedule of this type and settings.
     *
     * @throws IllegalArgumentException if there is no such type, or a setting is wrong or missing
     */
    public static LearningRateSchedule of(Config config) {
        return REGISTRY.of(config);
    }

    /** The names of all schedules. */
    public static List<String> names() {
        return REGISTRY.names();
    }

    private Schedules() {}
}
