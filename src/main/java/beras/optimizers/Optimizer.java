package beras.optimizers;

import beras.tensor.Tensor;
import beras.tensor.Variable;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Changes variables along their gradients.
 *
 * <p>What an optimizer remembers of a variable is kept by the variable's identity, so freezing and thawing others does not
 * mix it up. Not safe for use by several threads at once.
 */
public abstract class Optimizer {

    private float learningRate;
    private final Map<Variable, float[][]> slots = new IdentityHashMap<>();

    /**
     * @throws IllegalArgumentException if the rate is not finite or not above 0
     */
    protected Optimizer(float learningRate) {
        learningRate(learningRate);
    }

    /** The size of a step. */
    public final float learningRate() {
        return learningRate;
    }

    /**
     * Changes the size of the next steps.
     *
     * @throws IllegalArgumentException if the rate is not finite or not above 0
     */
    public final void learningRate(float rate) {
        if (!(rate > 0f && rate < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("The learning rate must be finite and above 0. Received: " + rate);
        }
        learningRate = rate;
    }

    /**
     * One step: changes every variable in place. Frozen variables and null gradients are passed over.
     *
     * @throws IllegalArgumentException if the lists differ in length, or a gradient's shape is not its variable's; nothing is
     *     changed then
     */
    public final void applyGradients(List<Variable> variables, List<Tensor> gradients) {
        if (variables.size() != gradients.size()) {
            throw new IllegalArgumentException("One gradient per variable is needed. Received: " + variables.size()
                    + " variables and " + gradients.size() + " gradients");
        }
        for (int i = 0; i < variables.size(); i++) {
            Tensor gradient = gradients.get(i);
            if (gradient != null && !gradient.shape().equals(variables.get(i).shape())) {
                throw new IllegalArgumentException("The gradient of variable " + i + " must have its shape "
                        + variables.get(i).shape() + ". Received: " + gradient.shape());
            }
        }
        beginStep();
        for (int i = 0; i < variables.size(); i++) {
            Variable variable = variables.get(i);
            if (variable.trainable() && gradients.get(i) != null) {
                float[][] state = slots.get(variable);
                if (state == null) {
                    state = new float[slotCount()][variable.size()];
                    slots.put(variable, state);
                }
                update(variable, gradients.get(i).contiguous(), state);
            }
        }
    }

    /** Called once before the variables of a step. */
    void beginStep() {}

    /** The number of values to remember for each weight. */
    abstract int slotCount();

    /** Changes one variable; {@code state} holds {@link #slotCount} arrays of its size, zero at first. */
    abstract void update(Variable variable, Tensor gradient, float[][] state);

    /**
     * What is remembered of a variable: a tensor of its shape for each slot, copied; empty if nothing is.
     */
    public final List<Tensor> state(Variable variable) {
        float[][] state = slots.getOrDefault(variable, new float[0][]);
        return Arrays.stream(state).map(s -> Tensor.wrap(s.clone(), variable.shape())).toList();
    }

    /** Refuses a factor that is not from 0 (inclusive) to 1 (exclusive). */
    static float requireFactor(String name, float value) {
        if (!(value >= 0f && value < 1f)) {
            throw new IllegalArgumentException(name + " must be at least 0 and below 1. Received: " + value);
        }
        return value;
    }

    /** Refuses an epsilon that is not finite or not above 0. */
    static float requireEpsilon(float value) {
        if (!(value > 0f && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("epsilon must be finite and above 0. Received: " + value);
        }
        return value;
    }
}
