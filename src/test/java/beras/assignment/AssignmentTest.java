package beras.assignment;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Callable;
import beras.data.OneHotEncoder;
import beras.digits.Assignment;
import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.models.Sequential;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The assignment's own model. */
@Tag("assignment")
class AssignmentTest {

    @Test
    @DisplayName("public tests A1, A2 and B1: the shapes that the assignment's model, a small one and a layer give")
    void shapes() {
        Rng rng = new Rng(1, "test", 0);
        Tensor x = Tensor.generate(rng::normal, 10, 10);
        assertEquals(Shape.of(1, 1), new Sequential(new Dense(10, 5), new ReLU(), new Dense(5, 1)).call(x.slice(0, 1)).shape());
        assertEquals(Shape.of(353, 10), Assignment.model().call(Tensor.zeros(353, 784)).shape());
        assertEquals(Shape.of(10, 5), new Dense(10, 5).call(x).shape());
    }

    @Test
    @DisplayName("check 55: two models share nothing and start from different weights")
    void freshModels() {
        Sequential one = Assignment.model();
        Sequential other = Assignment.model();
        assertNotEquals(one.weights().get(0).copy(), other.weights().get(0).copy());
        for (int i = 0; i < one.weights().size(); i++) {
            assertNotSame(one.weights().get(i).data(), other.weights().get(i).data());
        }
    }

    @Test
    @DisplayName("section 12: model, optimizer, loss and metric fit each other, and learn")
    void theParts() {
        Sequential model = Assignment.model();
        model.compile(Assignment.optimizer(), Assignment.loss(), Assignment.metric());
        Rng rng = new Rng(1, "test", 0);
        Tensor x = Tensor.generate(rng::uniform, 40, 784);
        Tensor y = Tensor.generate(i -> i / 10 % 10 == i % 10 ? 1 : 0, 40, 10);
        List<Double> loss = model.fit(x, y, new FitOptions().epochs(5).batchSize(Assignment.BATCH_SIZE)).get("loss");
        assertTrue(loss.get(4) < loss.get(0), loss::toString);
        assertTrue(model.evaluate(x, y).values().containsKey("categorical_accuracy"), () -> model.evaluate(x, y).toString());
        assertNotSame(Assignment.optimizer(), Assignment.optimizer());
        List<Callable> callables = List.of(model, Assignment.loss(), Assignment.metric(), new OneHotEncoder());
        assertEquals(Shape.of(40, 10), callables.get(0).call(x).shape());
        assertEquals(Shape.of(), callables.get(1).call(y, y).shape());
        assertEquals(1f, callables.get(2).call(y, y).item());
        assertEquals(Tensor.of(new float[][] {{0, 1}, {1, 0}}), callables.get(3).call(Tensor.of(7, 3)));
        assertThrows(IllegalArgumentException.class, () -> callables.get(2).call(y));
        assertThrows(IllegalArgumentException.class, () -> callables.get(3).call(y, y));
    }

    /** The assignment's test_preprocess_shapes and test_preprocess_values. */
    @Test
    void arePreprocessedAsTheAssignmentAsks() throws IOException {
        Assignment.Data data = Assignment.data(Path.of("data"));
        assertEquals(Shape.of(60000, 784), data.trainInputs().shape());
        assertEquals(Shape.of(60000), data.trainLabels().shape());
        assertEquals(Shape.of(10000, 784), data.testInputs().shape());
        assertEquals(Shape.of(10000), data.testLabels().shape());
        for (Tensor inputs : new Tensor[] {data.trainInputs(), data.testInputs()}) {
            assertSame(Tensor.class, inputs.getClass());
            assertEquals(1f, inputs.max().item());
            assertEquals(0f, inputs.negate().max().item() + 0f); // the smallest, 0, comes back as -0
        }
        assertEquals(Tensor.of(5, 0, 4, 1, 9, 2, 1, 3, 1, 4), data.trainLabels().slice(0, 10));
        assertEquals(Tensor.of(7, 2, 1, 0, 4, 1, 4, 9, 5, 9), data.testLabels().slice(0, 10));
    }
}
