package beras.layers;

import beras.autograd.GradientTape;
import beras.autograd.Recorded;
import beras.config.Config;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.initializers.Initializers;
import beras.regularizers.L1;
import beras.regularizers.L1L2;
import beras.regularizers.L2;
import beras.regularizers.Regularizer;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Layers, the penalties on their weights and the constraints of these: outputs and all gradients. */
@Tag("layers")
class LayersGoldenTest {

    /** Of recurrent layers: states that are given are not there. */
    private static final String WITHOUT_STATES = "(?!.*\\.states).*";

    private static boolean isTrue(GoldenCase c, String param) {
        return Boolean.parseBoolean(c.paramText(param));
    }

    /** Gives a layer the weights of the case,
            and compares it on {@code x}; {@code names} are those of its weights in their order. */
    private static void check(GoldenCase c, Layer layer, List<String> names) {
        Tensor x = c.input("x");
        layer.build(List.of(x.shape().rest()));
        layer.setWeights(names.stream().map(c::input).toList());
        if (c.hasInput("mask")) {
            x.masked(c.input("mask"));
        }
        c.check(() -> layer.call(x), sources(layer, names, Map.of("dx", x)));
        c.check("y", layer.forward(x));
    }

    private static Map<String, Tensor> sources(Layer layer, List<String> names, Map<String, Tensor> inputs) {
        Map<String, Tensor> sources = new HashMap<>(inputs);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            sources.put("d" + name.replace("kernel", "Kernel").replace("bias", "Bias"), layer.weights().get(i));
        }
        return sources;
    }

    // ---------------------------------------------------------------------------------------------------------- dense

    @TestFactory
    Stream<DynamicTest> dense() {
        return Golden.tests("dense", "dense\\.(\\d+x\\d+x\\d+|edge|nonfinite|rank3\\..*|nobias\\..*)", 16, c -> {
            Dense dense = dense(c);
            checkDense(c, dense, dense);
        });
    }

    @TestFactory
    Stream<DynamicTest> localJacobians() {
        return Golden.tests("dense", "dense\\.local\\..*", 4, c -> {
            Dense dense = dense(c);
            checkDense(c, dense, dense);
            dense.call(c.input("x"));
            c.check("localInput", dense.inputGradients().get(0));
            c.check("localWeight", dense.weightGradients().get(0));
            c.check("localBias", dense.weightGradients().get(1));
            List<Tensor> upstream = List.of(c.input("upstream"));
            c.check("dx", dense.composeInputGradients(upstream).get(0));
            c.check("dW", dense.composeWeightGradients(upstream).get(0));
            c.check("db", dense.composeWeightGradients(upstream).get(1));
        });
    }

    /** As a layer behind Dense, as one that Dense ends in, and taken into it where the derivative follows from the output. */
    @TestFactory
    Stream<DynamicTest> denseWithAnActivation() {
        return Stream.of("relu", "leaky_relu", "sigmoid", "tanh", "softplus", "elu", "selu", "gelu", "silu", "softmax")
                .flatMap(name -> Golden.tests("dense", "dense\\." + name + "\\..*", name.matches("relu|softmax") ? 4 : 3, c -> {
                    Layer activation = Layers.activation(name);
                    Dense dense = dense(c);
                    checkDense(c, dense, dense, activation);
                    if (activation instanceof Elementwise function && function.fusable()) {
                        checkDense(c, dense, dense.fused(function).orElseThrow());
                    }
                    Dense ending = dense(c, activation);
                    checkDense(c, ending, ending);
                }));
    }

    private static Dense dense(GoldenCase c, Layer... activation) {
        Tensor w = c.input("W");
        Dense dense = new Dense(w.dim(0), w.dim(1), Initializers.zeros());
        List.of(activation).forEach(dense::activation);
        dense.w().assign(w);
        if (c.hasInput("b")) {
            dense.b().assign(c.input("b"));
        }
        return dense;
    }

    private static void checkDense(GoldenCase c, Dense dense, Layer... layers) {
        Tensor x = c.input("x");
        c.check(() -> {
            Tensor y = x;
            for (Layer layer : layers) {
                y = layer.call(y);
            }
            return y;
        }, Map.of("dx", x, "dW", dense.w(), "db", dense.b()));
    }

    // --------------------------------------------------------------------------------------------------------- images

    @TestFactory
    Stream<DynamicTest> convolution() {
        return Golden.tests("conv", "conv2d\\..*", 10, c -> {
            Tensor kernel = c.input("kernel");
            check(c, new Conv2D(kernel.dim(3), kernel.dim(0), kernel.dim(1)).strides((int) c.param("strides"))
                    .padding(c.paramText("padding")), List.of("kernel", "bias"));
        });
    }

    @TestFactory
    Stream<DynamicTest> pooling() {
        return Golden.tests("pooling", "(max|average)_pooling2d\\..*", 16, c -> {
            int size = (int) c.param("poolSize");
            int strides = (int) c.param("strides");
            check(c, c.name().startsWith("max") ? new MaxPooling2D(size).strides(strides).padding(c.paramText("padding"))
                    : new AveragePooling2D(size).strides(strides).padding(c.paramText("padding")), List.of());
        });
    }

    @TestFactory
    Stream<DynamicTest> globalPooling() {
        return Golden.tests("pooling", "global_.*", 4,
                c -> check(c, c.name().contains("max") ? new GlobalMaxPooling2D() : new GlobalAveragePooling2D(), List.of()));
    }

    // -------------------------------------------------------------------------------------------------- normalization

    /** With the moving statistics after each batch. */
    @TestFactory
    Stream<DynamicTest> batchNormalization() {
        return Golden.tests("normalization", "batch_norm\\..*", 9, c -> {
            BatchNormalization layer = new BatchNormalization().momentum(c.param("momentum"));
            set(c, layer.with("center", isTrue(c, "center")).with("scale", isTrue(c, "scale")));
            layer.movingMean().assign(c.input("movingMean0"));
            layer.movingVariance().assign(c.input("movingVariance0"));
            Tensor batches = c.input("x");
            int[] shape = c.expectedShape("y").toArray();
            List<Tensor> means = new ArrayList<>();
            List<Tensor> variances = new ArrayList<>();
            for (int i = 0; i < batches.dim(0); i++) {
                Tensor x = batches.slice(i, i + 1).reshape(shape);
                if (i == batches.dim(0) - 1) {
                    check(c, layer, x);
                } else {
                    try (GradientTape tape = new GradientTape()) {
                        layer.call(x);
                    }
                }
                means.add(layer.movingMean().copy());
                variances.add(layer.movingVariance().copy());
            }
            c.check("movingMean", stack(means));
            c.check("movingVariance", stack(variances));
            Tensor x = batches.slice(batches.dim(0) - 1, batches.dim(0)).reshape(shape);
            c.check("yInference", layer.forward(x));
            layer.trainable(false); // and so as outside training
            Recorded recorded = Recorded.of(() -> layer.call(x));
            c.check("yInference", recorded.target());
            c.check("dxInference", recorded.gradient(List.of(x), c.input("upstream")).get(0));
        });
    }

    @TestFactory
    Stream<DynamicTest> layerNormalization() {
        return Golden.tests("normalization", "layer_norm\\..*", 8, c -> {
            LayerNormalization layer = new LayerNormalization();
            set(c, layer);
            check(c, layer, c.input("x"));
            c.check("y", layer.forward(c.input("x")));
        });
    }

    private static void set(GoldenCase c, ScaledNormalization<?> layer) {
        layer.epsilon((float) c.param("epsilon"));
        layer.build(List.of(c.expectedShape("y").rest()));
        if (c.hasInput("gamma")) {
            layer.gamma().assign(c.input("gamma"));
        }
        if (c.hasInput("beta")) {
            layer.beta().assign(c.input("beta"));
        }
    }

    private static void check(GoldenCase c, ScaledNormalization<?> layer, Tensor x) {
        Map<String, Tensor> sources = new HashMap<>(Map.of("dx", x));
        layer.trainableVariables().forEach(variable -> sources.put("d" + variable.name(), variable));
        c.check(() -> layer.call(x), sources);
    }

    private static Tensor stack(List<Tensor> rows) {
        int n = rows.get(0).size();
        return Tensor.generate(i -> rows.get(i / n).get(i % n), rows.size(), n);
    }

    // ------------------------------------------------------------------------------------------------------ sequences

    @TestFactory
    Stream<DynamicTest> recurrentLayers() {
        return Stream.of(Golden.tests("lstm", WITHOUT_STATES, 12, LayersGoldenTest::checkRecurrent),
                Golden.tests("gru", WITHOUT_STATES, 11, LayersGoldenTest::checkRecurrent),
                Golden.tests("simple_rnn", ".*", 6, LayersGoldenTest::checkRecurrent)).flatMap(tests -> tests);
    }

    private static void checkRecurrent(GoldenCase c) {
        check(c, Layers.REGISTRY.of(c.config().with("units", c.input("U").dim(0))), c.hasInput("b") ? List.of("W", "U",
                "b") : List.of("W", "U"));
    }

    @TestFactory
    Stream<DynamicTest> bidirectional() {
        return Golden.tests("bidirectional", ".*", 6, c -> {
            Config inner = Config.of(c.paramText("layer")).with("units", c.input("UForward").dim(0))
                    .with("returnSequences", isTrue(c, "returnSequences"));
            List<String> weights = c.hasInput("bForward") ? List.of("W", "U", "b") : List.of("W", "U");
            check(c, Layers.REGISTRY.of(Config.of("bidirectional").with("layer", inner).with("mergeMode",
                    c.paramText("mergeMode"))),
                    Stream.of("Forward", "Backward").flatMap(side -> weights.stream().map(name -> name + side)).toList());
        });
    }

    @TestFactory
    Stream<DynamicTest> embedding() {
        return Golden.tests("embedding_sequence", ".*", 5, c -> {
            Tensor table = c.input("table");
            Embedding layer = new Embedding(table.dim(0), table.dim(1)).maskZero(isTrue(c, "maskZero"));
            layer.build(List.of(c.input("indices").shape().rest()));
            layer.setWeights(List.of(table));
            c.check(() -> layer.call(c.input("indices")), Map.of("dtable", layer.weights().get(0)));
            if (c.expects("mask")) {
                c.check("mask", layer.call(c.input("indices")).mask().orElseThrow());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> attentionOfSeveralHeads() {
        return Golden.tests("attention", ".*", 10, c -> {
            MultiHeadAttention layer = new MultiHeadAttention((int) c.param("numHeads"), (int) c.param("keyDim"))
                    .with("valueDim", (int) c.param("valueDim")).with("outputShape", c.input("Wo").dim(2)).with("useBias",
                            c.hasInput("bq"))
                    .causal(isTrue(c, "causal"));
            List<String> names = Stream.of("query", "value", "key").filter(c::hasInput).toList();
            List<Tensor> inputs = names.stream().map(c::input).toList();
            if (c.hasInput("queryMask")) {
                inputs.get(0).masked(c.input("queryMask"));
            }
            if (c.hasInput("valueMask")) {
                inputs.get(inputs.size() == 1 ? 0 : 1).masked(c.input("valueMask"));
            }
            layer.build(inputs.stream().map(x -> x.shape().rest()).toList());
            List<String> weights = Stream.of("q", "k", "v", "o").flatMap(part -> Stream.of("W" + part, "b" + part))
                    .filter(c::hasInput).toList();
            layer.setWeights(weights.stream().map(c::input).toList());
            Map<String, Tensor> sources = new HashMap<>();
            names.forEach(name -> sources.put("d" + name, inputs.get(names.indexOf(name))));
            c.check(() -> layer.call(inputs.toArray(Tensor[]::new)), sources(layer, weights, sources));
            c.check("y", layer.forward(inputs.toArray(Tensor[]::new)));
            c.check("scores", layer.attentionWeights(inputs.toArray(Tensor[]::new)));
        });
    }

    // -------------------------------------------------------------------------------------- constraints and penalties

    @TestFactory
    Stream<DynamicTest> constraints() {
        return Stream.of(
                Golden.tests("constraints", "max_norm\\..*", 15, c -> check(c, Constraints.REGISTRY.of("max_norm",
                        (float) c.param("maxValue"), axis(c)))),
                Golden.tests("constraints", "unit_norm\\..*", 5, c -> check(c, Constraints.REGISTRY.of("unit_norm", axis(c)))),
                Golden.tests("constraints", "min_max_norm\\..*", 10, c -> check(c, Constraints.REGISTRY.of("min_max_norm",
                        (float) c.param("minValue"), (float) c.param("maxValue"), c.param("rate"), axis(c)))),
                Golden.tests("constraints", "non_neg\\..*", 5, c -> check(c, Constraints.REGISTRY.of("non_neg"))))
                        .flatMap(tests -> tests);
    }

    private static List<Integer> axis(GoldenCase c) {
        return Arrays.stream(c.paramList("axis")).boxed().toList();
    }

    private static void check(GoldenCase c, Constraint constraint) {
        Variable w = new Variable(c.input("W"));
        constraint.apply(w);
        c.check("W", w);
    }

    @TestFactory
    Stream<DynamicTest> penalties() {
        return Stream.of(
                Golden.tests("regularizers", "l1\\..*", 7, c -> check(c, new L1((float) c.param("l1")))),
                Golden.tests("regularizers", "l2\\..*", 7, c -> check(c, new L2((float) c.param("l2")))),
                Golden.tests("regularizers", "l1l2\\..*", 7, c -> check(c, new L1L2((float) c.param("l1"),
                        (float) c.param("l2")))))
                .flatMap(tests -> tests);
    }

    private static void check(GoldenCase c, Regularizer regularizer) {
        Variable w = new Variable(c.input("W"));
        c.check("penalty", regularizer.forward(w));
        try (GradientTape tape = new GradientTape()) {
            Tensor penalty = regularizer.call(w);
            c.check("penalty", penalty);
            c.check("gradient", tape.gradient(penalty, List.of(w)).get(0));
        }
    }
}
