package beras.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import beras.feed.Examples;
import beras.kernels.Backend;
import beras.kernels.Threads;
import beras.layers.ActivityRegularization;
import beras.layers.Add;
import beras.layers.AlphaDropout;
import beras.layers.Average;
import beras.layers.BatchNormalization;
import beras.layers.Concatenate;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Embedding;
import beras.layers.Flatten;
import beras.layers.GaussianDropout;
import beras.layers.GaussianNoise;
import beras.layers.Input;
import beras.layers.LayerNormalization;
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
import beras.layers.Subtract;
import beras.layers.UnitNormalization;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.optimizers.Adam;
import beras.regularizers.L1L2;
import beras.saving.ModelFile;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * As {@link SameBitsTest}, for a net with every layer that is not in there: the same weights and moving averages everywhere.
 * Some tensors are so large that threads share them.
 */
@Tag("kernels")
@Tag("model")
class LayersSameBitsTest {

    private static final String SHA256 = "3236ada1197bcee2bc3c021a582e9c88b24e4539b21cdc1ef40931ccdde59eb2";
    private static final String FURTHER_SHA256 = "280b8a48e7869c9aa025f510795d5abaaf0f4bda380df249e0fcfa87b2687165";
    private static final int THREADS = Threads.count();
    private static final int COUNT = 300;
    private static final int NUMBERS = 301;
    private static final int WORDS = 4;

    @AfterEach
    void restoreThreads() {
        Threads.set(THREADS);
    }

    @BeforeAll
    static void useTheKernelsOfThisBuild() throws InterruptedException {
        Backend.awaitFast();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void weightsHashIsGolden(int threads) {
        Threads.set(threads);
        assertEquals(SHA256, ModelFile.weightsSha256(trained()));
    }

    /** The layers that were added later. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void weightsHashOfFurtherLayersIsGolden(int threads) {
        Threads.set(threads);
        Tensor x = Tensor.generate(new Rng(3, "numbers", 0)::normal, COUNT, NUMBERS);
        Tensor y = Tensor.generate(i -> (i / 7 * 31) % 7 == i % 7 ? 1 : 0, COUNT, 7);
        Model model = new Sequential(11, new Input(NUMBERS), new Rescaling(0.5, 0.125), new GaussianDropout(0.2),
                new Dense(64).activityRegularizer(new L1L2(0.001f, 0.002f)), new PReLU(), new AlphaDropout(0.1),
                new RMSNormalization(), new Dense(48, "mish"), new ActivityRegularization(0.001f, 0f), new RepeatVector(2),
                new Permute(2, 1), new Dense(5), new ReLU().maxValue(2f).negativeSlope(0.1f).threshold(0.25f), new Flatten(),
                new UnitNormalization(), new Dense(7), new Softmax());
        model.compile(new Adam(0.003f), new CategoricalCrossEntropy());
        model.fit(x, y, new FitOptions().epochs(3).batchSize(128).seed(9));
        assertEquals(FURTHER_SHA256, ModelFile.weightsSha256(model));
    }

    private static Model trained() {
        Tensor numbers = Tensor.generate(new Rng(3, "numbers", 0)::normal, COUNT, NUMBERS);
        Rng dice = new Rng(3, "words", 0);
        Tensor words = Tensor.generate(i -> Math.floorMod(dice.bits(i), 50), COUNT, WORDS);
        Tensor y = Tensor.generate(i -> (i / 7 * 31) % 7 == i % 7 ? 1 : 0, COUNT, 7);
        Normalization normalization = new Normalization();
        normalization.adapt(numbers);
        Model model = model(normalization);
        model.compile(new Adam(0.003f), new CategoricalCrossEntropy());
        model.fit(Examples.of(List.of(numbers, words), List.of(y), null), new FitOptions().epochs(3).batchSize(128).seed(9));
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
