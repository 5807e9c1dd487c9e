package beras.training;

import beras.config.Config;
import beras.config.Configurable;
import beras.feed.Batches;
import beras.layers.Layer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What must be as it was for a training that is resumed to have the bits of the undisturbed one. */
final class ResumeConditions {

    private static final String RATE = "learningRate";

    /** Those of a training: order of the examples, class weights, losses, optimizer. */
    static Config of(Trainer trainer, Batches batches, FitOptions options) {
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

    /** Of something with a part of a class that no registry knows its type alone. */
    private static Config described(Configurable part) {
        try {
            return part.config();
        } catch (IllegalArgumentException e) {
            return Config.of(part.getClass());
        }
    }

    /**
     * Refuses other conditions, and names the one that differs.
     *
     * @throws IllegalArgumentException if one differs
     */
    static void requireSame(Config then, Config now) {
        requireSame("", then, now);
    }

    /** @param of behind the name of each setting */
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
    static void requireSeed(Layer layer, long then) {
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

    private ResumeConditions() {}
}
