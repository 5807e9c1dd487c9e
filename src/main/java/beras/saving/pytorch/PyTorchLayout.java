package beras.saving.pytorch;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.InvalidDataException;
import beras.layers.BatchNormalization;
import beras.layers.Bidirectional;
import beras.layers.Borders;
import beras.layers.Convolution;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GRU;
import beras.layers.GroupNormalization;
import beras.layers.Input;
import beras.layers.KernelLayer;
import beras.layers.Lambda;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.MultiHeadAttention;
import beras.layers.Node;
import beras.layers.PReLU;
import beras.layers.Permute;
import beras.layers.RMSNormalization;
import beras.layers.Recurrent;
import beras.layers.Reshape;
import beras.layers.SeparableConvolution;
import beras.layers.TransformerBlock;
import beras.layers.UpSampling2D;
import beras.layers.Windowed;
import beras.models.Model;
import beras.models.Sequential;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Where the weights of our layers are in the modules of PyTorch. */
final class PyTorchLayout {

    /** The parts of a {@link TransformerBlock} with weights, in their order, as PyTorch's {@code TransformerEncoderLayer} has them. */
    private static final List<String> IN_BLOCK = List.of(".norm1", ".self_attn", ".norm2", ".linear1", ".linear2");

    /**
     * One tensor of PyTorch's.
     *
     * @param weight ours, of which it is all or a part
     * @param shape  PyTorch's
     * @param ours   the whole weight, given that tensor
     * @param theirs that tensor, given the weight
     * @param rows   of which it has the rows, one behind the other; none: it is of this weight alone
     */
    record Slot(Variable weight, Shape shape, UnaryOperator<Tensor> ours, UnaryOperator<Tensor> theirs, List<Slot> rows) {

        Slot(Variable weight, Shape shape, UnaryOperator<Tensor> ours, UnaryOperator<Tensor> theirs) {
            this(weight, shape, ours, theirs, List.of());
        }

        /** One tensor of the rows of several. */
        static Slot joined(List<Slot> rows) {
            Shape first = rows.get(0).shape;
            return new Slot(rows.get(0).weight, first.with(0, rows.stream().mapToInt(each -> each.shape.dim(0)).sum()), null, null, rows);
        }

        List<Variable> weights() {
            return rows.isEmpty() ? List.of(weight) : rows.stream().map(Slot::weight).toList();
        }

        /** @param axes of the weight in PyTorch's order, if it is looked at by the axes of {@code view} */
        static Slot of(Variable weight, int[] view, int[] axes, Shape shape) {
            int[] sizes = new int[axes.length];
            int[] back = new int[axes.length];
            for (int i = 0; i < axes.length; i++) {
                sizes[i] = view[axes[i]];
                back[axes[i]] = i;
            }
            return new Slot(weight, shape, tensor -> tensor.reshape(sizes).transpose(back).reshape(weight.shape().toArray()),
                    ours -> ours.reshape(view).transpose(axes).reshape(shape.toArray()));
        }

        void fill(Tensor tensor) {
            int at = 0;
            for (Slot each : rows) {
                each.fill(tensor.slice(at, at + each.shape.dim(0)));
                at += each.shape.dim(0);
            }
            if (rows.isEmpty()) {
                weight.assign(ours.apply(tensor));
            }
        }

        Tensor tensor() {
            return rows.isEmpty() ? theirs.apply(weight) : Tensor.concatenate(0, rows.stream().map(Slot::tensor).toArray(Tensor[]::new));
        }
    }

