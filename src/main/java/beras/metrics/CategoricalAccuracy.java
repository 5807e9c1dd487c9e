package beras.metrics;

import beras.config.Config;
import beras.kernels.Backend;
import beras.tensor.Tensor;

/** The share of examples whose largest prediction is at the largest entry of the truth; the first of equal ones counts. */
public final class CategoricalAccuracy extends Metric {

    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public Config config() {
        return Config.of(getClass());
    }

    @Override
    public Accumulator accumulator() {
        return new Accumulator() {

            private double matches;
            private double count;

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                if (predictions.rank() != 2 || !predictions.shape().equals(truth.shape())) {
                    throw new IllegalArgumentException("CategoricalAccuracy needs predictions and truth of one shape (batch, n)."
                            + " Received: " + predictions.shape() + " and " + truth.shape());
                }
                count += predictions.dim(0);
                if (predictions.size() > 0) {
                    Tensor p = predictions.contiguous();
                    Tensor t = truth.contiguous();
                    matches += Backend.kernels().rowArgMaxMatches(p.data(), p.offset(), t.data(), t.offset(), p.dim(0), p.dim(1));
                }
            }

            @Override
            public double result() {
                return matches / count;
            }
        };
    }
}
