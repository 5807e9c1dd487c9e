package beras.saving.onnx;

import beras.config.Config;
import beras.layers.BatchNormalization;
import beras.layers.Conv1DTranspose;
import beras.layers.Conv2DTranspose;
import beras.layers.Convolution;
import beras.layers.Dense;
import beras.layers.Embedding;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Layers;
import beras.layers.Maximum;
import beras.layers.Minimum;
import beras.layers.PReLU;
import beras.layers.Recurrent;
import beras.layers.activations.Activation;
import beras.layers.activations.ReLU;
import beras.saving.onnx.OnnxConversion.Use;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The conversion of each layer to ONNX: a line each, in one table. */
final class OnnxLayers {

    /** Layers that act in training alone. */
    private static final OnnxConversion<Layer> TRAINING = (g, use) -> use.x();

    /** The conversions of BERAS's own layers, by the name of a class, which others may extend, or by row of a table. */
    private static final Map<String, OnnxConversion<?>> ALL = new HashMap<>();

    private static final Map<Class<? extends Layer>, OnnxConversion<?>> CUSTOM = new ConcurrentHashMap<>();

    private static <L extends Layer> void put(Class<L> layer, OnnxConversion<? super L> conversion) {
        ALL.put(layer.getSimpleName(), conversion);
    }

    private static void row(String type, OnnxConversion<Layer> conversion) {
        ALL.put(type, conversion);
    }

    static {
        put(Dense.class, (g, use) -> {
            String product = g.of("MatMul", use.x(), g.weight(use.layer().w()));
            return use.layer().b() == null ? product : g.of("Add", product, g.weight(use.layer().b(), use.layer().b().size()));
        });
        put(Embedding.class, (g, use) -> g.of("Gather", g.weight(use.layer().weights().get(0)),
                g.cast(use.x(), OnnxFields.INT64)));
        put(BatchNormalization.class, OnnxLayers::batchNormalization);
        put(LayerNormalization.class, (g, use) -> g.op("LayerNormalization", List.of(use.x(), scale(g, use.layer().gamma(), "ones", 1, use),
                scale(g, use.layer().beta(), "zeros", 0, use)), "epsilon", use.real("epsilon")));

        OnnxConversion<Convolution<?>> convolution = (g, use) -> convolution(g, use, use.layer(), false);
        ALL.put("Convolution", convolution);
        put(Conv1DTranspose.class, (g, use) -> convolution(g, use, use.layer(), true));
        put(Conv2DTranspose.class, (g, use) -> convolution(g, use, use.layer(), true));
        for (String axes : List.of("1D", "2D")) {
            row("MaxPooling" + axes, (g, use) -> pooling(g, "MaxPool", use));
            row("AveragePooling" + axes, (g, use) -> pooling(g, "AveragePool", use));
            row("GlobalMaxPooling" + axes, (g, use) -> globalPooling(g, "ReduceMax", use));
            row("GlobalAveragePooling" + axes, (g, use) -> globalPooling(g, "ReduceMean", use));
        }
        List.of("ActivityRegularization", "AlphaDropout", "Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout2D")
                .forEach(type -> row(type, TRAINING));

        OnnxConversion<Recurrent<?>> recurrent = OnnxRecurrent::convert;
        ALL.put("Recurrent", recurrent);

        put(Maximum.class, (g, use) -> g.op("Max", aligned(g, use))); // its composition has the maximum as a constant
        put(Minimum.class, (g, use) -> g.op("Min", aligned(g, use)));

        put(ReLU.class, OnnxLayers::relu);
        put(PReLU.class, (g, use) -> g.of("PRelu", use.x(), g.weight(use.layer().alpha())));
        row("HardTanh", (g, use) -> OnnxOperations.clip(g, use.x(), use.real("minValue"), use.real("maxValue")));
        row("SparseSigmoid", (g, use) -> g.op("HardSigmoid", use.x(), "alpha", 0.5f, "beta", 0.5f));
    }

    /** Adds the line of a custom layer. */
    static <L extends Layer> void register(Class<L> layer, OnnxConversion<? super L> conversion) {
        if (isOwn(layer)) {
            throw new IllegalArgumentException("BERAS's own layers have a conversion to ONNX. Received: " + layer.getName());
        }
        CUSTOM.put(layer, conversion);
    }

    private static boolean isOwn(Class<?> layer) {
        return layer.getName().startsWith(Layer.class.getPackageName() + ".");
    }

