package own;

import beras.config.Arguments;
import beras.config.Settings;
import beras.optimizers.Optimizer;
import beras.tensor.Variable;

/** Steps of one size along a running mean of the gradients. */
public final class Signum extends Optimizer {

    private float momentum = 0.5f;

    @Override
    public void settings(Settings s) {
        momentum = Arguments.factor("momentum", s.real("momentum", momentum));
    }

    @Override
    protected int slotCount() {
        return 1;
    }

    @Override
    protected void update(Variable variable, float[] gradient, int offset, float[][] slots, float rate) {
        float[] mean = slots[0];
        for (int i = 0; i < variable.size(); i++) {
            mean[i] = momentum * mean[i] + (1 - momentum) * gradient[offset + i];
            variable.data()[variable.offset() + i] -= rate * Math.signum(mean[i]);
        }
    }
}
