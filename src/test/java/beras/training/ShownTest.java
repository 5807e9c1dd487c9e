package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.data.image.Images;
import beras.evaluation.ConfusionMatrix;
import beras.layers.Dense;
import beras.layers.Input;
import beras.layers.Node;
import beras.models.Functional;
import beras.models.Sequential;
import beras.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a person sees who prints an object. */
@Tag("model")
class ShownTest {

    @Test
    void modelsShowShapesAndSize() {
        assertEquals("Sequential (784,) -> (10,) of 2 layers, 101,770 weights",
                new Sequential(new Input(784), new Dense(128, "relu"), new Dense(10, "softmax")).toString());
        Node a = new Input(2).apply();
        Node b = new Input(4, 4, 3).apply();
        Functional graph = new Functional(List.of(a, b), List.of(new Dense(1).apply(a), new Dense(2).apply(b)));
        graph.named("two");
        assertEquals("Functional \"two\" (2,), (4, 4, 3) -> (1,), (4, 4, 2) of 2 layers, 11 weights", graph.toString());
    }

    @Test
    void aTrainingShowsItsEndAndAnEvaluationItsNumbers() {
        Sequential model = new Sequential(1, new Input(1), new Dense(1).with("kernelInitializer", "zeros"));
        model.compile("sgd(1e-9)", "mse", "mae");
        double[][] x = {{1}, {2}, {3}};
        double[] y = {1, 1, 1.5};
        assertEquals("History of 2 epochs, finished at epoch 2; the last: loss 1.4167, mae 1.1667, learning_rate 1.0E-9",
                model.fit(x, y, new FitOptions().epochs(2)).toString());
        assertEquals("Evaluation of 3 examples: loss 1.4167, mae 1.1667", model.evaluate(x, y).toString());
        assertEquals("History of 0 epochs, finished", model.fit(x, y, new FitOptions().epochs(0)).toString());
        assertEquals("Logs: loss 1.4167, auc NaN after 0.5 s", FakeTraining.logs(List.of("loss", "auc"), new double[] {1.41666, Double.NaN},
                0.5).toString());
    }

    @Test
    void aConfusionMatrixIsATable() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        for (int i = 0; i < 120; i++) {
            matrix.add(0, 0, 1);
        }
        matrix.add(1, 2, 0.5);
        matrix.add(2, 2, 10);
        assertEquals("""
                ConfusionMatrix of 3 classes, accuracy 0.9962; rows are true classes, columns predicted ones
                     0   1   2
                 0 120   0   0
                 1   0   0 0.5
                 2   0   0  10""", matrix.toString());
        assertEquals("ConfusionMatrix of 21 classes, accuracy 0.0", new ConfusionMatrix(21).toString());
    }

    @Test
    void imagesShowTheirSidesAndClasses() {
        assertEquals("Images: 2 of 4 x 3, 5 classes", new Images(new byte[24], 4, 3, new byte[2], 5).toString());
        assertEquals("Images: 1 of 2 x 2 x 3, without labels", new Images(new byte[12], 2, 2, 3, null, 0).toString());
    }

    /** The layers of every model are what computes. */
    @Test
    void inputsAreNoLayersOfAnyModel() {
        Sequential chain = new Sequential(new Input(2), new Dense(1));
        assertEquals(1, chain.layers().size());
        assertEquals(chain.layers().size(), new Functional(chain.inputNodes(), chain.outputNodes()).layers().size());
        assertFalse(chain.layers().get(0) instanceof Input);
        assertEquals(Tensor.zeros(0, 1), chain.predict(new double[0][]));
    }
}
