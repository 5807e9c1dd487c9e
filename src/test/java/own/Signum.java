package own;

import beras.config.Arguments;
import beras.config.Settings;
import beras.optimizers.Optimizer;
import beras.optimizers.StepRule;

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
    protected StepRule update(int t, float rate) {
        return (w, g, slots, from, to) -> {
            StepRule.Values mean = slots[0];
            for (int i = from; i < to; i++) {
                mean.set(i, momentum * mean.get(i) + (1 - momentum) * g.get(i));
                w.set(i, w.get(i) - rate * Math.signum(mean.get(i)));
            }
        };
    }
}
