package beras.saving;

import beras.layers.BatchNormalization;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.Input;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the weights of our layers are in the modules of PyTorch. */
final class PyTorchLayout {

    /**
     * One weight.
     *
     * @param weight  ours
     * @param shape   PyTorch's
     */
    record Slot(Variable weight, Shape shape) {

        /** Whether PyTorch has it the other way round. */
        private boolean isTurned() {
            return shape.rank() == 2 && weight.name().equals("kernel");
        }

        void fill(Tensor theirs) {
            weight.assign(isTurned() ? theirs.transpose() : theirs);
        }

        Tensor theirs() {
            return isTurned() ? weight.transpose() : weight.reshape(shape.toArray());
        }
    }

    /**
     * A layer with weights.
     *
     * @param name   the names of the models and its own, with dots between
     * @param module the name that it has as a part of {@code torch.nn.Sequential}, as far as ours are such
     * @param slots  its weights by PyTorch's names
     * @param fixed  what PyTorch has besides, by its names: the ones and zeros of a normalization that does not scale or shift
     */
    record Place(String name, String module, Layer layer, Map<String, Slot> slots, Map<String, Tensor> fixed) {

        Map<String, Shape> shapes() {
            Map<String, Shape> shapes = new TreeMap<>();
            slots.forEach((part, slot) -> shapes.put(part, slot.shape));
            fixed.forEach((part, tensor) -> shapes.put(part, tensor.shape()));
            return shapes;
        }
    }

    /**
     * The layers with weights, in the order of the model.
     *
     * @throws IllegalArgumentException if PyTorch has no such layer, or one stands in several places
     */
    static List<Place> places(Model model) {
        List<Place> places = new ArrayList<>();
        add("", "", model, places);
        return places;
    }

    private static void add(String names, String modules, Model model, List<Place> places) {
        boolean sequential = model instanceof Sequential;
        if (sequential && model.nodes().size() != model.layersByName().size()) {
            throw new IllegalArgumentException("A layer that stands in several places of a Sequential has no names in PyTorch."
                    + " Make a Functional model of it");
        }
        int index = 0;
        for (Map.Entry<String, Layer> named : model.layersByName().entrySet()) {
            Layer layer = named.getValue();
            if (layer instanceof Input) {
                continue;
            }
            String name = names + named.getKey();
            String module = modules + (sequential ? Integer.toString(index) : named.getKey());
            if (layer instanceof Model inner) {
                add(name + ".", module + ".", inner, places);
            } else if (!layer.weights().isEmpty() && places.stream().noneMatch(place -> place.layer == layer)) {
                places.add(place(name, module, layer));
            }
            index += layer instanceof Model || layer.last() == layer ? 1 : 2; // an activation is a module of its own
        }
    }

    private static Place place(String name, String module, Layer layer) {
        Map<String, Slot> slots = new LinkedHashMap<>();
        Map<String, Tensor> fixed = new LinkedHashMap<>();
        if (layer instanceof Dense dense) {
            slots.put("weight", new Slot(dense.w(), Shape.of(dense.w().dim(1), dense.w().dim(0))));
            if (dense.b() != null) {
                slots.put("bias", new Slot(dense.b(), Shape.of(dense.b().dim(1))));
            }
        } else if (layer instanceof Embedding embedding) {
            slots.put("weight", plain(embedding.embeddings()));
        } else if (layer instanceof BatchNormalization norm) {
            scaled(norm.gamma(), norm.beta(), slots);
            if (norm.gamma() == null && norm.beta() != null) {
                fixed.put("weight", Tensor.ones(norm.beta().size()));
            } else if (norm.gamma() != null && norm.beta() == null) {
                fixed.put("bias", Tensor.zeros(norm.gamma().size()));
            }
            slots.put("running_mean", plain(norm.movingMean()));
            slots.put("running_var", plain(norm.movingVariance()));
        } else if (layer instanceof LayerNormalization norm) {
            scaled(norm.gamma(), norm.beta(), slots);
            if (norm.gamma() == null) {
                fixed.put("weight", Tensor.ones(norm.beta().size()));
            }
        } else {
            throw new IllegalArgumentException("Layers with weights that PyTorch has too are Dense, Embedding,"
                    + " BatchNormalization and LayerNormalization. Received: " + name + ", a "
                    + layer.getClass().getSimpleName());
        }
        return new Place(name, module, layer, slots, fixed);
    }

    private static void scaled(Variable gamma, Variable beta, Map<String, Slot> slots) {
        if (gamma != null) {
            slots.put("weight", plain(gamma));
        }
        if (beta != null) {
            slots.put("bias", plain(beta));
        }
    }

    private static Slot plain(Variable weight) {
        return new Slot(weight, weight.shape());
    }

    private PyTorchLayout() {}
}
