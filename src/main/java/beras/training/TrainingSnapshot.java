package beras.training;

import beras.config.Arguments;
import beras.config.Config;
import beras.config.Configurable;
import beras.feed.Batches;
import beras.layers.Layer;
import beras.optimizers.Optimizer;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes the {@link TrainingState} of a training run, and restores a run from one. */
record TrainingSnapshot(Trainer trainer, Batches batches, FitOptions options, CallbackList callbacks, History history,
        TrainingProgress progress) {

    private static final String TYPE = "TrainingState";
    private static final String RATE = "learningRate";

    // ---------------------------------------------------------------------------------------------------- taking

    /** @param accumulators of the epoch so far; null between epochs */
    TrainingState take(MetricAccumulators accumulators) {
        Optimizer optimizer = trainer.requireOptimizer();
        Config config = progress.addTo(Config.of(TYPE)).with("steps", optimizer.steps());
        if (!optimizer.hasSchedule()) {
            config = config.with(RATE, optimizer.learningRate());
        }
        List<Object> noise = new ArrayList<>();
        List<Object> seeds = new ArrayList<>();
        for (Layer layer : Layer.withInner(trainer.net().layers())) {
            noise.add(layer.noiseCalls());
            seeds.add(layer.noiseCalls() == 0 ? 0 : layer.knownSeed().orElse(0));
        }
        config = config.with("noiseCalls", noise).with("noiseSeeds", seeds)
                .with("conditions", conditions());
        if (accumulators != null) {
            config = config.with("totals", accumulators.state().stream().map(TrainingState::setting).toList());
        }
        config = config.with("history", history.epochs().stream().map(Logs::config).toList());
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        put(TrainingState.WEIGHTS, trainer.net().weights(), tensors);
        put(TrainingState.OPTIMIZER, optimizer.state(trainer.net().weights()), tensors);
        return new TrainingState(config.with("callbacks", callbackStates(tensors)), tensors);
    }

    private static void put(String prefix, List<? extends Tensor> list, Map<String, Tensor> into) {
        for (int i = 0; i < list.size(); i++) {
            into.put(prefix + i, list.get(i).copy());
        }
    }

    /** The configs of the callbacks' states; their tensors are added. */
    private List<Object> callbackStates(Map<String, Tensor> tensors) {
        List<Object> configs = new ArrayList<>();
        for (Callback callback : callbacks.stateful()) {
            Optional<TrainingState> state = callback.state();
            if (state.isPresent()) {
                String prefix = callbackPrefix(configs.size());
                state.get().tensors().forEach((name, tensor) -> tensors.put(prefix + name, tensor));
                configs.add(state.get().config());
            }
        }
        return configs;
    }

    private static String callbackPrefix(int i) {
        return "callback." + i + ".";
    }

    // -------------------------------------------------------------------------------------------------- restoring

    /**
     * Restores the training; nothing in the state is trusted, since it may come from a file.
     *
     * @return the accumulators of the epoch so far; null between epochs
     * @throws IllegalArgumentException if the state does not fit; nothing but progress and callbacks is changed then
     */
    MetricAccumulators restore(TrainingState state) {
        Config config = state.config();
        Trainable net = trainer.net();
        Optimizer optimizer = trainer.requireOptimizer();
        List<Tensor> weights = state.list(TrainingState.WEIGHTS);
        requireWeights(config, weights);
        requireSame("", config.config("conditions"), conditions());
        progress.restore(config);
        List<Logs> epochs = state.history();
        List<Layer> layers = Layer.withInner(net.layers());
        List<Long> noise = wholeNumbers(config, "noiseCalls", layers.size());
        List<Long> seeds = wholeNumbers(config, "noiseSeeds", layers.size());
        for (int i = 0; i < noise.size(); i++) {
            if (noise.get(i) != 0) {
                requireSeed(layers.get(i), seeds.get(i));
            }
        }
        MetricAccumulators accumulators = null;
        if (progress.batch() > 0) {
            accumulators = trainer.accumulators();
            accumulators.restore(config.list("totals").stream().map(TrainingState::numbers).toList());
        }
        float rate = optimizer.hasSchedule() ? 0f : Arguments.positive(RATE, (float) config.number(RATE));
        restoreCallbacks(state);
        for (int i = 0; i < noise.size(); i++) {
            layers.get(i).noiseCalls(noise.get(i));
            if (noise.get(i) != 0) {
                layers.get(i).seedIfNone(seeds.get(i));
            }
        }
        optimizer.restore(config.integer("steps"), net.weights(), state.list(TrainingState.OPTIMIZER)); // from here on nothing is refused
        if (!optimizer.hasSchedule()) {
            optimizer.learningRate(rate);
        }
        for (int i = 0; i < weights.size(); i++) {
            net.weights().get(i).assign(weights.get(i));
        }
        epochs.forEach(history::add);
        return accumulators;
    }

    private void requireWeights(Config config, List<Tensor> given) {
        List<? extends Tensor> weights = trainer.net().weights();
        boolean fits = config.type().equals(TYPE) && given.size() == weights.size();
        for (int i = 0; fits && i < given.size(); i++) {
            fits = given.get(i).shape().equals(weights.get(i).shape());
        }
        if (!fits) {
            throw new IllegalArgumentException("To resume a training, the model must have the layers and weights that it had"
                    + " there: " + weights.stream().map(Tensor::shape).toList() + ". Received: a " + config.type() + " of "
                    + given.stream().map(Tensor::shape).toList());
        }
    }

    private static List<Long> wholeNumbers(Config config, String name, int layers) {
        List<Long> numbers = config.wholes(name);
        if (numbers.size() != layers) {
            throw new IllegalArgumentException("The state of a training must have " + name + " of " + layers + " layers."
                    + " Received: " + numbers.size());
        }
        return numbers;
    }

    private void restoreCallbacks(TrainingState state) {
        List<Callback> stateful = callbacks.stateful();
        List<String> types = stateful.stream().map(callback -> callback.state().orElseThrow().config().type()).toList();
        List<Config> saved = state.config().configs("callbacks");
        if (!types.equals(saved.stream().map(Config::type).toList())) {
            throw new IllegalArgumentException("To resume a training, the callbacks that have a state must be those that it had: "
                    + saved.stream().map(Config::type).toList() + ". Received: " + types);
        }
        for (int i = 0; i < saved.size(); i++) {
            String prefix = callbackPrefix(i);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            state.tensors().forEach((name, tensor) -> {
                if (name.startsWith(prefix)) {
                    tensors.put(name.substring(prefix.length()), tensor);
                }
            });
            stateful.get(i).restore(new TrainingState(saved.get(i), tensors));
        }
    }

    // ------------------------------------------------------------------------------------------------- conditions

    /** The conditions of bit-identical results: order of the examples, class weights, losses, optimizer. */
    private Config conditions() {
        List<Object> losses = new ArrayList<>();
        for (Objective objective : trainer.objectives()) {
            losses.add(described(objective.loss()));
        }
        Config conditions = batches.order().with("losses", losses)
                .with("optimizer", described(trainer.requireOptimizer()).with(RATE, null)); // the state has the rate
        if (options.classWeight != null) {
            List<Object> weights = new ArrayList<>();
            for (float weight : options.classWeight) {
                weights.add(weight);
            }
            conditions = conditions.with("classWeight", weights);
        }
        return conditions;
    }

    /** The config of something; its type alone if a part of it is of a class that is in no registry. */
    private static Config described(Configurable part) {
        try {
            return part.config();
        } catch (IllegalArgumentException e) {
            return Config.of(part.getClass());
        }
    }

    /**
     * Rejects other conditions, and names the one that differs.
     *
     * @param of behind the name of each setting
     * @throws IllegalArgumentException if one differs
     */
    private static void requireSame(String of, Config then, Config now) {
        Set<String> names = new LinkedHashSet<>(then.values().keySet());
        names.addAll(now.values().keySet());
        for (String name : names) {
            Object before = then.values().get(name);
            Object after = now.values().get(name);
            if (before instanceof Config a && after instanceof Config b && a.type().equals(b.type())) {
                requireSame(" of the " + name + of, a, b);
            } else if (!Config.of(name).with(name, before).equals(Config.of(name).with(name, after))) {
                throw refused(name + of, before, after);
            }
        }
    }

    /**
     * Refuses another seed of a layer that has drawn random numbers. One that has no seed yet can be given that.
     *
     * @throws IllegalArgumentException if a seed differs
     */
    private static void requireSeed(Layer layer, long then) {
        long now = layer.knownSeed().orElse(then);
        if (now != then) {
            throw refused("seed of the layer " + layer, then, now);
        }
    }

    private static IllegalArgumentException refused(String name, Object then, Object now) {
        return new IllegalArgumentException("To resume a training, the " + name + " must be what it was there: " + text(then)
                + ". Received: " + text(now));
    }

    private static String text(Object value) {
        return value == null ? "none" : value.toString();
    }
}
