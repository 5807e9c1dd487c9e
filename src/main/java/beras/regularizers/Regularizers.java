package beras.regularizers;

import beras.config.Config;

public final class Regularizers {

    public static Regularizer of(Config config) {
        throw new IllegalArgumentException("There is none yet");
    }

    private Regularizers() {}
}
