package beras.saving.pytorch;

import static org.junit.jupiter.api.Assertions.*;

import beras.files.Bytes;
import beras.files.WholeFile;
import beras.layers.Add;
import beras.layers.BatchNormalization;
import beras.layers.Bidirectional;
import beras.layers.Conv2D;
import beras.layers.Cropping1D;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GRU;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.MultiHeadAttention;
import beras.layers.Node;
import beras.layers.Normalization;
import beras.layers.PReLU;
import beras.layers.Permute;
import beras.layers.RMSNormalization;
import beras.layers.Reshape;
import beras.layers.SeparableConv2D;
import beras.layers.SimpleRNN;
import beras.layers.TransformerBlock;
import beras.layers.activations.ReLU;
import beras.layers.activations.Tanh;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Sequential;
import beras.saving.FormatSupport;
import beras.saving.ModelFile;
import beras.saving.ModelFormatException;
import beras.saving.bytes.Safetensors;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.Recipe;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights that PyTorch wrote, with what its nets gave, and ours. */
@Tag("saving")
class PyTorchFileTest {

    private static final Path OF_PYTORCH = Path.of("src/test/resources/beras/saving/pytorch");
    private static final double CLOSE = 1e-6;

    @TempDir
    Path folder;

    private static Path file(String name) {
        return OF_PYTORCH.resolve(name + ".safetensors");
    }

    private static void assertOutputs(String name, Model model) throws IOException {
        JsonObject run = JsonParser.parseString(Files.readString(OF_PYTORCH.resolve(name + ".json"))).getAsJsonObject();
        Tensor x = Tensor.of(new Gson().fromJson(run.get("x"), float[][].class));
        Tensor y = Tensor.of(new Gson().fromJson(run.get("y"), float[][].class));
        assertTrue(model.predict(x).allClose(y, CLOSE, CLOSE), () -> model.predict(x) + " instead of " + y);
    }

    private static BatchNormalization norm() {
        return new BatchNormalization().epsilon(1e-5f);
    }

    private static Sequential named() {
        return new Sequential(new Input(4), new Dense(6), norm(), new ReLU(), new Dense(6),
                new LayerNormalization().epsilon(1e-5f), new Tanh(), new Dense(6, "sigmoid"),
                new Dense(3, "softmax").useBias(false));
    }

    // ------------------------------------------------------------------------------------------------- a given net

    @Test
    void outputsArePyTorchs() throws IOException {
        Sequential model = named();
        Map<String, String> taken = PyTorchFile.load(model, file("named"));
        assertOutputs("named", model);
        assertEquals("fc1.weight", taken.get("dense/kernel"));
        assertEquals("norm.running_var", taken.get("batch_normalization/moving_variance"));
        assertEquals("between.bias", taken.get("layer_normalization/beta"));
        assertEquals("fc2.bias", taken.get("dense_1/bias"));
        assertEquals("fc10.bias", taken.get("dense_2/bias"));
        assertEquals("answer.weight", taken.get("dense_3/kernel"));
        assertEquals(13, taken.size());
    }

    @Test
    void smallerFloats() throws IOException {
        Sequential half = new Sequential(new Input(4), new Dense(5, "relu"), new Dense(2));
        PyTorchFile.load(half, file("half"));
        assertOutputs("half", half);
        Sequential embedding = new Sequential(new Input(2), new Embedding(7, 3), new Flatten(), new Dense(2));
        PyTorchFile.load(embedding, file("embedding"));
        assertOutputs("embedding", embedding);
    }

    private static List<Layer> imageLayers() {
        return new Recipe().layers("reshape([6, 5, 2]), conv(4, 3, padding=same), batch_norm(epsilon=1e-5), relu, max_pool:2,"
                + " conv(6, 2, groups=2, use_bias=false), depthwise_conv(1, depth_multiplier=2), group_norm(3, epsilon=1e-5),"
                + " conv_transpose(4, 2, strides=2, activation=tanh), dropout:0.1, flatten, dense(3)").makeLayers();
    }

