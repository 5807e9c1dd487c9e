package beras.layers;

import beras.config.Settings;
import beras.constraints.Constraint;
import beras.constraints.Constraints;
import beras.initializers.Initializer;
import beras.initializers.Initializers;
import beras.regularizers.Regularizer;
import beras.regularizers.Regularizers;
import beras.tensor.Shape;

/**
 * The settings of one weight of a layer: its first values, a penalty on it and a constraint. In configs they are called as the
 * weight, without {@code _kernel}, with {@code Initializer}, {@code Regularizer} and {@code Constraint} behind it.
 */
final class WeightRules {

    private final String weight;
    private Initializer initializer;
    private Regularizer regularizer; // null: none
    private Constraint constraint; // null: none

    /** Without penalty or constraint. */
    WeightRules(String weight, Initializer initializer) {
        this.weight = weight;
        this.initializer = initializer;
    }

    /** The settings of these weights: the initializers of all, then the regularizers, then the constraints. */
    static void settings(Settings s, WeightRules... weights) {
        for (WeightRules rules : weights) {
            String name = rules.setting("Initializer");
            Initializer given = s.made(name, rules.initializer, Initializers.REGISTRY);
            if (given == null) {
                throw new IllegalArgumentException("A weight needs first values. Received: no " + name);
            }
            rules.initializer = given;
        }
        for (WeightRules rules : weights) {
            rules.regularizer = s.made(rules.setting("Regularizer"), rules.regularizer, Regularizers.REGISTRY);
        }
        for (WeightRules rules : weights) {
            rules.constraint = s.made(rules.setting("Constraint"), rules.constraint, Constraints.REGISTRY);
        }
    }

    private String setting(String what) {
        return weight.replace("_kernel", "") + what;
    }

    /** The name of the weight. */
    String weight() {
        return weight;
    }

    WeightSpec spec(Shape shape) {
        return new WeightSpec(weight, shape, initializer, regularizer, constraint, false);
    }
}
