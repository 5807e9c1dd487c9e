package beras.assignment;

import static beras.assignment.Fixtures.B1;
import static beras.assignment.Fixtures.T;
import static beras.assignment.Fixtures.W1;
import static beras.assignment.Fixtures.X;
import static beras.assignment.Fixtures.Y;
import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.dense;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.autograd.Weighted;
import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.losses.MeanSquaredError;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the assignment says of tensors, variables, weights and calls. */
@Tag("core")
class CoreTest {

    @Test
    @DisplayName("check 1: trainable at first; assign keeps the object, takes rows and numbers, refuses misfits")
    void assign() {
        Variable v = new Variable(tensor("[[1, 2], [3, 4]]"));
        float[] memory = v.data();
        assertTrue(v.trainable());
        v.assign(new float[][] {{5, 6}, {7, 8}});
        assertClose("[[5, 6], [7, 8]]", v);
        v.assign(tensor("[[9, 10]]"));
        assertClose("[[9, 10], [9, 10]]", v);
        v.assign(1.75f);
        assertClose("[[1.75, 1.75], [1.75, 1.75]]", v);
        Tensor tooLarge = Tensor.zeros(3, 3);
        assertThrows(IllegalArgumentException.class, () -> v.assign(tooLarge));
        assertClose("[[1.75, 1.75], [1.75, 1.75]]", v);
        assertSame(memory, v.data());
    }

    @Test
    @DisplayName("check 2: trainable and frozen weights of a layer")
    void flagsOfALayer() {
        Dense layer = new Dense(3, 2);
        assertSameObjects(List.of(layer.w(), layer.b()), layer.weights());
        assertSameObjects(List.of(layer.w(), layer.b()), layer.trainableVariables());
        assertSameObjects(List.of(), layer.nonTrainableVariables());
        layer.w().trainable(false);
        assertSameObjects(List.of(layer.b()), layer.trainableVariables());
        assertSameObjects(List.of(layer.w()), layer.nonTrainableVariables());
        assertTrue(layer.trainable());
        layer.trainable(false);
        assertSameObjects(List.of(), layer.trainableVariables());
        assertSameObjects(List.of(layer.w(), layer.b()), layer.nonTrainableVariables());
        assertFalse(layer.trainable());
        layer.trainable(true);
        assertSameObjects(List.of(layer.w(), layer.b()), layer.trainableVariables());
    }

    @Test
    @DisplayName("check 2: nothing to train in an activation or a loss")
    void flagsWithoutWeights() {
        for (Weighted module : List.of(new ReLU(), new MeanSquaredError())) {
            module.trainable(true);
            assertEquals(List.of(), module.trainableVariables());
            assertEquals(List.of(), module.nonTrainableVariables());
            assertFalse(module.trainable());
        }
    }

    @Test
    @DisplayName("check 3: a call remembers its very input and output, forward leaves no trace")
    void callAndForward() {
        Dense layer = dense(W1, B1);
        Tensor output = layer.call(X);
        layer.forward(Tensor.zeros(1, 3));
        assertSameObjects(List.of(X), layer.inputs());
        assertSameObjects(List.of(output), layer.outputs());
    }

    @Test
    @DisplayName("check 3: the inputs of a loss are [prediction, truth]")
    void inputsOfALoss() {
        MeanSquaredError loss = new MeanSquaredError();
        Tensor value = loss.call(T, Y);
        assertSameObjects(List.of(T, Y), loss.inputs());
        assertSameObjects(List.of(value), loss.outputs());
        assertEquals(0, value.rank());
    }

    @Test
    @DisplayName("section 2.5: every call gives a fresh object")
    void freshOutputs() {
        ReLU relu = new ReLU();
        Tensor positive = tensor("[[1, 2]]");
        assertNotSame(positive, relu.call(positive));
        assertNotSame(relu.call(positive), relu.call(positive));
    }

    /** Tensors are equal by value, so lists of them are compared by identity here. */
    private static void assertSameObjects(List<? extends Tensor> expected, List<? extends Tensor> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertSame(expected.get(i), actual.get(i));
        }
    }
}
