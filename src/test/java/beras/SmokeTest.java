package beras;

import static org.junit.jupiter.api.Assertions.*;

import beras.initializers.Initializers;
import beras.kernels.Backend;
import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Rng;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import beras.training.History;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What `mvn package` runs: does the whole stand? Everything else waits for `mvn verify`. */
@Tag("smoke")
class SmokeTest {

    @Test
    void runsOnTheBackendThatTheBuildMeant() {
        String meant = System.getProperty("beras.test.backend");
        assertEquals(meant.equals("vector"), Backend.isVector(), Backend.describe());
    }

    @Test
    void learnsTheLargestOfThree() {
        Rng rng = new Rng(1, "test", 0);
        Tensor x = Tensor.generate(rng::normal, 600, 3);
        Tensor y = Tensor.generate(i -> x.slice(i / 3, i / 3 + 1).argmax(1)[0] == i % 3 ? 1 : 0, 600, 3);
        Sequential model = new Sequential(
                new Dense(3, 16, Initializers.glorotUniform(), 1), new ReLU(),
                new Dense(16, 3, Initializers.glorotUniform(), 2), new Softmax());
        model.compile(new Adam(0.01f), new CategoricalCrossEntropy(), "accuracy");
        History history = model.fit(x, y, new FitOptions().epochs(20).batchSize(32));
        assertTrue(history.get("loss").get(19) < 0.2 * history.get("loss").get(0), history::toString);
        assertTrue(model.evaluate(x, y).get("accuracy") > 0.95, history::toString);
    }
}
