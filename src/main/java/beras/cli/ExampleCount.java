package beras.cli;

import beras.config.Config;
import beras.metrics.Metric;
import beras.tensor.Tensor;

/** Not how good predictions are, but how many. */
final class ExampleCount extends Metric {

    static final String NAME = "examples";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Config config() {
        return Config.of(getClass());
    }

    @Override
    public Accumulator accumulator() {
        return new Accumulator() {

            private long count;

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                count += predictions.dim(0);
            }

            @Override
            public double result() {
                return count;
            }
        };
    }
}
