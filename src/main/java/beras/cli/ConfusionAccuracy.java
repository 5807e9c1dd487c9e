package beras.cli;

import beras.config.Config;
import beras.metrics.ConfusionMatrix;
import beras.metrics.Metric;
import beras.tensor.Tensor;

/** Accuracy that keeps, besides, which class was taken for which in the last pass over data. */
final class ConfusionAccuracy extends Metric {

    private final int classes;
    private ConfusionMatrix matrix;

    ConfusionAccuracy(int classes) {
        this.classes = classes;
    }

    /** What the last pass saw. */
    ConfusionMatrix matrix() {
        return matrix;
    }

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("classes", classes);
    }

    @Override
    public Accumulator accumulator() {
        ConfusionMatrix own = new ConfusionMatrix(classes);
        matrix = own;
        return new Accumulator() {

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                own.update(predictions, truth, weights);
            }

            @Override
            public double result() {
                return own.accuracy();
            }
        };
    }
}