    /**
     * The line of a layer, or of a class that it extends; null if there is none. A custom layer does not have the line of one of
     * BERAS's that it extends: it may compute something else.
     */
    private static OnnxConversion<?> line(Layer layer) {
        Class<?> type = layer.getClass();
        boolean own = isOwn(type);
        if (own && layer instanceof Activation && ALL.containsKey(layer.typeName())) {
            return ALL.get(layer.typeName());
        } else if (!own) {
            Layers.REGISTRY.isRegistered(type); // calls the services that register, if that has not been done
        }
        for (; isOwn(type) == own; type = type.getSuperclass()) {
            OnnxConversion<?> line = own ? ALL.get(type.getSimpleName()) : CUSTOM.get(type);
            if (line != null) {
                return line;
            }
        }
        return null;
    }

    /** Whether the table has a line for such a layer. */
    static boolean has(Layer layer) {
        return line(layer) != null;
    }

    /** Whether a layer that has a line does nothing but in training. */
    static boolean isOfTraining(Layer layer) {
        return line(layer) == TRAINING;
    }

    /**
     * Adds a layer, without the layers inside it, such as the activation that it ends with, and gives the tensor that it makes.
     */
    @SuppressWarnings("unchecked")
    static String convert(OnnxGraph graph, Use<?> use) {
        return ((OnnxConversion<Layer>) line(use.layer())).convert(graph, (Use<Layer>) use);
    }

    // ---------------------------------------------------------------------------------------- more than one node

    /** The operator has its features along the second axis, where images have them; inputs of more axes become rows. */
    private static String batchNormalization(OnnxGraph g, Use<BatchNormalization> use) {
        BatchNormalization layer = use.layer();
        int features = layer.movingMean().size();
        int axes = axes(use);
        boolean rows = axes > 2;
        String x = rows ? g.reshape(use.x(), features) : channelsFirst(g, use.x(), axes);
        String y = g.op("BatchNormalization", List.of(x, scale(g, layer.gamma(), "ones", 1, use), scale(g, layer.beta(), "zeros", 0, use),
                g.weight(layer.movingMean(), features), g.weight(layer.movingVariance(), features)), "epsilon",
                use.real("epsilon"), "momentum", use.real("momentum"));
        return rows ? g.reshape(y, use.output().toArray()) : channelsLast(g, y, axes);
    }

    /** A weight of a normalization for each feature, or if it has none the number that changes nothing. */
    private static String scale(OnnxGraph g, Variable weight, String name, double neutral, Use<?> use) {
        return weight != null ? g.weight(weight, weight.size()) : g.constant(name, Tensor.full(neutral, use.output().dim(-1)));
    }

    // ---------------------------------------------------------------------------------------------------- images

    /** Operators on images have their channels before the pixels. ONNX Runtime removes the pairs of transposes. */
    private static String channelsFirst(OnnxGraph g, String x, int axes) {
        return axes == 0 ? x : g.op("Transpose", x, "perm", OnnxOperations.longs(OnnxFunctions.channelsFirst(axes)));
    }

    private static String channelsLast(OnnxGraph g, String x, int axes) {
        return axes == 0 ? x : g.op("Transpose", x, "perm", OnnxOperations.longs(OnnxFunctions.channelsLast(axes)));
    }

    private static int axes(Use<?> use) {
        return use.shapes().get(0).rank() - 1;
    }

    /** How the window moves: the attributes of an operator. */
    private static Object[] moves(Use<?> use, long[] window, long[] strides, long[] dilations, long group) {
        List<Object> attributes = new ArrayList<>(List.of("kernel_shape", window, "strides", strides));
        String padding = use.layer().config().text("padding");
        long[] pads = new long[2 * window.length]; // before each axis, then behind each
        for (int i = 0; i < window.length && !padding.equalsIgnoreCase("valid"); i++) {
            long reach = (window[i] - 1) * dilations[i] + 1;
            long all = Math.max(0, (use.output().dim(i) - 1) * strides[i] + reach - use.shapes().get(0).dim(i));
            pads[i] = padding.equalsIgnoreCase("causal") ? reach - 1 : all / 2;
            pads[i + window.length] = Math.max(0, all - pads[i]);
        }
        attributes.addAll(List.of("pads", pads));
        if (group > 0) {
            attributes.addAll(List.of("dilations", dilations, "group", group));
        }
        return attributes.toArray();
    }

