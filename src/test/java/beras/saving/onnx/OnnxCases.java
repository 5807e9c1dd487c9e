package beras.saving.onnx;

import beras.layers.ActivityRegularization;
import beras.layers.Add;
import beras.layers.AlphaDropout;
import beras.layers.Attention;
import beras.layers.Average;
import beras.layers.AveragePooling1D;
import beras.layers.AveragePooling2D;
import beras.layers.BatchNormalization;
import beras.layers.Bidirectional;
import beras.layers.Columns;
import beras.layers.Concatenate;
import beras.layers.Conv1D;
import beras.layers.Conv1DTranspose;
import beras.layers.Conv2D;
import beras.layers.Conv2DTranspose;
import beras.layers.Cropping1D;
import beras.layers.Cropping2D;
import beras.layers.Dense;
import beras.layers.DepthwiseConv1D;
import beras.layers.DepthwiseConv2D;
import beras.layers.Dot;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GRU;
import beras.layers.GaussianDropout;
import beras.layers.GaussianNoise;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.GlobalAveragePooling2D;
import beras.layers.GlobalMaxPooling1D;
import beras.layers.GlobalMaxPooling2D;
import beras.layers.GroupNormalization;
import beras.layers.HorizontalFlip;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Layers;
import beras.layers.Masking;
import beras.layers.MaxPooling1D;
import beras.layers.MaxPooling2D;
import beras.layers.Maximum;
import beras.layers.Minimum;
import beras.layers.MultiHeadAttention;
import beras.layers.Multiply;
import beras.layers.Node;
import beras.layers.Normalization;
import beras.layers.PReLU;
import beras.layers.Permute;
import beras.layers.PositionEmbedding;
import beras.layers.RMSNormalization;
import beras.layers.RepeatVector;
import beras.layers.Rescaling;
import beras.layers.Reshape;
import beras.layers.SeparableConv1D;
import beras.layers.SeparableConv2D;
import beras.layers.SimpleRNN;
import beras.layers.SpatialDropout1D;
import beras.layers.SpatialDropout2D;
import beras.layers.Subtract;
import beras.layers.TransformerBlock;
import beras.layers.UnitNormalization;
import beras.layers.UpSampling1D;
import beras.layers.UpSampling2D;
import beras.layers.Whitening2D;
import beras.layers.ZeroPadding1D;
import beras.layers.ZeroPadding2D;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.models.Functional;
import beras.models.Model;
import beras.models.Models;
import beras.models.Sequential;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A net for each layer, and nets in which they meet, with weights that are unlike each other. */
public final class OnnxCases {

    private static final int BATCH = 5;

