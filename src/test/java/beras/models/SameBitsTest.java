package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Examples;
import beras.initializers.Initializers;
import beras.kernels.KernelsOfThisBuild;
import beras.kernels.RestoresThreads;
import beras.kernels.Threads;
import beras.layers.ActivityRegularization;
import beras.layers.Add;
import beras.layers.AlphaDropout;
import beras.layers.Average;
import beras.layers.BatchNormalization;
import beras.layers.Bidirectional;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GRU;
import beras.layers.GaussianDropout;
import beras.layers.GaussianNoise;
import beras.layers.GlobalAveragePooling2D;
import beras.layers.GlobalMaxPooling2D;
import beras.layers.Input;
import beras.layers.LSTM;
import beras.layers.Layer;
import beras.layers.LayerNormalization;
import beras.layers.Layers;
import beras.layers.Maximum;
import beras.layers.Minimum;
import beras.layers.Multiply;
import beras.layers.Node;
import beras.layers.Normalization;
import beras.layers.PReLU;
import beras.layers.Permute;
import beras.layers.RMSNormalization;
import beras.layers.RepeatVector;
import beras.layers.Rescaling;
import beras.layers.Reshape;
import beras.layers.SimpleRNN;
import beras.layers.Subtract;
import beras.layers.UnitNormalization;
import beras.layers.activations.LeakyReLU;
import beras.layers.activations.ReLU;
import beras.layers.activations.Sigmoid;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.optimizers.Adam;
import beras.optimizers.Optimizer;
import beras.optimizers.RMSProp;
import beras.optimizers.SGD;
import beras.regularizers.L1L2;
import beras.saving.ModelFile;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole trainings give the same weights, bit for bit, on every JDK, backend, vector width and number of threads. The build
 * runs this class with each width and without the vector module; a change of these hashes is a change of every user's results.
 */
@Tag("kernels")
@Tag("model")
class SameBitsTest implements KernelsOfThisBuild, RestoresThreads {

    private static final int COUNT = 300;
    private static final int NUMBERS = 301;
    private static final int WORDS = 4;

    @ParameterizedTest
    @CsvSource({"adam, fe851ec34f4580a4cb1db03d5e607d574b4bc987fc718c9967c64c2be1e4123f",
        "rmsprop, b5ca3cd3f3c04187759a190203a0df270a91607d4376bf6153fcf9769cb54279",
        "sgd, 6bb457bf0c338ab971c25fb084bb930471cdd2e49eac4c6bdcd99ce01a7c6142",
        "layers, 3236ada1197bcee2bc3c021a582e9c88b24e4539b21cdc1ef40931ccdde59eb2",
        "further, 280b8a48e7869c9aa025f510795d5abaaf0f4bda380df249e0fcfa87b2687165",
        "recurrent, d4fe16de911dab0d35dc2ecf865fa284bb17cd13407a5e19cc6964a93c5d97e2",
        "images, 0a730eb8208d34df3857482b76373072464f39b29625495c25366dde1ffca21f",
        "quick, 17188a362aa83b4a01675fdffa0d418e4d159564f8ed34a68c313394e8ed2f25",
        "rare, f37848e74b136f9d030ef1f755dfba254b3e7974cb55e699d03ff0764d04691c"})
    void weightsHashIsGolden(String name, String sha256) {
        for (int threads : Set.of("further", "quick", "rare").contains(name) ? new int[] {1, 3} : new int[] {1, 2, 3, 7}) {
            Threads.set(threads);
            assertEquals(sha256, ModelFile.weightsSha256(trained(name)), threads + " threads");
        }
    }

    private static Model trained(String name) {
        return switch (name) {
            case "layers" -> layers();
            case "further" -> further();
            case "recurrent" -> recurrent();
            case "images" -> images();
            case "quick" -> quick();
            case "rare" -> rare();
            default -> dense(name);
        };
    }

