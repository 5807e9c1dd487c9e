package beras.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import beras.data.image.ImageSets;
import beras.layers.Dense;
import beras.layers.Dropout;
import beras.layers.Input;
import beras.saving.ModelFile;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was learnt from digits helps to tell clothes. Debian has them as {@code dataset-fashion-mnist}; where they are not, the
 * test is ignored, but not where {@code CI=true}.
 */
@Tag("model")
@Tag("once")
class TransferTest {

    private static final Path CLOTHES = Path.of("/usr/share/datasets/fashion-mnist");

    private static List<float[]> values(Model model) {
        return model.weights().stream().map(Tensor::toArray).toList();
    }

    @Test
    void learnsClothesOnTopOfWhatItLearntFromDigits(@TempDir Path folder) throws IOException {
        assumeTrue("true".equals(System.getenv("CI")) || Files.exists(CLOTHES), "needs dataset-fashion-mnist");
        ImageSets mnist = ImageSets.load(Path.of("data"));
        Sequential digits = new Sequential(1, new Input(784), new Dense(128, "relu"), new Dropout(0.2f),
                new Dense(10, "softmax"));
        digits.compile("adam", "cross-entropy", "accuracy");
        digits.fit(mnist.train(), new FitOptions().epochs(2).batchSize(128).seed(1));
        assertTrue(digits.evaluate(mnist.test()).get("accuracy") > 0.95);
        ModelFile.save(digits, folder.resolve("digits.beras"));

        Model loaded = ModelFile.load(folder.resolve("digits.beras")).model();
        Functional features = new Functional(loaded.inputNodes(), List.of(loaded.node("dense")));
        features.trainable(false);
        List<float[]> learnt = values(features);
        Sequential clothes = new Sequential(7, features, new Dense(64, "relu"), new Dense(10, "softmax"));
        clothes.compile("adam", "cross-entropy", "accuracy");
        ImageSets fashion = ImageSets.load(CLOTHES);
        clothes.fit(fashion.train(), new FitOptions().epochs(2).batchSize(128).seed(7));

        double accuracy = clothes.evaluate(fashion.test()).get("accuracy");
        assertTrue(accuracy > 0.8, () -> "test accuracy " + accuracy);
        List<float[]> after = values(features);
        assertEquals(2, after.size());
        for (int i = 0; i < after.size(); i++) {
            assertArrayEquals(learnt.get(i), after.get(i), "frozen weight " + i);
        }

        ModelFile.save(clothes, folder.resolve("clothes.beras"));
        Model again = ModelFile.load(folder.resolve("clothes.beras")).model();
        Tensor x = fashion.test().slice(0, 500).inputs();
        assertArrayEquals(clothes.predict(x).toArray(), again.predict(x).toArray());
        assertEquals(clothes.trainableVariables().size(), again.trainableVariables().size(), "frozen layers stay frozen");
        assertEquals(4, again.trainableVariables().size());
    }
}
