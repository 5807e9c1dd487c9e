package beras.saving;

import beras.layers.Add;
import beras.layers.Average;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GaussianNoise;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Maximum;
import beras.layers.Minimum;
import beras.layers.Multiply;
import beras.layers.Normalization;
import beras.layers.Reshape;
import beras.layers.ScaledNormalization;
import beras.layers.Subtract;
import beras.layers.activations.ELU;
import beras.layers.activations.Exponential;
import beras.layers.activations.GELU;
import beras.layers.activations.HardSigmoid;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.Linear;
import beras.layers.activations.LogSoftmax;
import beras.layers.activations.ReLU;
import beras.layers.activations.SELU;
import beras.layers.activations.SiLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.layers.activations.Softplus;
import beras.layers.activations.Softsign;
import beras.layers.activations.Tanh;
import beras.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each layer is in ONNX: a line each, in one table. */
final class OnnxLayers {

    /** What a layer computes in a graph; the activation that it ends with comes by itself. */
    interface Conversion<L extends Layer> {

        /** Adds nodes, and gives the tensor that they make. */
        String convert(OnnxGraph graph, Use<L> use);
    }

    /**
     * One use of a layer.
     *
     * @param inputs the tensors that go in
     * @param shapes of one example of each
     * @param output of one example
     */
    record Use<L extends Layer>(L layer, List<String> inputs, List<Shape> shapes, Shape output) {

        /** The only tensor that goes in. */
        String x() {
            return inputs.get(0);
        }

        float real(String setting) {
            return (float) layer.config().number(setting);
        }
    }

    /** What works in training alone. */
    private static final Conversion<Layer> TRAINING = (g, use) -> use.x();

    private static final Map<Class<? extends Layer>, Conversion<?>> ALL = new LinkedHashMap<>();

    private static <L extends Layer> void put(Class<L> layer, Conversion<? super L> conversion) {
        ALL.put(layer, conversion);
    }

    static {
        put(Dense.class, OnnxLayers::dense);
        put(Embedding.class, (g, use) -> g.of("Gather", g.weight(use.layer().weights().get(0), use.layer().weights().get(0)
                .shape().toArray()), g.cast(use.x(), OnnxFields.INT64)));
        put(BatchNormalization.class, OnnxLayers::batchNormalization);
        put(LayerNormalization.class, (g, use) -> g.op("LayerNormalization", List.of(use.x(), gamma(g, use.layer(), use),
                beta(g, use.layer(), use)), "epsilon", use.real("epsilon")));
        put(Normalization.class, OnnxLayers::normalization);

        put(Dropout.class, TRAINING);
        put(GaussianNoise.class, TRAINING);

        put(Flatten.class, (g, use) -> g.op("Flatten", use.x()));
        put(Reshape.class, (g, use) -> g.reshape(use.x(), use.output().toArray()));
        put(Concatenate.class, (g, use) -> g.op("Concat", use.inputs(), "axis", (long) use.layer().config().integer("axis")));

        put(Add.class, (g, use) -> chain(g, "Add", use));
        put(Subtract.class, (g, use) -> chain(g, "Sub", use));
        put(Multiply.class, (g, use) -> chain(g, "Mul", use));
        put(Average.class, (g, use) -> g.of("Div", chain(g, "Add", use), g.scalar("count", use.inputs().size())));
        put(Maximum.class, (g, use) -> g.op("Max", use.inputs()));
        put(Minimum.class, (g, use) -> g.op("Min", use.inputs()));

        put(ReLU.class, (g, use) -> g.op("Relu", use.x()));
        put(LeakyReLU.class, (g, use) -> g.op("LeakyRelu", use.x(), "alpha", use.layer().slope()));
        put(Sigmoid.class, (g, use) -> g.op("Sigmoid", use.x()));
        put(Tanh.class, (g, use) -> g.op("Tanh", use.x()));
        put(ELU.class, (g, use) -> g.op("Elu", use.x(), "alpha", use.real("alpha")));
        put(SELU.class, (g, use) -> g.op("Selu", use.x()));
        put(GELU.class, OnnxLayers::gelu);
        put(SiLU.class, (g, use) -> g.of("Mul", use.x(), g.op("Sigmoid", use.x())));
        put(Softplus.class, (g, use) -> g.op("Softplus", use.x()));
        put(Softsign.class, (g, use) -> g.op("Softsign", use.x()));
        put(HardSigmoid.class, (g, use) -> g.op("HardSigmoid", use.x(), "alpha", 1f / 6f));
        put(Exponential.class, (g, use) -> g.op("Exp", use.x()));
        put(Linear.class, (g, use) -> use.x());
        put(Softmax.class, (g, use) -> g.op("Softmax", use.x()));
        put(LogSoftmax.class, (g, use) -> g.op("LogSoftmax", use.x()));
    }

