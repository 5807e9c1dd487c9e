package beras.constraints;

import beras.config.Configurable;
import beras.tensor.Variable;

/** A rule that a weight must keep; {@code fit} applies it after every step of the optimizer. */
public interface Constraint extends Configurable {

    /** Changes the weight in place to the nearest one that satisfies the rule. */
    void apply(Variable weight);
}
