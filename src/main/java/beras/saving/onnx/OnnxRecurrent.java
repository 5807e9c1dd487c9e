package beras.saving.onnx;

import static beras.saving.bytes.Check.refuseIf;

import beras.config.Config;
import beras.layers.GRU;
import beras.layers.LSTM;
import beras.layers.Recurrent;
import beras.saving.onnx.OnnxConversion.Use;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Recurrent layers as operators of ONNX. The operators take the steps before the batch, and weights with the gates as rows. */
final class OnnxRecurrent {

    /** A function of the operators, with the numbers that it takes; NaN: that of the layer. */
    private record Function(String name, float... numbers) {}

    private static final Map<String, Function> FUNCTIONS = Map.of("Linear", new Function("Affine", 1f, 0f), "Tanh", new Function("Tanh"),
            "Sigmoid", new Function("Sigmoid"), "ReLU", new Function("Relu"), "LeakyReLU", new Function("LeakyRelu", Float.NaN),
            "ELU", new Function("Elu", Float.NaN), "HardSigmoid", new Function("HardSigmoid", 1f / 6, 0.5f),
            "Softsign", new Function("Softsign"), "Softplus", new Function("Softplus"));

    private static final Map<String, Float> DEFAULTS = Map.of("LeakyRelu", 0.01f, "Elu", 1f, "HardSigmoid", 0.2f, "Affine", 1f); // of alpha
    private static final float NEAR = 1e-5f;

    static String convert(OnnxGraph g, Use<? extends Recurrent<?>> use) {
        Recurrent<?> layer = use.layer();
        Config config = layer.config();
        int[] gates = gates(layer);
        boolean resetAfter = layer instanceof GRU && config.flag("resetAfter");
        boolean back = config.flag("goBackwards");
        List<String> inputs = new ArrayList<>(List.of(g.op("Transpose", use.x(), "perm", new long[] {1, 0, 2}),
                rows(g, layer.kernel(), gates), rows(g, layer.recurrentKernel(), gates)));
        if (layer.bias() != null) { // that of the input, and that of the state
            Variable bias = layer.bias();
            inputs.add(resetAfter ? g.weight(bias, 1, bias.size()) : g.op("Concat", List.of(inOrder(g, g.weight(bias, 1, bias.size()),
                    layer.units(), gates), g.constant("none", Tensor.zeros(1, bias.size()))), "axis", 1));
        }
        String states = g.op(layer.typeName().replace("Simple", ""), inputs, attributes(layer, config, resetAfter, back)); // of all steps
        int steps = use.shapes().get(0).dim(0);
        if (!config.flag("returnSequences")) {
            return g.reshape(g.op("Gather", List.of(states, g.integer("last", back ? 0 : steps - 1)), "axis", 0), layer.units());
        }
        String ordered = back ? g.op("Gather", List.of(states, g.integers("back", LongStream.range(0, steps).map(i -> steps - 1 - i)
                .toArray())), "axis", 0) : states;
        return g.reshape(g.op("Transpose", ordered, "perm", new long[] {2, 0, 1, 3}), steps, layer.units());
    }

    /** BERAS's place of each gate of the operator. */
    static int[] gates(Recurrent<?> layer) {
        return layer instanceof LSTM ? new int[] {0, 3, 1, 2} : IntStream.range(0, layer instanceof GRU ? 3 : 1).toArray();
    }

    /** Activations of the operators, which take their numbers in order. */
    static List<Config> functions(List<String> names, float[] alphas, float... betas) {
        List<Config> functions = new ArrayList<>();
        int alpha = 0;
        int beta = 0;
        for (String name : names) {
            Map.Entry<String, Function> known = FUNCTIONS.entrySet().stream().filter(entry -> entry.getValue().name.equalsIgnoreCase(name)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("BERAS has other activations of recurrent layers. Received: " + name));
            float[] numbers = known.getValue().numbers;
            float first = numbers.length > 0 && alpha < alphas.length ? alphas[alpha++] : DEFAULTS.getOrDefault(known.getValue().name, Float.NaN);
            float second = numbers.length > 1 && beta < betas.length ? betas[beta++] : 0.5f;
            refuseIf(numbers.length > 1 && !(Math.abs(first - numbers[0]) < NEAR && second == numbers[1]),
                    "BERAS has " + name + " of " + Arrays.toString(numbers) + ". Received: " + first + " and " + second);
            functions.add(numbers.length == 1 ? Config.of(known.getKey()).with("alpha", first) : Config.of(known.getKey()));
        }
        return functions;
    }

    private static Object[] attributes(Recurrent<?> layer, Config config, boolean resetAfter, boolean back) {
        List<String> functions = layer instanceof LSTM ? List.of("recurrentActivation", "activation", "activation")
                : layer instanceof GRU ? List.of("recurrentActivation", "activation") : List.of("activation");
        List<String> names = new ArrayList<>();
        float[] alphas = new float[functions.size()];
        float[] betas = new float[functions.size()];
        int alpha = 0;
        int beta = 0;
        for (String setting : functions) {
            Config activation = config.has(setting) ? config.config(setting) : Config.of("Linear");
            Function function = FUNCTIONS.get(activation.type());
            boolean isOther = activation.type().equals("ReLU")
                    && Stream.of("maxValue", "negativeSlope", "threshold").anyMatch(activation::has);
            refuseIf(function == null || isOther, "ONNX cannot express another activation of a recurrent layer than "
                    + FUNCTIONS.keySet().stream().sorted().toList() + ". Received: " + activation + " of " + layer);
            names.add(function.name);
            float[] numbers = function.numbers;
            if (numbers.length > 0) {
                alphas[alpha++] = Float.isNaN(numbers[0]) ? (float) activation.number("alpha") : numbers[0];
            }
            if (numbers.length > 1) {
                betas[beta++] = numbers[1];
            }
        }
        List<Object> attributes = new ArrayList<>(List.of("hidden_size", layer.units(), "direction", back ? "reverse" : "forward",
                "activations", names));
        attributes.addAll(alpha == 0 ? List.of() : List.of("activation_alpha", Arrays.copyOf(alphas, alpha)));
        attributes.addAll(beta == 0 ? List.of() : List.of("activation_beta", Arrays.copyOf(betas, beta)));
        attributes.addAll(resetAfter ? List.of("linear_before_reset", 1) : List.of());
        return attributes.toArray();
    }

    /** A kernel, each column of which becomes a row. */
    private static String rows(OnnxGraph g, Variable kernel, int... gates) {
        Shape shape = kernel.shape();
        return inOrder(g, g.weight(kernel, kernel.transpose(), 1, shape.dim(1), shape.dim(0)), shape.dim(1) / gates.length, gates);
    }

    /** Reorders the rows of gates from BERAS's order to the operator's. */
    private static String inOrder(OnnxGraph g, String weight, int units, int... gates) {
        long[] rows = LongStream.range(0, (long) gates.length * units).map(row -> gates[(int) row / units] * units + row % units).toArray();
        return gates.length < 4 ? weight : g.op("Gather", List.of(weight, g.integers("gates", rows)), "axis", 1);
    }

    private OnnxRecurrent() {}
}