    /** Whether there is a line for such a layer. */
    static boolean has(Layer layer) {
        return ALL.containsKey(layer.getClass());
    }

    /** Whether a layer that has a line does nothing but in training. */
    static boolean isOfTraining(Layer layer) {
        return ALL.get(layer.getClass()) == TRAINING;
    }

    /** Adds a layer, without the activation that it ends with, and gives the tensor that it makes. */
    @SuppressWarnings("unchecked")
    static String convert(OnnxGraph graph, Use<?> use) {
        return ((Conversion<Layer>) ALL.get(use.layer().getClass())).convert(graph, (Use<Layer>) use);
    }

    // ---------------------------------------------------------------------------------------- more than one node

    private static String dense(OnnxGraph g, Use<Dense> use) {
        Dense dense = use.layer();
        String w = g.weight(dense.w(), dense.w().shape().toArray());
        String b = dense.b() == null ? null : g.weight(dense.b(), dense.b().size());
        if (use.shapes().get(0).rank() == 1) {
            return g.op("Gemm", b == null ? List.of(use.x(), w) : List.of(use.x(), w, b));
        }
        String product = g.of("MatMul", use.x(), w);
        return b == null ? product : g.of("Add", product, b);
    }

    /** The operator has its features along the second axis. */
    private static String batchNormalization(OnnxGraph g, Use<BatchNormalization> use) {
        BatchNormalization layer = use.layer();
        int features = layer.movingMean().size();
        boolean flat = use.output().rank() == 1;
        String y = g.op("BatchNormalization", List.of(flat ? use.x() : g.reshape(use.x(), features), gamma(g, layer, use),
                beta(g, layer, use), g.weight(layer.movingMean(), features), g.weight(layer.movingVariance(), features)),
                "epsilon", use.real("epsilon"), "momentum", use.real("momentum"));
        return flat ? y : g.reshape(y, use.output().toArray());
    }

    private static String gamma(OnnxGraph g, ScaledNormalization<?> layer, Use<?> use) {
        return layer.gamma() != null ? g.weight(layer.gamma(), layer.gamma().size()) : filled(g, "ones", 1f, use);
    }

    private static String beta(OnnxGraph g, ScaledNormalization<?> layer, Use<?> use) {
        return layer.beta() != null ? g.weight(layer.beta(), layer.beta().size()) : filled(g, "zeros", 0f, use);
    }

    private static String filled(OnnxGraph g, String name, float value, Use<?> use) {
        float[] values = new float[use.output().dim(-1)];
        Arrays.fill(values, value);
        return g.constant(name, values);
    }

    private static String normalization(OnnxGraph g, Use<Normalization> use) {
        Normalization layer = use.layer();
        float[] deviations = layer.variance().toArray();
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = Math.max((float) Math.sqrt(deviations[i]), Normalization.EPSILON);
        }
        String deviation = g.constant("deviation", deviations);
        g.stands(layer.variance(), deviation);
        return g.of("Div", g.of("Sub", use.x(), g.weight(layer.mean(), layer.mean().size())), deviation);
    }

    /** From the left, one pair at a time, as the layers do. */
    private static String chain(OnnxGraph g, String op, Use<?> use) {
        List<String> rest = new ArrayList<>(use.inputs());
        String sum = rest.remove(0);
        for (String next : rest) {
            sum = g.of(op, sum, next);
        }
        return sum;
    }

    /** The operator of this name is newer than the opset. */
    private static String gelu(OnnxGraph g, Use<GELU> use) {
        String x = use.x();
        if (use.layer().config().flag("approximate")) { // x / 2 * (1 + tanh(z)) is x * sigmoid(2 * z)
            String square = g.of("Mul", x, x);
            String factor = g.of("Add", g.of("Mul", square, g.scalar("cubic", (float) (0.044715 * 2 * Math.sqrt(2 / Math.PI)))),
                    g.scalar("linear", (float) (2 * Math.sqrt(2 / Math.PI))));
            return g.of("Mul", x, g.op("Sigmoid", g.of("Mul", x, factor)));
        }
        String both = g.of("Add", g.op("Erf", g.of("Div", x, g.scalar("root", (float) Math.sqrt(2)))), g.scalar("one", 1f));
        return g.of("Mul", g.of("Mul", x, both), g.scalar("half", 0.5f));
    }

    private OnnxLayers() {}
}
