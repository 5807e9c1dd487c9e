package beras.models;

import static org.junit.jupiter.api.Assertions.*;

import beras.autograd.Recorded;
import beras.feed.Batch;
import beras.golden.Golden;
import beras.golden.GoldenCase;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.Flatten;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.activations.ReLU;
import beras.layers.activations.Softmax;
import beras.losses.CategoricalCrossEntropy;
import beras.losses.Loss;
import beras.losses.MeanSquaredError;
import beras.optimizers.SGD;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import beras.training.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Models with branches, residuals, shared layers, several inputs and outputs: gradients of a step, and whole trainings. */
@Tag("model")
class FunctionalTest {

    // ------------------------------------------------------------------------------------- the golden gradients

    @TestFactory
    Stream<DynamicTest> residual() {
        return Golden.tests("autograd", "residual(\\.b)?", 2, c -> {
            Dense first = dense(c, "W1", "b1");
            Dense second = dense(c, "W2", "b2");
            Node x = input(c, "x");
            Node h = new Add().apply(x, new ReLU().apply(first.apply(x)));
            Functional model = new Functional(x, second.apply(h));
            Map<String, Variable> weights = named(Map.of("1", first, "2", second));
            checkTape(c, model, new MeanSquaredError(), weights);
            checkStep(c, model, List.of("x"), List.of("t"), weights, new Objective(new MeanSquaredError()));
        });
    }

    @TestFactory
    Stream<DynamicTest> oneLayerOnTwoInputs() {
        return Golden.tests("autograd", "shared_two_inputs(\\.b)?", 2, c -> {
            Dense dense = dense(c, "W", "b");
            Node x1 = input(c, "x1");
            Node x2 = input(c, "x2");
            Functional model = new Functional(List.of(x1, x2), List.of(dense.apply(x1), new Flatten().apply(dense.apply(x2))));
            checkStep(c, model, List.of("x1", "x2"), List.of("t1", "t2"), named(Map.of("", dense)),
                    new Objective(new MeanSquaredError()), new Objective(new MeanSquaredError()));
        });
    }

    @TestFactory
    Stream<DynamicTest> twoLossesOfDifferentWeight() {
        return Golden.tests("autograd", "loss_sum(\\.b)?", 2, c -> {
            Dense shared = dense(c, "W", "b");
            Dense regression = dense(c, "Wr", "br");
            Dense classes = dense(c, "Wc", "bc");
            Node x = input(c, "x");
            Node h = new ReLU().apply(shared.apply(x));
            Functional model = new Functional(List.of(x),
                    List.of(regression.apply(h), new Softmax().apply(classes.apply(h))));
            checkStep(c, model, List.of("x"), List.of("t", "y"), named(Map.of("", shared, "r", regression, "c", classes)),
                    new Objective(new MeanSquaredError()), new Objective(new CategoricalCrossEntropy()).weight(0.5f));
        });
    }

    private static Node input(GoldenCase c, String name) {
        return new Input(c.input(name).dim(1)).apply();
    }

    private static Dense dense(GoldenCase c, String weights, String bias) {
        Tensor w = c.input(weights);
        Dense dense = new Dense(w.dim(0), w.dim(1));
        dense.w().assign(w);
        dense.b().assign(c.input(bias));
        return dense;
    }

    /** The weights by the names of their gradients in the file: {@code dW1}, {@code db1} and so on. */
    private static Map<String, Variable> named(Map<String, Dense> layers) {
        Map<String, Variable> weights = new LinkedHashMap<>();
        layers.forEach((name, layer) -> {
            weights.put("dW" + name, layer.w());
            weights.put("db" + name, layer.b());
        });
        return weights;
    }

    private static void checkTape(GoldenCase c, Model model, Loss loss, Map<String, Variable> weights) {
        Tensor x = c.input("x");
        Recorded recorded = Recorded.of(() -> loss.call(model.call(x), c.input("t")));
        c.check("loss", recorded.target());
        c.check("dx", recorded.gradient(List.of(x)).get(0));
        weights.forEach((name, weight) -> c.check(name, recorded.gradient(List.of(weight)).get(0)));
    }

    /** A step of gradient descent with rate 1 goes down by the gradient itself, but for the rounding of the weight. */
    private static void checkStep(GoldenCase c, Model model, List<String> inputs, List<String> targets,
            Map<String, Variable> weights, Objective... objectives) {
        Map<String, Tensor> before = new LinkedHashMap<>();
        weights.forEach((name, weight) -> before.put(name, weight.copy()));
        model.compile(new SGD(1f), objectives);
        Batch batch = new Batch(inputs.stream().map(c::input).toList(), targets.stream().map(c::input).toList(), null);
        double loss = model.trainOnBatch(batch).get("loss");
        assertEquals(c.expectedNumber("loss"), loss, 1e-6);
        weights.forEach((name, weight) -> {
            double[] golden = c.expected(name);
            Tensor expected = Tensor.generate(i -> golden[i], weight.shape().toArray());
            Tensor step = before.get(name).subtract(weight);
            assertTrue(step.allClose(expected, 1e-5, 1e-6),
                    () -> c.name() + ", " + name + ": " + step + " instead of " + expected);
        });
    }

}
