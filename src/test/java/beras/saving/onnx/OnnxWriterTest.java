package beras.saving.onnx;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Call;
import beras.autograd.Opaque;
import beras.initializers.Initializers;
import beras.layers.AveragePooling2D;
import beras.layers.BatchNormalization;
import beras.layers.Conv2D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.Layer;
import beras.layers.Layers;
import beras.layers.Masking;
import beras.layers.MaxPooling2D;
import beras.layers.Normalization;
import beras.layers.WeightSpec;
import beras.layers.activations.ReLU;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.SavedModel;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes what BERAS does. */
@Tag("once")
@Tag("saving")
class OnnxWriterTest {

    private static final float BOUND = 2e-6f; // of numbers up to 1, and of the share of larger ones
    private static final Map<String, Model> CASES = OnnxCases.all();

    static Stream<String> cases() {
        return CASES.keySet().stream();
    }

    @Test
    void everyLayerHasALineAndACase() {
        TreeSet<String> used = new TreeSet<>();
        CASES.values().forEach(model -> Layer.withInner(List.of(model)).forEach(layer ->
                used.add(layer.typeName())));
        used.add("Input");
        used.add("OnnxOperator"); // which is for what others export
        used.add("TimeDistributed"); // which is refused
        assertTrue(used.containsAll(Layers.REGISTRY.names()), () -> "cases lack " + without(Layers.REGISTRY.names(), used));
    }

