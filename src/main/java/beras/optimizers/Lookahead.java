package beras.optimizers;

import beras.config.Arguments;
import beras.config.Settings;
import beras.kernels.Backend;
import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.List;

/** Slow weights, which the weights come back to every so many updates, if an optimizer looks ahead. */
final class Lookahead {

    private Integer steps; // null: no slow weights are kept
    private Double rate;

    boolean isSet() {
        return steps != null;
    }

    void settings(Settings s) {
        set(s.byName().integer("lookaheadSteps", steps), s.byName().number("lookaheadRate", rate));
    }

    /** See {@link Optimizer#lookahead}; null: none. */
    void set(Integer newSteps, Double newRate) {
        if ((newSteps == null) != (newRate == null)) {
            throw new IllegalArgumentException("lookaheadSteps and lookaheadRate need each other, such as 5 and 0.5. Received: "
                    + newSteps + " and " + newRate);
        }
        if (newSteps != null) {
            Arguments.atLeast(1, "lookaheadSteps", newSteps);
            Arguments.share("lookaheadRate", Arguments.positive("lookaheadRate", newRate));
        }
        steps = newSteps;
        rate = newRate;
    }

    /** @param updates how many changes of the weights there have been */
    boolean isDue(int updates) {
        return steps != null && updates % steps == 0;
    }

    void update(List<Variable> variables, OptimizerState state) {
        float newShare = rate.floatValue();
        float oldShare = (float) (1 - rate);
        for (Variable w : variables) {
            if (w.trainable() && state.has(w)) {
                Tensor slow = state.slow(w);
                Backend.updates().blend(newShare, w.block(), oldShare, slow.block());
                System.arraycopy(slow.data(), slow.offset(), w.data(), w.offset(), w.size());
                w.changed();
            }
        }
    }
}
