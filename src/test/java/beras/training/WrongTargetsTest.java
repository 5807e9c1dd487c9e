package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.feed.Dataset;
import beras.feed.Examples;
import beras.layers.Dense;
import beras.layers.Input;
import beras.losses.BinaryCrossEntropy;
import beras.losses.Loss;
import beras.models.Sequential;
import beras.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Targets with which nothing can be learnt are refused before a step is made with them. */
@Tag("model")
class WrongTargetsTest {

    private static final Tensor X = Tensor.generate(i -> Math.sin(i), 6, 3);

    private static Sequential net(String loss, int units) {
        String activation = loss.startsWith("binary") || units == 1 ? "sigmoid" : "softmax";
        Sequential net = new Sequential(1, new Input(3), new Dense(units, activation));
        net.compile("sgd(0.1)", loss);
        return net;
    }

    /** Six rows, of which the fourth is this. */
    private static Tensor withRow(float[] usual, float... wrong) {
        float[][] rows = new float[6][];
        Arrays.fill(rows, usual);
        rows[3] = wrong;
        return Tensor.of(rows);
    }

    private static String refused(Sequential net, Tensor y) {
        Examples examples = Examples.of(X, y);
        List<Tensor> before = Problem.copyOfWeights(net);
        String message = assertThrows(IllegalArgumentException.class,
                () -> net.fit(examples, new FitOptions().shuffle(false).batchSize(6))).getMessage();
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> net.fit(Dataset.of(examples).batch(6), new FitOptions())).getMessage());
        assertEquals(message, assertThrows(IllegalArgumentException.class,
                () -> net.trainOnBatch(new Batch(List.of(X), List.of(y), null))).getMessage());
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> net.evaluate(X, y)).getMessage());
        assertEquals(before, Problem.copyOfWeights(net));
        assertTrue(message.startsWith("Row 3 of a batch: "), message);
        return message.substring("Row 3 of a batch: ".length());
    }

    @Test
    void labelsThatMakeNoSense() {
        float[] yes = {1};
        assertEquals("BinaryCrossEntropy needs targets of 0 and 1, or probabilities. Received: [-1.0]. Make labels -1 and 1 to"
                + " 0 and 1, or take Hinge; for classes as numbers take SparseCategoricalCrossEntropy",
                refused(net("binary_crossentropy", 1), withRow(yes, -1)));
        refused(net("binary_crossentropy", 1), withRow(yes, 2));
        refused(net("binary_crossentropy(label_smoothing=0.1)", 1), withRow(yes, -1));
        refused(net("binary_crossentropy", 2), withRow(new float[] {1, 0}, 0, 1.5f));
        assertTrue(refused(net("hinge", 1), withRow(yes, 2)).startsWith("Hinge needs targets of -1 and 1, or of 0 and 1."));
        refused(net("squared_hinge", 1), withRow(yes, 0.5f));
        String several = refused(net("categorical_crossentropy", 3), withRow(new float[] {0, 1, 0}, 1, 1, 0));
        assertTrue(several.endsWith("take BinaryCrossEntropy and end in a sigmoid; for how much an example counts give its weight"), several);
    }

    /** An example that does not count may have any target, as padding has. */
    @Test
    void whatHasNoWeightIsNotLookedAt() {
        Tensor y = withRow(new float[] {0, 1, 0}, 0, 0, 0);
        Examples examples = Examples.of(List.of(X), List.of(y), Tensor.of(1f, 1f, 1f, 0f, 1f, 1f));
        assertDoesNotThrow(() -> net("categorical_crossentropy", 3).fit(examples, new FitOptions()));
        Examples first = Examples.of(List.of(X), List.of(y), Tensor.of(0f, 1f, 1f, 1f, 1f, 1f));
        assertThrows(IllegalArgumentException.class, () -> net("categorical_crossentropy", 3).fit(first, new FitOptions()));
        Tensor steps = Tensor.generate(i -> i < 4 ? 1 : 7, 3, 2, 1); // each of the third example is wrong
        Loss loss = new BinaryCrossEntropy();
        assertDoesNotThrow(() -> loss.requireTargets(steps, Optional.of(Tensor.of(1f, 1f, 0f))));
        assertThrows(IllegalArgumentException.class, () -> loss.requireTargets(steps, Optional.of(Tensor.of(0f, 0f, 1f))));
    }

    // ------------------------------------------------------------------------------------------------- class weights

    private static String refused(Sequential net, Tensor y, double... weights) {
        List<Tensor> before = Problem.copyOfWeights(net);
        String message = assertThrows(IllegalArgumentException.class,
                () -> net.fit(X, y, new FitOptions().classWeight(weights))).getMessage();
        assertEquals(before, Problem.copyOfWeights(net));
        return message;
    }

    @Test
    void classWeightsAreAsManyAsClasses() {
        Tensor yes = Tensor.ones(6, 1);
        assertEquals("classWeight needs a weight for each of 2 classes. Received: [1.0, 2.0, 3.0]. Binary classes"
                + " are 0 and 1", refused(net("binary_crossentropy", 1), yes, 1, 2, 3));
        assertTrue(refused(net("hinge", 1), yes, 1).startsWith("classWeight needs a weight for each of 2 classes. Received: [1.0]"));
        assertEquals("classWeight needs a weight for each of 3 classes. Received: [1.0, 2.0]",
                refused(net("categorical_crossentropy", 3), Tensor.generate(i -> i % 3 == 0 ? 1 : 0, 6, 3), 1, 2));
        refused(net("sparse_categorical_crossentropy", 3), Tensor.zeros(6), 1, 2, 3, 4);
        assertEquals("classWeight needs targets of one class each, one-hot. Received: [1.0, 0.0, 1.0]. Give weights of examples",
                refused(net("binary_crossentropy", 3), withRow(new float[] {0, 1, 0}, 1, 0, 1), 1, 2, 3));
        assertDoesNotThrow(() -> net("binary_crossentropy", 3).fit(X, withRow(new float[] {0, 1, 0}, 1, 0, 0),
                new FitOptions().classWeight(1, 2, 3)));
        assertDoesNotThrow(() -> net("mse", 1).fit(X, withRow(new float[] {1}, 2), new FitOptions().classWeight(1, 2, 3)),
                "a number may be any class");
    }
}
