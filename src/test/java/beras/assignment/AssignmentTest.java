package beras.assignment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.models.Sequential;
import beras.tensor.Rng;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The assignment's own model. */
@Tag("assignment")
class AssignmentTest {

    private static Sequential assignmentModel() {
        return new Sequential(new Dense(784, 128), new ReLU(), new Dense(128, 10), new Softmax());
    }

    @Test
    @DisplayName("public test A1: Dense(10, 5), ReLU, Dense(5, 1) gives shape (1, 1)")
    void forward() {
        Rng rng = new Rng(1, "test", 0);
        Sequential model = new Sequential(new Dense(10, 5), new ReLU(), new Dense(5, 1));
        assertEquals(Shape.of(1, 1), model.call(Tensor.generate(rng::normal, 1, 10)).shape());
    }

    @Test
    @DisplayName("public test A2: the assignment's model gives (353, 10) for (353, 784)")
    void modelReturn() {
        assertEquals(Shape.of(353, 10), assignmentModel().call(Tensor.zeros(353, 784)).shape());
    }

    @Test
    @DisplayName("check 55: two models share nothing and start from different weights")
    void freshModels() {
        Sequential one = assignmentModel();
        Sequential other = assignmentModel();
        assertNotEquals(one.weights().get(0), other.weights().get(0));
        for (int i = 0; i < one.weights().size(); i++) {
            assertNotSame(one.weights().get(i).data(), other.weights().get(i).data());
        }
    }
}
