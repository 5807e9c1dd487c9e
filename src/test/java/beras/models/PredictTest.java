package beras.models;

import static beras.training.Problem.copyOfWeights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import beras.FreshJvm;
import beras.layers.Add;
import beras.layers.Dense;
import beras.layers.GlobalAveragePooling1D;
import beras.layers.Input;
import beras.layers.Node;
import beras.layers.Rescaling;
import beras.layers.Reshape;
import beras.layers.activations.ReLU;
import beras.losses.BinaryCrossEntropy;
import beras.losses.MeanSquaredError;
import beras.losses.SparseCategoricalCrossEntropy;
import beras.metrics.SparseCategoricalAccuracy;
import beras.optimizers.SGD;
import beras.tensor.Dice;
import beras.tensor.Tensor;
import beras.training.FitOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What predict gives of any number of examples; and data as arrays. */
@Tag("model")
class PredictTest {

    /** Beyond the size of the batches inside, with outputs of different widths, against one row after the other. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 257, 512, 600})
    void anyNumberOfRowsGivesWhatEachRowGives(int count) {
        Node a = new Input(3).apply();
        Node b = new Input(2).apply();
        Node hidden = new Dense(6, "relu").apply(a);
        Functional model = new Functional(3, List.of(a, b), List.of(new Dense(2).apply(b), new Dense(7, "softmax").apply(hidden),
                new Reshape(3, 2).apply(hidden), hidden));
        Dice dice = new Dice("rows");
        Tensor x = dice.normal(count, 3);
        Tensor other = dice.normal(count, 2);
        List<Tensor> results = model.predict(List.of(x, other));
        for (int output = 0; output < results.size(); output++) {
            assertEquals(model.outputShapes().get(output).prepend(count), results.get(output).shape());
            for (int row = 0; row < count; row++) {
                Tensor one = model.run(x.slice(row, row + 1), other.slice(row, row + 1))[output];
                assertArrayEquals(one.toArray(), results.get(output).slice(row, row + 1).toArray(),
                        "output " + output + ", row " + row);
            }
        }
    }

    /** What no layer needs any more leaves the heap: of thirty results of 16 MB each there are but a few at a time. */
    @Test
    void predictionKeepsNoResultLongerThanItIsNeeded() throws IOException, InterruptedException {
        assertEquals(List.of("done"), FreshJvm.run(List.of("-Xmx160m"), Deep.class));
    }

    static final class Deep {

        public static void main(String[] arguments) {
            Node x = new Input(1 << 14).apply();
            Node y = x;
            for (int i = 0; i < 10; i++) {
                Node branch = new Rescaling(0.5).apply(y);
                y = new Add().apply(new ReLU().apply(branch), y);
            }
            Functional model = new Functional(x, new GlobalAveragePooling1D().apply(new Reshape(1 << 14, 1).apply(y)));
            if (Math.abs(model.predict(Tensor.ones(256, 1 << 14)).get(255, 0) - 57.665) > 0.01) { // 1.5 to the 10th
                throw new AssertionError();
            }
            System.out.println("done");
        }
    }

    @Test
    void arraysAreTakenAsTensorsAre() {
        float[][] x = {{1, 2, 3}, {-1, 0, 2}, {0, 1, 0}, {2, 2, -1}};
        int[] labels = {0, 2, 1, 1};
        FitOptions options = new FitOptions().epochs(2).batchSize(2);
        Sequential byArray = classifier();
        Sequential byTensor = classifier();
        byArray.fit(x, labels, options);
        byTensor.fit(Tensor.of(x), Tensor.of(0, 2, 1, 1), options);
        assertEquals(copyOfWeights(byTensor), copyOfWeights(byArray));
        assertEquals(byTensor.predict(Tensor.of(x)), byArray.predict(x));
        Map<String, Double> measured = byTensor.evaluate(Tensor.of(x), Tensor.of(0, 2, 1, 1), 3).values();
        assertEquals(measured, byArray.evaluate(x, labels).values());
        assertEquals(measured, byArray.evaluate(x, new float[] {0, 2, 1, 1}).values());
        assertEquals(measured, byArray.evaluate(Tensor.of(x), Tensor.of(0, 2, 1, 1)).values());
        assertTrue(measured.containsKey("sparse_categorical_accuracy"), measured::toString);
    }

    private static Sequential classifier() {
        Sequential model = new Sequential(1, new Input(3), new Dense(3, "softmax"));
        model.compile(new SGD(0.1f), new SparseCategoricalCrossEntropy(), new SparseCategoricalAccuracy());
        return model;
    }

    @Test
    void withoutOptionsItIsOneEpoch() {
        float[][] x = {{1, 2, 3}, {-1, 0, 2}};
        Tensor y = Tensor.of(new float[][] {{0.5f}, {1}});
        Sequential expected = regression();
        expected.fit(Tensor.of(x), y, new FitOptions());
        Sequential[] models = {regression(), regression(), regression()};
        assertEquals(1, models[0].fit(Tensor.of(x), y).epochs().size());
        models[1].fit(x, new float[][] {{0.5f}, {1}});
        models[2].fit(x, new float[] {0.5f, 1});
        for (Sequential model : models) {
            assertEquals(copyOfWeights(expected), copyOfWeights(model));
            assertEquals(model.evaluate(x, new float[] {0.5f, 1}).values(),
                    model.evaluate(x, new float[][] {{0.5f}, {1}}).values());
        }
        Sequential binary = new Sequential(1, new Input(3), new Dense(1, "sigmoid"));
        binary.compile(new SGD(0.1f), new BinaryCrossEntropy());
        assertEquals(1, binary.fit(x, new int[] {0, 1}).epochs().size());
    }

    private static Sequential regression() {
        Sequential model = new Sequential(1, new Input(3), new Dense(1));
        model.compile(new SGD(0.1f), new MeanSquaredError());
        return model;
    }
}