    /**
     * A layer with weights.
     *
     * @param name   the names of the models and its own, with dots between
     * @param module the name that it has as a part of {@code torch.nn.Sequential}, as far as ours are such
     * @param slots  its weights by PyTorch's names
     * @param fixed  further tensors of PyTorch, by its names: the ones and zeros of a normalization that does not scale or
     *     shift
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
        refuseIf(sequential && model.nodes().size() != model.layersByName().size(),
                "A layer that stands in several places of a Sequential has no names in PyTorch. Make a Functional model of it");
        int index = 0;
        for (Map.Entry<String, Layer> named : model.layersByName().entrySet()) {
            Layer layer = named.getValue();
            if (layer instanceof Input) {
                continue;
            }
            String name = names + named.getKey();
            if (layer instanceof Model inner) {
                add(name + ".", modules + (sequential ? Integer.toString(index) : named.getKey()) + ".", inner, places);
                index++;
                continue;
            }
            if (layer instanceof TransformerBlock) {
                refuseIf(layer.weights().size() != 2 * IN_BLOCK.size() + 6, "PyTorch's TransformerEncoderLayer has an activation without weights. Received: "
                        + layer);
                String module = modules + (sequential ? Integer.toString(index) : named.getKey());
                for (int i = 0; i < IN_BLOCK.size() - 1; i++) {
                    places.add(place(name + IN_BLOCK.get(i), module + IN_BLOCK.get(i), layer.layers().get(i), null, List.of()));
                }
                Layer narrow = layer.layers().get(IN_BLOCK.size() - 1);
                Map<String, Slot> slots = new LinkedHashMap<>();
                slots.put("weight", turned(narrow.weights().get(0), narrow.weights().get(0).dim(0)));
                slots.put("bias", plain(narrow.weights().get(1)));
                places.add(new Place(name + ".linear2", module + ".linear2", narrow, slots, Map.of()));
                index++;
                continue;
            }
            List<Layer> parts = parts(layer);
            boolean alone = parts.stream().filter(part -> !part.weights().isEmpty()).count() == 1;
            for (int i = 0; i < parts.size(); i++) {
                Layer part = parts.get(i);
                if (!part.weights().isEmpty() && places.stream().noneMatch(place -> place.layer == part)) {
                    String own = alone ? name : name + "." + i; // as if they were a torch.nn.Sequential of this name
                    places.add(place(own, sequential ? modules + (index + i) : modules + own.substring(names.length()), part,
                            images(model, layer), uses(model, layer)));
                }
            }
            index += parts.size();
        }
    }

    /** The modules of a layer in PyTorch: an activation is a separate one, and so is each step of a separable convolution. */
    private static List<Layer> parts(Layer layer) {
        List<Layer> parts = new ArrayList<>();
        if (layer instanceof SeparableConvolution<?>) {
            layer.layers().forEach(step -> parts.addAll(parts(step)));
        } else {
            parts.add(layer);
            parts.addAll(layer instanceof KernelLayer ? layer.layers() : List.of());
        }
        return parts;
    }

    private static List<Node> uses(Model model, Layer layer) {
        return model.nodes().stream().filter(node -> node.layer() == layer).toList();
    }

    /** The shape of the images whose channels and pixels are the inputs of a layer in a row; null if they are none. */
    private static Shape images(Model model, Layer layer) {
        List<Shape> shapes = new ArrayList<>();
        for (Node node : model.nodes()) {
            if (node.layer() == layer && layer instanceof Dense) {
                shapes.add(flattened(node.inputs().get(0)));
            }
        }
        refuseIf(shapes.stream().distinct().count() > 1, "A Dense layer that takes flattened images in one place and something"
                + " else in another has no one order of weights in PyTorch. Received: " + layer);
        return shapes.isEmpty() ? null : shapes.get(0);
    }

    /** The shape before flattening, if PyTorch, which has channels before pixels, orders the numbers differently; else null. */
    private static Shape flattened(Node node) {
        Layer layer = node.layer();
        if (layer instanceof Flatten || layer instanceof Reshape) {
            Node before = node.inputs().get(0);
            int channels = before.shape().rank() < 2 ? 1 : before.shape().dim(-1);
            boolean same = channels == 1 || before.shape().size() == channels;
            return same || node.shape().rank() != 1 || !isOfImages(before) ? null : before.shape();
        }
        if (layer instanceof Model inner && node.shape().rank() == 1 && inner.nodes().stream().anyMatch(PyTorchLayout::mayFlatten)) {
            throw new InvalidDataException("A model that flattens images, with a Dense layer behind it, has no order of numbers"
                    + " that is known here: PyTorch has channels first. Let the Dense layer be part of it. Received: " + layer);
        }
        if (layer instanceof Input || layer instanceof KernelLayer || layer instanceof Model || layer instanceof Embedding) {
            return null;
        }
        for (Node before : node.inputs()) {
            Shape shape = flattened(before);
            boolean mixes = node.inputs().size() > 1 || !layer.weights().isEmpty() || layer instanceof Lambda;
            refuseIf(shape != null && mixes,
                    "Between images that are flattened and a Dense layer PyTorch has the numbers in another order, channels"
                    + " first, which is known only where nothing but activations and dropout is between them. Received: " + layer);
            if (shape != null) {
                return shape;
            }
        }
        return null;
    }

    /** Whether a node within a model flattens images of several channels. */
    private static boolean mayFlatten(Node node) {
        boolean flattens = node.layer() instanceof Flatten || node.layer() instanceof Reshape;
        return flattens && (flattened(node) != null || node.shape().rank() == 1 && node.inputs().get(0).shape().rank() == 3
                && node.inputs().get(0).shape().dim(-1) > 1);
    }