    private static Sequential images(List<Layer> layers) {
        layers.add(0, new Input(60));
        return new Sequential(layers.toArray(Layer[]::new));
    }

    /** PyTorch has channels before pixels, in kernels and where images are flattened. */
    @Test
    void imagesHaveTheirChannelsElsewhere() throws IOException {
        Sequential model = images(imageLayers());
        PyTorchFile.load(model, file("images"));
        assertOutputs("images", model);
        Path back = folder.resolve("back.safetensors");
        PyTorchFile.save(model, back);
        Sequential again = images(imageLayers());
        PyTorchFile.load(again, back);
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(again));
    }

    private static Sequential slopes() {
        return new Sequential(new Input(60), new Reshape(6, 5, 2), new SeparableConv2D(3, 3).with("depthMultiplier", 2),
                new PReLU().with("sharedAxes", List.of(1, 2)), new Flatten(), new Dense(6).activation(new PReLU()), new RMSNormalization(),
                new Dense(5), new PReLU().with("sharedAxes", List.of(1)), new Dense(2));
    }

    /** A separable convolution is two modules there, and slopes and a norm are modules as here, also within a Dense layer. */
    @Test
    void slopesAndStepsHaveModulesOfTheirOwn() throws IOException {
        Sequential model = slopes();
        Map<String, String> taken = PyTorchFile.load(model, file("slopes"));
        assertOutputs("slopes", model);
        assertEquals(FormatSupport.weights(model).keySet(), taken.keySet());
        Path back = folder.resolve("back.safetensors");
        assertEquals(Map.ofEntries(Map.entry("separable_conv2d/depthwise_kernel", "1.weight"),
                Map.entry("separable_conv2d/pointwise_kernel", "2.weight"), Map.entry("separable_conv2d/bias", "2.bias"),
                Map.entry("p_re_lu/alpha", "3.weight"), Map.entry("dense/kernel", "5.weight"), Map.entry("dense/bias", "5.bias"),
                Map.entry("dense/alpha", "6.weight"), Map.entry("rms_normalization/scale", "7.weight"),
                Map.entry("dense_1/kernel", "8.weight"), Map.entry("dense_1/bias", "8.bias"), Map.entry("p_re_lu_1/alpha", "9.weight"),
                Map.entry("dense_2/kernel", "10.weight"), Map.entry("dense_2/bias", "10.bias")), PyTorchFile.save(model, back));
        Sequential again = slopes();
        PyTorchFile.load(again, back);
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(again));
    }

    /** Of other models the parts are those of a torch.nn.Sequential with the name of the layer. */
    @Test
    void partsOfLayersOfBranchesHaveNumbers() throws IOException {
        Node x = new Input(5, 5, 2).apply();
        Node y = new Flatten().apply(new SeparableConv2D(3, 2).named("separable").apply(x));
        Node end = new Dense(2).activation(new PReLU()).named("end").apply(new Dense(4, "relu").named("hidden").apply(y));
        Model model = new Functional(1, List.of(x), List.of(end));
        assertEquals(List.of("separable.0.weight", "separable.1.weight", "separable.1.bias", "hidden.weight", "hidden.bias",
                "end.0.weight", "end.0.bias", "end.1.weight"),
                List.copyOf(PyTorchFile.save(model, folder.resolve("t.safetensors")).values()));
    }

    /** PyTorch has them along the second axis, which is that of the rows here. */
    @Test
    void slopesOfEachPixelOrRowAreRefused() {
        for (Sequential model : List.of(new Sequential(new Input(6, 5, 2), new Conv2D(2, 1), new PReLU()),
                new Sequential(new Input(6, 5), new Dense(3), new PReLU().with("sharedAxes", List.of(1))))) {
            Exception e = assertThrows(IllegalArgumentException.class,
                    () -> PyTorchFile.save(model, folder.resolve("t.safetensors")));
            assertTrue(e.getMessage().contains("PReLU has one slope, or one for each feature") && e.getMessage()
                    .contains("Received: p_re_lu with slopes of shape"), e.getMessage());
        }
    }

    @Test
    void whereTheOrderOfFlattenedImagesIsNotToldTheyAreRefused() {
        List<Layer> layers = imageLayers();
        layers.add(layers.size() - 1, norm());
        Exception e = assertThrows(IllegalArgumentException.class, () -> PyTorchFile.load(images(layers), file("images")));
        assertTrue(e.getMessage().contains("nothing but activations and dropout"), e.getMessage());
        List<Layer> inner = imageLayers();
        Layer dense = inner.remove(inner.size() - 1);
        Sequential nested = new Sequential(new Input(60), images(inner), dense);
        e = assertThrows(IllegalArgumentException.class, () -> PyTorchFile.load(nested, file("images")));
        assertTrue(e.getMessage().contains("Let the Dense layer be part of it"), e.getMessage());
    }

    private static String refused(Model model, Path file) {
        String before = ModelFile.weightsSha256(model);
        Exception e = assertThrows(ModelFormatException.class, () -> PyTorchFile.load(model, file));
        assertEquals(before, ModelFile.weightsSha256(model));
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        return e.getMessage();
    }

    @Test
    void whatLacksAndWhatIsLeftOverIsNamed() {
        String message = refused(new Sequential(new Input(4), new Dense(5, "relu"), new Dense(3)), file("chain"));
        assertTrue(message.contains("Lacking in the file: [dense_1] of {bias=(3,), weight=(3, 5)}. Left over in it: [2"
                + " {bias=(5,), weight=(5, 5)}]; [4 {bias=(2,), weight=(2, 5)}]."), message);
        String few = refused(new Sequential(new Input(4), new Dense(5), new Dense(5), new Dense(5), new Dense(2)), file("chain"));
        assertTrue(few.contains("Lacking in the file: 1 of [dense_1, dense_2] of {bias=(5,), weight=(5, 5)}. Left over in it:"
                + " nothing"), few);
    }

    private Path write(Map<String, Tensor> tensors) throws IOException {
        Path file = folder.resolve("t.safetensors");
        WholeFile.write(file, true, out -> {
            out.write(Safetensors.header(Map.of(), tensors));
            Safetensors.writeElements(tensors.values(), out);
        });
        return file;
    }

    private static Tensor full(float value) {
        return Tensor.full(value, 2, 2);
    }

    /** Alphabetical order would put the decoder first. */
    @Test
    void layersOfOneShapeNeedNumbersOrNames() throws IOException {
        Path file = write(Map.of("encoder.weight", full(1), "decoder.weight", full(2)));
        String message = refused(new Sequential(new Input(2), new Dense(2).useBias(false), new Dense(2).useBias(false)), file);
        assertTrue(message.contains("which of these comes first is unknown")
                && message.contains("[dense, dense_1] now"), message);
        Sequential named = new Sequential(new Input(2), new Dense(2).useBias(false).named("encoder"),
                new Dense(2).useBias(false).named("decoder"));
        PyTorchFile.load(named, file);
        assertEquals(1, named.weights().get(0).get(0, 0));
        assertEquals(2, named.weights().get(1).get(0, 0));
    }

    /** Names that begin at 1 there and with none here must not be mixed up. */
    @Test
    void namesCountOnlyIfAllAreTheSame() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i : new int[] {10, 2, 1}) {
            tensors.put("dense_" + i + ".weight", full(i));
        }
        Sequential model = new Sequential(new Input(2), new Dense(2).useBias(false), new Dense(2).useBias(false),
                new Dense(2).useBias(false));
        PyTorchFile.load(model, write(tensors));
        assertArrayEquals(new float[] {1, 2, 10}, new float[] {model.weights().get(0).get(0, 0),
            model.weights().get(1).get(0, 0), model.weights().get(2).get(0, 0)});
    }

    @Test
    void linearLayersAreTurned() throws IOException {
        Sequential model = new Sequential(new Input(3), new Dense(2).useBias(false));
        PyTorchFile.load(model, write(Map.of("weight", Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}}))));
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, model.weights().get(0).toArray());
    }

    @Test
    void layersThatPyTorchHasNotAreNamed() {
        Model model = new Sequential(new Input(3), new Normalization(), new Dense(2));
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> PyTorchFile.save(model, folder.resolve("t.safetensors")));
        assertTrue(e.getMessage().contains("Received: normalization, a Normalization"), e.getMessage());
        assertEquals(0, folder.toFile().list().length);
    }

    @Test
    void manyTensorsAreNoNet() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i <= 10_000; i++) {
            tensors.put(i + ".weight", Tensor.ones(1, 1));
        }
        assertTrue(refused(named(), write(tensors)).contains("expected at most 10000 tensors. Received: 10001"));
        Path model = folder.resolve("m.beras");
        ModelFile.save(named(), model);
        assertTrue(refused(named(), model).contains("this is a model of BERAS"));
    }

    @Test
    void typesAndSizesAreChecked() throws IOException {
        String header = "{\"a.weight\":{\"dtype\":\"%s\",\"shape\":[2,2],\"data_offsets\":[0,%d]}}";
        for (Object[] wrong : new Object[][] {{"F8_E5M2", 4, "must be of one of the types"}, {"F16", 4, "must take 8 bytes"},
            {"F64", 8, "must take 32 bytes"}}) {
            String json = String.format(header, wrong[0], wrong[1]);
            byte[] bytes = new byte[8 + json.length() + (int) wrong[1]];
            bytes[0] = (byte) json.length();
            System.arraycopy(json.getBytes(StandardCharsets.UTF_8), 0, bytes, 8, json.length());
            String message = refused(named(), Files.write(folder.resolve("w.safetensors"), bytes));
            assertTrue(message.contains((String) wrong[2]), message);
        }
    }

    // ------------------------------------------------------------------------------------------------------- writing

    @Test
    void namesAreThoseOfASequential() throws IOException {
        Sequential inner = new Sequential(new Input(5), new Dense(5, "relu"), new Dense(5));
        Model model = new Sequential(new Input(3), new Dense(5, "relu"), new Dropout(0.1), new LayerNormalization(), inner,
                new BatchNormalization().with("scale", false), new Dense(2).useBias(false));
        Path file = folder.resolve("t.safetensors");
        Map<String, String> names = PyTorchFile.save(model, file);
        assertEquals("0.weight", names.get("dense/kernel"));
        try (Bytes bytes = Bytes.open(file)) {
            Safetensors header = Safetensors.read(bytes);
            header.requireFloats(bytes.size());
            assertEquals(Map.of("format", "pt"), header.metadata());
            List<String> expected = new ArrayList<>(List.of("0.weight", "0.bias", "3.weight", "3.bias", "4.0.weight", "4.0.bias",
                    "4.2.weight", "4.2.bias", "5.bias", "5.running_mean", "5.running_var", "5.weight", "6.weight"));
            assertEquals(expected, List.copyOf(header.entries().keySet()));
            assertEquals(Shape.of(5, 3), header.entries().get("0.weight").shape());
            assertEquals(Shape.of(5), header.entries().get("0.bias").shape());
            assertArrayEquals(new float[] {1, 1, 1, 1, 1}, header.tensors(bytes).get("5.weight").toArray());
        }
        assertThrows(FileAlreadyExistsException.class, () -> PyTorchFile.save(model, file));
    }

    @Test
    void whatIsWrittenComesBackToTheBit() throws IOException {
        Sequential model = named();
        PyTorchFile.load(model, file("named"));
        Path back = folder.resolve("back.safetensors");
        PyTorchFile.save(model, back);
        Sequential again = named();
        PyTorchFile.load(again, back);
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(again));
    }

    /** As a graph of ONNX has it, whose images have their channels first. */
    @Test
    void imagesWithChannelsFirstAreInTheOrderOfPyTorch() throws IOException {
        Dense dense = new Dense(2).useBias(false);
        Path file = folder.resolve("first.safetensors");
        PyTorchFile.save(new Sequential(1, new Input(3, 4, 2), new Conv2D(2, 1).useBias(false), new Permute(3, 1, 2), new ReLU(),
                new Flatten(), dense), file);
        try (Bytes bytes = Bytes.open(file)) {
            assertEquals(dense.w().transpose(), Safetensors.read(bytes).tensors(bytes).get("4.weight"));
        }
        Model turned = new Sequential(1, new Input(3, 4, 2), new Conv2D(2, 1), new Permute(2, 1, 3), new Flatten(), new Dense(2));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> PyTorchFile.save(turned, folder.resolve("x.safetensors")))
                .getMessage().contains("order of numbers is not known"));
    }

    /** The layers of other models have their own names, and one that is used twice has one. */
    @Test
    void aModelOfBranches() throws IOException {
        Model model = branches(1);
        Path file = folder.resolve("t.safetensors");
        assertEquals(List.of("left.weight", "left.bias", "right.weight", "right.bias", "head.0.weight", "head.0.bias"),
                List.copyOf(PyTorchFile.save(model, file).values()));
        Model again = branches(2);
        assertEquals("right.weight", PyTorchFile.load(again, file).get("right/kernel"));
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(again));
    }

    private static Model branches(long seed) {
        Node x = new Input(3).apply();
        Dense left = new Dense(3).named("left");
        Node one = left.apply(left.apply(x));
        Node other = new Dense(3).named("right").apply(x);
        Node joined = new Add().apply(one, other);
        Sequential head = new Sequential(seed, new Input(3), new Dense(3));
        head.named("head");
        return new Functional(seed, List.of(x), List.of(head.apply(joined)));
    }

    /** PyTorch has both or neither, so the file has ones in the place of a scale. */
    @Test
    void aNormalizationWithoutScale() throws IOException {
        Path back = folder.resolve("back.safetensors");
        Sequential model = new Sequential(new Input(2), new BatchNormalization().with("scale", false),
                new LayerNormalization().with("scale", false));
        model.weights().get(0).assign(7);
        PyTorchFile.save(model, back);
        Sequential again = new Sequential(new Input(2), new BatchNormalization().with("scale", false),
                new LayerNormalization().with("scale", false));
        PyTorchFile.load(again, back);
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(again));
        String message = refused(new Sequential(new Input(2), new LayerNormalization().with("scale", false)),
                write(Map.of("n.weight", Tensor.of(1, 2), "n.bias", Tensor.ones(2))));
        assertTrue(message.contains("expected n.weight to be Tensor(2,) [1.0, 1.0]"), message);
    }

    @Test
    void aLayerInTwoPlacesHasNoNames() {
        Dense twice = new Dense(3);
        Exception e = assertThrows(IllegalArgumentException.class,
                () -> PyTorchFile.save(new Sequential(new Input(3), twice, twice), folder.resolve("t.safetensors")));
        assertTrue(e.getMessage().contains("several places"), e.getMessage());
    }

    // ------------------------------------------------------------------------------------------------- recurrent layers

    private static Model sequences(Layer... layers) {
        List<Layer> all = new ArrayList<>(List.of(new Input(24), new Reshape(4, 6)));
        all.addAll(List.of(layers));
        all.add(new Flatten());
        return new Sequential(all.toArray(Layer[]::new));
    }

    /** The number of layers in each file. */
    private static final Map<String, Integer> STACKED = Map.of("lstm_stacked", 2, "gru_stacked", 3, "rnn_stacked", 12, "lstm_unbiased", 2);

    private static Model stacked(int count, String name) {
        return sequences(IntStream.range(0, count).<Layer>mapToObj(i -> switch (name) {
            case "lstm_stacked" -> new Bidirectional(new LSTM(3).returnSequences(true));
            case "gru_stacked" -> new Bidirectional(new GRU(2).returnSequences(true));
            case "rnn_stacked" -> new SimpleRNN(3).returnSequences(true);
            default -> new LSTM(3).returnSequences(true).with("useBias", !name.equals("lstm_unbiased"));
        }).toArray(Layer[]::new));
    }

    private static Model sequences(String name) {
        if (name.equals("lstm") || name.equals("gru")) {
            return sequences(new Bidirectional(name.equals("lstm") ? new LSTM(3) : new GRU(3)));
        }
        if (STACKED.containsKey(name)) {
            return stacked(STACKED.get(name), name);
        }
        if (name.equals("attention")) {
            return sequences(new MultiHeadAttention(2, 3), new Dense(6).named("answer"));
        }
        if (name.equals("encoder")) {
            List<Layer> blocks = IntStream.range(0, 2).mapToObj(i -> (Layer) new TransformerBlock(2, 8).causal(true).with("activation", "relu")
                    .named("encoder.layers." + i)).toList();
            return sequences(blocks.get(0), blocks.get(1), norm("encoder.norm"));
        }
        Node input = new Input(24).apply();
        Node x = new Reshape(4, 6).apply(input);
        if (name.equals("attention_cross")) {
            Node values = new Cropping1D(4, 0).apply(new Permute(2, 1).apply(x));
            Node keys = new Cropping1D(0, 3).apply(new Permute(2, 1).apply(x));
            return new Functional(input, new Flatten().apply(new MultiHeadAttention(3, 2).useBias(false)
                    .apply(x, new Permute(2, 1).apply(keys), new Permute(2, 1).apply(values))));
        }
        Node h = norm("block.norm1").apply(new Add().apply(x, new MultiHeadAttention(2, 3).named("block.self_attn").apply(x)));
        Node wide = new Dense(6, "gelu").named("block.linear1").apply(h);
        return new Functional(input, new Flatten().apply(norm("block.norm2").apply(
                new Add().apply(h, new Dense(6).named("block.linear2").apply(wide)))));
    }

    private static Layer norm(String name) {
        return new LayerNormalization().epsilon(1e-5f).named(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lstm", "gru", "attention", "attention_cross", "encoder", "encoder_after", "lstm_stacked", "gru_stacked",
        "rnn_stacked", "lstm_unbiased"})
    void sequencesAreThoseOfPyTorch(String name) throws IOException {
        Model model = sequences(name);
        Map<String, String> taken = PyTorchFile.load(model, file(name));
        assertEquals(FormatSupport.weights(model).keySet(), taken.keySet());
        assertOutputs(name, model);
        Path back = folder.resolve("back.safetensors");
        PyTorchFile.save(model, back);
        Model again = sequences(name);
        PyTorchFile.load(again, back);
        assertEquals(ModelFile.weightsSha256(model), ModelFile.weightsSha256(again));
        try (Bytes bytes = Bytes.open(back); Bytes theirs = Bytes.open(file(name))) { // but for the sum of two biases
            Collection<Tensor> of = Safetensors.read(theirs).tensors(theirs).values();
            boolean isSame = Safetensors.read(bytes).tensors(bytes).values().containsAll(of);
            assertEquals(!List.of("lstm", "lstm_stacked", "rnn_stacked").contains(name), isSame);
        }
    }

    @Test
    void layersOfAStackedModuleKeepTheirNames() throws IOException {
        Map<String, String> taken = PyTorchFile.load(sequences("rnn_stacked"), file("rnn_stacked"));
        assertEquals("rnn.weight_ih_l0", taken.get("simple_rnn/kernel"));
        assertEquals("rnn.weight_hh_l2", taken.get("simple_rnn_2/recurrent_kernel"));
        assertEquals("rnn.weight_ih_l10", taken.get("simple_rnn_10/kernel"));
        assertTrue(PyTorchFile.load(sequences("gru_stacked"), file("gru_stacked")).containsValue("rnn.bias_hh_l2_reverse"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gru_stacked    | 2 | gru_stacked | expected the recurrent layers [bidirectional, bidirectional_1]. Received: [rnn.l0, rnn.l1, rnn.l2]. Give the net a layer
            lstm_unbiased  | 2 | lstm        | expected biases of the recurrent layers [lstm, lstm_1]. Received: bias=False of [rnn.l0, rnn.l1]. Let their layers have useBias(false)
            lstm_projected | 2 | lstm        | expected recurrent modules without proj_size, which no layer has here. Received: weight_hr_l0. Train the module without it
            lstm_stacked   | 2 | lstm        | Left over in it: [rnn.l0 {bias_hh_l0=(12,), bias_hh_l0_reverse=(12,)
            lstm_stacked   | 2 | lstm        | rnn.l1 {bias_hh_l1=(12,), bias_hh_l1_reverse=(12,)
            """)
    void layersOfAStackedModuleThatDoNotFitAreRefused(String file, int layers, String kind, String expected) {
        String message = refused(stacked(layers, kind), file(file));
        assertTrue(message.contains(expected), message);
    }

    private static Map<String, Tensor> tensors(String name) throws IOException {
        try (Bytes bytes = Bytes.open(file(name))) {
            return new TreeMap<>(Safetensors.read(bytes).tensors(bytes));
        }
    }

    @Test
    void aGapInTheLayersIsNamed() throws IOException {
        Map<String, Tensor> tensors = tensors("rnn_stacked");
        tensors.keySet().removeIf(name -> name.endsWith("_l1"));
        String message = refused(sequences("rnn_stacked"), write(tensors));
        assertTrue(message.contains("expected rnn.weight_ih_l1, as the layers of a module have numbers from 0 without gaps. Received: the layers"
                + " [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]. Save the whole state_dict"), message);
    }

    /** Two modules whose layers have the same shapes: only names tell them apart. */
    @Test
    void layersOfTwoStackedModulesGoByTheirNames() throws IOException {
        Map<String, Tensor> both = new LinkedHashMap<>();
        tensors("lstm_stacked").forEach((name, tensor) -> {
            both.put(name.replace("rnn", "encoder"), tensor);
            both.put(name.replace("rnn", "decoder"), tensor.add(1));
        });
        Path file = write(both);
        String message = refused(stacked(4, "lstm_stacked"), file);
        assertTrue(message.contains("which of these comes first is unknown") && message.contains("decoder.l1 {bias_hh_l1="), message);
        List<String> names = List.of("encoder.l0", "encoder.l1", "decoder.l0", "decoder.l1");
        Model model = sequences(names.stream().map(name -> new Bidirectional(new LSTM(3).returnSequences(true)).named(name)).toArray(Layer[]::new));
        assertEquals(names, PyTorchFile.load(model, file).values().stream()
                .map(tensor -> tensor.replaceAll("[a-z]+_[a-z]+_(l[0-9]).*", "$1")).distinct().toList());
    }

    @Test
    void headsThatDoNotShareTheFeaturesAreRefused() {
        Model model = new Sequential(new Input(4, 6), new MultiHeadAttention(2, 2));
        String message = assertThrows(IllegalArgumentException.class, () -> PyTorchFile.save(model, folder.resolve("t.safetensors"))).getMessage();
        assertTrue(message.contains("heads that share the features"), message);
    }
}
