package beras.models;

import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.Node;
import beras.tensor.Shape;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * A model whose layers stand one behind the other.
 *
 * <pre>{@code
 * Sequential model = new Sequential(new Input(784), new Dense(128, "relu"), new Dense(10, "softmax"));
 * }</pre>
 */
public class Sequential extends Model {

    /**
     * A model of these layers, the very objects. A layer may stand in several places; its weights count once.
     *
     * @throws IllegalArgumentException if there is no layer that fixes the input's shape, or a layer does not accept the output
     *     of the one before it; the message names both
     */
    public Sequential(Layer... layers) {
        super(graph(null, null, layers));
    }

    /** As {@link #Sequential(Layer...)}; layers without a seed get one derived from this seed and their place. */
    public Sequential(long seed, Layer... layers) {
        super(graph(seed, null, layers));
    }

    /**
     * A new model of the layers of a recipe, whose weights follow from its seed.
     *
     * @param input the shape of one example
     * @throws IllegalArgumentException if a layer does not accept the output of the one before it, naming both; or the recipe
     *     is one of an ensemble, which {@link Models#of(Recipe, Shape)} makes
     */
    public static Sequential of(Recipe recipe, Shape input) {
        if (recipe.ensemble() > 1) {
            throw new IllegalArgumentException("A Sequential is one net. Received: a recipe of an ensemble of " + recipe.ensemble()
                    + ". Make that by Models.of(recipe, shape)");
        }
        return of(recipe.makeLayers(), input);
    }

    static Sequential of(List<Layer> layers, Shape input) {
        List<Layer> all = new ArrayList<>(List.of(new Input(input.toArray())));
        all.addAll(layers);
        return new Sequential(all.toArray(Layer[]::new));
    }

    Sequential(Graph graph) {
        super(graph);
    }

    static Graph graph(Long seed, Graph.Filling filling, Layer... layers) {
        boolean begun = layers.length > 0 && layers[0] instanceof Input;
        Input input = begun ? (Input) layers[0] : new Input(inputShape(layers).toArray());
        Node first = input.apply();
        Node node = first;
        for (int i = begun ? 1 : 0; i < layers.length; i++) {
            try {
                node = layers[i].apply(node);
            } catch (IllegalArgumentException e) {
                String before = i == 0 ? "the input" : "layer " + i + " (" + layers[i - 1] + ")";
                throw new IllegalArgumentException("Layer " + (i + 1) + " (" + layers[i] + ") does not fit " + before
                        + ", which gives examples of shape " + node.shape() + ": " + e.getCause().getMessage(), e.getCause());
            }
        }
        return new Graph(List.of(first), List.of(node), seed, filling);
    }

    /** The input shape of the first layer that fixes one; layers before it do not change shapes. */
    private static Shape inputShape(Layer[] layers) {
        for (Layer layer : layers) {
            boolean several = layer instanceof Model model && model.inputNodes().size() > 1; // refused where it stands
            if (!several && layer.inputShape() != null) {
                return layer.inputShape();
            }
        }
        throw new IllegalArgumentException("A Sequential model needs an Input as its first layer, or a layer of known size"
                + " such as Dense(784, 128). Received: " + layers.length + " layers without one");
    }
}