    /** Whether something has channels, which PyTorch has first. */
    private static boolean isOfImages(Node node) {
        Layer layer = node.layer();
        if (layer instanceof Permute && isOfImages(node.inputs().get(0))) {
            int[] dims = layer.config().integers("dims");
            refuseIf(dims[0] != dims.length || dims.length == 3 && dims[1] != 1, "Behind a Permute of images that does not put the channels"
                    + " first PyTorch's order of numbers is not known here. Received: " + layer);
            return false; // the order is PyTorch's
        }
        return layer instanceof Windowed<?> || layer instanceof UpSampling2D || layer instanceof Borders || !(layer instanceof Input
                || layer instanceof Embedding || layer instanceof Dense || layer instanceof Flatten || layer instanceof Reshape
                || layer instanceof Recurrent<?> || layer instanceof Bidirectional || layer instanceof Model)
                && node.inputs().stream().anyMatch(PyTorchLayout::isOfImages);
    }

    /**
     * @param images as {@link #images} has it
     * @param uses   of the layer that this is, or is a part of
     */
    private static Place place(String name, String module, Layer layer, Shape images, List<Node> uses) {
        Map<String, Slot> slots = new LinkedHashMap<>();
        Map<String, Tensor> fixed = new LinkedHashMap<>();
        if (layer instanceof PReLU slopes) {
            slots.put("weight", slopes(slopes, uses, name));
        } else if (layer instanceof RMSNormalization norm) {
            slots.put("weight", plain(norm.scale()));
        } else if (layer instanceof KernelLayer<?> kernel) {
            slots.put("weight", kernel(kernel, images));
            if (kernel.b() != null) {
                slots.put("bias", row(kernel.b()));
            }
        } else if (layer instanceof Recurrent<?> recurrent) {
            recurrent(recurrent, "_l0", slots);
        } else if (layer instanceof Bidirectional both) {
            recurrent((Recurrent<?>) both.layers().get(0), "_l0", slots);
            recurrent((Recurrent<?>) both.layers().get(1), "_l0_reverse", slots);
        } else if (layer instanceof MultiHeadAttention) {
            attention(layer, slots);
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
        } else if (layer instanceof GroupNormalization norm) {
            scaled(norm.gamma(), norm.beta(), slots);
            refuseIf(norm.gamma() == null || norm.beta() == null,
                    "PyTorch's GroupNorm scales and shifts, or neither. Received: " + name);
        } else {
            throw new InvalidDataException("Layers with weights that PyTorch has too are Dense, Embedding, PReLU, convolutions,"
                    + " recurrent layers, attention and normalizations. Received: " + name + ", a " + layer.typeName());
        }
        return new Place(name, module, layer, slots, fixed);
    }

    /** The kernels of queries, keys and values in one tensor, if all take the same features, and their biases in one. */
    private static void attention(Layer layer, Map<String, Slot> slots) {
        List<Slot> kernels = layer.layers().stream().map(part -> part.weights().get(0))
                .map(kernel -> turned(kernel, kernel == layer.layers().get(3).weights().get(0) ? kernel.dim(0) * kernel.dim(1) : kernel.dim(0))).toList();
        int features = kernels.get(0).shape.dim(1);
        refuseIf(kernels.stream().anyMatch(kernel -> kernel.shape.dim(0) != features), "PyTorch's MultiheadAttention has heads that share the features"
                + " of the queries, which are those of the output. Received: " + layer + " of " + features + " features");
        List<Slot> rows = kernels.subList(0, 3);
        if (rows.stream().allMatch(kernel -> kernel.shape.dim(1) == features)) {
            slots.put("in_proj_weight", Slot.joined(rows));
        } else {
            for (int i = 0; i < rows.size(); i++) {
                slots.put(List.of("q", "k", "v").get(i) + "_proj_weight", rows.get(i));
            }
        }
        slots.put("out_proj.weight", kernels.get(3));
        if (layer.weights().size() > kernels.size()) {
            List<Slot> biases = layer.layers().stream().map(part -> part.weights().get(1)).map(PyTorchLayout::row).toList();
            slots.put("in_proj_bias", Slot.joined(biases.subList(0, 3)));
            slots.put("out_proj.bias", biases.get(3));
        }
    }

    /** A kernel of so many inputs, whose outputs are the rows in PyTorch; heads are side by side. */
    private static Slot turned(Variable kernel, int in) {
        return Slot.of(kernel, new int[] {in, kernel.size() / in}, new int[] {1, 0}, Shape.of(kernel.size() / in, in));
    }

