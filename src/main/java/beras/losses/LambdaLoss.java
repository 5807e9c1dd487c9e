package beras.losses;

import beras.config.Names;
import beras.tensor.Shape;
import beras.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.BinaryOperator;

/** A loss that is a function; see {@link Losses#lambda}. */
final class LambdaLoss extends Loss {

    private final String name;
    private final BinaryOperator<Tensor> function;

    LambdaLoss(String name, BinaryOperator<Tensor> function) {
        this.name = Names.requireFunctionName("a loss", name);
        this.function = Objects.requireNonNull(function, "the function of " + name);
    }

    @Override
    public String typeName() {
        return name;
    }

    @Override
    public Object typeKey() {
        return List.of(name, function);
    }

    @Override
    protected Tensor losses(Tensor predictions, Tensor target) {
        if (predictions.rank() > 1 && (target.rank() == 0 || target.dim(0) != predictions.dim(0))) { // it would broadcast
            throw new IllegalArgumentException(name + " needs targets whose first axis is the batch, of " + predictions.dim(0)
                    + " examples. Received: " + predictions.shape() + " and " + target.shape());
        }
        return function.apply(predictions, target);
    }

    /**
     * Any, except for {@code (batch)} beside predictions {@code (batch, 1)}: their difference would be that of each with each.
     */
    @Override
    public boolean takes(Shape predictions, Shape target) {
        boolean isColumn = predictions.rank() > 0 && predictions.dim(-1) == 1 && target.rank() == predictions.rank() - 1;
        for (int i = 0; isColumn && i < target.rank(); i++) {
            isColumn = target.dim(i) == predictions.dim(i);
        }
        return !isColumn;
    }

    @Override
    protected String needs() {
        return "targets with a last axis of size 1, as the predictions have it";
    }
}
