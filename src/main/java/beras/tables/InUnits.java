package beras.tables;

import beras.config.Config;
import beras.metrics.Metric;
import beras.tensor.Tensor;

/** A metric of standardised numbers, multiplied to be in units of the table. */
final class InUnits extends Metric {

    private final Metric metric;
    private final double unit;

    /** @param unit the size of 1 in units of the table */
    InUnits(Metric metric, double unit) {
        this.metric = metric;
        this.unit = unit;
    }

    @Override
    protected String defaultName() {
        return metric.name();
    }

    @Override
    public Config config() {
        return Config.of(getClass()).with("metric", metric).with("unit", unit);
    }

    @Override
    public Accumulator accumulator() {
        Accumulator standardised = metric.accumulator();
        return new Accumulator() {

            @Override
            public void update(Tensor predictions, Tensor truth, Tensor weights) {
                standardised.update(predictions, truth, weights);
            }

            @Override
            public double result() {
                return unit * standardised.result();
            }

            @Override
            public double[] state() {
                return standardised.state();
            }

            @Override
            public void restore(double[] state) {
                standardised.restore(state);
            }
        };
    }
}
