package own;

import beras.config.Registration;
import beras.layers.Layers;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.optimizers.Optimizers;
import beras.optimizers.Schedules;
import beras.saving.onnx.OnnxFile;

/**
 * What a user adds to BERAS beside the classes: a line for each, and one for each function. It is found by the file {@code META-INF/services} in the test
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
        Layers.register("folded", x -> x.multiply(2).abs().sin());
        Losses.REGISTRY.register(Quartic::new);
        Losses.register("log_error", (prediction, truth) -> prediction.subtract(truth).square().add(1).log());
        Metrics.REGISTRY.register(Within::new);
        Metrics.register("largest_error", Metric.Direction.DOWN, (prediction, truth) -> prediction.subtract(truth).abs().max(1));
        Optimizers.REGISTRY.register(Signum::new);
        Schedules.REGISTRY.register(Steps::new);
    }
}
