package beras.metrics;

import beras.config.Config;
import java.util.Objects;

/** A metric under another name. */
final class NamedMetric extends Metric {

    private final Metric metric;
    private final String name;

    NamedMetric(Metric metric, String name) {
        this.metric = metric;
        this.name = Objects.requireNonNull(name);
    }

    /** What it is a name of. */
    Metric metric() {
        return metric;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String typeName() {
        return metric.typeName();
    }

    @Override
    public Object typeKey() {
        return metric.typeKey();
    }

    @Override
    public Direction direction() {
        return metric.direction();
    }

    @Override
    public Config config() {
        return metric.config().with("name", name);
    }

    @Override
    public Accumulator accumulator() {
        return metric.accumulator();
    }
}
