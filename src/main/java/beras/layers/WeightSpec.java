package beras.layers;

import beras.constraints.Constraint;
import beras.initializers.Initializer;
import beras.regularizers.Regularizer;
import beras.tensor.Shape;

/**
 * A weight that a layer needs, before it is made.
 *
 * @param name        its name within the layer, such as {@code kernel}
 * @param initializer its first values
 * @param regularizer a penalty that is added to the loss; null: none
 * @param constraint  a rule that is restored after each step; null: none
 * @param state       whether the layer changes it, and no optimizer does
 */
public record WeightSpec(String name, Shape shape, Initializer initializer, Regularizer regularizer, Constraint constraint,
        boolean state) {

    /** A weight without penalty or rule. */
    public static WeightSpec of(String name, Shape shape, Initializer initializer) {
        return new WeightSpec(name, shape, initializer, null, null, false);
    }

    /** A tensor that a layer keeps and changes by itself, such as a moving mean. */
    public static WeightSpec state(String name, Shape shape, Initializer initializer) {
        return new WeightSpec(name, shape, initializer, null, null, true);
    }
}