    /** For a transposed convolution, cropping and padding follow from the shapes: the end is cropped first. */
    private static String convolution(OnnxGraph g, Use<?> use, Convolution<?> layer, boolean isTransposed) {
        int axes = axes(use);
        Tensor kernel = layer.w();
        boolean deep = layer.isDepthwise();
        int[] turned = new int[axes + 2]; // the pixels last
        int[] sizes = new int[axes + 2];
        for (int i = 0; i < axes + 2; i++) {
            turned[i] = i < 2 ? axes + (deep ? i : 1 - i) : i - 2;
            sizes[i] = kernel.dim(turned[i]);
        }
        long[] window = Arrays.stream(sizes, 2, axes + 2).asLongStream().toArray();
        if (deep) { // one channel for each filter
            sizes[0] *= sizes[1];
            sizes[1] = 1;
        }
        List<String> inputs = new ArrayList<>(List.of(channelsFirst(g, use.x(), axes),
                g.weight(layer.w(), kernel.transpose(turned), sizes)));
        if (layer.b() != null) {
            inputs.add(g.weight(layer.b(), layer.b().size()));
        }
        long[] strides = use.perAxis("strides", axes);
        long[] dilations = use.perAxis("dilationRate", axes);
        if (!isTransposed) {
            return channelsLast(g, g.op("Conv", inputs,
                    moves(use, window, strides, dilations, use.shapes().get(0).dim(-1) / sizes[1])), axes);
        }
        long[] pads = new long[2 * axes];
        long[] more = new long[axes];
        for (int i = 0; i < axes; i++) {
            long full = (use.shapes().get(0).dim(i) - 1) * strides[i] + (window[i] - 1) * dilations[i] + 1;
            long cut = Math.max(0, full - use.output().dim(i));
            more[i] = Math.max(0, use.output().dim(i) - full);
            pads[i] = cut / 2;
            pads[i + axes] = cut - cut / 2;
        }
        return channelsLast(g, g.op("ConvTranspose", inputs, "kernel_shape", window, "strides", strides, "dilations", dilations,
                "pads", pads, "output_padding", more), axes);
    }

    private static String pooling(OnnxGraph g, String op, Use<?> use) {
        int axes = axes(use);
        long[] window = use.perAxis("poolSize", axes);
        long[] strides = use.layer().config().has("strides") ? use.perAxis("strides", axes) : window;
        return channelsLast(g, g.op(op, channelsFirst(g, use.x(), axes), moves(use, window, strides, use.perAxis("dilationRate",
                axes), 0)), axes);
    }

    private static String globalPooling(OnnxGraph g, String op, Use<?> use) {
        return g.op(op, use.x(), "axes", axes(use) == 1 ? new long[] {1} : new long[] {1, 2}, "keepdims",
                use.layer().config().flag("keepdims") ? 1L : 0L);
    }

    /** {@code x > threshold ? min(x, maxValue) : negativeSlope * (x - threshold)}, both parts of which are 0 for the other. */
    private static String relu(OnnxGraph g, Use<ReLU> use) {
        Config config = use.layer().config();
        float slope = config.has("negativeSlope") ? use.real("negativeSlope") : 0f;
        float threshold = config.has("threshold") ? use.real("threshold") : 0f;
        boolean bounded = config.has("maxValue");
        if (slope != 0f && threshold == 0f && !bounded) {
            return g.op("LeakyRelu", use.x(), "alpha", slope);
        }
        String y = threshold == 0f ? bounded ? use.x() : g.op("Relu", use.x())
                : g.op("ThresholdedRelu", use.x(), "alpha", threshold);
        if (bounded) {
            y = OnnxOperations.clip(g, y, 0f, use.real("maxValue"));
        }
        if (slope != 0f) {
            String below = g.op("Relu", g.of("Sub", g.scalar("threshold", threshold), use.x()));
            y = g.of("Add", y, g.of("Mul", below, g.scalar("slope", -slope)));
        }
        return y;
    }

    /** The inputs with as many axes, as ONNX would match the batch axis of one with another axis of the other. */
    private static List<String> aligned(OnnxGraph g, Use<?> use) {
        List<String> inputs = new ArrayList<>();
        for (int i = 0; i < use.inputs().size(); i++) {
            int[] sizes = new int[use.output().rank()];
            Shape shape = use.shapes().get(i);
            int more = sizes.length - shape.rank();
            Arrays.setAll(sizes, axis -> axis < more ? 1 : shape.dim(axis - more));
            inputs.add(more == 0 ? use.inputs().get(i) : g.reshape(use.inputs().get(i), sizes));
        }
        return inputs;
    }

    private OnnxLayers() {}
}
