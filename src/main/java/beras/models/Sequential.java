package beras.models;

import beras.autograd.GradientTape;
import beras.layers.Dense;
import beras.layers.Elementwise;
import beras.layers.Layer;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** A model whose layers stand one behind the other. */
public final class Sequential extends Model {

    private final List<Layer> layers;
    private final List<Layer> fused;
    private final List<Variable> weights;
    private final Shape inputShape;
    private final Shape outputShape;

    /**
     * A model of these layers, the very objects. A layer may stand in several places; its weights count once.
     *
     * @throws IllegalArgumentException if there is no layer that fixes the input's shape, or one layer does not take what the
     *     one before it gives, naming both
     */
    public Sequential(Layer... layers) {
        this.layers = List.of(layers);
        this.inputShape = this.layers.stream().map(Layer::inputShape).filter(s -> s != null).findFirst().orElseThrow(() ->
                new IllegalArgumentException("A Sequential model needs a layer of known size, such as Dense. Received: "
                        + this.layers.size() + " layers without one"));
        Shape shape = inputShape;
        for (int i = 0; i < layers.length; i++) {
            try {
                shape = layers[i].outputShape(shape);
            } catch (IllegalArgumentException e) {
                String before = i == 0 ? "the input" : "layer " + i + " (" + name(layers[i - 1]) + ")";
                throw new IllegalArgumentException("Layer " + (i + 1) + " (" + name(layers[i]) + ") does not fit " + before
                        + ", which gives examples of shape " + shape + ": " + e.getMessage(), e);
            }
        }
        this.outputShape = shape;
        this.fused = fuse(this.layers);
        Set<Variable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Variable> all = new ArrayList<>();
        for (Layer layer : layers) {
            for (Variable weight : layer.weights()) {
                if (seen.add(weight)) {
                    all.add(weight);
                }
            }
        }
        this.weights = List.copyOf(all);
    }

    private static String name(Layer layer) {
        return layer.getClass().getSimpleName();
    }

    /** The same layers, with every activation that follows a Dense layer taken into it. */
    private static List<Layer> fuse(List<Layer> layers) {
        List<Layer> fused = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            if (i > 0 && layers.get(i) instanceof Elementwise activation && layers.get(i - 1) instanceof Dense dense
                    && !dense.hasActivation() && activation.fusable()) {
                fused.set(fused.size() - 1, dense.withActivation(activation));
            } else {
                fused.add(layers.get(i));
            }
        }
        return List.copyOf(fused);
    }

    @Override
    public List<Layer> layers() {
        return layers;
    }

    @Override
    public List<Variable> weights() {
        return weights;
    }

    @Override
    public Shape inputShape() {
        return inputShape;
    }

    @Override
    public Shape outputShape() {
        return outputShape;
    }

    @Override
    public Tensor forward(Tensor... inputs) {
        if (inputs.length != 1) {
            throw new IllegalArgumentException("A Sequential model takes one input. Received: " + inputs.length);
        }
        return run(layers, inputs[0]);
    }

    @Override
    Tensor fastForward(Tensor batch) {
        return run(fused, batch);
    }

    private static Tensor run(List<Layer> steps, Tensor x) {
        boolean recording = GradientTape.isRecording();
        for (Layer layer : steps) {
            x = recording ? layer.call(x) : layer.forward(x);
        }
        return x;
    }
}