    private static Model dense(String name) {
        Rng rng = new Rng(3, "test", 0);
        int count = 700;
        Tensor x = Tensor.generate(rng::normal, count, 203);
        Sequential model = new Sequential(
                new Dense(203, 129, Initializers.heNormal(), 1), new ReLU(),
                new Dense(129, 65, Initializers.glorotUniform(), 2), new LeakyReLU(),
                new Dense(65, 33, Initializers.glorotNormal(), 3), new Sigmoid(),
                new Dense(33, 7, Initializers.heUniform(), 4), new Softmax());
        Optimizer optimizer = switch (name) {
            case "adam" -> new Adam(0.003f);
            case "rmsprop" -> new RMSProp(0.002f);
            default -> new SGD(0.2f);
        };
        Loss loss = name.equals("rmsprop") ? new MeanSquaredError() : new CategoricalCrossEntropy();
        model.compile(optimizer, loss, "accuracy");
        model.fit(x, labels(count), new FitOptions().epochs(3).batchSize(128).seed(9));
        return model;
    }

    /** The layers that were added later. */
    private static Model further() {
        Tensor x = Tensor.generate(new Rng(3, "numbers", 0)::normal, COUNT, NUMBERS);
        Model model = new Sequential(11, new Input(NUMBERS), new Rescaling(0.5, 0.125), new GaussianDropout(0.2),
                new Dense(64).with("activityRegularizer", new L1L2(0.001f, 0.002f)), new PReLU(), new AlphaDropout(0.1),
                new RMSNormalization(), new Dense(48, "mish"), new ActivityRegularization(0.001f, 0f), new RepeatVector(2),
                new Permute(2, 1), new Dense(5), new ReLU().with("maxValue", 2f).with("negativeSlope", 0.1f).with("threshold", 0.25f), new Flatten(),
                new UnitNormalization(), new Dense(7), new Softmax());
        return fitted(model, x, 3, 128);
    }

    /** Recurrent ones, with masks. */
    private static Model recurrent() {
        Tensor x = Tensor.generate(i -> i / 12 % 13 > i % 12 ? 1 + i * 31 % 16 : 0, 96, 12);
        Model model = new Sequential(11, new Input(12), new Embedding(17, 24).maskZero(true),
                new Bidirectional(new LSTM(40).returnSequences(true)), new GRU(33).returnSequences(true).with("dropout", 0.1)
                .with("recurrentDropout", 0.1), new SimpleRNN(19), new Dense(7), new Softmax());
        return fitted(model, x, 3, 40);
    }

    /** Those of images and sequences. */
    private static Model images() {
        int side = 20;
        Tensor x = Tensor.generate(new Rng(3, "images", 0)::normal, 96, side * side * 2);
        Recipe recipe = new Recipe().seed(11).layers("reshape([20, 20, 2]), conv(16, 3, padding=same), batch_norm, relu,"
                + " spatial_dropout:0.1, conv(32, [5, 3], groups=2, activation=sigmoid), max_pool(3, strides=2, padding=same),"
                + " depthwise_conv(3, depth_multiplier=2, padding=same, dilation_rate=2), group_norm(8), separable_conv(24, 3,"
                + " strides=2, padding=same, activation=tanh), zero_padding([1, 0, 2, 1]), up_sampling(2),"
                + " conv_transpose(12, 3, strides=2), cropping_2d([1, 2, 0, 3]), avg_pool(2, padding=same),"
                + " up_sampling([1, 2], interpolation=bilinear), conv(10, 1), flatten, reshape([-1, 10]),"
                + " conv_1d(8, 3, padding=causal, strides=2), max_pool1d:2, avg_pool1d(3, strides=2), global_avg_pool1d, 7:softmax")
                .loss("cross-entropy").optimizer("adam(0.003)").epochs(2).batchSize(40);
        Model model = Sequential.of(recipe, Shape.of(side * side * 2));
        model.compile(recipe, 96);
        model.fit(x, labels(x.dim(0)), recipe.fitOptions());
        return model;
    }

