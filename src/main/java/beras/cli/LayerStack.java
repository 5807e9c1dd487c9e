package beras.cli;

import beras.config.Config;
import beras.initializers.Initializer;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.activations.Activations;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.regularizers.Regularizer;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * A net as text: {@code 128:relu,dropout:0.3,10:softmax} is a layer of 128 units with ReLU, then one that drops a third of them
 * in training, then one of 10 units with softmax.
 */
final class LayerStack {

    /**
     * One item.
     *
     * @param units of a Dense layer; 0 for another layer
     * @param name  of the Dense layer's activation, or of the other layer
     * @param value of the other layer, such as the rate of Dropout
     */
    private record Step(int units, String name, double value) {}

    private final String text;
    private final List<Step> steps;

    private LayerStack(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    /**
     * Reads layers from text: items with commas between, each {@code units:activation}, {@code dropout:rate},
     * {@code noise:deviation}, {@code batch_norm} or {@code layer_norm}.
     *
     * @throws IllegalArgumentException if an item has another form, naming it and its place
     */
    static LayerStack parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (int from = 0; from <= text.length(); ) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            steps.add(step(text.substring(from, to).strip(),
                    "layer " + (steps.size() + 1) + " (from character " + (from + 1) + ")"));
            from = to + 1;
        }
        return new LayerStack(text, steps);
    }

    private static Step step(String text, String place) {
        int colon = text.indexOf(':');
        String first = colon < 0 ? text : text.substring(0, colon).strip();
        String second = colon < 0 ? "" : text.substring(colon + 1).strip();
        if (isOther(first)) {
            return other(first, second, place);
        }
        if (colon < 0) {
            throw new IllegalArgumentException(place + " must be units:activation, such as 128:relu, or dropout:rate,"
                    + " noise:deviation, batch_norm or layer_norm. Received: \"" + text + "\"");
        }
        Step step = new Step(units(first, place), second, 0);
        try {
            activation(step.name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage());
        }
        return step;
    }

    private static int units(String text, String place) {
        try {
            int units = Integer.parseInt(text);
            if (units >= 1) {
                return units;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new IllegalArgumentException(place + " must start with a number of units, from 1 to " + Integer.MAX_VALUE
                + ". Received: \"" + text + "\"");
    }

    private static boolean isOther(String name) {
        return switch (name) {
            case "dropout", "noise", "batch_norm", "layer_norm" -> true;
            default -> false;
        };
    }

    private static Step other(String name, String value, String place) {
        boolean valued = name.equals("dropout") || name.equals("noise");
        if (!valued && !value.isEmpty()) {
            throw new IllegalArgumentException(place + ": " + name + " stands alone. Received after it: \"" + value + "\"");
        }
        try {
            Step step = new Step(0, name, valued ? Pairs.number("the number after " + name, value) : 0);
            layer(step);
            return step;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage());
        }
    }

    /** The activation of this name; null for linear, which needs no layer. The usual ones need no registry to be loaded. */
    private static Layer activation(String name) {
        return switch (name) {
            case "relu" -> new ReLU();
            case "softmax" -> new Softmax();
            case "linear" -> null;
            default -> Activations.of(name);
        };
    }

    /** A layer that is not Dense. */
    private static Layer layer(Step step) {
        return Layers.of(switch (step.name) {
            case "dropout" -> Config.of("Dropout").with("rate", step.value);
            case "noise" -> Config.of("GaussianNoise").with("stddev", step.value);
            case "batch_norm" -> Config.of("BatchNormalization");
            default -> Config.of("LayerNormalization");
        });
    }

    /** Whether the last layer is one of units with an activation that an output may have: softmax, sigmoid or linear. */
    boolean endsInOutput() {
        return endsInProbabilities() || last().units > 0 && last().name.equals("linear");
    }

    /** These layers with an output after them. */
    LayerStack withOutput(int units, String activation) {
        return parse(text + "," + units + ":" + activation);
    }

    /** The units of the last layer; 0 if that has none of its own. */
    int outputs() {
        return last().units;
    }

    /** Whether every output lies from 0 to 1, as cross-entropy needs it. */
    boolean endsInProbabilities() {
        Layer activation = last().units == 0 ? null : activation(last().name);
        return activation instanceof Softmax || activation instanceof Sigmoid;
    }

    private Step last() {
        return steps.get(steps.size() - 1);
    }

    /**
     * A model of these layers; the weights of each, and its noise, follow from the seed and its number.
     *
     * @param penalty on the weights of Dense layers; null for none
     * @throws IllegalArgumentException if a layer has more weights than a tensor can hold
     */
    Sequential build(int inputs, Initializer initializer, Regularizer penalty, long seed) {
        List<Layer> layers = new ArrayList<>();
        int size = inputs;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            long own = new Rng(seed, "layer", i).bits(0);
            if (step.units == 0) {
                layers.add(layer(step).seed(own));
                continue;
            }
            layers.add(new Dense(size, step.units, initializer, own).kernelRegularizer(penalty));
            Layer activation = activation(step.name);
            if (activation != null) {
                layers.add(activation);
            }
            size = step.units;
        }
        return new Sequential(layers.toArray(Layer[]::new));
    }

    @Override
    public String toString() {
        return text;
    }
}