    /** All nets by what they are for. */
    public static Map<String, Model> all() {
        Map<String, Model> cases = new LinkedHashMap<>();
        flat(cases, "dense", new Dense(3));
        flat(cases, "dense with an activation", new Dense(3, "softmax"));
        flat(cases, "dense without bias", new Dense(3, "silu").useBias(false));
        matrix(cases, "dense of rows", new Dense(4, "tanh"));
        matrix(cases, "dense of rows without bias", new Dense(4).useBias(false));
        put(cases, "embedding", new Input(2), new Embedding(7, 3));
        put(cases, "embedding of numbers", new Input(), new Embedding(7, 3), new Dense(2));
        flat(cases, "batch normalization", new BatchNormalization().momentum(0.7).epsilon(0.01f));
        flat(cases, "batch normalization without weights", new BatchNormalization().with("scale", false).with("center", false));
        matrix(cases, "batch normalization of rows", new BatchNormalization());
        put(cases, "batch normalization of images", new Input(4, 2, 3), new BatchNormalization().with("center", false));
        put(cases, "batch normalization of four axes", new Input(2, 1, 2, 3), new BatchNormalization());
        flat(cases, "layer normalization", new LayerNormalization());
        matrix(cases, "layer normalization of rows", new LayerNormalization().with("center", false).epsilon(0.1f));
        flat(cases, "layer normalization without scale", new LayerNormalization().with("scale", false));
        matrix(cases, "normalization", new Normalization(new float[] {0.1f, -2, 3}, new float[] {4, 0.3f, 0}));
        flat(cases, "dropout", new Dropout(0.4), new GaussianNoise(0.3));
        matrix(cases, "flatten", new Flatten());
        put(cases, "flatten of numbers", new Input(), new Flatten(), new Dense(2));
        matrix(cases, "reshape", new Reshape(3, -1, 1), new Flatten(), new Reshape(3, 2));
        for (String activation : Layers.ACTIVATIONS.names()) {
            flat(cases, activation, new Dense(4), Layers.ACTIVATIONS.of(activation));
        }
        matrix(cases, "softmax of rows", new Softmax());
        matrix(cases, "log softmax of rows", Layers.ACTIVATIONS.of("log_softmax"));
        flat(cases, "leaky relu, elu and gelu with settings", new LeakyReLU(0.1f), Layers.activation("elu(0.7)"),
                Layers.activation("gelu(approximate=true)"));
        flat(cases, "relu by slope", new LeakyReLU(0f));
        flat(cases, "rare activations with settings", Layers.activation("celu(0.5)"), Layers.activation("hard_shrink(0.25)"),
                Layers.activation("soft_shrink(0.125)"),
                Layers.activation("hard_tanh(-1.5, 2.5)"), Layers.activation("square_plus(0.5)"));
        image(cases, "rare activations of images", new Conv2D(3, 2).activation("square_plus"), Layers.activation("hard_tanh(-0.5, 0.75)"),
                new Conv2D(2, 2).activation("sparse_plus"), Layers.activation("softsign"));
        others(cases);
        images(cases);
        for (Layer merge : List.of(new Add(), new Average(), new Concatenate(), new Maximum(), new Minimum(), new Multiply())) {
            merged(cases, merge, 3);
        }
        merged(cases, new Concatenate(1), 2);
        merged(cases, new Subtract(), 2);
        merged(cases, new Dot(2), 2);
        merged(cases, new Dot(1).with("normalize", true), 2);
        broadcast(cases);
        merged(cases, new Add().named("alone"), 1);
        Node x = new Input(4, 3).apply();
        cases.put("squares that are part of no norm", new Functional(1, List.of(x), List.of(
                new Add().apply(new Multiply().apply(x, x), x), new GlobalAveragePooling1D().apply(new Multiply().apply(x, x)))));
        cases.put("nested, shared, several inputs and outputs", nested());
        cases.put("inputs that are outputs", passing());
        cases.put("ensemble", Models.of(new Recipe().layers("4:relu,batch_norm,2:softmax").ensemble(3).seed(2), Shape.of(3)));
        cases.put("views", Models.of(new Recipe().layers("reshape([5, 4, 2]),conv:3x2:relu,global_max_pool,3:softmax")
                .views("flip,shift=1").seed(2), Shape.of(40)));
        cases.forEach((name, model) -> disturbed(model));
        return cases;
    }

    private static void others(Map<String, Model> cases) {
        flat(cases, "relu to 6, from 0.5 with a slope", Layers.activation("relu(6)"),
                Layers.activation("relu(threshold=0.5, negative_slope=0.2)"));
        flat(cases, "relu with a slope", new ReLU().with("negativeSlope", 0.2f));
        matrix(cases, "prelu", new PReLU());
        matrix(cases, "prelu with shared slopes", new PReLU().with("sharedAxes", List.of(1)));
        matrix(cases, "permute", new Permute(2, 1), new Flatten());
        flat(cases, "repeat vector", new RepeatVector(3));
        flat(cases, "rescaling", new Rescaling(1 / 127.5, -1));
        flat(cases, "rms normalization", new RMSNormalization().with("epsilon", 0.01f));
        matrix(cases, "unit normalization of rows", new UnitNormalization());
        flat(cases, "training alone", new AlphaDropout(0.3), new GaussianDropout(0.2), new ActivityRegularization(0.1f, 0.1f));
    }

