package org.example;

import beras.config.Registration;
import beras.layers.Layers;

/** Makes the types of this jar known by their names; {@code META-INF/services/beras.config.Registration} names this class. */
public final class OwnTypes implements Registration {

    @Override
    public void register() {
        Layers.ACTIVATIONS.register(Gate::new);
    }
}
