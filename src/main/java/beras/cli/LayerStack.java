package beras.cli;

import beras.activations.LeakyReLU;
import beras.activations.ReLU;
import beras.activations.Sigmoid;
import beras.activations.Softmax;
import beras.initializers.Initializer;
import beras.layers.Dense;
import beras.layers.Layer;
import beras.models.Sequential;
import beras.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** A net as text: {@code 128:relu,10:softmax} is a layer of 128 units with ReLU, then one of 10 with softmax. */
final class LayerStack {

    private enum Activation {
        RELU(ReLU::new),
        LEAKY_RELU(LeakyReLU::new),
        SIGMOID(Sigmoid::new),
        SOFTMAX(Softmax::new),
        LINEAR(null);

        private final Supplier<Layer> make; // null: no layer

        Activation(Supplier<Layer> make) {
            this.make = make;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Step(int units, Activation activation) {}

    private final String text;
    private final List<Step> steps;

    private LayerStack(String text, List<Step> steps) {
        this.text = text;
        this.steps = steps;
    }

    /**
     * Reads layers from text: {@code units:activation}, with commas between.
     *
     * @throws IllegalArgumentException if a layer has another form, naming it and its place
     */
    static LayerStack parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (int from = 0; from <= text.length(); ) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            steps.add(step(text.substring(from, to),
                    "layer " + (steps.size() + 1) + " (from character " + (from + 1) + ")"));
            from = to + 1;
        }
        return new LayerStack(text, steps);
    }

    private static Step step(String text, String place) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(place + " must be units:activation, such as 128:relu. Received: \""
                    + text + "\"");
        }
        return new Step(units(text.substring(0, colon).strip(), place),
                activation(text.substring(colon + 1).strip(), place));
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

    private static Activation activation(String text, String place) {
        for (Activation activation : Activation.values()) {
            if (activation.toString().equals(text)) {
                return activation;
            }
        }
        throw new IllegalArgumentException(place + " must end with relu, leaky_relu, sigmoid, softmax or linear."
                + " Received: \"" + text + "\"");
    }

    int outputs() {
        return last().units;
    }

    /** Whether every output lies from 0 to 1, as cross-entropy needs it. */
    boolean endsInProbabilities() {
        return last().activation == Activation.SOFTMAX || last().activation == Activation.SIGMOID;
    }

    private Step last() {
        return steps.get(steps.size() - 1);
    }

    /**
     * A model of these layers; the weights of each follow from the seed and its number.
     *
     * @throws IllegalArgumentException if a layer has more weights than a tensor can hold
     */
    Sequential build(int inputs, Initializer initializer, long seed) {
        List<Layer> layers = new ArrayList<>();
        int size = inputs;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            layers.add(new Dense(size, step.units, initializer, new Rng(seed, "layer", i).bits(0)));
            if (step.activation.make != null) {
                layers.add(step.activation.make.get());
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
