package beras.training;

import beras.layers.Layer;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The warning of weights that a training does not change though they are trainable. */
final class UntrainedWeights {

    private final Set<Variable> unnamed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> names = new ArrayList<>();

    private UntrainedWeights() {}

    /** Of weights of a net without a gradient in the first step of its training. */
    static String warning(Trainable net, List<Variable> weights) {
        UntrainedWeights untrained = new UntrainedWeights();
        untrained.unnamed.addAll(weights);
        untrained.name("", net, net.layers());
        untrained.unnamed.forEach(weight -> untrained.names.add(weight.name())); // of no layer
        return "These trainable weights had no gradient in the first step, so they do not learn: "
                + String.join(", ", untrained.names) + ". The loss must depend on them through recorded calls and operations;"
                + " predict, the forward of a layer and stopGradient are not recorded. Freeze weights that are not to learn, by"
                + " trainable(false)";
    }

    /** @param net whose layers they are; null: of a layer that is made of them */
    private void name(String prefix, Trainable net, List<Layer> layers) {
        for (Layer layer : layers) {
            String path = prefix + (net == null ? layer.toString() : net.nameOf(layer)) + "/";
            for (int i = 0; i < layer.specs().size(); i++) {
                if (unnamed.remove(layer.weights().get(i))) {
                    names.add(path + layer.specs().get(i).name());
                }
            }
            name(path, layer instanceof Trainable inner ? inner : null, layer.layers());
        }
    }
}