    /** As of modules of one layer. The first two gates of a GRU are swapped. */
    private static void recurrent(Recurrent<?> layer, String end, Map<String, Slot> slots) {
        Variable bias = layer.bias();
        boolean isGru = layer instanceof GRU;
        refuseIf(isGru && !layer.config().flag("resetAfter"), "PyTorch's GRU resets behind the product, as with resetAfter. Received: " + layer);
        UnaryOperator<Tensor> turned = isGru ? rows -> Tensor.concatenate(0, rows.slice(0, layer.units(), 2 * layer.units()),
                rows.slice(0, 0, layer.units()), rows.slice(0, 2 * layer.units(), 3 * layer.units())) : rows -> rows;
        int width = layer.kernel().dim(1);
        for (Variable kernel : List.of(layer.kernel(), layer.recurrentKernel())) {
            slots.put((kernel == layer.kernel() ? "weight_ih" : "weight_hh") + end, new Slot(kernel, Shape.of(width, kernel.dim(0)),
                    rows -> turned.apply(rows).transpose().contiguous(), ours -> turned.apply(ours.transpose().contiguous())));
        }
        for (int i = 0; bias != null && i < 2; i++) { // that of the input, and that of the state
            int row = i;
            String part = (row == 0 ? "bias_ih" : "bias_hh") + end;
            slots.put(part, isGru ? new Slot(bias, Shape.of(width), tensor -> Tensor.concatenate(0, row == 0 ? turned.apply(tensor).expandDims(0)
                    : bias.slice(0, 0, 1), row == 1 ? turned.apply(tensor).expandDims(0) : bias.slice(0, 1, 2)),
                    ours -> turned.apply(ours.slice(0, row, row + 1).reshape(width)))
                    : new Slot(bias, Shape.of(width), tensor -> row == 0 ? tensor : bias.add(tensor), ours -> row == 0 ? ours : Tensor.zeros(width)));
        }
    }

    /** One slope, or one for each feature or channel, which PyTorch has behind the batch axis. */
    private static Slot slopes(PReLU layer, List<Node> uses, String name) {
        Variable alpha = layer.alpha();
        boolean perFeature = alpha.size() == alpha.dim(-1) && uses.stream().allMatch(use -> use.shape().rank() == 1
                || isOfImages(use));
        refuseIf(alpha.size() != 1 && !perFeature,
                "PyTorch's PReLU has one slope, or one for each feature, or for each channel of images. Received: " + name
                + " with slopes of shape " + alpha.shape() + ". Let the others be shared: new PReLU().with(\"sharedAxes\", ...)");
        return row(alpha);
    }

    private static int[] append(Shape shape, int size) {
        int[] sizes = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
        sizes[shape.rank()] = size;
        return sizes;
    }

    private static Slot kernel(KernelLayer<?> layer, Shape images) {
        Variable w = layer.w();
        int last = w.rank() - 1;
        if (layer instanceof Dense && images == null) {
            return Slot.of(w, w.shape().toArray(), new int[] {1, 0}, Shape.of(w.dim(1), w.dim(0)));
        }
        int[] view = layer instanceof Dense ? append(images, w.dim(1)) : w.shape().toArray();
        if (layer instanceof Convolution<?> convolution && convolution.isDepthwise()) { // one channel for each filter
            view[last] *= view[last - 1];
            view[last - 1] = 1;
        }
        int n = view.length;
        int[] axes = new int[n];
        int[] sizes = new int[n];
        for (int i = 0; i < n; i++) {
            axes[i] = i < 2 ? n - 1 - i : i - 2;
            sizes[i] = view[axes[i]];
        }
        return Slot.of(w, view, axes, layer instanceof Dense ? Shape.of(w.dim(1), w.dim(0)) : Shape.of(sizes));
    }

    private static void scaled(Variable gamma, Variable beta, Map<String, Slot> slots) {
        if (gamma != null) {
            slots.put("weight", plain(gamma));
        }
        if (beta != null) {
            slots.put("bias", plain(beta));
        }
    }

    /** All numbers in a row. */
    private static Slot row(Variable weight) {
        return Slot.of(weight, new int[] {weight.size()}, new int[] {0}, Shape.of(weight.size()));
    }

    private static Slot plain(Variable weight) {
        return Slot.of(weight, weight.shape().toArray(), IntStream.range(0, weight.rank()).toArray(), weight.shape());
    }

    private PyTorchLayout() {}
}
