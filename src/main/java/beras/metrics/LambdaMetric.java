package beras.metrics;

import beras.config.Names;
import beras.losses.Losses;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;

/** A metric that is the mean of a function; see {@link Metrics#lambda}. */
final class LambdaMetric extends MeanMetric {

    private final String name;
    private final BinaryOperator<Tensor> function;
    private final Direction direction;
    private final LossMetric numbers;

    LambdaMetric(String name, BinaryOperator<Tensor> function, Direction direction) {
        this.name = Names.requireFunctionName("a metric", name);
        this.function = function;
        this.direction = Objects.requireNonNull(direction, "the direction of " + name);
        this.numbers = new LossMetric(Losses.lambda(name, function));
    }

    @Override
    protected String defaultName() {
        return name;
    }

    @Override
    public Direction direction() {
        return direction;
    }

    @Override
    public String typeName() {
        return name;
    }

    @Override
    public Object typeKey() {
        return List.of(name, function, direction);
    }

    @Override
    protected void add(Tensor predictions, Tensor truth, Tensor weights, Mean mean) {
        numbers.add(predictions, truth, weights, mean);
    }
}
