package own;

import beras.config.Registration;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metrics;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.saving.onnx.OnnxFile;

/**
 * What a user adds to BERAS beside the classes: a line for each. It is found by the file {@code META-INF/services} in the test
 * resources {@code own-types}.
 */
public final class OwnTypes implements Registration {

    /** How often types were registered. */
    public static int calls;

    @Override
    public void register() {
        calls++;
        Layers.REGISTRY.register(Gain::new, "louder");
        OnnxFile.register(Gain.class, (graph, use) -> graph.of("Mul", use.x(), graph.scalar("factor", use.real("factor"))));
        Losses.REGISTRY.register(Quartic::new);
        Metrics.REGISTRY.register(Within::new);
        Optimizers.REGISTRY.register(Signum::new);
        Schedules.REGISTRY.register(Steps::new);
    }
}
