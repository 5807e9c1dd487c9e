package beras.assignment;

import static beras.assignment.Fixtures.X;
import static beras.assignment.Fixtures.assertClose;
import static beras.assignment.Fixtures.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import beras.autograd.GradientTape;
import beras.initializers.Initializers;
import beras.layers.Dense;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Callback;
import beras.training.FitOptions;
import beras.training.History;
import beras.training.Logs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the assignment says of models. Averages weigh examples here, where the assignment takes means of batch means. */
@Tag("model")
class ModelTest {

    private static final Tensor REGRESSION_X = tensor("[[1, 0], [0, 1], [1, 1], [2, -1], [-1, 2]]");
    private static final Tensor REGRESSION_Y = tensor("[[2], [-1], [1], [5], [-4]]");
    private static final FitOptions TWO_EPOCHS = new FitOptions().batchSize(2).epochs(2).shuffle(false);

    private final Dense zero = new Dense(2, 1, Initializers.REGISTRY.of("zero"));
    private final Sequential regression = new Sequential(zero);

    ModelTest() {
        regression.compile(new SGD(0.1f), new MeanSquaredError());
    }

    @Test
    @DisplayName("check 48: the weights of a model are those of its layers, in order; its call and forward agree")
    void weights() {
        Dense first = new Dense(3, 4);
        Dense second = new Dense(4, 3);
        Sequential model = new Sequential(first, new ReLU(), second, new Softmax());
        List<Variable> expected = List.of(first.w(), first.b(), second.w(), second.b());
        assertEquals(4, model.weights().size());
        for (int i = 0; i < 4; i++) {
            assertSame(expected.get(i), model.weights().get(i));
        }
        assertEquals(model.forward(X), model.call(X));
    }

    @Test
    @DisplayName("check 48: a frozen layer keeps its bits, the rest learns")
    void frozenLayer() {
        Dense first = new Dense(3, 4, Initializers.glorotUniform(), 1);
        Dense second = new Dense(4, 3, Initializers.glorotUniform(), 2);
        Sequential model = new Sequential(first, new ReLU(), second, new Softmax());
        first.trainable(false);
        assertEquals(2, model.trainableVariables().size());
        assertSame(second.w(), model.trainableVariables().get(0));
        assertSame(second.b(), model.trainableVariables().get(1));
        List<Tensor> before = model.weights().stream().map(Tensor::copy).toList();
        model.compile(new Adam(0.01f), new CategoricalCrossEntropy());
        model.fit(X, Fixtures.Y, new FitOptions().epochs(3));
        assertEquals(before.get(0), first.w().copy());
        assertEquals(before.get(1), first.b().copy());
        assertNotEquals(before.get(2), second.w().copy());
        assertNotEquals(before.get(3), second.b().copy());
    }

    @Test
    @DisplayName("check 50: two epochs of regression, batches of 2, 2 and 1")
    void fit() {
        List<Double> seen = new ArrayList<>();
        History history = regression.fit(REGRESSION_X, REGRESSION_Y, TWO_EPOCHS.callbacks(new Callback() {
            @Override
            public void onBatchEnd(int batch, Logs logs) {
                seen.add(logs.get("loss"));
            }

            @Override
            public void onEpochEnd(int epoch, Logs logs) {
                if (epoch == 0) {
                    assertClose("[[1.668], [-1.476]]", zero.w());
                    assertClose("[[0.112]]", zero.b());
                }
            }
        }));
        assertClose("[[1.692728], [-1.268296]]", zero.w());
        assertClose("[[0.286512]]", zero.b());
        // The batches' losses 2.5, 10, 6.4516 and 0.090448, 0.16778632, 0.0817731216, averaged over the examples so far.
        double[] running = {2.5, 6.25, 6.29032, 0.090448, 0.12911716, 0.11964835232};
        assertEquals(running.length, seen.size());
        for (int i = 0; i < running.length; i++) {
            assertEquals(running[i], seen.get(i), 1e-5 * running[i]);
        }
        assertEquals(List.of(seen.get(2), seen.get(5)), history.get("loss"));
    }

    @Test
    @DisplayName("check 50: evaluation afterwards, which changes no weight")
    void evaluate() {
        regression.fit(REGRESSION_X, REGRESSION_Y, TWO_EPOCHS);
        Tensor w = zero.w().copy();
        Tensor b = zero.b().copy();
        Map<String, Double> result = regression.evaluate(REGRESSION_X, REGRESSION_Y, 2).values();
        assertEquals(0.01823109719, result.get("loss"), 1e-6);
        assertClose("[[1.97924], [-0.981784], [0.710944], [4.940264], [-3.942808]]", regression.predict(REGRESSION_X));
        assertEquals(w, zero.w().copy());
        assertEquals(b, zero.b().copy());
    }

    @Test
    @DisplayName("check 52: a step reports loss and accuracy of the weights before it")
    void lossBeforeTheStep() {
        double before = regression.evaluate(REGRESSION_X, REGRESSION_Y, 5).get("loss");
        History history = regression.fit(REGRESSION_X, REGRESSION_Y, new FitOptions().batchSize(5));
        assertEquals(List.of(before), history.get("loss"));
        assertNotEquals(before, regression.evaluate(REGRESSION_X, REGRESSION_Y, 5).get("loss"));
    }

    @Test
    @DisplayName("check 52: evaluation leaves the optimizer's state alone")
    void evaluationLeavesTheOptimizerAlone() {
        Adam adam = new Adam(0.01f);
        regression.compile(adam, new MeanSquaredError());
        regression.fit(REGRESSION_X, REGRESSION_Y, TWO_EPOCHS);
        List<Tensor> state = adam.state(zero.w());
        regression.evaluate(REGRESSION_X, REGRESSION_Y, 2);
        assertEquals(6, adam.steps());
        assertEquals(state, adam.state(zero.w()));
    }

    @Test
    @DisplayName("section 3.5: a model called under a tape records its layers, not itself")
    void modelUnderATape() {
        GradientTape tape = new GradientTape();
        Tensor loss;
        try (tape) {
            loss = new MeanSquaredError().call(regression.call(REGRESSION_X), REGRESSION_Y);
        }
        List<Tensor> gradients = tape.gradient(loss, regression.trainableVariables());
        assertClose("[[-6.8], [5.2]]", gradients.get(0));
        assertClose("[[-1.2]]", gradients.get(1));
    }
}
