package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.kernels.Threads;
import beras.layers.Dense;
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
import beras.saving.ModelFile;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole trainings give the same weights, bit for bit, on every JDK, backend, vector width and number of threads. The build
 * runs this class with each width and without the vector module; a change of these hashes is a change of every user's results.
 */
@Tag("kernels")
@Tag("model")
class SameBitsTest {

    private static final int THREADS = Threads.count();

    @AfterEach
    void restoreThreads() {
        Threads.set(THREADS);
    }

    @BeforeAll
    static void useTheKernelsOfThisBuild() throws InterruptedException {
        Backend.awaitFast();
    }

    static Stream<Arguments> trainings() {
        return Stream.of(
                Arguments.of("adam", "fe851ec34f4580a4cb1db03d5e607d574b4bc987fc718c9967c64c2be1e4123f"),
                Arguments.of("rmsprop", "b5ca3cd3f3c04187759a190203a0df270a91607d4376bf6153fcf9769cb54279"),
                Arguments.of("sgd", "6bb457bf0c338ab971c25fb084bb930471cdd2e49eac4c6bdcd99ce01a7c6142"));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void weightsHashIsGolden(String optimizer, String sha256) {
        for (int threads : new int[] {1, 2, 3, 7}) {
            Threads.set(threads);
            assertEquals(sha256, ModelFile.weightsSha256(train(optimizer)), threads + " threads");
        }
    }

    private static Sequential train(String name) {
        Rng rng = new Rng(3, "test", 0);
        int count = 700;
        Tensor x = Tensor.generate(rng::normal, count, 203);
        Tensor y = Tensor.generate(i -> (i / 7 * 31) % 7 == i % 7 ? 1 : 0, count, 7);
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
        model.fit(x, y, new FitOptions().epochs(3).batchSize(128).seed(9));
        return model;
    }
}
