package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/** Exponential moving averages of weights, for an optimizer that keeps them. */
final class WeightAverages {

    private final OptimizerState state;
    private Double momentum; // null: no averages are kept
    private Integer overwriteFrequency; // null: the weights are not overwritten

    WeightAverages(OptimizerState state) {
        this.state = state;
    }

    boolean areKept() {
        return momentum != null;
    }

    void settings(Settings s) {
        Double newMomentum = s.byName().number("emaMomentum", momentum);
        Integer frequency = s.byName().integer("emaOverwriteFrequency", overwriteFrequency);
        if (newMomentum != null) {
            Arguments.factor("emaMomentum", newMomentum);
        }
        if (frequency != null && newMomentum == null) {
            throw new IllegalArgumentException("emaOverwriteFrequency needs an emaMomentum. Received only the frequency: "
                    + frequency);
        }
        momentum = newMomentum;
        overwriteFrequency = frequency == null ? null : (Integer) Arguments.atLeast(1, "emaOverwriteFrequency", frequency);
    }

    /**
     * Updates the averages after a step, also if it changed no weights; then overwrites the weights, if that is due.
     *
     * @param updates the number of changes of the weights before this step
     */
    void update(List<Variable> variables, int updates) {
        float oldShare = momentum.floatValue();
        float newShare = (float) (1 - momentum);
        for (Variable w : variables) {
            if (w.trainable() && state.has(w)) {
                if (updates == 0) {
                    copy(w, state.average(w));
                } else {
                    Backend.updates().blend(newShare, w.block(), oldShare, state.average(w).block());
                }
            }
        }
        if (overwriteFrequency != null && (updates + 1) % overwriteFrequency == 0) {
            overwrite(variables);
        }
    }

    /** Overwrites the variables that are not frozen with their averages. */
    void overwrite(List<Variable> variables) {
        for (Variable variable : variables) {
            if (variable.trainable()) {
                variable.assign(of(variable));
            }
        }
    }

    /** A copy of the average; of the variable if it had no gradient. */
    Tensor of(Variable variable) {
        return state.has(variable) ? state.average(variable).copy() : variable.copy();
    }

    static void copy(Variable w, Tensor to) {
        System.arraycopy(w.data(), w.offset(), to.data(), 0, w.size());
    }
}