    private static void images(Map<String, Model> cases) {
        image(cases, "conv2d", new Conv2D(3, 3, 2).activation("relu"));
        image(cases, "conv2d of all settings", new Conv2D(4, 3).strides(2).padding("same").with("groups", 2).useBias(false));
        image(cases, "conv2d dilated", new Conv2D(2, 2).with("dilationRate", 2).padding("same"));
        image(cases, "depthwise", new DepthwiseConv2D(3).with("depthMultiplier", 2).strides(2).padding("same").activation("tanh"));
        image(cases, "separable", new SeparableConv2D(3, 3).with("depthMultiplier", 2).activation("relu"));
        for (String padding : List.of("valid", "same")) {
            image(cases, "transposed " + padding, new Conv2DTranspose(3, 3).strides(2).padding(padding));
            image(cases, "transposed, gaps, " + padding, new Conv2DTranspose(3,
                    2).strides(3).padding(padding).activation("relu"));
            image(cases, "max pooling " + padding, new MaxPooling2D(2, 3).strides(2).padding(padding));
            image(cases, "average pooling " + padding, new AveragePooling2D(3).padding(padding));
        }
        image(cases, "global", new GlobalAveragePooling2D().with("keepdims", true), new GlobalMaxPooling2D());
        image(cases, "spatial dropout and padding", new SpatialDropout2D(0.3), new ZeroPadding2D(1, 0, 2, 3),
                new Cropping2D(0, 1, 1, 2));
        image(cases, "mirrored", new HorizontalFlip());
        image(cases, "whitening", new Whitening2D(2, 3).padding("same").strides(2).activation("relu"), new Conv2D(2, 1));
        image(cases, "upsampling", new UpSampling2D(2, 3), new UpSampling2D(3).with("interpolation", "bilinear"));
        image(cases, "group normalization", new GroupNormalization(2).epsilon(0.01f));
        steps(cases, "group normalization of steps", new GroupNormalization(-1).with("center", false));
        put(cases, "group normalization of features", new Input(12), new GroupNormalization(3).with("scale", false));
        image(cases, "small net", new Conv2D(4, 3).activation("relu"), new BatchNormalization(), new MaxPooling2D(2),
                new Flatten(),
                new Dense(3, "softmax"));
        steps(cases, "conv1d causal", new Conv1D(3, 3).padding("causal").with("dilationRate", 2));
        steps(cases, "conv1d depthwise", new DepthwiseConv1D(2).with("depthMultiplier", 2).padding("same").strides(2));
        steps(cases, "conv1d separable", new SeparableConv1D(3, 2).activation("relu"));
        steps(cases, "conv1d transposed", new Conv1DTranspose(3, 3).strides(2).padding("same"), new Conv1DTranspose(2, 2).strides(3));
        steps(cases, "conv1d and pooling", new Conv1D(4, 2).strides(2), new MaxPooling1D(2));
        steps(cases, "attention of several heads", new MultiHeadAttention(2, 3).causal(true).with("valueDim", 5));
        steps(cases, "lstm", new LSTM(3).returnSequences(true), new LSTM(2).with("useBias", false).with("goBackwards", true));
        steps(cases, "lstm with other activations", new LSTM(3).returnSequences(true).with("activation", "softsign")
                .with("recurrentActivation", "hard_sigmoid"), new LSTM(3).returnSequences(true).with("activation", "elu(0.7)"),
                new GRU(2).with("activation", "linear"));
        steps(cases, "gru", new GRU(3).returnSequences(true).with("goBackwards", true), new GRU(2).with("resetAfter", false));
        steps(cases, "gru without bias", new GRU(3).with("useBias", false).returnSequences(true), new GRU(2).with("resetAfter", false).with("useBias", false));
        steps(cases, "simple rnn", new SimpleRNN(3).returnSequences(true), new SimpleRNN(2).with("activation", "leaky_relu(0.1)"));
        steps(cases, "bidirectional", new Bidirectional(new LSTM(3).returnSequences(true)), new Bidirectional(new GRU(2)).mergeMode("mul"));
        steps(cases, "gru of columns", new Flatten(), new Columns(3, 14, new Reshape(7, 2), new GRU(2)), new Columns(7, 2, new Dense(3)));
        steps(cases, "positions", new PositionEmbedding(9));
        steps(cases, "added positions", new PositionEmbedding(9).addsInput(true));
        steps(cases, "transformer", new TransformerBlock(3, 4).causal(true).with("activation", "relu"));
        Node text = new Input(5, 4).apply();
        Node asking = new Input(3, 4).apply();
        cases.put("attention of one text to another", new Functional(2, List.of(asking, text), List.of(
                new MultiHeadAttention(2, 2).useBias(false).apply(asking, text), new Attention().apply(asking, text),
                new Attention().causal(true).with("useScale", true).with("scoreMode", "concat").apply(asking, text))));
        steps(cases, "average pooling of steps", new AveragePooling1D(2).padding("same"), new GlobalMaxPooling1D());
        steps(cases, "masking of steps", new Masking());
        steps(cases, "steps that are moved", new SpatialDropout1D(0.3), new ZeroPadding1D(1, 2), new Cropping1D(0, 1), new UpSampling1D(3));
        steps(cases, "global average of steps", new GlobalAveragePooling1D());
    }

    private static void image(Map<String, Model> cases, String name, Layer... layers) {
        put(cases, name, withInput(new Input(6, 7, 4), layers));
    }

    private static void steps(Map<String, Model> cases, String name, Layer... layers) {
        put(cases, name, withInput(new Input(7, 3), layers));
    }

