package beras.training;

import static org.junit.jupiter.api.Assertions.*;

import beras.feed.Batch;
import beras.losses.MeanSquaredError;
import beras.models.Sequential;
import beras.optimizers.Adam;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Gradients that are taken on one net and applied to another make the step of one. */
@Tag("model")
class GradientsOnBatchTest {

    private static Sequential net() {
        return Sequential.of(new Recipe().layers("dense(4, tanh, kernel_regularizer=l2(0.1), kernel_constraint=max_norm(1)),"
                + " batch_normalization, dense(2)").seed(7), Shape.of(3));
    }

    private static Trainer trainer(Sequential net) {
        return new Trainer(net, new Adam(0.01f), List.of(new Objective(new MeanSquaredError())));
    }

    private static Batch batch(int number) {
        float[] x = new float[15];
        float[] y = new float[10];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(number + 1.7 * i);
        }
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) Math.cos(number + 2.3 * i);
        }
        return new Batch(List.of(Tensor.wrap(x, 5, 3)), List.of(Tensor.wrap(y, 5, 2)), null);
    }

    private static float[][] weights(Sequential net) {
        return net.weights().stream().map(Tensor::toArray).toArray(float[][]::new);
    }

    @Test
    void givenToAnotherNetTheyMakeTheSameStep() {
        Sequential one = net();
        Sequential worker = net();
        Sequential driver = net();
        Trainer alone = trainer(one);
        Trainer there = trainer(worker);
        Trainer here = trainer(driver);
        for (int step = 0; step < 4; step++) {
            for (int i = 0; i < driver.weights().size(); i++) {
                worker.weights().get(i).assign(driver.weights().get(i));
            }
            double loss = alone.trainOnBatch(batch(step)).loss();
            List<Tensor> gradients = new ArrayList<>();
            assertEquals(loss, there.gradientsOnBatch(batch(step), given -> given.forEach(each -> gradients.add(each.copy())))
                    .loss());
            for (int i = 0; i < driver.weights().size(); i++) { // what layers remember
                if (driver.weights().get(i).isState()) {
                    driver.weights().get(i).assign(worker.weights().get(i));
                }
            }
            here.applyGradients(gradients);
            assertArrayEquals(weights(one), weights(driver));
        }
        assertEquals(0, there.optimizer().orElseThrow().steps());
    }

    @Test
    void noWeightChangesAndNoGradientComesOfALossThatIsNotFinite() {
        Sequential net = net();
        float[][] before = weights(net);
        Batch bad = new Batch(batch(0).inputs(), List.of(Tensor.full(Float.NaN, 5, 2)), null);
        assertThrows(DivergedException.class, () -> trainer(net).gradientsOnBatch(bad, given -> {
            throw new AssertionError(given);
        }));
        assertArrayEquals(before, weights(net));
        assertThrows(IllegalStateException.class, () -> new Trainer(net, List.of(new Objective(new MeanSquaredError())))
                .gradientsOnBatch(batch(0), given -> { }));
    }
}
