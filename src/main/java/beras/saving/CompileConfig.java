package beras.saving;

import beras.config.Config;
import beras.layers.Layer;
import beras.losses.Losses;
import beras.metrics.Metric;
import beras.metrics.Metrics;
import beras.models.Model;
import beras.optimizers.Optimizer;
import beras.optimizers.Optimizers;
import beras.tensor.Tensor;
import beras.training.Objective;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a model is compiled, and all that resuming its training needs besides its weights: the optimizer's state, and how often
 * layers have drawn random numbers. As JSON:
 *
 * <pre>
 *   {"type": "Compiled", "optimizer": {"type": "Adam", ...}, "steps": 30, "noiseCalls": [0, 30, 0],
 *    "objectives": [{"type": "Objective", "loss": {...}, "weight": 1.0, "metrics": [...], "weightedMetrics": [...]}]}
 * </pre>
 * Without an optimizer the model is compiled to be evaluated alone.
 *
 * @param json the JSON; empty if a part cannot be made again
 * @param lost the parts that the JSON does not contain, in sentences
 */
record CompileConfig(Optional<JsonObject> json, List<String> lost) {

    private static final String OPTIMIZER = "optimizer";
    private static final String STEPS = "steps";
    private static final String NOISE = "noiseCalls";
    private static final String OBJECTIVES = "objectives";
    private static final String LOSS = "loss";
    private static final String WEIGHT = "weight";
    private static final String METRICS = "metrics";
    private static final String WEIGHTED = "weightedMetrics";

    /** That of a model; empty if it is not compiled. */
    static Optional<CompileConfig> of(Model model) {
        if (model.objectives().isEmpty()) {
            return Optional.empty();
        }
        List<String> lost = new ArrayList<>();
        try {
            Config config = Config.of("Compiled");
            if (model.optimizer().isPresent()) {
                Optimizer optimizer = model.optimizer().get();
                config = config.with(OPTIMIZER, Optimizers.REGISTRY.configOf(optimizer)).with(STEPS, optimizer.steps());
            }
            config = config.with(NOISE, Layer.withInner(model.layers()).stream().map(Layer::noiseCalls).toList());
            List<Config> objectives = new ArrayList<>();
            for (Objective objective : model.objectives()) {
                objectives.add(Config.of("Objective").with(LOSS, Losses.REGISTRY.configOf(objective.loss()))
                        .with(WEIGHT, objective.weight()).with(METRICS, metrics(objective.metrics(), lost))
                        .with(WEIGHTED, metrics(objective.weightedMetrics(), lost)));
            }
            return Optional.of(new CompileConfig(Optional.of(ConfigJson.write(config.with(OBJECTIVES, objectives))), lost));
        } catch (IllegalArgumentException e) { // also of numbers that JSON has not
            return Optional.of(new CompileConfig(Optional.empty(), List.of("How the model is compiled is not in the"
                    + " file, so it comes back uncompiled: " + e.getMessage())));
        }
    }

    /** The state that the optimizer of a model keeps for its weights, in their order; empty without an optimizer. */
    static List<Tensor> slots(Model model) {
        return model.optimizer().map(optimizer -> optimizer.state(model.weights())).orElse(List.of());
    }

    private static List<Config> metrics(List<Metric> metrics, List<String> lost) {
        List<Config> configs = new ArrayList<>();
        for (Metric metric : metrics) {
            try {
                configs.add(Metrics.configOf(metric));
            } catch (IllegalArgumentException e) {
                lost.add("The metric " + metric.name() + " is not in the file: " + e.getMessage());
            }
        }
        return configs;
    }

    /**
     * Compiles a model as the config describes.
     *
     * @param slots the result of {@link #slots} for the described model
     * @throws IllegalArgumentException if the config or the slots are not as above, or there is no such type
     */
    static void restore(Config config, List<Tensor> slots, Model model) {
        List<Objective> objectives = new ArrayList<>();
        for (Config each : config.configs(OBJECTIVES)) {
            objectives.add(new Objective(Losses.REGISTRY.of(each.config(LOSS))).weight(each.number(WEIGHT))
                    .metrics((Object[]) metrics(each, METRICS)).weightedMetrics((Object[]) metrics(each, WEIGHTED)));
        }
        List<Layer> layers = Layer.withInner(model.layers());
        List<?> noise = config.list(NOISE);
        if (noise.size() != layers.size()) {
            throw new IllegalArgumentException("the model needs " + layers.size() + " " + NOISE + ", one for each layer. Received: "
                    + noise.size());
        }
        long[] drawn = new long[noise.size()];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = config.with(NOISE, noise.get(i)).whole(NOISE);
            if (drawn[i] < 0) {
                throw new IllegalArgumentException(NOISE + " must be at least 0. Received: " + drawn[i]);
            }
        }
        for (int i = 0; i < drawn.length; i++) {
            layers.get(i).noiseCalls(drawn[i]);
        }
        Objective[] all = objectives.toArray(Objective[]::new);
        if (config.has(OPTIMIZER)) {
            Optimizer optimizer = Optimizers.REGISTRY.of(config.config(OPTIMIZER));
            optimizer.restore(config.integer(STEPS), model.weights(), slots);
            model.compile(optimizer, all);
        } else {
            model.compile(all);
        }
    }

    private static Metric[] metrics(Config objective, String name) {
        return objective.configs(name).stream().map(Metrics::of).toArray(Metric[]::new);
    }
}
