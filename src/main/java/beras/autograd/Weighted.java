package beras.autograd;

import beras.tensor.Variable;
import java.util.List;

/** Something with weights that training may change. */
public abstract class Weighted {

    /** All weights in a fixed order; the very objects, not copies. */
    public abstract List<Variable> weights();

    /** The weights whose flag is set, in the order of {@link #weights}. */
    public final List<Variable> trainableVariables() {
        return weights().stream().filter(Variable::trainable).toList();
    }

    /** The weights whose flag is not set, in the order of {@link #weights}. */
    public final List<Variable> nonTrainableVariables() {
        return weights().stream().filter(w -> !w.trainable()).toList();
    }

    /** Whether any weight is trainable; false without weights. */
    public boolean trainable() {
        return weights().stream().anyMatch(Variable::trainable);
    }

    /** Freezes (false) or unfreezes (true) every weight that is not {@linkplain Variable#isState state}. */
    public void trainable(boolean trainable) {
        weights().forEach(w -> w.trainable(trainable));
    }
}
