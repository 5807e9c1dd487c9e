package beras.constraints;

import beras.config.Config;

public final class Constraints {

    public static Constraint of(Config config) {
        throw new IllegalArgumentException("There is none yet");
    }

    private Constraints() {}
}
