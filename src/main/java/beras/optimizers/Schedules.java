package beras.optimizers;

import beras.config.Registry;

/** All learning rate schedules by name. None has a default for its rate and steps, so each needs a config. */
public final class Schedules {

    /** Makes schedules from texts and configs; custom classes are registered here. */
    public static final Registry<LearningRateSchedule> REGISTRY = new Registry<>("a schedule", LearningRateSchedule.class)
            .add("ExponentialDecay", "exponential")
            .add("InverseTimeDecay", "inverse_time")
            .add("PiecewiseConstantDecay", "piecewise")
            .add("PolynomialDecay", "polynomial")
            .add("CosineDecay", "cosine")
            .add("CosineDecayRestarts", "cosine_restarts")
            .add("OneCycle");

    private Schedules() {}
}