    private static List<String> without(List<String> all, TreeSet<String> some) {
        List<String> rest = new ArrayList<>(all);
        rest.removeAll(some);
        return rest;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheSameNumbers(String name) throws Exception {
        Model model = CASES.get(name);
        List<Tensor> inputs = OnnxCases.inputs(name, model);
        List<Tensor> expected = model.predict(inputs);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(new SavedModel(model)))) {
            List<Object> outputs = List.copyOf(run.run(inputs).values());
            assertEquals(expected.size(), outputs.size());
            for (int i = 0; i < outputs.size(); i++) {
                assertNear(expected.get(i), (Tensor) outputs.get(i));
            }
        }
    }

    static void assertNear(Tensor expected, Tensor received) {
        assertEquals(expected.shape(), received.shape());
        for (int i = 0; i < expected.size(); i++) {
            float wanted = expected.toArray()[i];
            assertEquals(wanted, received.toArray()[i], BOUND * Math.max(1, Math.abs(wanted)), "element " + i + " of "
                    + expected.shape());
        }
    }

    /** Operators of ONNX leave out no steps, have few activations, and their first axis is the batch. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"lstm(3)|a mask, by which LSTM", "bidirectional(gru(3))|a mask, by which GRU",
        "global_average_pooling1d|a mask, by which", "time_distributed(dense(3, relu))|time_distributed"})
    void refusesMasksAndActivations(String last, String reason) {
        Model model = new Sequential(new Input(4, 2), new Masking(), Layers.REGISTRY.of(last));
        Exception e = assertThrows(IllegalArgumentException.class, () -> OnnxRun.bytes(new SavedModel(model)));
        assertTrue(e.getMessage().startsWith("ONNX cannot express") && e.getMessage().contains(reason), e.getMessage());
        for (String other : List.of("mish", "relu(6)")) {
            Model without = new Sequential(new Input(4, 2), new LSTM(3).with("recurrentActivation", Layers.activation(other)));
            e = assertThrows(IllegalArgumentException.class, () -> OnnxRun.bytes(new SavedModel(without)));
            assertTrue(e.getMessage().startsWith("ONNX cannot express another activation of a recurrent layer than"), e.getMessage());
        }
    }

    /** Just the deviation, or the least there is: nothing is added to it. */
    @Test
    void aDeviationNearTheLeastIsThatOfTheLayer() throws Exception {
        float[] deviations = {1.5e-7f, 1e-7f, 3e-8f, 0.5e-6f};
        float[] variances = new float[deviations.length];
        for (int i = 0; i < variances.length; i++) {
            variances[i] = deviations[i] * deviations[i];
        }
        Model model = new Sequential(1, new Input(4), new Normalization(new float[4], variances));
        Tensor x = Tensor.of(new float[][] {{1e-7f, 2e-7f, 3e-7f, 4e-7f}});
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(new SavedModel(model)))) {
            assertNear(model.predict(x), (Tensor) List.copyOf(run.run(List.of(x)).values()).get(0));
        }
        assertEquals(3f, model.predict(x).get(0, 2), 1e-6);
    }

    /** The channels go first once, and last before the rows are made. */
    @Test
    void nothingIsTurnedBetweenConvolutions(@TempDir Path folder) throws Exception {
        Model model = new Sequential(1, new Input(12, 12, 2), new Conv2D(4, 3).padding("same").useBias(false),
                new BatchNormalization(), new ReLU(), new MaxPooling2D(2), new Conv2D(4, 3).activation("relu"), new Dropout(0.5),
                new AveragePooling2D(2), new Flatten(), new Dense(3, "softmax"));
        byte[] bytes = OnnxRun.bytes(new SavedModel(model));
        assertEquals(2, OnnxRun.left("Transpose", bytes, folder));
        assertEquals(2, OnnxRun.left("Conv", bytes, folder) + OnnxRun.left("FusedConv", bytes, folder));
    }

    @Test
    void layersOfOnesOwnAreNamed() {
        class Own extends Layer {

            @Override
            protected Tensor compute(Call call) {
                return new Opaque(1).apply(call.input(0));
            }
        }

        class Other extends Own {}

        Model model = new Sequential(1, new Input(3), new Own(), new Dense(2), new Sequential(2, new Input(2), new Other()));
        String message = assertThrows(IllegalArgumentException.class, () -> OnnxRun.bytes(new SavedModel(model))).getMessage();
        assertEquals("ONNX cannot express layer \"own\": Own; layer \"sequential/other\": Other. A custom layer is"
                + " written if it computes by operations of Tensor, or OnnxFile.register describes it", message);
    }

    /** Multiplies each feature by a weight, to a power. */
    private static class Scaled extends Layer {

        private final Supplier<Variable> scale = addWeight(inputs ->
                WeightSpec.of("scale", Shape.of(inputs.get(0).dim(-1)), Initializers.constant(1.5f)));

        @Override
        protected Tensor compute(Call call) {
            return call.input(0).multiply(scale.get()).multiply(2f);
        }
    }

    private static final class MoreScaled extends Scaled {}

    /** Which in training is another, and in inference no longer does nothing. */
    private static final class OwnDropout extends Dropout {

        OwnDropout() {
            super(0.5);
        }
    }

    @Test
    void aCustomLayerSaysWhatItIs() throws Exception {
        OnnxFile.register(Scaled.class, (graph, use) -> graph.op("LeakyRelu", graph.of("Mul", graph.of("Mul", use.x(),
                graph.weight(use.layer().weights().get(0))), graph.constant("twice", Tensor.full(2, use.output().toArray()))),
                "alpha", 1.0));
        Model model = new Sequential(1, new Input(3), new Dense(4, "tanh"), new Scaled(),
                new Sequential(2, new Input(4), new MoreScaled(), new Dense(2)));
        Tensor x = Tensor.generate(i -> i / 7.0 - 1, 5, 3);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(new SavedModel(model)))) {
            assertNear(model.predict(x), (Tensor) List.copyOf(run.run(List.of(x)).values()).get(0));
        }
        assertTrue(new OnnxWriter(new SavedModel(model)).report().taken().containsKey("sequential/more_scaled/scale"));
    }

    @Test
    void aCustomLayerIsWhatItComputesAndNotTheOneThatItExtends() throws Exception {
        Model model = new Sequential(1, new Input(3), new OwnDropout());
        Tensor x = Tensor.generate(i -> i / 7.0 - 1, 5, 3);
        try (OnnxRun run = new OnnxRun(OnnxRun.bytes(new SavedModel(model)))) {
            assertEquals(x, List.copyOf(run.run(List.of(x)).values()).get(0));
        }
        assertThrows(IllegalArgumentException.class, () -> OnnxFile.register(Dense.class, (graph, use) -> use.x()));
    }

    @Test
    void aConversionIsCheckedWhereTheGraphWouldBeWrong() {
        class Wrong extends Layer {

            @Override
            protected Tensor compute(Call call) {
                return call.input(0);
            }
        }

        Model model = new Sequential(1, new Input(3), new Dense(3), new Wrong());
        OnnxFile.register(Wrong.class, (graph, use) -> graph.op("Elu", use.x(), "alpha", true));
        assertEquals("An attribute is a number, a long[], a String or a List of such. Received: alpha=true",
                assertThrows(IllegalArgumentException.class, () -> OnnxRun.bytes(new SavedModel(model))).getMessage());
        OnnxFile.register(Wrong.class, (graph, use) -> graph.of("Add", use.x(), graph.weight(new Dense(3, 3).w())));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> OnnxRun.bytes(new SavedModel(model))).getMessage()
                .startsWith("A weight must be one of the model. Received: kernel "));
    }
}