    private static void put(Map<String, Model> cases, String name, Layer... layers) {
        cases.put(name, new Sequential(1, layers));
    }

    private static void flat(Map<String, Model> cases, String name, Layer... layers) {
        put(cases, name, withInput(new Input(5), layers));
    }

    private static void matrix(Map<String, Model> cases, String name, Layer... layers) {
        put(cases, name, withInput(new Input(2, 3), layers));
    }

    private static Layer[] withInput(Input input, Layer... layers) {
        List<Layer> all = new ArrayList<>(List.of(layers));
        all.add(0, input);
        return all.toArray(Layer[]::new);
    }

    private static void merged(Map<String, Model> cases, Layer merge, int count) {
        List<Node> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            inputs.add(new Input(2, 3).apply());
        }
        cases.put(merge + " of " + count, new Functional(inputs, List.of(merge.apply(inputs.toArray(Node[]::new)))));
    }

    /** Numbers for each channel, and for each pixel, against images. */
    private static void broadcast(Map<String, Model> cases) {
        for (Layer merge : List.of(new Add(), new Average(), new Maximum(), new Minimum(), new Multiply())) {
            Node image = new Input(3, 2, 4).apply();
            List<Node> inputs = List.of(image, new Input(4).apply(), new Input(3, 1, 1).apply(), new Input(1, 1, 4).apply());
            cases.put(merge + " of several shapes", new Functional(inputs, List.of(merge.apply(inputs.toArray(Node[]::new)))));
        }
        Node image = new Input(4, 3, 2).apply();
        Node x = new Conv2D(4, 2).activation("hard_silu").apply(image);
        Node gate = new Conv2D(2, 1).activation("relu").apply(new GlobalAveragePooling2D().with("keepdims", true).apply(x));
        Node squeezed = new Multiply().apply(x, new Conv2D(4, 1).activation("hard_sigmoid").apply(gate));
        Node pixels = new Subtract().apply(new GlobalMaxPooling2D().apply(x), squeezed);
        cases.put("squeeze and excitation", new Functional(3, List.of(image), List.of(pixels)));
    }

    /** A shared layer, a shared model, a model in a model, names with spaces, and a tensor that is two outputs. */
    private static Model nested() {
        Node left = new Input(4).named("left").apply();
        Node right = new Input(4).named("kernel of the right").apply();
        Node inner = new Input(4).apply();
        Model deep = new Sequential(3, new Input(6), new BatchNormalization(), new Dense(4, "gelu"));
        Model tower = new Functional(2, List.of(inner), List.of(new Add().apply(deep.apply(new Dense(6, "relu").apply(inner)),
                inner)));
        Dense shared = new Dense(4, "tanh");
        Node a = shared.apply(tower.apply(left));
        Node b = shared.apply(tower.apply(right));
        Node sum = new Concatenate().apply(a, b);
        Node twice = new Sigmoid().named("both").apply(sum);
        return new Functional(1, List.of(left, right), List.of(new Dense(3, "softmax").apply(new Dropout(0.5).apply(sum)), twice,
                twice));
    }

    private static Model passing() {
        Node x = new Input(3).apply();
        return new Functional(List.of(x), List.of(x, new Dropout(0.5).apply(x), new ReLU().apply(x)));
    }

    /** Normalizations begin with numbers that hide which is which. */
    static Model disturbed(Model model) {
        Rng rng = new Rng(7, "disturb", 0);
        long drawn = 0;
        for (Variable weight : model.weights()) {
            if (!weight.name().equals("mean") && !weight.name().equals("variance")) {
                float[] values = new float[weight.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = weight.toArray()[i] + 0.2f + 0.3f * (float) rng.uniform(drawn++);
                }
                weight.assign(Tensor.wrap(values, weight.shape()));
            }
        }
        return model;
    }

    /** Examples for a net, among them large and small numbers; those for embeddings are whole. */
    static List<Tensor> inputs(String name, Model model) {
        List<Tensor> inputs = new ArrayList<>();
        for (Node input : model.inputNodes()) {
            Rng rng = new Rng(1, "inputs", inputs.size());
            boolean whole = name.startsWith("embedding");
            boolean image = input.shape().rank() == 3; // pixels, of which many are summed up
            inputs.add(Tensor.generate(i -> whole ? i * 3 % 7 : image ? rng.uniform(i)
                    : (float) (3 * rng.normal(i)) * (i % 4 == 3 ? 3 : 1), input.shape().prepend(BATCH).toArray()));
        }
        return inputs;
    }

    private OnnxCases() {}
}