    /** Whitened patches, kernels that pass on, and views: what it predicts counts, too. */
    private static Model quick() {
        Tensor x = Tensor.generate(new Rng(3, "images", 0)::uniform, 96, 20 * 20 * 2);
        Recipe recipe = new Recipe().seed(11).layers("reshape([20, 20, 2]), whitening(3, strides=2, padding=same, activation=relu),"
                + " conv(40, 3, padding=same, use_bias=false, kernel_initializer=dirac), batch_norm, relu, global_max_pool, 7:softmax")
                .loss("cross-entropy(label_smoothing=0.1)").schedule("one_cycle").epochs(3).batchSize(40).views("flip,shift=2")
                .optimizer("sgd(0.05, momentum=0.9, nesterov=true)");
        Model model = Models.of(recipe, Shape.of(20 * 20 * 2));
        Models.adapt(model, () -> x);
        model.compile(recipe, 96);
        model.fit(x, labels(x.dim(0)), recipe.fitOptions());
        Tensor predicted = model.predict(x);
        model.weights().get(model.weights().size() - 2).assign(predicted.slice(0, 40).reshape(40, 7));
        return model;
    }

    /** Activations in scalar code, merges of several shapes, and a mask of a shape of its own. */
    private static Model rare() {
        Node image = new Input(6, 5, 8).apply();
        Node gate = new Dense(8, "hard_silu").apply(new GlobalAveragePooling2D().with("keepdims", true).apply(image));
        Node sum = new Multiply().apply(image, new Dense(8, "sparse_sigmoid").apply(gate));
        List<Node> branches = new ArrayList<>();
        for (String name : List.of("celu(0.5)", "hard_shrink(0.25)", "hard_tanh(-1, 2)", "log_sigmoid", "soft_shrink", "sparse_plus",
                "square_plus", "tanh_shrink")) {
            Layer activation = Layers.ACTIVATIONS.of(name);
            branches.add(new Add().apply(new GlobalMaxPooling2D().apply(sum), activation.apply(new Dense(8).apply(sum))));
        }
        Node mixed = new Dropout(0.2).with("noiseShape", List.of(-1, 1, -1, 1)).apply(new Average().apply(branches.toArray(Node[]::new)));
        Model model = new Functional(11, List.of(image), List.of(new Dense(7, "softmax").apply(new Flatten().apply(mixed))));
        return fitted(model, Tensor.generate(new Rng(3, "images", 0)::normal, 96, 6, 5, 8), 2, 40);
    }

    private static Model fitted(Model model, Tensor x, int epochs, int batchSize) {
        model.compile(new Adam(0.003f), new CategoricalCrossEntropy());
        model.fit(x, labels(x.dim(0)), new FitOptions().epochs(epochs).batchSize(batchSize).seed(9));
        return model;
    }

    private static Tensor labels(int count) {
        return Tensor.generate(i -> (i / 7 * 31) % 7 == i % 7 ? 1 : 0, count, 7);
    }

    private static Model layers() {
        Tensor numbers = Tensor.generate(new Rng(3, "numbers", 0)::normal, COUNT, NUMBERS);
        Rng dice = new Rng(3, "words", 0);
        Tensor words = Tensor.generate(i -> Math.floorMod(dice.bits(i), 50), COUNT, WORDS);
        Normalization normalization = new Normalization();
        normalization.adapt(numbers);
        Model model = model(normalization);
        model.compile(new Adam(0.003f), new CategoricalCrossEntropy());
        model.fit(Examples.of(List.of(numbers, words), List.of(labels(COUNT)), null), new FitOptions().epochs(3).batchSize(128)
                .seed(9));
        return model;
    }

    private static Model model(Normalization normalization) {
        Node numbers = new Input(NUMBERS).apply();
        Node noisy = new Dropout(0.1).apply(new GaussianNoise(0.2).apply(normalization.apply(numbers)));
        Node dense = new Dense(64).apply(new BatchNormalization().apply(noisy));
        Node a = new Dropout(0.4).apply(new ReLU().apply(new BatchNormalization().momentum(0.7).apply(dense)));
        Node words = new Input(WORDS).apply();
        Node b = new Flatten().apply(new LayerNormalization().apply(new Embedding(50, 16).apply(words)));
        Node c = new Reshape(64).apply(new LayerNormalization().apply(new Reshape(4, -1).apply(dense)));
        Node all = new Concatenate().apply(new Add().apply(a, b, c), new Subtract().apply(a, b), new Multiply().apply(b, c),
                new Average().apply(a, b, c), new Maximum().apply(a, c), new Minimum().apply(b, c));
        return new Functional(11, List.of(numbers, words), List.of(new Softmax().apply(new Dense(7).apply(all))));
    }
}
