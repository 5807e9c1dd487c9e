package beras.optimizers;

import beras.config.Registry;

/**
 * All learning rate schedules by name. None has a default for its rate and steps, so each needs a config.
 *
 * <pre>{@code
 * model.compile(new AdamW().schedule(Schedules.REGISTRY.of("cosine", 0.002, 1000)), new MeanSquaredError());     // to 0 in 1000 steps
 * }</pre>
 */
public final class Schedules {

    /** Makes schedules from texts and configs; custom classes are registered here. */
    public static final Registry<LearningRateSchedule> REGISTRY = new Registry<>("a schedule", LearningRateSchedule.class)
            .addRow("Decay", "ExponentialDecay", "exponential")
            .addRow("Decay", "InverseTimeDecay", "inverse_time")
            .addRow("Decay", "PiecewiseConstantDecay", "piecewise")
            .addRow("Decay", "PolynomialDecay", "polynomial")
            .addRow("Decay", "CosineDecay", "cosine")
            .addRow("Decay", "CosineDecayRestarts", "cosine_restarts")
            .addRow("Decay", "OneCycle");

    private Schedules() {}
}
